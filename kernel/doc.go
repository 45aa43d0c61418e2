// Package kernel serves a session of cells, an [interp.Runner], to Jupyter clients: messages, sockets,
// the order of what is said. It runs no user code and knows no Go; what a cell means is the runner's
// business, and the kernel's tests need none that does.
//
//	info, err := kernel.ReadConnectionFile(path)
//	…
//	k, err := kernel.New(info, runner, kernel.Options{Version: version})
//	…
//	err = k.Serve(ctx) // until a client shuts the kernel down, or ctx ends
//
// # Channels
//
// Requests on the shell channel that run cells or belong to comms are handled one after the other, in
// order. All others pre-empt: kernel_info, interrupt, shutdown, completion and the like are answered
// on the goroutine of the connection they came on, and nothing they do waits for the cell that runs.
// What needs the runner's word, completion and inspection, waits 80 ms for it and is then answered
// empty. So every reply but a cell's own is out within 100 ms whatever the cell does.
//
// A cell that fails stops those sent behind it, unless its request says otherwise (stop_on_error):
// they are answered with the status "aborted". An interrupted cell is one that failed.
//
// # Subshells
//
// With a runner that is an [interp.Concurrent] a client may have subshells (JEP 91): queues of their own on the shell channel,
// by the subshell_id in a request's header. Requests of one shell are handled in order, those of different shells beside
// each other. The count of cells and the history are the kernel's, not each shell's as the JEP has it, because a cell is known by its
// number; ipykernel does the same. What waits in a shell is aborted when a cell of that shell fails, not when one of
// another does.
//
// An interrupt names no shell. It ends the main shell's cell and leaves those of subshells alone, as in ipykernel; when
// the main shell is idle it ends theirs, which in ipykernel nothing does. To delete a subshell ends its cell.
//
// A request that only looks at what runs (the runner says which) need not wait on the main shell either, if it comes from
// another client than the cell that runs and none of that client's own requests waits: a second console can ask
// for %tasks. A client's own requests keep their order, so a notebook that is run from top to bottom means what it says.
//
// # Output
//
// Everything that is broadcast leaves by one queue with one writer. A cell's streams are gathered: the
// first text after a silence leaves within 10 ms, later text at most every 50 ms, and at once when
// something follows that must come after it, such as the idle that ends the cell. When more than
// 16 MiB wait, the cell waits, so that one that prints for ever costs no more than that. Subscribers
// that stop reading are disconnected (see package zmtp); with none, output is dropped, as the protocol
// wants it.
//
// Output belongs to the cell whose [interp.Sink] received it, also after that cell has ended. What comes after the idle of the
// cell is late: its messages have the metadata {"gobraid": {"late": true}}, and the line "[after the cell ended]" comes
// before it, once for each cell, because an .ipynb file has no place for metadata of a stream. JupyterLab shows it under
// the cell. nbclient, and so nbconvert and papermill, looks only at messages of the cell that it runs: there late output is
// lost, and nothing under a wrong cell. Package notebooks keeps it.
//
// # Trust
//
// With a key, messages carry an HMAC-SHA256 signature; what is not signed right, or was seen before, is
// dropped and counted in [Stats], as are requests that no one knows. Package zmtp guards the ports
// against peers that never come as far as a message.
//
// # Protocol
//
// Version 5.5 of the Jupyter messaging protocol, with iopub_welcome. There are no comm targets and no
// debugger, and kernel_info says so. History is of this session only.
package kernel
