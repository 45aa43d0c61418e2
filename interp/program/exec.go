package program

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"slices"
	"sync"
	"time"
)

// drain is how long the output of a program is awaited after its end: only what it left running can still
// hold it open.
const drain = 500 * time.Millisecond

// A Command is one execution of a program.
type Command struct {
	Exe  string
	Args []string
	// Env is added to the process's own environment.
	Env []string
	// Stdout and Stderr get what is printed as it comes, never both at once. What the Go runtime says as
	// the program dies is not among it.
	Stdout, Stderr func([]byte)
}

// An End is how a program ended.
type End struct {
	// Status is its exit status, -1 if a signal ended it.
	Status int
	// Signal is the name of the signal that ended it, "" if none did.
	Signal string
	// Death is what the Go runtime said as the program died of a panic or a fatal error, "" if it did not.
	Death string
	// Left is set when it left processes running, which were ended.
	Left bool
	// Wall, User and System are the times it took.
	Wall, User, System time.Duration
}

// Run runs the program and blocks until it has ended. Its standard input is empty, its working directory the
// process's own. The end of ctx kills it and all processes of its group at once; the error is then
// the cause.
func (c *Command) Run(ctx context.Context) (End, error) {
	cmd := exec.CommandContext(ctx, c.Exe, c.Args...)
	cmd.Env = append(os.Environ(), c.Env...)
	cmd.WaitDelay = drain
	var mu sync.Mutex
	death := &deathWatch{to: c.Stderr}
	cmd.Stdout = &sinkWriter{mu: &mu, to: c.Stdout}
	cmd.Stderr = &sinkWriter{mu: &mu, to: death.write}
	kill := ownGroup(cmd)
	start := time.Now()
	err := cmd.Run()
	end := End{Wall: time.Since(start)}
	if st := cmd.ProcessState; st != nil {
		end.Status, end.User, end.System = st.ExitCode(), st.UserTime(), st.SystemTime()
		end.Signal = signalName(st)
	}
	mu.Lock()
	defer mu.Unlock()
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		death.flush()
		return end, context.Cause(ctx)
	case errors.Is(err, exec.ErrWaitDelay):
		kill()
		end.Left = true
	case err != nil && !errors.As(err, &exit):
		return end, err
	}
	if end.Status == 0 {
		death.flush()
	} else {
		end.Death = death.take()
	}
	return end, nil
}

// A sinkWriter passes on what is written to it, one at a time with those that share its lock.
type sinkWriter struct {
	mu *sync.Mutex
	to func([]byte)
}

// Write passes p on.
func (s *sinkWriter) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.to != nil {
		s.to(bytes.Clone(p)) // p is used again for what comes next
	}
	return len(p), nil
}

// A deathWatch keeps back what may be the runtime's last words.
type deathWatch struct {
	to     func([]byte)
	line   []byte // the beginning of a line that may become one of openings
	kept   []byte // from such a line on
	middle bool   // what was passed on does not end with a line
}

// openings are how the runtime's last words begin.
var openings = [][]byte{[]byte("panic: "), []byte("fatal error: "), []byte("runtime: goroutine stack exceeds"), []byte("SIGSEGV: "), []byte("SIGQUIT: "), []byte("unexpected fault address ")}

// mostKept is how much is kept back of what never becomes a stack trace.
const mostKept = 64 << 10

func (d *deathWatch) write(p []byte) {
	if d.kept != nil {
		d.kept = append(d.kept, p...)
		if len(d.kept) > mostKept && !isTrace(d.kept) {
			d.flush()
		}
		return
	}
	middle := d.middle && len(d.line) == 0
	p = append(d.line, p...)
	d.line = nil
	at := 0 // the beginning of a line
	if middle {
		at = bytes.IndexByte(p, '\n') + 1
	}
	for !middle || at > 0 {
		rest := p[at:]
		if begins(rest) {
			d.pass(p[:at])
			d.kept = bytes.Clone(rest)
			return
		}
		if mayBegin(rest) {
			d.pass(p[:at])
			d.line = bytes.Clone(rest)
			return
		}
		i := bytes.IndexByte(rest, '\n')
		if i < 0 {
			break
		}
		at += i + 1
	}
	d.pass(p)
}

// begins tells whether a line begins the last words.
func begins(line []byte) bool {
	return slices.ContainsFunc(openings, func(o []byte) bool { return bytes.HasPrefix(line, o) })
}

// mayBegin tells whether a line that is not finished may.
func mayBegin(line []byte) bool {
	return len(line) > 0 && slices.ContainsFunc(openings, func(o []byte) bool { return bytes.HasPrefix(o, line) })
}

func (d *deathWatch) pass(p []byte) {
	if len(p) == 0 {
		return
	}
	d.middle = p[len(p)-1] != '\n'
	if d.to != nil {
		d.to(p)
	}
}

// flush passes on what was kept.
func (d *deathWatch) flush() {
	d.pass(append(d.kept, d.line...))
	d.kept, d.line = nil, nil
}

// take returns the last words, and passes on what turned out to be none.
func (d *deathWatch) take() string {
	if !isTrace(d.kept) {
		d.flush()
		return ""
	}
	d.pass(d.line)
	return string(d.kept)
}

func isTrace(p []byte) bool { return bytes.Contains(p, []byte("\ngoroutine ")) }
