package kernel

import (
	"context"
	"time"
)

// patience is how long a request waits for an answer that needs the runner or an outside function.
const patience = 80 * time.Millisecond

// An aside runs what ought to be quick but is not in our hands, on one goroutine, so that a session
// that hangs costs one goroutine and nobody's time.
type aside chan func()

func newAside() aside { return make(aside) }

// run runs what is asked until ctx ends. It waits for the one that runs.
func (a aside) run(ctx context.Context) {
	for {
		select {
		case f := <-a:
			f()
		case <-ctx.Done():
			return
		}
	}
}

// ask calls f there and returns its result, or false if there is none in time.
func ask[T any](a aside, f func(context.Context) T) (result T, ok bool) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	answer := make(chan T, 1)
	select {
	case a <- func() { answer <- f(ctx) }:
	case <-ctx.Done():
		return result, false
	}
	select {
	case result = <-answer:
		return result, true
	case <-ctx.Done():
		return result, false
	}
}
