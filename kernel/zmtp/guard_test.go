package zmtp

import (
	"bytes"
	"errors"
	"io"
	"net"
	"testing"
	"time"
)

// A script is a connection that delivers fixed bytes, a few at a time, and then ends.
type script struct {
	net.Conn
	data []byte
	step int
}

func (s *script) Read(p []byte) (int, error) {
	if len(s.data) == 0 {
		return 0, io.EOF
	}
	n := copy(p[:min(len(p), s.step)], s.data)
	s.data = s.data[n:]
	return n, nil
}

func (s *script) SetReadDeadline(time.Time) error { return nil }

var small = Limits{Frame: 300, Message: 500, Frames: 4, Buffered: 1 << 20}

func trafficGuard(data []byte, step int) *guard {
	b := new(budget)
	limits := small.filled()
	b.free.Store(limits.Buffered)
	g := newGuard(nil, limits, b)
	g.Conn = &script{data: data, step: step}
	g.in.Reset(g.Conn)
	g.phase = traffic
	return g
}

var guardTests = []struct {
	name string
	in   []byte
	out  []byte // what zmq4 may see
	err  error
}{
	{"one frame", []byte("\x00\x02hi"), []byte("\x00\x02hi"), io.EOF},
	{"two messages", []byte("\x01\x01a\x00\x01b\x00\x00"), []byte("\x01\x01a\x00\x01b\x00\x00"), io.EOF},
	{"a long form of a short frame", []byte("\x02\x00\x00\x00\x00\x00\x00\x00\x01x"), []byte("\x02\x00\x00\x00\x00\x00\x00\x00\x01x"), io.EOF},
	{"a command is taken out", []byte("\x04\x02\x01X\x00\x01a"), []byte("\x00\x01a"), io.EOF},
	{"a command between frames too", []byte("\x01\x01a\x04\x02\x01X\x00\x01b"), []byte("\x01\x01a\x00\x01b"), io.EOF},
	{"cut in the header", []byte("\x00"), nil, io.ErrUnexpectedEOF},
	{"cut in the body", []byte("\x00\x02h"), nil, io.ErrUnexpectedEOF},
	{"half a message is withheld", []byte("\x01\x01a\x00\x05b"), nil, io.ErrUnexpectedEOF},
	{"frame over the limit", appendFrame(nil, 0, make([]byte, 301)), nil, ErrTooLarge},
	{"frame at the limit", appendFrame(nil, 0, make([]byte, 300)), appendFrame(nil, 0, make([]byte, 300)), io.EOF},
	{"message over the limit", append(appendFrame(nil, flagMore, make([]byte, 250)), appendFrame(nil, 0, make([]byte, 250))...), nil, ErrTooLarge},
	{"too many frames", []byte("\x01\x00\x01\x00\x01\x00\x01\x00\x00\x00"), nil, ErrTooLarge},
	{"frames at the limit", []byte("\x01\x00\x01\x00\x01\x00\x00\x00"), []byte("\x01\x00\x01\x00\x01\x00\x00\x00"), io.EOF},
}

func TestGuard(t *testing.T) {
	for _, test := range guardTests {
		for _, step := range []int{1, 3, 1000} {
			g := trafficGuard(test.in, step)
			out, err := io.ReadAll(g)
			if err == nil {
				err = io.EOF // ReadAll's word for it
			}
			if !bytes.Equal(out, test.out) || !errors.Is(err, test.err) {
				t.Errorf("%s, %d at a time: %q, %v, want %q, %v", test.name, step, out, err, test.out, test.err)
			}
			if free := g.budget.free.Load(); free != small.Buffered {
				t.Errorf("%s: the budget has %d left, want %d", test.name, free, small.Buffered)
			}
		}
	}
}

// FuzzGuard feeds arbitrary bytes: what comes out is a sequence of whole messages within the limits,
// and what is held never exceeds what arrived.
func FuzzGuard(f *testing.F) {
	for _, test := range guardTests {
		f.Add(test.in)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		g := trafficGuard(data, 7)
		for {
			if err := g.fill(); err != nil {
				break
			}
			checkMessage(t, g.ready)
			if cap(g.buf) > 4*len(data)+2*chunk {
				t.Fatalf("%d bytes held for %d received", cap(g.buf), len(data))
			}
			g.ready = nil
		}
		if free := g.budget.free.Load(); free != small.Buffered {
			t.Fatalf("the budget has %d left, want %d", free, small.Buffered)
		}
	})
}

func checkMessage(t *testing.T, p []byte) {
	if len(p) > int(small.Message)+maxHeader*small.Frames {
		t.Fatalf("a message of %d bytes", len(p))
	}
	for frames := 1; ; frames++ {
		n := headerSize(p[0])
		h, err := parseHeader(p[:n])
		if err != nil || h.command() || frames > small.Frames || h.size > uint64(small.Frame) {
			t.Fatalf("frame %d: %+v, %v", frames, h, err)
		}
		p = p[n+int(h.size):]
		if !h.more() {
			break
		}
	}
	if len(p) != 0 {
		t.Fatalf("%d bytes after the last frame", len(p))
	}
}
