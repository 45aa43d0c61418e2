package loop

import (
	"context"
	"net"
	"time"

	"github.com/gobraid/gobraid/concurrency/task"
)

// A Listener awaits connections. It is made by [Listen]. What the loop has opened is closed with it.
type Listener struct {
	l *Loop
	n net.Listener
}

// Listen listens at an address, as net.Listen does. "127.0.0.1:0" is some free port of this machine. It panics with a *[task.Refused] in a
// run with virtual time.
func Listen(ctx context.Context, network, address string) (*Listener, error) {
	l := must(ctx, "Listen")
	task.Refuse("loop.Listen")
	n, err := net.Listen(network, address)
	if err != nil {
		return nil, err
	}
	s := &Listener{l, n}
	l.opened(s)
	return s, nil
}

// Addr returns the address, such as "127.0.0.1:43210".
func (s *Listener) Addr() string { return s.n.Addr().String() }

// Accept lets others run until there is a connection, and returns it. If the caller is cancelled, or ctx ends, it returns that.
func (s *Listener) Accept(ctx context.Context) (*Stream, error) {
	var conn net.Conn
	var failed error
	interrupt := func() { _ = s.Close() }
	deadline, can := s.n.(interface{ SetDeadline(time.Time) error })
	if can {
		interrupt = func() { _ = deadline.SetDeadline(past) }
	}
	err := on(ctx, "Listener.Accept").block(ctx, s, func() { conn, failed = s.n.Accept() }, interrupt)
	if err != nil && can {
		_ = deadline.SetDeadline(time.Time{})
	}
	switch {
	case err != nil && conn != nil:
		_ = conn.Close()
		return nil, err
	case err != nil:
		return nil, err
	case failed != nil:
		return nil, failed
	}
	return newStream(s.l, conn), nil
}

// Serve accepts connections until the caller is cancelled, or ctx ends, or the listener is closed, and calls handle for each, in a task
// of its own. It closes the connection when handle has returned. A failure of handle is reported by the loop, and ends nothing else. When Serve
// ends the tasks are cancelled, and it waits for them: asyncio's start_server and serve_forever.
func (s *Listener) Serve(ctx context.Context, handle func(ctx context.Context, conn *Stream) error) error {
	return Group(ctx, func(ctx context.Context, g *TaskGroup) error {
		for {
			conn, err := s.Accept(ctx)
			if err != nil {
				return err
			}
			g.Go(func(ctx context.Context) error {
				defer conn.Close()
				if err := handle(ctx, conn); isCanceled(err) {
					return err
				} else if err != nil {
					s.l.report(Report{Kind: NeverRetrieved, Loop: s.l, Err: err, text: "the handler of a connection failed: " + err.Error()})
				}
				return nil
			})
		}
	})
}

// Close ends the listening. It does not await.
func (s *Listener) Close() error {
	s.l.here(func() { delete(s.l.open, s) })
	return s.n.Close()
}
