package task

import (
	"runtime"
	"sync"
)

// A redirection takes the output of some tasks of a run instead of the run's Output.
type redirection struct {
	out            Output
	stdout, stderr *stream
	label          *runLabel    // what the goroutines of these tasks carry
	up             *redirection // what holds when this one is undone
}

// Redirect makes the output of the task, and of tasks and goroutines that it starts from now on, go to out instead of
// to where it has gone so far: what is printed, logged and written to [Stdout] and [Stderr], and what child processes write
// that are given these. Only out's Write is used, and what a [Displayer] has if it is one; input is still
// the cell's. Redirections nest: Redirect(nil) undoes the last one that holds for the task, and does nothing if there
// is none. Tasks that were started meanwhile keep theirs.
//
// Redirect(nil) blocks until all that was written through the redirection by then has been delivered, unless the task is told
// to end before. Goroutines that libraries start are redirected only if it is the task itself that calls Redirect.
func (t *Task) Redirect(out Output) {
	old := t.to.Load()
	if out != nil {
		t.redirect(newRedirection(t.run, out, old))
		return
	}
	if old != nil {
		t.redirect(old.up)
		old.flush(t)
	}
}

// Output returns where the task prints to: what the last [Task.Redirect] that holds for it was given, or the run's Output.
func (t *Task) Output() Output {
	if to := t.to.Load(); to != nil {
		return to.out
	}
	return t.run.out
}

func newRedirection(r *Run, out Output, up *redirection) *redirection {
	to := &redirection{out: out, up: up}
	to.stdout, to.stderr = newStream(r, "stdout"), newStream(r, "stderr")
	to.stdout.to, to.stderr.to = out, out
	if r.label != nil {
		to.label = &runLabel{set: r.label.set, run: r, to: to}
	}
	return to
}

func (t *Task) redirect(to *redirection) {
	t.to.Store(to)
	if current() == t {
		t.carry()
	}
}

// inherit makes the output of t, which has not begun, go where to leads.
func (t *Task) inherit(to *redirection) {
	if to != nil { // storing is not free
		t.to.Store(to)
	}
}

// flush waits until what was written has been delivered. If t is the calling task it may be told to end meanwhile.
func (to *redirection) flush(t *Task) {
	limit := t.run.ctx.Done()
	if current() == t {
		limit = t.block(WaitOutput, nil, 0)
		defer func() {
			t.unblock()
			if t.stopping.Load() && t.end == nil {
				t.die()
			}
		}()
	}
	to.stdout.flush(limit)
	to.stderr.flush(limit)
}

// streams returns the streams that the output of t goes to, which may be nil, and belongs to run r.
func streams(t *Task, r *Run) (stdout, stderr *stream) {
	if t != nil {
		if to := t.to.Load(); to != nil {
			return to.stdout, to.stderr
		}
	}
	return r.stdout, r.stderr
}

// outputFor returns the Output that the displays of t go to: that of the innermost redirection that shows
// displays, or the run's.
func outputFor(t *Task, r *Run) Output {
	if t != nil {
		for to := t.to.Load(); to != nil; to = to.up {
			if _, ok := to.out.(Displayer); ok {
				return to.out
			}
		}
	}
	return r.out
}

// drains are the pipes of redirected streams. Unlike those of the run's own streams there may be many in the life of a run. They
// end when nobody can write to them any more, or with the run.
type drains struct {
	mu  sync.Mutex
	all map[*drain]bool
}

// manyDrains is when garbage is collected because of them: each is two open files.
const manyDrains = 64

func (ds *drains) add(d *drain) {
	ds.mu.Lock()
	defer ds.mu.Unlock()
	for x := range ds.all {
		select {
		case <-x.done:
			delete(ds.all, x)
		default:
		}
	}
	if ds.all == nil {
		ds.all = map[*drain]bool{}
	}
	ds.all[d] = true
	if len(ds.all)%manyDrains == 0 {
		runtime.GC()
	}
}

// close makes all that is written to them fail.
func (ds *drains) close() {
	ds.mu.Lock()
	defer ds.mu.Unlock()
	for d := range ds.all {
		d.close()
	}
}

// wait waits until they have ended, after close, or until limit ends.
func (ds *drains) wait(limit <-chan struct{}) {
	ds.mu.Lock()
	defer ds.mu.Unlock()
	for d := range ds.all {
		select {
		case <-d.done:
		case <-limit:
			return
		}
	}
}
