package task_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/gobraid/gobraid/concurrency/internal/tasktest"
	"github.com/gobraid/gobraid/concurrency/task"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// record is an Output that keeps what it gets. It answers Input from lines.
type record struct {
	lines chan string

	mu   sync.Mutex
	text map[string]*strings.Builder
}

func newRecord() *record {
	return &record{
		lines: make(chan string, 16),
		text:  map[string]*strings.Builder{"stdout": {}, "stderr": {}},
	}
}

func (r *record) Write(stream string, p []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.text[stream].Write(p)
}

func (r *record) Input(ctx context.Context, _ string, _ bool) (string, error) {
	select {
	case s, ok := <-r.lines:
		if !ok {
			return "", io.EOF
		}
		return s, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

func (r *record) stdout() string { return r.get("stdout") }
func (r *record) stderr() string { return r.get("stderr") }

func (r *record) get(stream string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text[stream].String()
}

// patience bounds waits for things that must happen. No test measures time with it.
const patience = tasktest.Patience

// newRun returns a run that is closed with the test.
func newRun(t testing.TB, cell int) (*task.Run, *record) {
	t.Helper()
	out := newRecord()
	r := task.NewRun(cell, out)
	t.Cleanup(func() { closeRun(t, r) })
	return r, out
}

func closeRun(t testing.TB, r *task.Run) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := r.Close(ctx); err != nil {
		t.Errorf("closing the run: %v; still there: %v", err, r.Tasks())
	}
}

// await waits until c is closed or gives a value.
func await[T any](t testing.TB, c <-chan T, what string) {
	t.Helper()
	select {
	case <-c:
	case <-time.After(patience):
		t.Fatalf("no %s after %v", what, patience)
	}
}

var until = tasktest.Until

// waiting waits until a task of the run waits with kind.
func waiting(t testing.TB, r *task.Run, kind task.Kind) {
	t.Helper()
	until(t, "a task with wait "+kind.String(), func() bool {
		for _, i := range r.Tasks() {
			if i.Wait.Kind == kind {
				return true
			}
		}
		return false
	})
}

var errStop = errors.New("stop it")

// someKey is a key of values in contexts.
type someKey struct{}
