// Package rt declares what compiled helpers the text beside it may call. Their arguments are not converted:
// the helper gets the interpreter's own value.
package rt

import (
	"context"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/cluster"
	"github.com/gobraid/gobraid/concurrency/process"
)

// Overlaps reports whether two slices share memory.
func Overlaps(a, b any) bool

// An AtomicPointer is the inside of an atomic.Pointer. Results are stored through pointers.
type AtomicPointer struct{}

func (*AtomicPointer) Load(to any)
func (*AtomicPointer) Store(val any)
func (*AtomicPointer) Swap(val, to any)
func (*AtomicPointer) CompareAndSwap(old, val any) bool

// A Future is a concurrency.Future whose value is a pointer. Its values are stored through pointers.
type Future struct{}

func FutureStart(ctx context.Context, value any, f func(context.Context) error) *Future
func FutureSubmit(ctx context.Context, ex concurrency.Executor, arg, value any, f func(context.Context) error) *Future
func (*Future) Result(ctx context.Context, to any) error
func (*Future) Outcome(ctx context.Context, to any) error
func (*Future) Err() error
func (*Future) Done() <-chan struct{}
func (*Future) Running() bool
func (*Future) Cancel() bool
func (*Future) OnDone(f func())
func (*Future) Canceled() bool
func FutureThen(ctx context.Context, f *Future, value any, g func(context.Context) error) *Future

// A Promise is a concurrency.Promise whose value is a pointer.
type Promise struct{}

func NewPromise() *Promise
func (*Promise) Future() *Future
func (*Promise) SetResult(value any) bool
func (*Promise) SetError(err error) bool
func (*Promise) SetRunning() bool
func (*Promise) Context() context.Context

func AsCompleted(ctx context.Context, dones []<-chan struct{}, yield func(int) bool)
func Wait(ctx context.Context, when concurrency.ReturnWhen, dones []<-chan struct{}, err func(int) error) (done []bool, cause error)
func MapSeq(ctx context.Context, ex concurrency.Executor, handed, from, into any, items func(yield func(any) bool), f func(context.Context, any) (any, error), yield func(any, error) bool, opts ...concurrency.MapOption)

// Handed returns what the call that is made hands over to a worker process.
func Handed() any

// ProcessNew is process.New of what the call hands over.
func ProcessNew(arg any) *process.Process

func ClusterCopying(p *cluster.Pool, v any) *cluster.Pool
func ProcessCopying(p *process.Pool, v any) *process.Pool
func ProcessCopyingTo(p *process.Process, v any) *process.Process
func ProcessCopied(ctx context.Context, i int, v any)

// What queues and memory between processes get and give are pointers to values.
func ProcessNewQueue(kind, bytes int, zero any) (*process.ValueQueue, error)
func ProcessPut(ctx context.Context, q *process.ValueQueue, v any, priority int64) error
func ProcessGet(ctx context.Context, q *process.ValueQueue, v any) error
func ProcessNewMemory(n int, zero any) (*process.ValueMemory, error)
func ProcessSlice(m *process.ValueMemory, to any)

func Gather(ctx context.Context, n int, f func(context.Context, int) error) error
func MapItems(ctx context.Context, ex concurrency.Executor, n int, from, into any, f func(context.Context, int) error, opts ...concurrency.MapOption) error

// Pull runs seq as a coroutine. next reports whether seq has called yield once more; stop ends it.
func Pull(seq func(yield func() bool)) (next func() bool, stop func())

// A Queue is a concurrency.Queue whose values are pointers. What it is ordered by is given as a pointer too.
type Queue struct{}

func NewQueue(size int) *Queue
func NewStack(size int) *Queue
func NewPriorityQueue(size int, priority any) *Queue
func (*Queue) Put(ctx context.Context, value, priority any, wait bool) error
func (*Queue) Get(ctx context.Context, to any) error
func (*Queue) TryGet(to any) bool
func (*Queue) TaskDone()
func (*Queue) Join(ctx context.Context) error
func (*Queue) Shutdown()
func (*Queue) ShutdownNow() int
func (*Queue) Closed() bool
func (*Queue) Len() int
func (*Queue) Cap() int

// A Local is a concurrency.Local whose values are pointers.
type Local struct{}

func (*Local) Lookup(to any) bool
func (*Local) Set(value any)
func (*Local) Delete()
