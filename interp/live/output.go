package live

import (
	"context"
	"errors"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"
	"weak"

	"github.com/gobraid/gobraid/concurrency/task"
	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/interp/display"
)

// output hands what the tasks of a run print to the sink of its cell.
type output struct {
	sink    interp.Sink
	allowed bool // whether input may be asked for
	tasks   bool // whether the sink wants to know who gives out what
}

// Write passes output on.
func (o *output) Write(stream string, p []byte) {
	if sink, ok := o.sink.(interp.TaskSink); ok && o.tasks {
		var id int64
		if t := task.Current(); t != nil {
			id = t.ID()
		}
		sink.OutputOf(id, interp.Stream(stream), p)
		return
	}
	o.sink.Output(interp.Stream(stream), p)
}

// Display passes something to show on.
func (o *output) Display(mime, metadata map[string]any, id string, update bool) {
	o.sink.Display(interp.Data{MIME: mime, Metadata: metadata, ID: id, Update: update})
}

// Clear has the sink forget what it was given, if it can.
func (o *output) Clear(wait bool) {
	if c, ok := o.sink.(interp.Clearer); ok {
		c.Clear(wait)
	}
}

// Render shows a value as the result of a cell is shown.
func (o *output) Render(v any) (mime, metadata map[string]any) {
	d := display.Values([]reflect.Value{reflect.ValueOf(&v).Elem()}, nil)
	return d.MIME, d.Metadata
}

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
	live map[weak.Pointer[task.Run]]*output // those that anything can still come from
	main map[*task.Run]bool                 // the runs whose cells are running
	late []latePanic
}

// A latePanic is the panic of a task whose cell had ended.
type latePanic struct {
	cell int
	at   time.Time
	task task.Info
	text string
}

// latest is how many late panics are kept.
const latest = 20

func newRuns() *runs {
	return &runs{live: map[weak.Pointer[task.Run]]*output{}, main: map[*task.Run]bool{}}
}

// watch reports panics of tasks whose cell has ended, under that cell.
func (r *runs) watch(s *Session) {
	task.OnPanic(func(run *task.Run, p *task.PanicError) {
		r.mu.Lock()
		out, ok := r.live[weak.Make(run)]
		running := r.main[run]
		r.mu.Unlock()
		if !ok || running {
			return // the panic is the error of the run
		}
		r.panicked(run.Cell(), p)
		text := strings.Join(s.panicError(p).Traceback, "\n")
		out.Write(string(interp.Stderr), []byte("after the cell had ended:\n"+text+"\n"))
	})
}

// panicked keeps a panic that came late.
func (r *runs) panicked(cell int, p *task.PanicError) {
	l := latePanic{cell: cell, at: time.Now(), text: p.Text(), task: task.Info{ID: p.Task, Name: p.Name, Cell: cell}}
	if len(p.Started) > 0 {
		l.task.Site, l.task.Parent = p.Started[0].Site, -1
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.late = append(r.late, l)
	if n := len(r.late) - latest; n > 0 {
		r.late = slices.Delete(r.late, 0, n)
	}
}

// panics returns the late panics of the tasks of cells that want chooses by the ids of their texts.
func (r *runs) panics(want func(id int) bool) []latePanic {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(r.late), func(l latePanic) bool { return !want(l.cell) })
}

// start returns a new run. It is forgotten, and its files are closed, when nobody can hear of it any more: when it has no task and no
// goroutine of a library, nothing pending can start one, and no variable holds one of its files.
func (r *runs) start(cell int, out *output) *task.Run {
	run := task.NewRun(cell, out)
	key := weak.Make(run)
	runtime.AddCleanup(run, r.forget, key)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.live[key] = out
	r.main[run] = true
	return run
}

func (r *runs) forget(key weak.Pointer[task.Run]) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.live, key)
}

// running tells whether the cell of a text is running.
func (r *runs) running(id int) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	for run := range r.main {
		if run.Cell() == id {
			return true
		}
	}
	return false
}

// of returns the runs of the cells that want chooses by the ids of their texts.
func (r *runs) of(want func(id int) bool) []*task.Run {
	r.mu.Lock()
	defer r.mu.Unlock()
	var all []*task.Run
	for key := range r.live {
		if run := key.Value(); run != nil && want(run.Cell()) {
			all = append(all, run)
		}
	}
	return all
}

func (r *runs) ended(run *task.Run) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.main, run)
}

// closeWait is how long close waits for tasks inside library code.
const closeWait = time.Second

// close kills what is left of all runs and waits for it.
func (r *runs) close() error {
	all := r.of(func(int) bool { return true })
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
