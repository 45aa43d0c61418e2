package rt

import (
	"context"
	"time"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/loop"
)

// A LoopTask is a loop.Task whose value is left in a variable by its function.
type LoopTask struct{}

func (*LoopTask) WithName(name string)
func (*LoopTask) Done() <-chan struct{}
func (*LoopTask) Finished() bool
func (*LoopTask) Result(ctx context.Context) error
func (*LoopTask) Err() error
func (*LoopTask) Canceled() bool
func (*LoopTask) Cancel() bool
func (*LoopTask) CancelWith(cause error) bool
func (*LoopTask) Cancels() int
func (*LoopTask) Uncancel() int
func (*LoopTask) Name() string
func (*LoopTask) OnDone(f func())

// A LoopFuture is a loop.Future whose value is elsewhere.
type LoopFuture struct{}

func (*LoopFuture) Open()
func (*LoopFuture) SetResult()
func (*LoopFuture) SetError(err error)
func (*LoopFuture) Cancel() bool
func (*LoopFuture) Done() <-chan struct{}
func (*LoopFuture) Finished() bool
func (*LoopFuture) Err() error
func (*LoopFuture) Canceled() bool
func (*LoopFuture) Result(ctx context.Context) error
func (*LoopFuture) OnDone(f func())

// A LoopWaitable is what loop.Wait waits for.
type LoopWaitable struct{}

// A LoopQueue is a loop.Queue of pointers to values.
type LoopQueue struct{}

func (*LoopQueue) Put(ctx context.Context, value any) error
func (*LoopQueue) TryPut(value any) bool
func (*LoopQueue) Get(ctx context.Context, to any) error
func (*LoopQueue) TryGet(to any) bool
func (*LoopQueue) TaskDone()
func (*LoopQueue) Join(ctx context.Context) error
func (*LoopQueue) Len() int
func (*LoopQueue) Full() bool
func (*LoopQueue) Shutdown(immediate bool)

func LoopRun(ctx context.Context, l *loop.Loop, f func(context.Context) error) error
func LoopCreate(ctx context.Context, f func(context.Context) error) *LoopTask
func LoopCreateIn(g *loop.TaskGroup, f func(context.Context) error) *LoopTask
func LoopNewFuture(ctx context.Context) *LoopFuture
func LoopAwait(ctx context.Context, t *LoopTask) error
func LoopAwaitFuture(ctx context.Context, f *LoopFuture) error
func LoopAwaitOther(ctx context.Context, done <-chan struct{}, cancel func() bool) error
func LoopShield(ctx context.Context, t *LoopTask) error
func LoopShieldFuture(ctx context.Context, f *LoopFuture) error
func LoopTimeout(ctx context.Context, d time.Duration, f func(context.Context) error) error
func LoopToThread(ctx context.Context, f func(context.Context) error) error
func LoopGather(ctx context.Context, n int, f func(context.Context, int) error) error
func LoopGatherAll(ctx context.Context, n int, f func(context.Context, int) error) ([]error, error)
func LoopWaitTask(t *LoopTask) *LoopWaitable
func LoopWaitFuture(f *LoopFuture) *LoopWaitable
func LoopWaitOther(done <-chan struct{}, fails func() error) *LoopWaitable
func LoopWait(ctx context.Context, when int, all []*LoopWaitable) ([]bool, error)
func LoopCompleted(ctx context.Context, all []*LoopWaitable) func() (int, error)
func LoopNewQueue(size, kind int, less func(a, b any) bool) *LoopQueue
func LoopStore(from, to any)
func LoopIsShutdown(err error) bool
