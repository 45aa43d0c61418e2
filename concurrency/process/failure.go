package process

import (
	"fmt"
	"reflect"
	"strings"
	"syscall"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/task"
)

// A failure is what a worker says of a task that has no result.
type failure struct {
	Text, Type string   // of an error
	Chain      []string // the texts and types of the errors that it wraps
	Panic      string
	Stack      []task.Frame
	Exited     bool
	Canceled   string // it did not begin
}

func failureOf(err error) failure {
	if p, ok := err.(*concurrency.PanicError); ok {
		return failure{Panic: strings.ReplaceAll(strings.TrimPrefix(p.Text(), "panic: "), "\n\t", "\n"), Stack: p.Stack}
	}
	f := failure{Text: err.Error(), Type: reflect.TypeOf(err).String()}
	for _, e := range wrapped(err) {
		f.Chain = append(f.Chain, e.Error(), reflect.TypeOf(e).String())
	}
	return f
}

// wrapped returns what an error wraps, directly or not.
func wrapped(err error) (all []error) {
	switch x := err.(type) {
	case interface{ Unwrap() error }:
		if e := x.Unwrap(); e != nil {
			all = append(append(all, e), wrapped(e)...)
		}
	case interface{ Unwrap() []error }:
		for _, e := range x.Unwrap() {
			all = append(append(all, e), wrapped(e)...)
		}
	}
	return all
}

// err returns the failure as the error of the function.
func (f failure) err(pid int) error {
	switch {
	case f.Canceled != "":
		return &CanceledError{f.Canceled}
	case f.Exited:
		return concurrency.ErrExited
	case f.Panic != "":
		return task.Catch(func() { panic(remotePanic{f}) })
	}
	return &RemoteError{Pid: pid, Type: f.Type, Text: f.Text, chain: f.Chain}
}

// A remotePanic carries a panic of a worker over to package task.
type remotePanic struct{ failure }

// TaskPanic makes it a [task.Thrower].
func (r remotePanic) TaskPanic() (any, []task.Frame) { return PanicValue{r.Panic}, r.Stack }

// A PanicValue is the value of a [concurrency.PanicError] that comes from another process: the text of the value there.
type PanicValue struct{ Text string }

// PanicText returns the text, as Go prints it when a program dies of the panic.
func (p PanicValue) PanicText() string { return p.Text }

// String returns the text.
func (p PanicValue) String() string { return p.Text }

// A RemoteError is an error that a function returned in another process. It has the text of that error. What is a type or a variable
// there has no counterpart here; but [errors.Is] finds a target that has the type and the text of the error, or of one that it
// wraps: so io.EOF and the like are found.
type RemoteError struct {
	Pid  int    // of the process
	Host string // the machine, "" for this one
	Type string // of the error there
	Text string

	chain []string
}

// Error returns the text that the error had.
func (e *RemoteError) Error() string { return e.Text }

// Is reports whether target has the type and the text of the error, or of one it wraps.
func (e *RemoteError) Is(target error) bool {
	text, typ := target.Error(), reflect.TypeOf(target).String()
	if text == e.Text && typ == e.Type {
		return true
	}
	for i := 0; i+1 < len(e.chain); i += 2 {
		if e.chain[i] == text && e.chain[i+1] == typ {
			return true
		}
	}
	return false
}

// A CanceledError is the cause with which the context of a function ends in a worker: the text of the cause that the context has where
// the function was submitted.
type CanceledError struct{ Text string }

// Error returns the text of the cause.
func (e *CanceledError) Error() string { return e.Text }

// A DeathError is the error of a function whose worker died while it ran. Nothing is known of what it has done by then.
type DeathError struct {
	Func   string         // the function
	Pid    int            // of the worker
	Host   string         // the machine it ran on, "" for this one
	Status int            // it was ended with, -1 if by a signal
	Signal syscall.Signal // that ended it, or 0
	Last   string         // what the Go runtime wrote about it, with the stacks, if it is that which ended the process
	Cause  error          // why the pool killed it, or nil
}

// Error says what became of the worker.
func (e *DeathError) Error() string {
	where := ""
	if e.Host != "" {
		where = " on " + e.Host
	}
	text := fmt.Sprintf("process: the worker%s died while it ran %s: ", where, shortName(e.Func))
	switch {
	case e.Cause != nil:
		return text + e.Cause.Error()
	case e.Signal != 0:
		text += "it was ended by " + signalName(e.Signal)
		if e.Signal == syscall.SIGKILL {
			text += " (the system does that when memory runs out)"
		}
	default:
		text += fmt.Sprintf("exit status %d", e.Status)
	}
	if line := fatalLine(e.Last); line != "" {
		text += ": " + line
	}
	return text
}

// Unwrap returns why the pool killed the worker.
func (e *DeathError) Unwrap() error { return e.Cause }

// fatalHeads begin what the Go runtime says when it dies.
var fatalHeads = []string{"fatal error: ", "panic: ", "runtime: ", "SIG", "unexpected fault address"}

// fatalLine returns what the Go runtime says it died of, if it did.
func fatalLine(stderr string) string {
	for line := range strings.Lines(stderr) {
		for _, head := range fatalHeads {
			if head != "runtime: " && strings.HasPrefix(line, head) {
				return strings.TrimSpace(line)
			}
		}
	}
	return ""
}

func signalName(s syscall.Signal) string {
	return fmt.Sprintf("signal %d (%s)", int(s), s)
}

// shortName returns a function's name without the path of its package, as a user of cells writes it.
func shortName(name string) string {
	if i := strings.LastIndexByte(name, '/'); i >= 0 {
		name = name[i+1:]
	}
	if rest, ok := strings.CutPrefix(name, "main."); ok {
		return task.FuncName("main." + rest)
	}
	return name
}
