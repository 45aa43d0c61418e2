package rt

import (
	"context"
	"errors"
	"reflect"
	"time"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/loop"
	"github.com/gobraid/gobraid/concurrency/task"
	"github.com/gobraid/gobraid/interp/engine/yaegi/steps"
)

// None is the value of a coroutine that leaves its value elsewhere.
type none = struct{}

// plainly returns f, an interpreted function, as a coroutine.
func plainly(f func(context.Context) error) func(context.Context) (none, error) {
	return func(ctx context.Context) (none, error) { return none{}, guardedCall(ctx, f) }
}

// LoopRun is loop.RunOn.
func LoopRun(ctx context.Context, l *loop.Loop, f func(context.Context) error) error {
	_, err := loop.RunOn(ctx, l, plainly(f))
	return err
}

// A LoopTask is the inside of a loop.Task of any type.
type LoopTask struct{ *loop.Task[none] }

// LoopCreate is loop.CreateTask.
func LoopCreate(ctx context.Context, f func(context.Context) error) *LoopTask {
	task.Noted()
	return &LoopTask{loop.CreateTask(ctx, plainly(f))}
}

// LoopCreateIn is loop.CreateIn.
func LoopCreateIn(g *loop.TaskGroup, f func(context.Context) error) *LoopTask {
	task.Noted()
	return &LoopTask{loop.CreateIn(g, plainly(f))}
}

// WithName is the method WithName.
func (t *LoopTask) WithName(name string) { t.Task.WithName(name) }

// Result is the method Result.
func (t *LoopTask) Result(ctx context.Context) error {
	_, err := t.Task.Result(ctx)
	return err
}

// OnDone is the method OnDone.
func (t *LoopTask) OnDone(f func()) { t.Task.OnDone(func(*loop.Task[none]) { Guard(f) }) }

// A LoopFuture is the inside of a loop.Future of any type.
type LoopFuture struct{ *loop.Future[none] }

// LoopNewFuture is loop.NewFuture.
func LoopNewFuture(ctx context.Context) *LoopFuture { return &LoopFuture{loop.NewFuture[none](ctx)} }

// Open panics if SetResult would.
func (f *LoopFuture) Open() {
	if f.Finished() {
		f.Future.SetResult(none{}) // panics
	}
}

// SetResult is the method SetResult.
func (f *LoopFuture) SetResult() { f.Future.SetResult(none{}) }

// Result is the method Result.
func (f *LoopFuture) Result(ctx context.Context) error {
	_, err := f.Future.Result(ctx)
	return err
}

// OnDone is the method OnDone.
func (f *LoopFuture) OnDone(g func()) { f.Future.OnDone(func(*loop.Future[none]) { Guard(g) }) }

// LoopAwait is loop.Await of a task.
func LoopAwait(ctx context.Context, t *LoopTask) error {
	_, err := loop.Await(ctx, t.Task)
	return err
}

// LoopAwaitFuture is loop.Await of a future.
func LoopAwaitFuture(ctx context.Context, f *LoopFuture) error {
	_, err := loop.Await(ctx, f.Future)
	return err
}

// finished is something that is done when a channel is closed.
type finished struct {
	done   <-chan struct{}
	cancel func() bool
	fails  func() error
}

func (f *finished) Done() <-chan struct{} { return f.done }

func (f *finished) Result(context.Context) (none, error) { return none{}, nil }

func (f *finished) Cancel() bool { return f.cancel != nil && f.cancel() }

func (f *finished) Err() error {
	if f.fails == nil {
		return nil
	}
	return f.fails()
}

// LoopAwaitOther is loop.Await of something that is done when a channel is closed.
func LoopAwaitOther(ctx context.Context, done <-chan struct{}, cancel func() bool) error {
	_, err := loop.Await(ctx, &finished{done: done, cancel: cancel})
	return err
}

// LoopShield is loop.Shield of a task.
func LoopShield(ctx context.Context, t *LoopTask) error {
	_, err := loop.Shield(ctx, t.Task)
	return err
}

// LoopShieldFuture is loop.Shield of a future.
func LoopShieldFuture(ctx context.Context, f *LoopFuture) error {
	_, err := loop.Shield(ctx, f.Future)
	return err
}

