package process

import (
	"bytes"
	"encoding/gob"
	"os"
	"slices"
	"sync"
	"time"
)

// spare is the worker that is started ahead, if [KeepSpare] was called. What takes time in a large program, to be loaded and to
// initialise its packages, has then happened when a pool wants a worker.
var spare spareWorker

type spareWorker struct {
	mu   sync.Mutex
	work chan func() // to the thread that starts them, nil if none are kept
	kept *worker     // or nil
	env  []string    // with which it was started,
	dir  string      // and where
	last *definition // of the routine that was last made: it is likely to be wanted again
}

// KeepSpare has the program keep one worker ready that no pool has yet: the next pool, or [Process], that wants a worker takes it, and another is
// started. It does not block. A spare worker that was started with another environment, or in another folder, than the program has
// now is ended, not taken. It is for programs that take long to start, such as a host of cells, and costs what an idle process of the
// program does; it ends with the program, however that ends, or with [DropSpare]. It does nothing in a program whose workers cannot be started.
func KeepSpare() {
	if systemError() != nil || !mainCalled.Load() {
		return
	}
	s := &spare
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.work == nil {
		s.work = make(chan func(), 1)
		go keep(s.work)
	}
	s.refill()
}

// DropSpare ends the spare worker, and has none kept from now on. It blocks until the process has ended.
func DropSpare() {
	s := &spare
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.work != nil {
		close(s.work)
	}
	if s.kept != nil {
		s.kept.discard()
	}
	s.work, s.kept, s.last = nil, nil, nil
}

// Spare returns the number of the process of the spare worker, 0 if there is none at the moment. It does not block for long: a spare worker that
// is being started is waited for.
func Spare() int {
	s := &spare
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.kept == nil {
		return 0
	}
	return s.kept.pid
}

// refill has a worker started, on the thread for that. s.mu is held.
func (s *spareWorker) refill() {
	if s.kept != nil {
		return
	}
	select {
	case s.work <- s.fill:
	default: // it is about to be
	}
}

// fill starts a worker, and has it look for the function that is likely to be wanted.
func (s *spareWorker) fill() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.work == nil || s.kept != nil {
		return
	}
	w := newWorker()
	if err := w.spawn(); err != nil {
		return // who wants a worker will be told
	}
	s.env = os.Environ()
	s.dir, _ = os.Getwd()
	if s.last != nil {
		w.out = appendDefinition(w.out, kindAhead, 0, *s.last)
		w.write(w.out)
		w.out = w.out[:0]
	}
	s.kept = w
}

// spareAfter is how long after one was taken the next spare worker is started at the latest. It is sooner if the one that was taken has
// had its first result: to start both at a time would take twice as long for the one that is waited for.
const spareAfter = 100 * time.Millisecond

// again has a spare worker started, if there is to be one.
func (s *spareWorker) again() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.work != nil {
		s.refill()
	}
}

// take returns the spare worker, nil if there is none that is as if it were started now.
func (s *spareWorker) take() *worker {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.work == nil {
		return nil
	}
	w := s.kept
	s.kept = nil
	time.AfterFunc(spareAfter, s.again)
	if w == nil {
		return nil
	}
	select {
	case <-w.ended:
		w.discard()
		return nil
	default:
	}
	if dir, _ := os.Getwd(); dir != s.dir || !slices.Equal(os.Environ(), s.env) {
		w.discard()
		return nil
	}
	return w
}

// note notes a routine that was made.
func (s *spareWorker) note(d definition) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.work != nil && (len(d.Modules) > 0 || d.Text != "") {
		s.last = &d
	}
}

// appendDefinition adds a frame with a definition.
func appendDefinition(out []byte, k kind, id uint32, d definition) []byte {
	var b bytes.Buffer
	_ = gob.NewEncoder(&b).Encode(d) // of strings and numbers
	out = appendHeader(out, header{length: uint64(b.Len()), routine: id, kind: k})
	return append(out, b.Bytes()...)
}
