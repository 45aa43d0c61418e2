package kernel

import (
	"context"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"testing/synctest"
	"time"
)

func TestWatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		lives := func() bool { return time.Since(begin) < 10*time.Second }
		orphaned := 0
		watch(t.Context(), time.Second, lives, func() { orphaned++ })
		if got := time.Since(begin); got != 10*time.Second || orphaned != 1 {
			t.Errorf("noticed %d times after %v", orphaned, got)
		}
	})
}

func TestWithParent(t *testing.T) {
	child := exec.Command(os.Args[0], "-test.run", "^$")
	if err := child.Run(); err != nil {
		t.Fatal(err)
	}
	t.Setenv("JPY_PARENT_PID", strconv.Itoa(child.Process.Pid))
	ctx, cancel := WithParent(context.Background())
	<-ctx.Done()
	if cause := context.Cause(ctx); cause != ErrOrphan {
		t.Errorf("ended by %v", cause)
	}
	cancel()

	t.Setenv("JPY_PARENT_PID", strconv.Itoa(os.Getpid()))
	ctx, cancel = WithParent(context.Background())
	if !alive(os.Getpid()) || ctx.Err() != nil {
		t.Error("we do not live")
	}
	cancel()
	if cause := context.Cause(ctx); cause != context.Canceled {
		t.Errorf("ended by %v", cause)
	}
	for _, pid := range []string{"", "1", "x"} {
		t.Setenv("JPY_PARENT_PID", pid)
		ctx, cancel = WithParent(context.Background())
		cancel()
		<-ctx.Done()
	}
}
