// Package web is an HTTP client for event loops and for everything else: on a loop of package loop a request is awaited, elsewhere it blocks.
//
//	client := web.NewClient().WithLimit(50).WithTimeout(10 * time.Second)
//	defer client.Close()
//
//	loop.Run(ctx, func(ctx context.Context) (string, error) {
//		resp, err := client.Get(ctx, "http://127.0.0.1:8080/lines/3")
//		if err != nil {
//			return "", err
//		}
//		for line, err := range resp.Lines(ctx) {
//			…
//		}
//		…
//	})
//
// # One client, not two
//
// Python has aiohttp beside requests, and httpx with a class for each. Here a function that awaits differs from one that blocks in the context alone that it
// is called with, so one client does: its methods await when they are called by a coroutine, with its context, and block the calling goroutine
// otherwise, as in a task of a pool, a thread or a [loop.ToThread]. Both count against the same limits and share the same connections. A
// coroutine that gives a context that is none of a coroutine's, such as context.Background(), blocks its loop, which then reports that.
//
// The protocol is that of net/http: connections, keep-alive, TLS, HTTP/2, proxies, redirects and compression are its [http.Transport] and [http.Client]. What
// this package adds is who waits: a request runs in a task of the caller, is listed by %tasks with its address while somebody waits for it, and
// an interrupt ends it. It is a package of its own, so that a program that uses loops does not link net/http.
//
// # Python
//
//	aiohttp, httpx, requests                 here
//	ClientSession, AsyncClient, Session      Client, NewClient
//	connector limit, limit_per_host          Client.WithLimit, WithHostLimit
//	timeout                                  Client.WithTimeout; loop.Timeout; any context
//	headers of a session                     Client.WithHeader
//	raise_for_status                         Client.WithCheck, Response.Check
//	await session.get(url), requests.get     Client.Get
//	await r.text(), r.json()                 Response.Text, Response.JSON
//	async for line in r.content              Response.Lines
//	async with                               defer Response.Close
//
// # Contexts and cancellation
//
// The context of a call is that call's. When it ends while [Client.Do] waits for the answer, or the coroutine is cancelled, the request is broken off, and
// Do returns the cause, or the [loop.CanceledError]. When that happens to a read of the body, the read returns and nothing is lost: the next one goes
// on where it was. The body does not end with the context of Do, as it does in net/http, but with its last byte, with [Response.Close], or with the
// loop that it was asked for on.
//
// [Client.WithTimeout] bounds a request from its begin to the last byte of its body, with the waiting for a place among the limits. The error
// is [loop.ErrTimeout], as that of [loop.Timeout], inside a [url.Error].
//
// # Limits
//
// A request takes a place among those of [Client.WithLimit], 100 if nothing else is said, until its body is read to the end or closed. So a body that is
// neither keeps a place, and as many as there are places keep all others waiting, as with aiohttp.
// Text, JSON and Bytes read to the end.
//
// # Virtual time
//
// A server's time is not the run's: in one with virtual time, %%virtual, a request panics with a *[task.Refused].
package web
