// Package cluster runs functions on other machines: it is package process beyond one. Machines that have work to give, and those that do it, are
// connected to the same NATS server.
//
//	pool, err := cluster.Connect(ctx, "nats://10.0.0.1:4222")
//	defer pool.Shutdown(ctx)
//	fu := concurrency.SubmitWith(ctx, pool, digest, "some text")
//	sum, err := fu.Result(ctx)
//
// On each machine that is to do work:
//
//	gobraid worker --nats nats://10.0.0.1:4222
//
// or, in a program of one's own, [Worker.Serve]. The command gobraid cluster starts a server for trying.
//
// # Rules
//
// What package process says of functions, arguments and results holds here: a function captures nothing, and the program begins with
// process.Main. A function is sent as its place in the executable, so a worker is the very same build of the same program, for the same Go: [ThisVersion]
// tells them apart. Its hash is part of the subject that tasks are sent to: a worker never sees what is for another build, and several builds
// can share a server. Functions of cells are in plugins, which workers fetch by their hash, check, and keep in a cache; interpreted functions are sent
// as text.
//
// A worker runs functions in processes of its own, as a process.Pool does, and looks into neither arguments nor results. Each pool has its own
// processes there.
//
// Whoever may publish on the server can have workers run what he likes: it needs credentials and TLS, see [Server], as soon as others can reach it.
//
// What a function needs of its surroundings it gets with [Copying], and asks for with process.Copied; in a cell concurrency.Copy does both. How far it has come it
// says with concurrency.Report.
//
// # Plain functions
//
// A function that is submitted to the pool runs at most once. It is sent to one of the workers that have room at the time (a queue group that each
// is a member of for as many messages as it has room), and waits in the pool while none has. Functions that take less than 20 ms on average may also wait at a worker, so that it need not wait for the next. When its worker vanishes it fails with a [*LostError],
// after the worker's lease; when its process dies, with a *process.DeathError; an error or a panic comes back as from a process.Pool. When the connection
// to the server is lost, on either side, what runs goes on, and its result is sent again until the pool has it; what was on its way just then, and
// is with no worker, is a [*LostError] too.
//
// # Idempotent functions
//
// What is submitted to [Pool.Idempotent] is kept by the server, in a file, until its result is. It survives workers, and the server, that end; it may be
// run more than once. The server gives it to another worker when its own has not said for the lease that it works on it. After the last attempt it is
// a dead letter: [Pool.DeadLetters]. Its result goes through a stream as well, from which it is taken when the pool has it, so results
// that are ready while the pool is not connected are there afterwards. An inbox would lose them, and a key for each would be one more thing to delete.
// What is printed goes the same way, to stay in order with the result. When a function is run again, so is what it prints.
//
// # Ends
//
// The end of a future's context ends the context of the function, on its worker; the interrupt of a cell kills the processes that run its functions
// there. A worker kills the plain functions of a pool that has not been heard of for its lease; the idempotent ones go on, since the pool may only
// be cut off, and the server drops them a day later. [Server.WithLease] sets how long a lease is.
//
// A worker that is to end takes no more, and finishes what it has.
//
// A run with virtual time cannot wait for other machines: there Connect, Ready and what submits to a pool panic with a *[task.Refused], which says so.
//
// # Sizes
//
// A message holds up to a megabyte, or what the server allows. Larger arguments and results stay where they are and are fetched in pieces, those of
// idempotent functions by way of the server's object store; length and SHA-256 are checked. So they are as large as memory, on both sides.
//
// # Costs
//
// A function there and back goes through the server twice and through two processes: with all on one machine it takes about twice as long as with a
// process.Pool, an idempotent one two to three times as long, as the benchmarks beside the tests measure in turn. Use [concurrency.Map], which sends many
// arguments at a time, for functions of less than a millisecond.
package cluster
