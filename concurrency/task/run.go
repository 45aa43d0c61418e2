package task

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// ErrKilled is the cause of the end of a run that was killed without a cause.
var ErrKilled = errors.New("task: run killed")

// giveUp is how long Do waits, after a kill, for the tasks of the run to end. It leaves room for the
// grace of deferred functions and stays below the quarter of a second an interrupt may take.
var giveUp = 190 * time.Millisecond

// Output takes what the tasks of a run print and answers what they read. Its methods are called
// from several goroutines, also after Do has returned: what a task prints later still belongs
// to its run. Calls for one stream come one after another.
type Output interface {
	// Write takes a piece of a stream, "stdout" or "stderr", in the order in which it was written. A
	// piece may end within a line or a character. Write may block: that is the back-pressure on
	// the run. It should return soon once the run's context has ended. It must not keep p.
	Write(stream string, p []byte)
	// Input asks the user for a line. It blocks until there is one or ctx ends. Any error reads as
	// the end of the input.
	Input(ctx context.Context, prompt string, password bool) (string, error)
}

// A Run is one execution of a cell: a main task and the tasks that descend from it. Its methods may be
// called from any goroutine.
type Run struct {
	cell     int
	out      Output
	ctx      context.Context
	cancel   context.CancelCauseFunc
	census   census
	meter    meter
	rec      *Recording // nil unless the run is recorded
	killed   atomic.Bool
	panicked atomic.Bool // killed because of panic

	mu        sync.Mutex
	running   bool          // within Do
	panic     *PanicError   // what ended the run
	late      []*PanicError // of tasks that outlived Do
	cancelled int           // how many tasks the panic ended besides its own
	ended     []Info        // the first of the tasks that the kill found
	counted   bool          // Stop counts the run
	empty     chan struct{} // closed when killed and without tasks

	label *runLabel // of its goroutines

	stdout, stderr *stream
	drains         drains // of redirected streams
	stdin          stdin

	ctl *control // who decides, when it is not Go
}

// An End is how the main task of a run ended, and with it the run.
type End struct {
	// Panic is the panic that ended the run, of its main task or of any other.
	Panic *PanicError
	// Cancelled is how many other tasks of the run there were when the panic ended them.
	Cancelled int
	// Ended are tasks that the panic or the kill has ended, as they were then: the first hundred that were found. The one
	// that panicked may be among them.
	Ended []Info
	// Killed is set when Kill ended the run. Cause is what Kill was given.
	Killed bool
	Cause  error
	// Deadlock is set when the run was killed because none of its tasks could ever go on. It is the cause, too.
	Deadlock *Deadlock
	// Goexit is set when the main task called runtime.Goexit.
	Goexit bool
	// Abandoned are the tasks that have not ended though the run was killed, because they are inside library
	// code. They end as soon as they come back to code of the cell.
	Abandoned []Info
}

// maxEnded is how many tasks End.Ended has at most.
const maxEnded = 100

// foreground is the run whose Do began last: what cannot be attributed goes there.
var foreground atomic.Pointer[Run]

// cells tells whether there has been a run in this process: if not, there are no tasks either.
var cells atomic.Bool

// NewRun returns a run of a cell that prints to out.
func NewRun(cell int, out Output) *Run {
	cells.Store(true)
	r := &Run{cell: cell, out: out, empty: make(chan struct{})}
	r.ctx, r.cancel = context.WithCancelCause(context.Background())
	r.label = newLabel(r)
	r.stdout = newStream(r, "stdout")
	r.stderr = newStream(r, "stderr")
	return r
}

// Cell returns the number of the cell.
func (r *Run) Cell() int { return r.cell }

// Context returns a context that ends when the run is killed.
func (r *Run) Context() context.Context { return r.ctx }

// Live returns how many tasks of the run have not ended.
func (r *Run) Live() int { return int(r.census.live()) }

// Do runs f as the main task of the run, on a goroutine of its own, and blocks until f has ended and all that
// the run has printed by then has been delivered. Tasks that f has started may go on.
//
// When a task of the run panics, or Kill is called, all of its tasks are made to end. Do waits for that, but
// no longer than about a fifth of a second: tasks that are inside library code are then given up and
// listed in the End. What a run prints that has given up tasks is dropped from then on.
//
// Do may be called again when it has returned and the run was not killed. Two calls at once panic. A task of another run may call
// it, within [Blocking]; that run is in the foreground again when Do returns.
func (r *Run) Do(f func()) End {
	bystanders() // which takes milliseconds once, before the clock runs
	r.start()
	foreground.Store(r)
	outer := current()
	if outer != nil {
		defer foreground.CompareAndSwap(r, outer.run)
	}
	ended := make(chan struct{})
	t := &Task{run: r, f: f, rare: &rare{name: "main"}}
	look := newLookout(r, t)
	defer look.stop()
	r.rec.begin()
	t.come(0)
	if r.ctl != nil {
		r.ctl.caller = outer
		r.ctl.begin(t)
	}
	go func() {
		defer close(ended)
		t.main()
	}()
	for wait := true; wait; {
		select {
		case <-ended:
			wait = false
		case <-r.ctx.Done():
			wait = false
		case <-look.due():
			look.look()
		}
	}
	end := r.finish(t)
	if end.Abandoned == nil {
		r.flush()
	}
	r.meter.stop()
	r.rec.over()
	return end
}

