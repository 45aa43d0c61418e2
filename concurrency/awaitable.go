package concurrency

import (
	"context"
	"iter"
	"slices"
	"sync"

	"github.com/gobraid/gobraid/concurrency/task"
)

// An Awaitable is something that will be done: a [Future] of whatever type, or what another package has. [AsCompleted] and [Wait] take
// futures of one type as they are, and those of several as a []Awaitable.
type Awaitable interface {
	// Done returns a channel that is closed when it is done.
	Done() <-chan struct{}
	// Err returns its error once it is done, and nil before.
	Err() error
	// Running reports whether it has begun and is not done.
	Running() bool
	// Cancel asks for its end, and reports whether it was not done.
	Cancel() bool
	// Canceled reports whether it is done because of Cancel.
	Canceled() bool
}

func (fu *Future[T]) hook(f func()) { fu.core.whenDone(f) }

// AsCompleted returns futures in the order in which they are done, each once; those that are done when the loop begins come first, in
// the order of the arguments. The loop blocks until the next is done. When ctx ends it ends, with futures left: context.Cause(ctx) says why.
// What a future that has failed means is for the loop to say:
//
//	for fu := range concurrency.AsCompleted(ctx, futures...) {
//		v, err := fu.Result(ctx)
func AsCompleted[F Awaitable](ctx context.Context, futures ...F) iter.Seq[F] {
	return func(yield func(F) bool) {
		c := arrivalsOf(futures)
		defer c.leave()
		for range futures {
			i, err := c.next(ctx)
			if err != nil || !yield(futures[i]) {
				return
			}
		}
	}
}

// A ReturnWhen says what [Wait] waits for.
type ReturnWhen uint8

// What Wait can wait for: these are Python's ALL_COMPLETED, FIRST_COMPLETED and FIRST_EXCEPTION.
const (
	AllCompleted   ReturnWhen = iota // all futures are done
	FirstCompleted                   // one of them is
	FirstException                   // one is done with an error, a panic or cancelled, or all are done
)

// Wait blocks until futures are done, as many as when says, or until ctx ends, and then returns the cause of that too. It returns those that
// are done and those that are not, both in the order of the arguments. It cancels nothing.
func Wait[F Awaitable](ctx context.Context, when ReturnWhen, futures ...F) (done, notDone []F, err error) {
	c := arrivalsOf(futures)
	defer c.leave()
	for range futures {
		var i int
		if i, err = c.next(ctx); err != nil {
			break
		}
		if when == FirstCompleted || when == FirstException && futures[i].Err() != nil {
			break
		}
	}
	for _, f := range futures {
		select {
		case <-f.Done():
			done = append(done, f)
		default:
			notDone = append(notDone, f)
		}
	}
	return done, notDone, err
}

// arrivals are the futures that have come to be done and were not taken yet.
type arrivals struct {
	mu   sync.Mutex
	list []int         // their indexes
	bell chan struct{} // closed when there is one, or nil if nobody waits

	watch *Group // waits for futures of other packages, or nil
}

// arrivalsOf returns the arrivals of futures, until leave is called.
func arrivalsOf[F Awaitable](futures []F) *arrivals {
	c := &arrivals{}
	for i, f := range futures {
		if h, ok := any(f).(interface{ hook(func()) }); ok {
			h.hook(func() { c.add(i) })
			continue
		}
		select {
		case <-f.Done():
			c.add(i)
		default:
			if c.watch == nil {
				c.watch = NewGroup(context.Background())
			}
			c.watch.Go(func(ctx context.Context) error {
				if err := task.Await(ctx, f.Done(), f, 0); err != nil {
					return err
				}
				c.add(i)
				return nil
			})
		}
	}
	return c
}

func (c *arrivals) leave() {
	if c.watch != nil {
		c.watch.Cancel(nil)
		_ = c.watch.Wait()
	}
}

func (c *arrivals) add(i int) {
	c.mu.Lock()
	c.list = append(c.list, i)
	bell := c.bell
	c.bell = nil
	c.mu.Unlock()
	if bell != nil {
		task.Close(bell, 0)
	}
}

// next takes the first out. It blocks until there is one, and returns nil, or until ctx ends, and returns the cause.
func (c *arrivals) next(ctx context.Context) (int, error) {
	c.mu.Lock()
	for len(c.list) == 0 {
		if c.bell == nil {
			c.bell = make(chan struct{})
		}
		bell := c.bell
		c.mu.Unlock()
		if err := wait(ctx, bell, c); err != nil {
			return 0, err
		}
		c.mu.Lock()
	}
	defer c.mu.Unlock()
	i := c.list[0]
	c.list = slices.Delete(c.list, 0, 1)
	return i, nil
}
