package concurrency

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/gobraid/gobraid/concurrency/task"
)

// A Thread is a function that runs beside others, as in Python's threading: a goroutine with a name that can be
// joined. Its methods may be called from several goroutines. A Thread is made by [NewThread].
//
// A panic in a thread waits for who joins it. One that nobody joins is not heard of: join your threads.
type Thread struct {
	id   int64
	f    func()
	mu   sync.Mutex
	name string
	fu   *Future[struct{}] // nil until Start
}

var threads atomic.Int64

// NewThread returns a thread that will run f. Its id is the next number, its name Thread- and that number.
func NewThread(f func()) *Thread {
	id := threads.Add(1)
	return &Thread{id: id, name: fmt.Sprintf("Thread-%d", id), f: f}
}

// WithName names the thread, and returns it. It panics when the thread has been started.
func (t *Thread) WithName(name string) *Thread {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.fu != nil {
		panic("concurrency: Thread: WithName after Start")
	}
	t.name = name
	return t
}

// Start starts the thread, and returns it. It does not block, and costs about 1 µs. A thread can be started once:
// a second call panics.
func (t *Thread) Start() *Thread {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.fu != nil {
		panic("concurrency: Thread: started twice")
	}
	fu, name := newFuture[struct{}](context.Background(), nil), t.name
	t.fu = fu
	task.Spawner(task.Here())(func() {
		setName(name)
		fu.f = func(context.Context) (struct{}, error) {
			t.f()
			return struct{}{}, nil
		}
		(*call[struct{}])(fu).Run()
	})
	return t
}

// setName names the calling task, if it is one.
func setName(name string) {
	if t := task.Current(); t != nil {
		t.SetName(name)
	}
}

// Join blocks until the thread has ended, and returns nil, or until ctx ends, and returns the cause of that. If
// the thread panicked Join panics, with a *[PanicError]; if it called runtime.Goexit, or was interrupted, Join
// returns [ErrExited]. Join may be called any number of times. It panics when the thread was not
// started.
func (t *Thread) Join(ctx context.Context) error {
	fu := t.future()
	if fu == nil {
		panic("concurrency: Thread: Join before Start")
	}
	_, err := fu.Result(ctx)
	return err
}

func (t *Thread) future() *Future[struct{}] {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.fu
}

// Alive reports whether the thread was started and has not ended.
func (t *Thread) Alive() bool {
	fu := t.future()
	if fu == nil {
		return false
	}
	select {
	case <-fu.Done():
		return false
	default:
		return true
	}
}

// Err returns what Join would panic with or return once the thread has ended, and nil before. It does not block.
func (t *Thread) Err() error {
	if fu := t.future(); fu != nil {
		return fu.Err()
	}
	return nil
}

// ID returns the number of the thread. Numbers are not used again.
func (t *Thread) ID() int64 { return t.id }

// Name returns the name of the thread.
func (t *Thread) Name() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.name
}
