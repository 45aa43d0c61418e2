// Package webtest is a web server for trying HTTP clients: on this machine only, with the latency, failures and limits that one asks for, and a record
// of what it was asked. Notebooks that use it need no network.
//
//	s := webtest.New().WithLatency(20 * time.Millisecond).WithFailures(10, http.StatusServiceUnavailable)
//	defer s.Close()
//	resp, err := http.Get(s.URL("/json"))
//	…
//	fmt.Println(s.Stats()) // requests, how many there were at once, connections, …
//
// It is a server of net/http at a free port of 127.0.0.1, and serves any client. It listens from the first call of [Server.URL] or [Server.Start] until
// [Server.Close], or until the process ends: in a notebook a server that nobody closes serves later cells too, and ends with the session.
// An interrupt of a cell does not end it.
//
// # Paths
//
//	/             lists the paths
//	/delay/0.05   answers after so many seconds
//	/status/503   answers with that status
//	/bytes/4096   so many bytes, at most 1 GiB, the same ones each time
//	/lines/10     so many lines, each sent when it is written; ?every=0.01 waits so many seconds between two
//	/json         a small JSON object, with the number of the request
//	/echo         what was sent: the method, the path, the query, the headers and the body, as JSON
//	/flaky/2      503 to the first two requests of that very URL, and then 200; /flaky is /flaky/1
//
// [Server.WithHandler] adds others.
//
// # What a request goes through
//
// A request is numbered from 1 as it comes in. Then the first of these that applies answers: the limit of [Server.WithRate] with 429 and Retry-After, the
// failures of [Server.WithFailures] and [Server.WithRandomFailures], and the path. Before an answer comes the latency, but not before that of the
// limit. [Server.WithBandwidth] slows the answer's body down.
//
// What is random depends on the seed and the request's number alone: the same requests in the same order get the same.
//
// # Time
//
// The server stands for another machine, so its time is the real one, and it is no task of the run that starts it. In a run with virtual time, %%virtual, it
// is refused.
package webtest
