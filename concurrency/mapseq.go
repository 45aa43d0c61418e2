package concurrency

import (
	"context"
	"iter"
)

// MapSeq applies f to all items, on the workers of an executor, while the results are taken, in the order of the items:
//
//	for page, err := range concurrency.MapSeq(ctx, pool, slices.Values(urls), fetch) {
//
// It takes the items as it needs them, so there may be no end to them; [BufferSize] says how far it is ahead. When a function fails its error
// comes in its place, with the zero value, and ends the sequence; if it panicked the loop panics. When ctx ends its cause comes, and ends the
// sequence. However the loop ends, what has not begun is left, contexts of what runs are cancelled, and the loop does not end before that
// has returned.
//
// Nothing is done before the loop begins, and it is done again if there is a second loop. In a chunk of several items a result comes when all
// of the chunk are done.
func MapSeq[A, B any](ctx context.Context, ex Executor, items iter.Seq[A], f func(context.Context, A) (B, error), opts ...MapOption) iter.Seq2[B, error] {
	return func(yield func(B, error) bool) {
		o, ctx, cancel := optionsOf(ctx, opts)
		m := mapping[A, B]{ctx: ctx, ex: ex, f: f, size: max(o.chunk, 1), yield: yield}
		if m.ahead = o.buffer / m.size; o.buffer == 0 {
			m.ahead = 2 * ex.Workers()
		}
		defer func() {
			cancel(ErrCanceled)
			for _, fu := range m.futures {
				_ = fu.core.wait(context.WithoutCancel(ctx), fu)
			}
		}()
		for a := range items {
			m.chunk = append(m.chunk, a)
			if len(m.chunk) == m.size && !m.submit() {
				return
			}
		}
		if len(m.chunk) > 0 && !m.submit() {
			return
		}
		for len(m.futures) > 0 {
			if !m.give() {
				return
			}
		}
	}
}

// A mapping is a loop over a MapSeq.
type mapping[A, B any] struct {
	ctx     context.Context
	ex      Executor
	f       func(context.Context, A) (B, error)
	size    int // of chunks
	ahead   int // how many there may be at a time, but one at least
	chunk   []A
	futures []*Future[[]B] // in order
	yield   func(B, error) bool
}

// submit submits the chunk, and gives the results that are there or have to be taken first. It reports whether to go on.
func (m *mapping[A, B]) submit() bool {
	for len(m.futures) > 0 && (len(m.futures) >= m.ahead || m.futures[0].core.state.Load() == finished) {
		if !m.give() {
			return false
		}
	}
	m.futures = append(m.futures, submitEach(m.ctx, m.ex, m.chunk, make([]B, len(m.chunk)), m.f))
	m.chunk = make([]A, 0, m.size)
	return true
}

// give gives the results of the first chunk, and reports whether to go on.
func (m *mapping[A, B]) give() bool {
	results, err := m.futures[0].Result(m.ctx)
	if err != nil {
		m.yield(*new(B), err)
		return false
	}
	m.futures = m.futures[1:]
	for _, b := range results {
		if !m.yield(b, nil) {
			return false
		}
	}
	return true
}
