// Package parcel is what package process does for package cluster: it makes bytes of a function and its argument, and runs such bytes in a worker
// process. A program that has no cluster should not have to link one, nor should package process show what only cluster wants; so process
// fills in the variables of this package when it is initialised.
package parcel

import (
	"context"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/task"
)

// A Routine is a function as a worker is told of it.
type Routine struct {
	Name string
	Def  []byte // what a worker is told; it names the files by what rename has made of them

	Inner any // of package process
}

// A Packer makes bytes of calls. Its methods may be called from several goroutines.
type Packer interface {
	// Pack returns the routine of a call and its argument, in two parts: the second is not copied. The routine is the same for calls of the same
	// function. copies are what AddCopy has made, nil for none: the payload begins with them.
	Pack(c concurrency.Call, copies []byte) (r *Routine, payload, tail []byte, err error)
	// Unpack finishes a call with a result, given the prefix of the process that has encoded it. It may keep payload.
	Unpack(r *Routine, c concurrency.Call, prefix, payload []byte)
}

// A Task is a call on the side of the worker.
type Task struct {
	Def           []byte // as Localize returns it
	Payload, Tail []byte
	Copies        bool            // Payload begins with them
	Out           task.Output     // gets what the function prints. Tasks with the same one may be together in a process
	Begin         func() bool     // is called when it begins, which it does not if that returns false; then Done is not called
	Done          func(Outcome)   // is called once
	Context       context.Context // its end ends the function's
}

// An Outcome is what has come of a task.
type Outcome struct {
	Pid     int
	Prefix  []byte
	Result  []byte // belongs to who gets it
	Failure []byte // an error or a panic, in place of a result; see Failed
	Err     error  // the process died, or could not be had, in place of both
}

// The functions of package process.
var (
	// NewPacker returns a packer. rename is called with each plugin that a function needs, once a function, and returns what it is called elsewhere.
	NewPacker func(rename func(file string) (string, error)) Packer
	// Failed returns the error that Outcome.Failure stands for, which came from a process on a host.
	Failed func(failure []byte, pid int, host string) error
	// Localize returns a Def with the files that it names called what local says.
	Localize func(def []byte, local func(name string) (string, error)) ([]byte, error)
	// AddCopy returns copies with one more, of what v points to.
	AddCopy func(copies []byte, v any) ([]byte, error)
	// Run has a *process.Pool run a task. It does not block; the error says that the task was not taken.
	Run func(pool concurrency.Executor, t *Task) error
	// Kill ends the tasks of a *process.Pool whose Out is out, those that run with their processes.
	Kill func(pool concurrency.Executor, out task.Output, cause error)
)
