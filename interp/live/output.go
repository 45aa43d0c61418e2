package live

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/gobraid/gobraid/concurrency/task"
	"github.com/gobraid/gobraid/interp"
)

// output hands what the tasks of a run print to the sink of its cell.
type output struct {
	sink    interp.Sink
	allowed bool // whether input may be asked for
}

// Write passes output on.
func (o *output) Write(stream string, p []byte) { o.sink.Output(interp.Stream(stream), p) }

// errNoInput is what reading gives where nobody can be asked.
var errNoInput = errors.New("this front end cannot ask for input")

// Input asks the user.
func (o *output) Input(ctx context.Context, prompt string, password bool) (string, error) {
	if !o.allowed {
		return "", errNoInput
	}
	return o.sink.Input(ctx, prompt, password)
}

// runs are the runs of a session.
type runs struct {
	mu   sync.Mutex
	live map[*task.Run]*output
	main *task.Run // the run whose cell is running
}

func newRuns() *runs { return &runs{live: map[*task.Run]*output{}} }

// watch reports panics of tasks whose cell has ended, under that cell.
func (r *runs) watch(s *Session) {
	task.OnPanic(func(run *task.Run, p *task.PanicError) {
		r.mu.Lock()
		out, ok := r.live[run]
		running := r.main == run
		r.mu.Unlock()
		if !ok || running {
			return // the panic is the error of the run
		}
		text := strings.Join(s.panicError(p).Traceback, "\n")
		out.Write(string(interp.Stderr), []byte("after the cell had ended:\n"+text+"\n"))
	})
}

// start returns a new run. Runs are kept until the session ends: a variable may hold the files of one.
func (r *runs) start(cell int, out *output) *task.Run {
	run := task.NewRun(cell, out)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.live[run] = out
	r.main = run
	return run
}

func (r *runs) ended(*task.Run) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.main = nil
}

// closeWait is how long close waits for tasks inside library code.
const closeWait = time.Second

// close kills what is left of all runs and waits for it.
func (r *runs) close() error {
	r.mu.Lock()
	all := make([]*task.Run, 0, len(r.live))
	for run := range r.live {
		all = append(all, run)
	}
	r.mu.Unlock()
	for _, run := range all {
		run.Kill(context.Canceled)
	}
	ctx, cancel := context.WithTimeout(context.Background(), closeWait)
	defer cancel()
	var err error
	for _, run := range all {
		err = errors.Join(err, run.Close(ctx))
	}
	return err
}
