// Package session runs cells in a process of their own, so that nothing a cell does reaches its host: the
// kernel, or a command at a terminal.
//
// # The two sides
//
// The host calls [Start] and has a [Supervisor], which is an [interp.Runner]. It starts the same
// executable again with the argument "session", and that calls [Child] with a function that opens the
// runner which will do the work:
//
//	sup, err := session.Start(ctx, session.Config{Engine: "auto"})     // in the host
//	os.Exit(session.Child(ctx, openLiveSession))                       // in the session process
//
// [Serve] is the session process's side alone, for any connection. A runner may also be a [Restorer] and
// an [ExitNotifier]; then the report of a death is better and more comes back after it.
//
// # What a host can rely on
//
// Whatever the process does, Run returns, and Interrupt, Names and Close do not wait for it. When the
// process ends during a cell, the outcome's error says how: the status of os.Exit, the signal, or the
// runtime's words for a fatal error with the user's own frames, read from the account that the dying process
// writes. Then a fresh process takes over. It is given the declarations of all cells that ran, does not run
// any statement again, and the error names the variables that are lost. %replay, which the Supervisor
// answers itself, runs the cells that had succeeded again. A process that dies between two cells is
// noticed and told on the standard error of the next one. A fresh process that dies of what it is to
// declare gets a successor that has less to declare; one that does not start at all is not tried again
// before the next cell.
//
// Interrupt asks; a cell that has not ended after two seconds gets a note, and the next Interrupt kills the
// process. On Linux a process that uses more memory than Config.Memory is killed before the machine suffers.
//
// # Subshells
//
// A run that names a subshell, or only looks at what runs, is sent at once, beside the others; runs are told apart by the number in
// each frame. When the process dies all their cells say so, and the main shell's next or present cell starts
// another. What comes by the process's own streams is the main shell's.
//
// # Output
//
// Everything a run gives out goes to the [interp.Sink] that Run was given, also after Run has returned.
// It arrives in the order in which it was given out, and all that came before the cell's end arrives before Run
// returns. What comes by the process's own standard streams (from C code, from compiled libraries that hold
// the real os.Stdout) is delivered to the running cell, or else to the latest; between it and the other
// output there is no order but this: it, too, is there before Run returns.
//
// There is no buffer anywhere that grows. A sink that blocks makes the cell block, once the socket's buffer
// (about 200 KiB) is full. What a cell printed before a crash is not lost, because the process hands it to the kernel
// before the call that printed it returns.
//
// # The wire
//
// Both sides speak frames over a Unix socket pair, descriptor 3 in the session process: sixteen bytes of
// header (length, kind, stream, a mark, run) and a body, JSON for control and raw bytes for output. A
// length is checked against the kind's limit before anything is allocated. User code may write to that
// descriptor or close it; a host that reads anything but a frame ends the process and says so.
//
// # Ends
//
// The process leads a session (setsid) of its own. When it has ended, the host kills what is left of
// that session: the processes that cells started, whatever process group they are in. When the host itself is
// killed, the process sees the end of the connection, does the same, and exits.
//
// # Costs
//
// Measured on two cores that were busy otherwise (go test -bench): 9 ms from Start to ready with an empty
// runner, 16 ms from a death to the next session, 0.1 ms for an empty cell, 5 µs a line for a cell that prints
// many, 300 MB/s for one that prints blocks.
package session
