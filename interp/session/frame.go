package session

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"
)

// A kind says what a frame is.
type kind byte

// The kinds of frames. Those from the host to the session process come first.
const (
	kindSetup      kind = 1 + iota // body Setup; the first frame there is
	kindRun                        // body interp.Request; starts the run that the header names
	kindBeside                     // body interp.Request; starts a run beside the others
	kindSubshells                  // body subshellNote
	kindInterrupt                  // no body; ends the run that the header names
	kindInputReply                 // body inputReply
	kindRestore                    // body []interp.Request
	kindClose                      // no body; the session is to end

	kindHello       // body hello; the session is ready, or will never be
	kindBegun       // no body; the run is about to start
	kindOutput      // body raw bytes; the header names the stream
	kindOutputOf    // body the number of a task, eight bytes, then as kindOutput
	kindDisplay     // body interp.Data
	kindClear       // body clearNote
	kindInput       // body inputRequest
	kindInputCancel // body inputCancel; nobody waits for that line any more
	kindNames       // body []interp.Name: what is in scope from now on
	kindOutcome     // body interp.Outcome; nothing of the run's own output comes after it
	kindRestored    // body Restored
	kindExit        // body exitNote; user code called os.Exit and means it
	kindEnd
)

const (
	headerSize = 16
	frameMark  = 0x6742 // tells a frame from what user code may have written to the descriptor

	maxOutput = 64 << 10 // bytes of output in one frame
	taskSize  = 8        // bytes of the number of a task before them
	maxBody   = 64 << 20 // bytes of any other body
	keepSpare = 128 << 10
)

// Errors of the framing. Both mean that the two ends no longer understand each other.
var (
	errGarbage  = errors.New("session: not a frame")
	errTooLarge = errors.New("session: frame too large")
)

// A header comes before every body: length, kind, stream, mark and run, in network byte order.
type header struct {
	size   uint32
	kind   kind
	stream byte
	run    uint64
}

func (h header) put(b []byte) {
	binary.BigEndian.PutUint32(b, h.size)
	b[4], b[5] = byte(h.kind), h.stream
	binary.BigEndian.PutUint16(b[6:], frameMark)
	binary.BigEndian.PutUint64(b[8:], h.run)
}

// parseHeader reads a header and checks everything in it before anybody allocates what it asks for.
func parseHeader(b []byte) (header, error) {
	h := header{
		size:   binary.BigEndian.Uint32(b),
		kind:   kind(b[4]),
		stream: b[5],
		run:    binary.BigEndian.Uint64(b[8:]),
	}
	if binary.BigEndian.Uint16(b[6:]) != frameMark || h.kind == 0 || h.kind >= kindEnd {
		return h, errGarbage
	}
	if h.size > limit(h.kind) {
		return h, fmt.Errorf("%w: %d bytes of kind %d", errTooLarge, h.size, h.kind)
	}
	return h, nil
}

func limit(k kind) uint32 {
	switch k {
	case kindOutput:
		return maxOutput
	case kindOutputOf:
		return maxOutput + taskSize
	}
	return maxBody
}

// readFrame reads one frame. The body is the caller's. An end of file between two frames is io.EOF.
func readFrame(r io.Reader) (header, []byte, error) {
	var b [headerSize]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return header{}, nil, err
	}
	h, err := parseHeader(b[:])
	if err != nil || h.size == 0 {
		return h, nil, err
	}
	// What arrives decides what is allocated, not what the header declares.
	body := bytes.NewBuffer(make([]byte, 0, min(h.size, maxOutput)))
	if _, err := io.CopyN(body, r, int64(h.size)); err != nil {
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return h, nil, err
	}
	return h, body.Bytes(), nil
}

// A frameWriter writes whole frames, from any goroutine, without any buffer of its own: when write has
// returned, the kernel has the frame, and nothing that happens to the process afterwards can lose it.
type frameWriter struct {
	mu  sync.Mutex
	w   io.Writer
	buf []byte
	err error // the first failure; a frame cut short makes all later ones useless
}

func (f *frameWriter) write(h header, body []byte) error {
	if uint64(len(body)) > uint64(limit(h.kind)) {
		return fmt.Errorf("%w: %d bytes of kind %d", errTooLarge, len(body), h.kind)
	}
	h.size = uint32(len(body))
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err != nil {
		return f.err
	}
	// One buffer and one write: two would let a reader wake up for a header alone.
	f.buf = append(f.buf[:0], make([]byte, headerSize)...)
	h.put(f.buf)
	f.buf = append(f.buf, body...)
	_, f.err = f.w.Write(f.buf)
	if cap(f.buf) > keepSpare {
		f.buf = nil
	}
	return f.err
}

// output writes p in as many frames as it takes.
func (f *frameWriter) output(run uint64, stream byte, p []byte) error {
	for len(p) > 0 {
		n := min(len(p), maxOutput)
		if err := f.write(header{kind: kindOutput, stream: stream, run: run}, p[:n]); err != nil {
			return err
		}
		p = p[n:]
	}
	return nil
}

// outputOf writes p, which a task gave out, in as many frames as it takes.
func (f *frameWriter) outputOf(run uint64, task int64, stream byte, p []byte) error {
	for len(p) > 0 {
		n := min(len(p), maxOutput)
		body := binary.BigEndian.AppendUint64(make([]byte, 0, taskSize+n), uint64(task))
		if err := f.write(header{kind: kindOutputOf, stream: stream, run: run}, append(body, p[:n]...)); err != nil {
			return err
		}
		p = p[n:]
	}
	return nil
}
