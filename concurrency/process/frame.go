package process

import (
	"encoding/binary"
	"errors"
	"io"
)

// A frame is a header of 24 bytes and a payload that the transport does not look into. Both sides are the same program on the
// same machine, so there is nothing to negotiate.
type header struct {
	length  uint64 // of the payload
	seq     uint32 // of the task among those of its worker, from 1
	routine uint32 // which function
	kind    kind
}

type kind uint8

const (
	kindDefine   kind = iota + 1 // to the worker: what a routine is
	kindTask                     // to the worker: an argument
	kindCancel                   // to the worker, by the other socket: the context of a task ends
	kindReady                    // from the worker: it can begin
	kindPrefix                   // from the worker: how it encodes the results of a routine
	kindResult                   // from the worker
	kindFailure                  // from the worker: an error or a panic
	kindTaskWith                 // to the worker: the size of the copies, see Copying, they, and an argument
	kindAhead                    // to the worker: a routine that may be wanted
	kindProgress                 // from the worker: how far a task has come
)

const headerSize = 24

// maxFrame bounds the length that is believed. It is there against a task that writes to the socket.
const maxFrame = 1 << 36

var errGarbage = errors.New("process: the other side sent what is no frame: something else has written to the connection")

func appendHeader(b []byte, h header) []byte {
	b = binary.LittleEndian.AppendUint64(b, h.length)
	b = binary.LittleEndian.AppendUint32(b, h.seq)
	b = binary.LittleEndian.AppendUint32(b, h.routine)
	return append(b, byte(h.kind), 'b', 'r', 'a', 'i', 'd', 0, 1)
}

func parseHeader(b []byte) (header, error) {
	h := header{
		length:  binary.LittleEndian.Uint64(b),
		seq:     binary.LittleEndian.Uint32(b[8:]),
		routine: binary.LittleEndian.Uint32(b[12:]),
		kind:    kind(b[16]),
	}
	if h.length > maxFrame || string(b[17:24]) != "braid\x00\x01" {
		return header{}, errGarbage
	}
	return h, nil
}

// readSize is the size of the buffer that small frames are read through. A payload that is larger is read to where it
// stays, without a copy.
const readSize = 64 << 10

// A frameReader takes frames from a stream.
type frameReader struct {
	r     io.Reader
	buf   []byte
	at, n int    // what is buffered is buf[at:n]
	total uint64 // bytes taken from r
}

func newFrameReader(r io.Reader) *frameReader { return &frameReader{r: r, buf: make([]byte, readSize)} }

// buffered reports whether a whole frame can be had without reading.
func (f *frameReader) buffered() bool {
	have := f.n - f.at
	return have >= headerSize && uint64(have-headerSize) >= binary.LittleEndian.Uint64(f.buf[f.at:])
}

// next returns a frame. It blocks until there is one. A payload of at most readSize bytes is valid until the next call only; a
// longer one is the caller's. The error is io.EOF at the end of the stream, also within a frame.
func (f *frameReader) next() (header, []byte, error) {
	if err := f.fill(headerSize); err != nil {
		return header{}, nil, err
	}
	h, err := parseHeader(f.buf[f.at:])
	if err != nil {
		return header{}, nil, err
	}
	f.at += headerSize
	if h.length > uint64(len(f.buf)-headerSize) {
		payload, err := f.large(h.length)
		return h, payload, err
	}
	n := int(h.length)
	if err := f.fill(n); err != nil {
		return header{}, nil, err
	}
	payload := f.buf[f.at : f.at+n : f.at+n]
	f.at += n
	return h, payload, nil
}

// large reads a payload into memory of its own.
func (f *frameReader) large(length uint64) ([]byte, error) {
	payload := make([]byte, length)
	have := copy(payload, f.buf[f.at:f.n])
	f.at += have
	n, err := io.ReadFull(f.r, payload[have:])
	f.total += uint64(n)
	if err != nil {
		return nil, io.EOF
	}
	return payload, nil
}

// fill reads until n bytes are buffered.
func (f *frameReader) fill(n int) error {
	if f.n-f.at >= n {
		return nil
	}
	if f.at+n > len(f.buf) || f.at == f.n {
		f.n = copy(f.buf, f.buf[f.at:f.n])
		f.at = 0
	}
	for f.n-f.at < n {
		k, err := f.r.Read(f.buf[f.n:])
		f.n += k
		f.total += uint64(k)
		if k == 0 && err == nil {
			err = io.ErrNoProgress
		}
		if err != nil && f.n-f.at < n {
			return io.EOF // what the connection says of its end is of no interest
		}
	}
	return nil
}
