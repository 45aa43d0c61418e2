package loop

import (
	"bytes"
	"context"
	"errors"
	"io"
	"iter"
	"net"
	"time"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/task"
)

// closer is what the loop closes at its end.
type closer interface{ Close() error }

// opened notes what the loop is to close at its end.
func (l *Loop) opened(c closer) {
	if l.open == nil {
		l.open = map[closer]struct{}{}
	}
	l.open[c] = struct{}{}
}

// closeStreams closes what is left open.
func (l *Loop) closeStreams() {
	for c := range l.open {
		_ = c.Close()
	}
	l.open = nil
}

// block has f, which may block, called beside the loop, and lets others run until it has returned. If the caller is cancelled, or ctx
// ends, interrupt is called, which must make f return soon: block waits for that, and returns the error then.
func (c *coroutine) block(ctx context.Context, object any, f, interrupt func()) error {
	l, site := c.l, task.Here()
	if err := c.deliver(); err != nil {
		return err
	}
	var ended Event
	l.threads++
	l.spawn(func() {
		defer l.post(func() {
			l.threads--
			ended.Set()
		})
		task.Blocking(site, f)
	})
	var err error
	for !ended.set {
		_, e := ended.line.wait(ctx, c, object)
		if errors.Is(e, concurrency.ErrExited) {
			interrupt()
			return e
		}
		if e != nil && err == nil {
			err = e
			interrupt()
			ctx = &c.ctx
		}
	}
	return err
}

// A Stream is a connection whose reads and writes are awaited: asyncio's StreamReader and StreamWriter in one. One coroutine may
// read while another writes. Its methods, but for Close, must be called on the loop. What the loop has opened is closed with it.
type Stream struct {
	l      *Loop
	conn   conn
	unread []byte
	err    error // of reading
}

// conn is a net.Conn, or one end of a pipe.
type conn interface {
	io.Reader
	io.Writer
	io.Closer
	SetReadDeadline(time.Time) error
	SetWriteDeadline(time.Time) error
}

// past is a deadline that has passed.
var past = time.Unix(1, 0)

// NewStream makes a stream of a connection, for the loop of ctx.
func NewStream(ctx context.Context, conn net.Conn) *Stream {
	return newStream(must(ctx, "NewStream"), conn)
}

func newStream(l *Loop, conn conn) *Stream {
	s := &Stream{l: l, conn: conn}
	l.opened(s)
	return s
}

// Dial connects to an address, as net.Dial does: asyncio's open_connection. It lets others run meanwhile. It panics with a *[task.Refused] in
// a run with virtual time.
func Dial(ctx context.Context, network, address string) (*Stream, error) {
	l := must(ctx, "Dial")
	task.Refuse("loop.Dial")
	conn, err := ToThread(ctx, func(ctx context.Context) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, address)
	})
	if err != nil {
		return nil, err
	}
	return newStream(l, conn), nil
}

// Conn returns the connection, nil if the stream is a pipe.
func (s *Stream) Conn() net.Conn {
	c, _ := s.conn.(net.Conn)
	return c
}

// fill awaits more to read.
func (s *Stream) fill(ctx context.Context, op string) error {
	if s.err != nil {
		return s.err
	}
	buf := make([]byte, 32<<10)
	n, interrupted := 0, false
	var failed error
	err := on(ctx, op).block(ctx, s, func() { n, failed = s.conn.Read(buf) }, func() {
		interrupted = true
		_ = s.conn.SetReadDeadline(past)
	})
	s.unread = append(s.unread, buf[:n]...) // also when it was interrupted: nothing is lost
	if interrupted {
		_ = s.conn.SetReadDeadline(time.Time{})
	} else {
		s.err = failed
	}
	if err == nil && n == 0 {
		return s.err
	}
	return err
}

// take takes n bytes of what was read.
func (s *Stream) take(n int) []byte {
	p := bytes.Clone(s.unread[:n])
	s.unread = append(s.unread[:0], s.unread[n:]...)
	return p
}

