package cluster

import (
	"fmt"
	"strings"
	"syscall"
)

// A LostError is the error of a function whose worker has vanished: its machine, its connection, or the program there. Nothing is known of
// what the function has done by then, or of whether it goes on. A function that was submitted to [Pool.Idempotent] is run
// elsewhere instead. If only the process died that ran the function, the error is a *process.DeathError.
type LostError struct {
	Func   string // the function
	Worker string // its name, "" if none has said that it had the function
	Host   string // its machine
	Reason string // by which the pool knows
}

// Error says what is known.
func (e *LostError) Error() string {
	if e.Host == "" {
		return fmt.Sprintf("cluster: %s is lost: %s", base(e.Func), e.Reason)
	}
	return fmt.Sprintf("cluster: the worker on %s is lost while it ran %s: %s", e.Host, base(e.Func), e.Reason)
}

// A RefusedError is the error of a function that a worker could not begin to run: it could not start a process or load the function's code, say.
type RefusedError struct {
	Func   string
	Host   string
	Reason string
}

// Error names the machine and the reason.
func (e *RefusedError) Error() string {
	return fmt.Sprintf("cluster: the worker on %s cannot run %s: %s", e.Host, base(e.Func), e.Reason)
}

// death is a process.DeathError as it is sent.
type death struct {
	Pid, Status int
	Signal      syscall.Signal
	Last, Cause string
}

// base returns a function's name without the path of its package.
func base(name string) string { return name[strings.LastIndexByte(name, '/')+1:] }
