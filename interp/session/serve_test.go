//go:build unix

package session_test

import (
	"context"
	"errors"
	"net"
	"os/exec"
	"testing"

	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/interp/session"
)

// idle is a runner whose cells wait for their end, or do not heed it.
type idle struct {
	heedless chan struct{} // closed to let heedless cells go; nil if cells heed
	started  chan struct{}
	closed   chan struct{}
}

func newIdle() *idle {
	return &idle{started: make(chan struct{}, 1), closed: make(chan struct{})}
}

func (r *idle) Run(ctx context.Context, _ interp.Request, _ interp.Sink) interp.Outcome {
	r.started <- struct{}{}
	if r.heedless != nil {
		<-r.heedless
	}
	<-ctx.Done()
	return interp.Outcome{}
}

func (r *idle) Interrupt()           {}
func (r *idle) Names() []interp.Name { return nil }
func (r *idle) Close() error         { close(r.closed); return nil }

// serve serves r and gives the host's end of the connection, where everything that comes is thrown away.
func serve(t *testing.T, ctx context.Context, r interp.Runner) (net.Conn, <-chan error) {
	t.Helper()
	ours, theirs := net.Pipe()
	drained := make(chan struct{})
	go func() {
		defer close(drained)
		for b := make([]byte, 100); ; {
			if _, err := ours.Read(b); err != nil {
				return
			}
		}
	}()
	t.Cleanup(func() {
		ours.Close()
		<-drained
	})
	done := make(chan error, 1)
	go func() { done <- session.Serve(ctx, theirs, r) }()
	return ours, done
}

// runFrame asks for run 1 of an empty cell; closeFrame closes the session. They are written out here so
// that the form of a frame does not change by accident.
const (
	runFrame   = "\x00\x00\x00\x02\x02\x00\x67\x42\x00\x00\x00\x00\x00\x00\x00\x01{}"
	closeFrame = "\x00\x00\x00\x00\x08\x00\x67\x42\x00\x00\x00\x00\x00\x00\x00\x00"
)

func send(t *testing.T, c net.Conn, text string) {
	t.Helper()
	if _, err := c.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
}

func TestServeEnds(t *testing.T) {
	stopped := errors.New("stopped")
	for _, test := range []struct {
		name string
		end  func(net.Conn, context.CancelCauseFunc)
		want error
	}{
		{"closed", func(c net.Conn, _ context.CancelCauseFunc) { send(t, c, closeFrame) }, nil},
		{"host gone", func(c net.Conn, _ context.CancelCauseFunc) { c.Close() }, session.ErrHostGone},
		{"nonsense", func(c net.Conn, _ context.CancelCauseFunc) { send(t, c, "this is no frame") }, session.ErrHostGone},
		{"context", func(_ net.Conn, cancel context.CancelCauseFunc) { cancel(stopped) }, stopped},
	} {
		t.Run(test.name, func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(t.Context())
			defer cancel(nil)
			r := newIdle()
			c, done := serve(t, ctx, r)
			send(t, c, runFrame)
			<-r.started
			test.end(c, cancel)
			if err := <-done; !errors.Is(err, test.want) {
				t.Errorf("%v, want %v", err, test.want)
			}
			<-r.closed
		})
	}
}

func TestServeAbandons(t *testing.T) {
	r := newIdle()
	r.heedless = make(chan struct{})
	defer close(r.heedless) // so that nothing is left of the test
	c, done := serve(t, t.Context(), r)
	send(t, c, runFrame)
	<-r.started
	send(t, c, closeFrame)
	if err := <-done; !errors.Is(err, session.ErrAbandoned) {
		t.Errorf("%v, want %v", err, session.ErrAbandoned)
	}
}

func TestChildWithoutHost(t *testing.T) {
	t.Parallel()
	cfg := testConfig("stderr")
	cmd := exec.Command(cfg.Path)
	cmd.Env = cfg.Env
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState.ExitCode() != 2 {
		t.Errorf("%v", err)
	}
	contains(t, string(out), "a session process is started by gobraid itself")
}
