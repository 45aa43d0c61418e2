// Package tasktest gives tests a run of tasks, as a cell has.
package tasktest

import (
	"context"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gobraid/gobraid/concurrency/task"
)

// Patience bounds waits for things that must happen.
const Patience = time.Minute

// An Output is one of a run that keeps what is printed.
type Output struct {
	mu   sync.Mutex
	text strings.Builder
}

// Write keeps what is printed.
func (o *Output) Write(_ string, p []byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.text.Write(p)
}

// Input says that there is none.
func (*Output) Input(context.Context, string, bool) (string, error) { return "", io.EOF }

// String returns what was printed.
func (o *Output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// NewRun returns a run for a cell, which is closed when the test ends; the test fails if that leaves tasks.
func NewRun(t testing.TB, cell int) (*task.Run, *Output) {
	t.Helper()
	out := &Output{}
	r := task.NewRun(cell, out)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), Patience)
		defer cancel()
		if err := r.Close(ctx); err != nil {
			t.Errorf("closing the run: %v; still there: %v", err, r.Tasks())
		}
	})
	return r, out
}
