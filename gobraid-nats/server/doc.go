// Package server starts a nats-server with JetStream inside a program: for gobraid-nats, which `gobraid cluster` starts, and for tests.
//
//	s, err := server.Start(server.Options{})
//	…
//	defer s.Close()
//	nc, err := nats.Connect(s.URL())
//
// It listens on loopback, at a free port, and keeps its streams in a temporary folder, unless told otherwise. Signals are left to the
// program. Who can reach a server of a cluster can run functions on its workers, so an address that other machines reach is refused
// unless there are both credentials and TLS: see [Options].
//
// The package is not below concurrency, and not linked into gobraid: in a process that has it, it costs a millisecond of start, ten
// megabytes of memory and a timer that fires every second, used or not.
package server
