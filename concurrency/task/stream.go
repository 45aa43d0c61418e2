package task

import (
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"weak"
)

// A stream is one of the two output streams of a run. Print writes to the run's Output directly,
// until somebody asks for the stream as a file; from then on Print goes through the pipe
// behind that file too, so that the order is kept.
type stream struct {
	run  *Run
	to   Output // what a redirected stream leads to instead of the run's; see redirect.go
	name string
	turn chan struct{} // holds a token while somebody writes directly or makes the pipe
	pipe atomic.Pointer[pipe]
	shut atomic.Bool
}

type pipe struct {
	drain *drain
	file  *os.File
}

func newStream(r *Run, name string) *stream {
	return &stream{run: r, name: name, turn: make(chan struct{}, 1)}
}

// take waits for the turn to write, as long as t is not killed.
func (s *stream) take(t *Task) {
	select {
	case s.turn <- struct{}{}:
		return
	default:
	}
	if t == nil {
		s.turn <- struct{}{}
		return
	}
	stop := t.block(WaitOutput, nil, 0)
	defer t.unblock()
	select {
	case s.turn <- struct{}{}:
	case <-stop:
		t.die()
	}
}

func (s *stream) give() { <-s.turn }

// write writes p for t, which is nil for a goroutine that is no task.
func (s *stream) write(t *Task, p []byte) (int, error) {
	if s.pipe.Load() == nil {
		s.take(t)
		if s.pipe.Load() == nil {
			defer s.give()
			return s.deliver(p)
		}
		s.give()
	}
	if s.isShut() {
		return 0, os.ErrClosed
	}
	if t != nil {
		t.block(WaitOutput, nil, 0)
		defer t.unblock()
	}
	return s.pipe.Load().file.Write(p)
}

func (s *stream) deliver(p []byte) (int, error) {
	if s.isShut() {
		return 0, os.ErrClosed
	}
	s.out().Write(s.name, p)
	return len(p), nil
}

func (s *stream) out() Output {
	if s.to != nil {
		return s.to
	}
	return s.run.out
}

// isShut reports whether what is written is dropped.
func (s *stream) isShut() bool { return s.shut.Load() || s.to != nil && s.run.stdout.shut.Load() }

// open returns the stream as a file. When no pipe can be made it returns fallback.
func (s *stream) open(t *Task, fallback *os.File) *os.File {
	if p := s.pipe.Load(); p != nil {
		return p.file
	}
	s.take(t)
	defer s.give()
	if p := s.pipe.Load(); p != nil {
		return p.file
	}
	d, file, err := newDrain("/dev/"+s.name, s.receiver())
	if err != nil {
		return fallback
	}
	if s.to != nil {
		s.run.drains.add(d)
	}
	if s.isShut() {
		d.close()
	}
	own(file)
	s.pipe.Store(&pipe{d, file})
	return file
}

// receiver returns the function that takes what arrives through the pipe. It must not lead to the write end,
// which the stream holds.
func (s *stream) receiver() func([]byte) {
	out, name := s.out(), s.name
	return func(p []byte) { out.Write(name, p) }
}

// flush waits until all written so far has been delivered, or limit ends.
func (s *stream) flush(limit <-chan struct{}) {
	select {
	case s.turn <- struct{}{}:
		s.give()
	case <-limit:
		return
	}
	if p := s.pipe.Load(); p != nil {
		p.drain.flush(limit)
	}
}

// close drops what is written from now on. Library code that writes to the stream's file gets an
// error, which is what ends an endless io.Copy to it.
func (s *stream) close() {
	s.shut.Store(true)
	if p := s.pipe.Load(); p != nil {
		p.file.Close()
		p.drain.close()
	}
}

// wait waits until the goroutine of the stream has ended, after close.
func (s *stream) wait(limit <-chan struct{}) {
	if p := s.pipe.Load(); p != nil {
		select {
		case <-p.drain.done:
		case <-limit:
		}
	}
}

// The files of streams. A cell that saves os.Stdout and puts it back assigns such a file to the real variable; it does not
// redirect anything by that.
var owned sync.Map // of weak.Pointer[os.File]

func own(f *os.File) {
	key := weak.Make(f)
	owned.Store(key, nil)
	runtime.AddCleanup(f, func(key weak.Pointer[os.File]) { owned.Delete(key) }, key)
}

// assigned returns the file the user assigned to one of os's variables, or nil.
func assigned(now, original *os.File) *os.File {
	if now == original || now == nil {
		return nil
	}
	if _, ours := owned.Load(weak.Make(now)); ours {
		return nil
	}
	return now
}

// The process's own files.
var processStdin, processStdout, processStderr = os.Stdin, os.Stdout, os.Stderr
