package kernel

import (
	"encoding/json"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/gobraid/gobraid/interp"
)

// An outlet is where the output of one cell goes, also after the cell has ended.
type outlet struct {
	pub     *iopub
	parent  json.RawMessage // header of the request
	streams [2]stream

	// Guarded by iopub.mu.
	late    bool    // the idle of the cell has been queued
	marked  bool    // its late output has been announced
	midline *stream // the stream whose text came last and did not end its line
}

// A stream gathers the text of one stream of a cell. Its fields are guarded by iopub.mu.
type stream struct {
	out  *outlet
	name interp.Stream
	text []byte
	due  time.Time // when text is to be sent; zero if the stream is not dirty
	last time.Time // when text was last sent
}

func newOutlet(pub *iopub, parent json.RawMessage) *outlet {
	out := &outlet{pub: pub, parent: parent}
	out.streams[0] = stream{out: out, name: interp.Stdout}
	out.streams[1] = stream{out: out, name: interp.Stderr}
	return out
}

// write adds text to a stream. It blocks while too much waits to be sent.
func (out *outlet) write(name interp.Stream, text []byte) {
	o := out.pub
	s := &out.streams[0]
	if name == interp.Stderr {
		s = &out.streams[1]
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	out.mark(s)
	for len(text) > 0 && !o.closed {
		n := min(len(text), o.limits.stream-len(s.text), o.limits.total-o.held)
		if n <= 0 {
			o.room.Wait()
			continue
		}
		s.text = append(s.text, text[:n]...)
		text = text[n:]
		o.held += n
		if s.due.IsZero() {
			o.schedule(s, time.Now())
		}
	}
}

// schedule says when the text of a stream is to be sent: soon after a silence, otherwise when the
// interval is over. The caller holds mu.
func (o *iopub) schedule(s *stream, now time.Time) {
	s.due = now.Add(o.limits.gather)
	if next := s.last.Add(o.limits.interval); next.After(s.due) {
		s.due = next
	}
	o.dirty = append(o.dirty, s)
	o.signal()
}

// flush queues the text of both streams of an outlet. The caller holds mu.
func (o *iopub) flush(out *outlet) {
	if out == nil {
		return
	}
	for _, s := range slices.Clone(o.dirty) {
		if s.out == out {
			o.emit(s, time.Now(), true)
		}
	}
	for i := range out.streams { // the start of a character whose rest never came
		if s := &out.streams[i]; len(s.text) > 0 {
			o.emit(s, time.Now(), true)
		}
	}
}

// emit makes a message of a stream's text. A character of which only the start has come waits for the
// rest, unless this is the last chance. The caller holds mu.
func (o *iopub) emit(s *stream, now time.Time, last bool) {
	s.due = time.Time{}
	if i := slices.Index(o.dirty, s); i >= 0 {
		o.dirty = slices.Delete(o.dirty, i, i+1)
	}
	n := len(s.text)
	if !last {
		n = wholeRunes(s.text)
	}
	if n == 0 {
		return
	}
	s.last = now
	s.out.midline = nil
	if s.text[n-1] != '\n' {
		s.out.midline = s
	}
	o.enqueue(broadcast{kind: "stream", parent: s.out.parent, name: s.name, text: s.text[:n:n], held: n, late: s.out.late})
	s.text = append([]byte(nil), s.text[n:]...)
}

// wholeRunes returns the length of p without an incomplete character at its end.
func wholeRunes(p []byte) int {
	for i := len(p) - 1; i >= 0 && i >= len(p)-utf8.UTFMax; i-- {
		if utf8.RuneStart(p[i]) {
			if !utf8.FullRune(p[i:]) {
				return i
			}
			break
		}
	}
	return len(p)
}
