package kernel

import (
	"context"
	"errors"
	"os"
	"strconv"
	"time"
)

// ErrOrphan is the cause of the end of a context made by [WithParent].
var ErrOrphan = errors.New("kernel: the process that started it has ended")

// WithParent returns a context that ends when the process has ended that started the kernel, as Jupyter
// names it in the environment variable JPY_PARENT_PID. Jupyter does not name it when the kernel is to
// outlive it; then, and where it cannot be told whether a process lives, the context is only a copy.
//
// A server that is killed has no chance to shut its kernels down, and they would stay for ever. The
// process is looked for once a second, until cancel is called or ctx ends.
func WithParent(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	stop := func() { cancel(context.Canceled) }
	pid, err := strconv.Atoi(os.Getenv("JPY_PARENT_PID"))
	if err != nil || pid <= 1 {
		return ctx, stop
	}
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		watch(ctx, time.Second, func() bool { return alive(pid) }, func() { cancel(ErrOrphan) })
	}()
	return ctx, func() {
		stop()
		<-watched
	}
}

// watch calls orphaned when lives reports false, and ends then or with ctx.
func watch(ctx context.Context, every time.Duration, lives func() bool, orphaned func()) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			if !lives() {
				orphaned()
				return
			}
		case <-ctx.Done():
			return
		}
	}
}