// LoopTimeout is loop.Timeout.
func LoopTimeout(ctx context.Context, d time.Duration, f func(context.Context) error) error {
	_, err := loop.Timeout(ctx, d, func(ctx context.Context) (none, error) { return none{}, f(ctx) })
	return err
}

// LoopToThread is loop.ToThread.
func LoopToThread(ctx context.Context, f func(context.Context) error) error {
	task.Noted()
	_, err := loop.ToThread(ctx, plainly(f))
	return err
}

// numbered returns n coroutines that call f with their numbers.
func numbered(n int, f func(context.Context, int) error) []func(context.Context) (none, error) {
	fs := make([]func(context.Context) (none, error), n)
	for i := range fs {
		fs[i] = func(ctx context.Context) (_ none, err error) {
			Guard(func() { err = steps.Call2To1(f, ctx, i) })
			return
		}
	}
	return fs
}

// LoopGather is loop.Gather of n functions.
func LoopGather(ctx context.Context, n int, f func(context.Context, int) error) error {
	task.Noted()
	_, err := loop.Gather(ctx, numbered(n, f)...)
	return err
}

// LoopGatherAll is loop.GatherAll of n functions.
func LoopGatherAll(ctx context.Context, n int, f func(context.Context, int) error) ([]error, error) {
	task.Noted()
	outcomes, err := loop.GatherAll(ctx, numbered(n, f)...)
	errs := make([]error, len(outcomes))
	for i, o := range outcomes {
		errs[i] = o.Err
	}
	return errs, err
}

// A LoopWaitable is what loop.Wait waits for.
type LoopWaitable struct{ x loop.Awaitable[none] }

// LoopWaitTask returns a task to be waited for.
func LoopWaitTask(t *LoopTask) *LoopWaitable { return &LoopWaitable{t.Task} }

// LoopWaitFuture returns a future to be waited for.
func LoopWaitFuture(f *LoopFuture) *LoopWaitable { return &LoopWaitable{f.Future} }

// LoopWaitOther returns something to be waited for that is done when a channel is closed.
func LoopWaitOther(done <-chan struct{}, fails func() error) *LoopWaitable {
	return &LoopWaitable{&finished{done: done, fails: fails}}
}

func waitables(all []*LoopWaitable) []loop.Awaitable[none] {
	xs := make([]loop.Awaitable[none], len(all))
	for i, w := range all {
		xs[i] = w.x
	}
	return xs
}

// LoopWait is loop.Wait. It tells which are done.
func LoopWait(ctx context.Context, when int, all []*LoopWaitable) ([]bool, error) {
	xs := waitables(all)
	_, _, err := loop.Wait(ctx, concurrency.ReturnWhen(when), xs...)
	done := make([]bool, len(xs))
	for i, x := range xs {
		done[i] = isClosed(x.Done())
	}
	return done, err
}

func isClosed(ch <-chan struct{}) bool {
	select {
	case <-ch:
		return true
	default:
		return false
	}
}

// LoopCompleted returns a function that returns the number of the next that has completed.
func LoopCompleted(ctx context.Context, all []*LoopWaitable) func() (int, error) {
	xs := waitables(all)
	left := make([]int, len(xs))
	for i := range left {
		left[i] = i
	}
	return func() (int, error) {
		i, err := loop.First(ctx, xs...)
		if err != nil {
			return 0, err
		}
		n := left[i]
		xs = append(append([]loop.Awaitable[none]{}, xs[:i]...), xs[i+1:]...)
		left = append(append([]int{}, left[:i]...), left[i+1:]...)
		return n, nil
	}
}

// A LoopQueue is the inside of a loop.Queue of any type: of pointers to values.
type LoopQueue struct{ *loop.Queue[any] }

// LoopNewQueue is loop.NewQueue, or, by kind, NewLIFOQueue or NewPriorityQueue.
func LoopNewQueue(size, kind int, less func(a, b any) bool) *LoopQueue {
	switch kind {
	case 1:
		return &LoopQueue{loop.NewLIFOQueue[any](size)}
	case 2:
		return &LoopQueue{loop.NewPriorityQueue(size, less)}
	}
	return &LoopQueue{loop.NewQueue[any](size)}
}

// LoopStore stores what one pointer points to where the other does.
func LoopStore(from, to any) {
	if from != nil {
		reflect.ValueOf(to).Elem().Set(reflect.ValueOf(from).Elem())
	}
}

