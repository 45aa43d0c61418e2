package zmtp

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"sync/atomic"
	"time"
)

const (
	greetingSize = 64
	readyLimit   = 4 << 10  // largest frame in a handshake
	commandLimit = 1 << 10  // largest command after it
	chunk        = 64 << 10 // a body is read, and memory for it taken, in chunks of this size
)

// A guard stands between the network and a zmq4 connection. What zmq4 reads from it has been looked at
// before: the greeting whole, then in the handshake one well-formed READY command, then only whole
// messages within the limits. Memory grows with the bytes that have arrived, never with a declared
// size. Commands after the handshake are taken out and given to command, so that zmq4, whose reader
// answers PING by itself in the middle of whatever is being written, never sees one.
//
// Reading is for one goroutine and writing is for one; they may differ.
type guard struct {
	net.Conn
	limits Limits
	budget *budget
	in     *bufio.Reader
	phase  phase
	ready  []byte // what zmq4 may read now
	buf    []byte // backs ready
	held   int64  // bytes taken from the budget

	command func(name string, data []byte)
	out     []byte // written by zmq4, not yet sent
}

type phase int

const (
	greeting phase = iota
	handshake
	traffic
)

// budget counts the bytes that the connections of a port may still buffer.
type budget struct{ free atomic.Int64 }

func (b *budget) take(n int64) bool {
	if b.free.Add(-n) >= 0 {
		return true
	}
	b.free.Add(n)
	return false
}

func newGuard(conn net.Conn, limits Limits, b *budget) *guard {
	return &guard{Conn: conn, limits: limits, budget: b, in: bufio.NewReaderSize(conn, 4<<10)}
}

// Read gives zmq4 what has passed the guard.
func (g *guard) Read(p []byte) (int, error) {
	if len(g.ready) == 0 {
		if err := g.fill(); err != nil {
			return 0, err
		}
	}
	n := copy(p, g.ready)
	g.ready = g.ready[n:]
	return n, nil
}

// fill reads the next greeting, READY or message into ready.
func (g *guard) fill() error {
	g.release()
	var err error
	switch g.phase {
	case greeting:
		g.phase = handshake
		g.buf = append(g.buf[:0], make([]byte, greetingSize)...)
		_, err = io.ReadFull(g.in, g.buf)
	case handshake:
		err = g.readReady()
	case traffic:
		err = g.readMessage()
	}
	if err != nil {
		g.release()
		return err
	}
	g.ready = g.buf
	return nil
}

// release gives back what the last message took.
func (g *guard) release() {
	if g.held > 0 {
		g.budget.free.Add(g.held)
		g.held = 0
	}
	if cap(g.buf) > chunk {
		g.buf = nil
	}
	g.buf, g.ready = g.buf[:0], nil
}

// readReady reads the one frame of a handshake.
func (g *guard) readReady() error {
	h, err := g.readHeader()
	if err != nil {
		return err
	}
	if !h.command() || h.size > readyLimit {
		return fmt.Errorf("%w: not a READY command", ErrReady)
	}
	body := len(g.buf)
	if err := g.readBody(h.size); err != nil {
		return err
	}
	name, data, err := splitCommand(g.buf[body:])
	if err != nil {
		return err
	}
	if name != "READY" {
		return fmt.Errorf("%w: command %q", ErrReady, name)
	}
	return checkReady(data)
}

// readMessage reads the frames of one message, and answers the commands before and between them.
func (g *guard) readMessage() error {
	for frames := 0; ; {
		start := len(g.buf)
		h, err := g.readHeader()
		if err != nil {
			return err
		}
		if h.command() {
			if err := g.readCommand(start, h.size); err != nil {
				return err
			}
			continue
		}
		frames++
		if err := g.check(h, frames); err != nil {
			return err
		}
		if err := g.readBody(h.size); err != nil {
			return err
		}
		if !h.more() {
			return nil
		}
	}
}

// check holds a frame against the limits, before its body is read.
func (g *guard) check(h header, frames int) error {
	switch {
	case frames > g.limits.Frames:
		return fmt.Errorf("%w: more than %d frames", ErrTooLarge, g.limits.Frames)
	case h.size > uint64(g.limits.Frame):
		return fmt.Errorf("%w: a frame of %d bytes declared", ErrTooLarge, h.size)
	case uint64(len(g.buf))+h.size > uint64(g.limits.Message):
		return fmt.Errorf("%w: more than %d bytes", ErrTooLarge, g.limits.Message)
	}
	return nil
}

// readCommand takes the command out whose header stands at start.
func (g *guard) readCommand(start int, size uint64) error {
	if size > commandLimit {
		return fmt.Errorf("%w: a command of %d bytes declared", ErrTooLarge, size)
	}
	body := len(g.buf)
	if err := g.readBody(size); err != nil {
		return err
	}
	name, data, err := splitCommand(g.buf[body:])
	if err != nil {
		return err
	}
	if g.command != nil {
		g.command(name, append([]byte(nil), data...))
	}
	g.buf = g.buf[:start]
	return nil
}

// readHeader appends the header of the next frame to buf. Before the first frame of a message there is
// no deadline: a peer may be silent for ever.
func (g *guard) readHeader() (header, error) {
	start := len(g.buf)
	if err := g.readMore(1, start > 0); err != nil {
		return header{}, err
	}
	if err := g.readMore(headerSize(g.buf[start])-1, true); err != nil {
		return header{}, unexpected(err)
	}
	return parseHeader(g.buf[start:])
}

// readBody appends a body to buf, chunk by chunk.
func (g *guard) readBody(size uint64) error {
	for size > 0 {
		n := int(min(size, chunk))
		if err := g.readMore(n, true); err != nil {
			return unexpected(err)
		}
		size -= uint64(n)
	}
	return nil
}

// readMore appends n bytes to buf, which must arrive within the stall limit if timed is set. In the
// handshake the deadline is the handshake's own.
func (g *guard) readMore(n int, timed bool) error {
	if !g.budget.take(int64(n)) {
		return ErrBudget
	}
	g.held += int64(n)
	timed = timed && g.phase == traffic && g.in.Buffered() < n
	if timed {
		if err := g.SetReadDeadline(time.Now().Add(g.limits.Stall)); err != nil {
			return err
		}
	}
	start := len(g.buf)
	g.buf = append(g.buf, make([]byte, n)...)
	_, err := io.ReadFull(g.in, g.buf[start:])
	if timed && err == nil {
		err = g.SetReadDeadline(time.Time{})
	}
	return err
}

// unexpected turns a clean end of the stream in the middle of a frame into an unclean one.
func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
