package display

import (
	"context"
	"io"
	"os"
	"strings"
	"sync"

	"github.com/gobraid/gobraid/concurrency/task"
)

// Capture calls f and returns what f, and the tasks and child processes it starts, print meanwhile, instead of showing it. It
// blocks until f has returned and all that has arrived. What such a task prints later is shown as if nothing had
// been captured, and so is what f shows by [Show]. A panic of f goes on to the caller, and what was captured is lost.
//
// In a program outside gobraid it sets os.Stdout and os.Stderr while f runs: there it captures what anybody prints, and two
// captures must not overlap.
func Capture(f func()) (stdout, stderr string) {
	t := task.Current()
	if t == nil {
		return captureProcess(f)
	}
	c := &capture{up: t.Output()}
	func() {
		t.Redirect(c)
		defer t.Redirect(nil)
		f()
	}()
	return c.end()
}

// A capture is a [task.Output] that keeps what comes until its end, and passes on what comes later.
type capture struct {
	up task.Output

	mu             sync.Mutex
	ended          bool
	stdout, stderr strings.Builder
}

// Write keeps a piece of a stream.
func (c *capture) Write(stream string, p []byte) {
	if !c.keep(stream, p) {
		c.up.Write(stream, p)
	}
}

func (c *capture) keep(stream string, p []byte) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ended {
		return false
	}
	if stream == "stderr" {
		c.stderr.Write(p)
	} else {
		c.stdout.Write(p)
	}
	return true
}

// Input asks whom the task would have asked.
func (c *capture) Input(ctx context.Context, prompt string, password bool) (string, error) {
	return c.up.Input(ctx, prompt, password)
}

func (c *capture) end() (stdout, stderr string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ended = true
	return c.stdout.String(), c.stderr.String()
}

// captureProcess captures what the process prints.
func captureProcess(f func()) (stdout, stderr string) {
	var out, err strings.Builder
	instead(&os.Stdout, &out, func() { instead(&os.Stderr, &err, f) })
	return out.String(), err.String()
}

// instead calls f while file is a pipe to w. Where no pipe can be made, file stays what it is.
func instead(file **os.File, w io.Writer, f func()) {
	in, out, err := os.Pipe()
	if err != nil {
		f()
		return
	}
	var copying sync.WaitGroup
	copying.Go(func() {
		defer in.Close()
		_, _ = io.Copy(w, in) // to the end of the pipe
	})
	old := *file
	*file = out
	defer func() {
		*file = old
		out.Close()
		copying.Wait()
	}()
	f()
}
