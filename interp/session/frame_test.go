package session

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"runtime"
	"testing"
)

func TestFrames(t *testing.T) {
	var b bytes.Buffer
	w := &frameWriter{w: &b}
	frames := []struct {
		h    header
		body string
	}{
		{header{kind: kindInterrupt, run: 1<<63 + 7}, ""},
		{header{kind: kindOutput, stream: streamStderr, run: 3}, "text\x00\xff"},
		{header{kind: kindOutcome, run: 3}, "{}"},
	}
	for _, f := range frames {
		if err := w.write(f.h, []byte(f.body)); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range frames {
		h, body, err := readFrame(&b)
		f.h.size = uint32(len(f.body))
		if err != nil || h != f.h || string(body) != f.body {
			t.Errorf("%+v %q %v, want %+v %q", h, body, err, f.h, f.body)
		}
	}
	if _, _, err := readFrame(&b); err != io.EOF {
		t.Errorf("at the end: %v", err)
	}
}

func TestBadFrames(t *testing.T) {
	good := make([]byte, headerSize)
	header{size: 2, kind: kindRun}.put(good)
	change := func(i int, b ...byte) []byte {
		f := bytes.Clone(good)
		copy(f[i:], b)
		return f
	}
	for _, test := range []struct {
		name  string
		bytes []byte
		want  error
	}{
		{"cut header", good[:5], io.ErrUnexpectedEOF},
		{"cut body", append(bytes.Clone(good), '{'), io.ErrUnexpectedEOF},
		{"no body", good, io.ErrUnexpectedEOF},
		{"mark", change(6, 0), errGarbage},
		{"no kind", change(4, 0), errGarbage},
		{"unknown kind", change(4, byte(kindEnd)), errGarbage},
		{"text", []byte("this is not a frame, it is text"), errGarbage},
		{"size", change(0, 0xff, 0xff, 0xff, 0xff), errTooLarge},
		{"size of output", change(0, 0, 1, 0, 1, byte(kindOutput)), errTooLarge},
	} {
		if _, _, err := readFrame(bytes.NewReader(test.bytes)); !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", test.name, err, test.want)
		}
	}
}

// A frame that declares much and brings little costs little.
func TestAllocation(t *testing.T) {
	f := make([]byte, headerSize)
	header{size: maxBody, kind: kindRun}.put(f)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, _, err := readFrame(bytes.NewReader(f)); err != io.ErrUnexpectedEOF {
		t.Error(err)
	}
	runtime.ReadMemStats(&after)
	if n := after.TotalAlloc - before.TotalAlloc; n > 1<<20 {
		t.Errorf("%d bytes allocated", n)
	}
}

func TestOutputIsCut(t *testing.T) {
	var b bytes.Buffer
	text := bytes.Repeat([]byte("0123456789"), 20_000)
	if err := (&frameWriter{w: &b}).output(9, streamStdout, text); err != nil {
		t.Fatal(err)
	}
	var got []byte
	for b.Len() > 0 {
		if n := binary.BigEndian.Uint32(b.Bytes()); n > maxOutput {
			t.Errorf("a frame of %d bytes", n)
		}
		h, body, err := readFrame(&b)
		if err != nil || h.run != 9 || h.stream != streamStdout {
			t.Fatal(h, err)
		}
		got = append(got, body...)
	}
	if !bytes.Equal(got, text) {
		t.Error("the text has changed")
	}
}

type brokenWriter struct{ room int }

func (b *brokenWriter) Write(p []byte) (int, error) {
	if len(p) > b.room {
		return b.room, io.ErrClosedPipe
	}
	b.room -= len(p)
	return len(p), nil
}

func TestWriterStaysBroken(t *testing.T) {
	w := &frameWriter{w: &brokenWriter{room: 3 * headerSize / 2}}
	h := header{kind: kindClose}
	if err := w.write(h, nil); err != nil {
		t.Fatal(err)
	}
	if err := w.write(h, nil); err != io.ErrClosedPipe {
		t.Error(err)
	}
	w.w = io.Discard
	if err := w.write(h, nil); err != io.ErrClosedPipe {
		t.Errorf("wrote after half a frame: %v", err)
	}
	if err := w.write(header{kind: kindOutput}, make([]byte, maxOutput+1)); !errors.Is(err, errTooLarge) {
		t.Error(err)
	}
}

func FuzzReadFrame(f *testing.F) {
	f.Add([]byte("text"))
	good := make([]byte, headerSize, headerSize+2)
	header{size: 2, kind: kindRun}.put(good)
	f.Add(append(good, "{}"...))
	f.Fuzz(func(t *testing.T, b []byte) {
		h, body, err := readFrame(bytes.NewReader(b))
		if err != nil {
			return
		}
		var again bytes.Buffer
		if err := (&frameWriter{w: &again}).write(h, body); err != nil || !bytes.HasPrefix(b, again.Bytes()) {
			t.Errorf("%x read as %+v %x (%v)", b, h, body, err)
		}
	})
}