// Get is the method Get.
func (q *LoopQueue) Get(ctx context.Context, to any) error {
	v, err := q.Queue.Get(ctx)
	LoopStore(v, to)
	return err
}

// TryGet is the method TryGet.
func (q *LoopQueue) TryGet(to any) bool {
	v, ok := q.Queue.TryGet()
	LoopStore(v, to)
	return ok
}

// LoopIsShutdown reports whether err is that of a queue that is shut down.
func LoopIsShutdown(err error) bool { return errors.Is(err, loop.ErrQueueShutdown) }

// LoopSleep is loop.Sleep.
func LoopSleep(site uint64, ctx context.Context, d time.Duration) error {
	task.Calling(task.Site(site))
	return loop.Sleep(ctx, d)
}

// LoopGroup is loop.Group.
func LoopGroup(site uint64, ctx context.Context, f func(context.Context, *loop.TaskGroup) error) error {
	Calling(site)
	return loop.Group(ctx, func(ctx context.Context, g *loop.TaskGroup) (err error) {
		Guard(func() { err = f(ctx, g) })
		return err
	})
}

// TaskGroupGo is g.Go(f).
func TaskGroupGo(site uint64, g *loop.TaskGroup, f func(context.Context) error) {
	task.CallingNoted(task.Site(site))
	g.Go(func(ctx context.Context) error { return guardedCall(ctx, f) })
}

// LoopCallSoon is l.CallSoon(f).
func LoopCallSoon(site uint64, l *loop.Loop, f func()) *loop.Handle {
	Calling(site)
	return l.CallSoon(guarded(f))
}

// LoopCallLater is l.CallLater(d, f).
func LoopCallLater(site uint64, l *loop.Loop, d time.Duration, f func()) *loop.Handle {
	Calling(site)
	return l.CallLater(d, guarded(f))
}

// LoopCallAt is l.CallAt(at, f).
func LoopCallAt(site uint64, l *loop.Loop, at time.Time, f func()) *loop.Handle {
	Calling(site)
	return l.CallAt(at, guarded(f))
}

// ListenerServe is l.Serve(ctx, f).
func ListenerServe(site uint64, l *loop.Listener, ctx context.Context, f func(context.Context, *loop.Stream) error) error {
	Calling(site)
	return l.Serve(ctx, func(ctx context.Context, s *loop.Stream) (err error) {
		Guard(func() { err = f(ctx, s) })
		return err
	})
}

// loopSymbols adds what is of package loop.
func loopSymbols(m map[string]reflect.Value) {
	m["LoopTask"] = reflect.ValueOf((*LoopTask)(nil))
	m["LoopFuture"] = reflect.ValueOf((*LoopFuture)(nil))
	m["LoopQueue"] = reflect.ValueOf((*LoopQueue)(nil))
	m["LoopWaitable"] = reflect.ValueOf((*LoopWaitable)(nil))
	for name, f := range map[string]any{
		"LoopRun": LoopRun, "LoopCreate": LoopCreate, "LoopCreateIn": LoopCreateIn, "LoopNewFuture": LoopNewFuture,
		"LoopAwait": LoopAwait, "LoopAwaitFuture": LoopAwaitFuture, "LoopAwaitOther": LoopAwaitOther, "LoopShield": LoopShield,
		"LoopShieldFuture": LoopShieldFuture, "LoopTimeout": LoopTimeout, "LoopToThread": LoopToThread,
		"LoopGather": LoopGather, "LoopGatherAll": LoopGatherAll,
		"LoopWaitTask": LoopWaitTask, "LoopWaitFuture": LoopWaitFuture, "LoopWaitOther": LoopWaitOther, "LoopWait": LoopWait,
		"LoopCompleted": LoopCompleted, "LoopNewQueue": LoopNewQueue, "LoopStore": LoopStore, "LoopIsShutdown": LoopIsShutdown,
		"LoopSleep": LoopSleep, "LoopGroup": LoopGroup, "TaskGroupGo": TaskGroupGo, "LoopCallSoon": LoopCallSoon,
		"LoopCallLater": LoopCallLater, "LoopCallAt": LoopCallAt, "ListenerServe": ListenerServe,
	} {
		m[name] = reflect.ValueOf(f)
	}
}
