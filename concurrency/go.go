package concurrency

import (
	"context"

	"github.com/gobraid/gobraid/concurrency/task"
)

// Go has f run on the pool. Nobody learns when it has, except through [ThreadPool.Shutdown], which also takes its panic on: that makes it the
// cheapest way, at about 60 ns where the queue has a limit and 85 where it has none, once and a half and twice what a channel to goroutines of one's own takes. It blocks while the pool's queue is
// full, until ctx ends, and returns the cause of that, or [ErrShutdown] if the pool was shut down. That is all it does with ctx: f knows what
// it is for.
func (p *ThreadPool) Go(ctx context.Context, f func()) error {
	return p.submit(ctx, task.ClientHere(), job{f: f})
}