func (r *Run) start() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.running {
		panic("task: Run.Do called while it runs")
	}
	r.running = true
	r.meter.start()
	r.stdin.open(r)
}

// finish ends the time in which the run is the running one, and says how it went.
func (r *Run) finish(main *Task) End {
	r.mu.Lock()
	if !r.killed.Load() {
		r.running = false
		r.mu.Unlock()
		r.stdin.close()
		return End{Goexit: !main.returned}
	}
	r.mu.Unlock()

	abandoned := r.awaitEmpty()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.running = false
	if r.panic != nil {
		return End{Panic: r.panic, Cancelled: r.cancelled, Ended: r.ended, Abandoned: abandoned}
	}
	return End{Killed: true, Cause: context.Cause(r.ctx), Deadlock: deadlockOf(context.Cause(r.ctx)), Ended: r.ended, Abandoned: abandoned}
}

// awaitEmpty waits for the tasks of a killed run, and returns those it gives up.
func (r *Run) awaitEmpty() []Info {
	timer := time.NewTimer(giveUp)
	defer timer.Stop()
	select {
	case <-r.empty:
		return nil
	case <-timer.C:
	}
	left := r.tasks()
	if len(left) == 0 {
		return nil
	}
	r.stdout.close()
	r.stderr.close()
	r.drains.close()
	locate(left)
	return left
}

// Kill makes all tasks of the run end, and its child processes. It does not wait, and a second call does
// nothing. Tasks end at their next safepoint, or at once where they wait; their deferred functions run. Called
// after Do has returned it ends the tasks the run has left behind.
func (r *Run) Kill(cause error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.kill(cause)
}

// kill is Kill with r.mu held.
func (r *Run) kill(cause error) {
	if r.killed.Load() {
		return
	}
	if cause == nil {
		cause = ErrKilled
	}
	Raise()
	r.counted = true
	r.killed.Store(true)
	each(func(t *Task) {
		if t.run != r {
			return
		}
		if len(r.ended) < maxEnded {
			r.ended = append(r.ended, t.Info())
		}
		t.requestStop()
	})
	// Only now, so that who is woken by these finds itself stopped.
	r.cancel(cause)
	if r.ctl != nil {
		r.ctl.release()
	}
	r.stdin.close()
	if r.census.live() == 0 {
		r.settle()
	}
}

// left is called when a task of the run has left the table.
func (r *Run) left(t *Task) {
	r.census.leave()
	r.rec.over()
	if r.killed.Load() && r.census.live() == 0 {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.settle()
	}
}

// settle notes that the killed run has no tasks any more. r.mu is held.
func (r *Run) settle() {
	if r.counted && r.census.live() == 0 {
		r.counted = false
		Lower()
		close(r.empty)
	}
}

// failed takes the panic a task ended with: it ends the run if it is running.
func (r *Run) failed(p *PanicError) {
	r.mu.Lock()
	killed := r.killed.Load()
	if r.running && !killed {
		r.panic = p
		r.panicked.Store(true)
		r.cancelled = int(max(r.census.live()-1, 0))
		r.kill(p)
		r.mu.Unlock()
		return
	}
	if !killed {
		r.late = append(r.late, p)
	}
	r.mu.Unlock()
	if f := onPanic.Load(); f != nil && !killed {
		(*f)(r, p)
	}
}

// Panics returns the panics that no End tells of, in the order in which they came: those of tasks that have outlived Do. See
// [OnPanic].
func (r *Run) Panics() []*PanicError {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.late)
}

// flush waits until all that was written to the run's streams has been delivered. When the run is killed it
// gives up soon.
func (r *Run) flush() {
	var limit <-chan struct{}
	if r.killed.Load() {
		ctx, cancel := context.WithTimeout(context.Background(), grace/2)
		defer cancel()
		limit = ctx.Done()
	} else {
		limit = r.ctx.Done()
	}
	r.stdout.flush(limit)
	r.stderr.flush(limit)
}

// Close kills the run, waits until its tasks have ended, and closes its streams. It blocks as long as a
// task of the run is inside library code, or until ctx ends.
func (r *Run) Close(ctx context.Context) error {
	r.Kill(nil)
	select {
	case <-r.empty:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	r.flush()
	foreground.CompareAndSwap(r, nil)
	r.stdout.close()
	r.stderr.close()
	r.drains.close()
	r.stdout.wait(ctx.Done())
	r.stderr.wait(ctx.Done())
	r.drains.wait(ctx.Done())
	return r.stdin.wait(ctx)
}

// OnPanic sets the function that is told of panics no End tells of: those of tasks that outlived
// their run's Do. It runs on the goroutine that panicked. The default tells nobody.
func OnPanic(f func(*Run, *PanicError)) { onPanic.Store(&f) }

var onPanic atomic.Pointer[func(*Run, *PanicError)]
