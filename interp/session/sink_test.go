//go:build unix

package session_test

import (
	"context"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/interp/session"
)

// patience is when a test gives up. No test passes or fails by how long anything takes short of it.
const patience = 5 * time.Minute

// A recorder is a sink that keeps everything, in the order of arrival.
type recorder struct {
	mu      sync.Mutex
	changed chan struct{} // closed at the next arrival
	out     strings.Builder
	err     strings.Builder
	data    []interp.Data
	answer  func(ctx context.Context, prompt string) (string, error)
}

func newRecorder() *recorder { return &recorder{changed: make(chan struct{})} }

func (r *recorder) Output(stream interp.Stream, text []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if stream == interp.Stderr {
		r.err.Write(text)
	} else {
		r.out.Write(text)
	}
	close(r.changed)
	r.changed = make(chan struct{})
}

func (r *recorder) Display(d interp.Data) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.data = append(r.data, d)
}

func (r *recorder) Input(ctx context.Context, prompt string, _ bool) (string, error) {
	return r.answer(ctx, prompt)
}

func (r *recorder) stdout() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.out.String()
}

func (r *recorder) stderr() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.err.String()
}

// await waits until both streams together contain text.
func (r *recorder) await(t *testing.T, text string) {
	t.Helper()
	limit := time.After(patience)
	for {
		r.mu.Lock()
		all, changed := r.out.String()+r.err.String(), r.changed
		r.mu.Unlock()
		if strings.Contains(all, text) {
			return
		}
		select {
		case <-changed:
		case <-limit:
			t.Fatalf("no %q in %q", text, all)
		}
	}
}

// A host is a supervisor under test that numbers its cells.
type host struct {
	*session.Supervisor
	t    *testing.T
	next int
}

// start starts a session with the usual configuration, changed by change.
func start(t *testing.T, change func(*session.Config)) *host {
	t.Helper()
	cfg := testConfig(t.TempDir() + "/race")
	if change != nil {
		change(&cfg)
	}
	s, err := session.Start(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return &host{Supervisor: s, t: t}
}

// cell runs the next cell.
func (h *host) cell(source string, out interp.Sink) interp.Outcome {
	h.t.Helper()
	h.next++
	ctx, cancel := context.WithTimeout(h.t.Context(), patience)
	defer cancel()
	o := h.Run(ctx, interp.Request{Number: h.next, Source: source}, out)
	if ctx.Err() != nil {
		h.t.Fatalf("cell %q took too long: %v", source, o.Error)
	}
	return o
}

// good runs a cell that has to succeed and returns its standard output.
func (h *host) good(source string) string {
	h.t.Helper()
	r := newRecorder()
	if o := h.cell(source, r); o.Error != nil {
		h.t.Fatalf("cell %q: %v\n%s", source, o.Error, strings.Join(o.Error.Traceback, "\n"))
	}
	return r.stdout()
}

// bad runs a cell that has to fail with the named error and returns the traceback.
func (h *host) bad(source, name string) (interp.Outcome, string) {
	h.t.Helper()
	o := h.cell(source, newRecorder())
	if o.Error == nil {
		h.t.Fatalf("cell %q succeeded", source)
	}
	text := strings.Join(o.Error.Traceback, "\n")
	if o.Error.Name != name {
		h.t.Fatalf("cell %q: error %s, want %s\n%s", source, o.Error.Name, name, text)
	}
	return o, text
}

func contains(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(text, p) {
			t.Errorf("no %q in\n%s", p, text)
		}
	}
}

func remove(t *testing.T, path string) {
	t.Helper()
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
}

// fifo makes a named pipe by which a session process can show how far it has got.
func fifo(t *testing.T) string {
	t.Helper()
	path := t.TempDir() + "/fifo"
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// awaitWriter waits until the other end of a fifo is opened.
func awaitWriter(t *testing.T, path string) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
}