// Read returns what there is to read, at most n bytes, and awaits some if there are none. At the end it returns io.EOF. A read that was cancelled
// loses nothing.
func (s *Stream) Read(ctx context.Context, n int) ([]byte, error) {
	for len(s.unread) == 0 {
		if err := s.fill(ctx, "Stream.Read"); err != nil {
			return nil, err
		}
	}
	return s.take(min(n, len(s.unread))), nil
}

// ReadExactly returns the next n bytes. If there are fewer it returns them with io.ErrUnexpectedEOF.
func (s *Stream) ReadExactly(ctx context.Context, n int) ([]byte, error) {
	for len(s.unread) < n {
		if err := s.fill(ctx, "Stream.ReadExactly"); err != nil {
			return s.partly(err)
		}
	}
	return s.take(n), nil
}

// partly returns what is left at the end of a stream. After other errors it stays.
func (s *Stream) partly(err error) ([]byte, error) {
	if err != io.EOF || len(s.unread) == 0 {
		return nil, err
	}
	return s.take(len(s.unread)), io.ErrUnexpectedEOF
}

// ReadUntil returns what comes up to and with a byte. If that does not come it returns the rest with io.ErrUnexpectedEOF.
func (s *Stream) ReadUntil(ctx context.Context, end byte) ([]byte, error) {
	for seen := 0; ; {
		if i := bytes.IndexByte(s.unread[seen:], end); i >= 0 {
			return s.take(seen + i + 1), nil
		}
		seen = len(s.unread)
		if err := s.fill(ctx, "Stream.ReadUntil"); err != nil {
			return s.partly(err)
		}
	}
}

// ReadLine returns the next line without its end. The last need not have one.
func (s *Stream) ReadLine(ctx context.Context) (string, error) {
	line, err := s.ReadUntil(ctx, '\n')
	if err == io.ErrUnexpectedEOF {
		err = nil
	}
	return string(bytes.TrimRight(line, "\r\n")), err
}

// Lines returns the lines of the stream as they come. An error other than io.EOF is that of the last round.
//
//	for line, err := range s.Lines(ctx) { … }
func (s *Stream) Lines(ctx context.Context) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for {
			line, err := s.ReadLine(ctx)
			if err == io.EOF || !yield(line, err) || err != nil {
				return
			}
		}
	}
}

// ReadAll returns what comes until the end.
func (s *Stream) ReadAll(ctx context.Context) ([]byte, error) {
	for {
		if err := s.fill(ctx, "Stream.ReadAll"); err == io.EOF {
			return s.take(len(s.unread)), nil
		} else if err != nil {
			return nil, err
		}
	}
}

// Write writes p, and lets others run until that is done: write and drain in one. If it is cancelled a part may have been written.
func (s *Stream) Write(ctx context.Context, p []byte) error {
	var failed error
	interrupted := false
	err := on(ctx, "Stream.Write").block(ctx, s, func() { _, failed = s.conn.Write(p) }, func() {
		interrupted = true
		_ = s.conn.SetWriteDeadline(past)
	})
	if interrupted {
		_ = s.conn.SetWriteDeadline(time.Time{})
	}
	if err != nil {
		return err
	}
	return failed
}

// WriteString is Write of a string.
func (s *Stream) WriteString(ctx context.Context, text string) error {
	return s.Write(ctx, []byte(text))
}

// CloseWrite tells the other side that nothing more is written, where the connection can.
func (s *Stream) CloseWrite() error {
	if c, ok := s.conn.(interface{ CloseWrite() error }); ok {
		return c.CloseWrite()
	}
	return errors.ErrUnsupported
}

// Close closes the connection. Reads and writes that are awaited fail. It does not await.
func (s *Stream) Close() error {
	s.l.here(func() { delete(s.l.open, s) })
	return s.conn.Close()
}
