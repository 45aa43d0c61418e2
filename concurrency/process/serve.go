package process

import (
	"bytes"
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"reflect"
	"sync"
	"syscall"
	"time"

	"github.com/gobraid/gobraid/concurrency/task"
)

// The descriptors that a worker finds open, besides the standard ones.
const (
	dataFD = 3 + iota
	controlFD
	pageFD
)

// A server is a worker's own side.
type server struct {
	in       *frameReader
	out      *sender
	page     page
	routines map[uint32]*served

	mu       sync.Mutex
	running  uint32 // the task that has ctx
	ctx      *taskContext
	canceled map[uint32]string // tasks to come
}

// served is a routine in the worker.
type served struct {
	name  string
	f     any
	shape Shape
	arg   decoder
	res   codec
	told  bool // how it encodes results
	err   error
}

// serve is the life of a worker.
func serve() int {
	s, control, err := newServer()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	orphaned := make(chan os.Signal, 1)
	signal.Notify(orphaned, deathSignal)
	go func() {
		<-orphaned
		s.terminate()
	}()
	go s.watch(control)
	s.out.send(header{kind: kindReady}, nil, nil)
	for {
		ended := make(chan error, 1)
		go func() {
			defer close(ended) // a task may end its goroutine: then another one goes on
			ended <- s.loop()
		}()
		if err, ok := <-ended; ok {
			s.out.flush()
			if err != io.EOF {
				fmt.Fprintln(os.Stderr, err)
				return 2
			}
			return 0
		}
	}
}

func newServer() (*server, *os.File, error) {
	for fd := uintptr(dataFD); fd <= pageFD; fd++ {
		inherited(fd)
	}
	control, shared := os.NewFile(controlFD, "control"), os.NewFile(pageFD, "page")
	if control == nil || shared == nil {
		return nil, nil, errors.New("process: a worker is started by a pool, with its connections on descriptors 3 to 5")
	}
	mem, err := share(shared, pageSize)
	if err != nil {
		return nil, nil, fmt.Errorf("process: a worker is started by a pool: %w", err)
	}
	shared.Close()
	s := &server{page: page{mem}, routines: map[uint32]*served{}, canceled: map[uint32]string{}}
	// Read and write past the runtime's poller: the loop has nothing else to do, and is woken the sooner.
	s.in = newFrameReader(blocking(dataFD))
	s.out = newSender(blocking(dataFD), s.page)
	return s, control, nil
}

// blocking is a descriptor that is read and written with system calls that block.
type blocking int

func (b blocking) Read(p []byte) (int, error) {
	for {
		n, err := syscall.Read(int(b), p)
		switch {
		case err == syscall.EINTR:
		case err != nil:
			return 0, err
		case n == 0:
			return 0, io.EOF
		default:
			return n, nil
		}
	}
}

func (b blocking) Write(p []byte) (int, error) {
	done := 0
	for done < len(p) {
		n, err := syscall.Write(int(b), p[done:])
		if err != nil && err != syscall.EINTR {
			return done, err
		}
		done += max(n, 0)
	}
	return done, nil
}

// watch ends the process, and what it has started, when the pool is gone, whatever the task does.
func (s *server) watch(control *os.File) {
	in := newFrameReader(control)
	for {
		h, text, err := in.next()
		if err != nil {
			s.orphan()
		}
		if h.kind == kindCancel {
			s.end(h.seq, string(text))
		}
	}
}

// terminate ends the process by the signal that it got, after what it has started: the signal may come from anybody, and who waits for the process is
// to see what it died of. Without a pool there is nobody to see it.
func (s *server) terminate() {
	if !leaveGroup() {
		s.orphan()
	}
	killGroup(os.Getpid())
	signal.Reset(deathSignal)
	_ = syscall.Kill(os.Getpid(), deathSignal)
	select {}
}

// orphan ends the process and what it has started.
func (s *server) orphan() {
	killGroup(os.Getpid())
	os.Exit(2)
}

// end ends the context of a task that runs or is to come.
func (s *server) end(seq uint32, why string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case seq == s.running && s.ctx != nil:
		s.ctx.end(&CanceledError{why})
	case seq > s.running:
		s.canceled[seq] = why
	}
}

// loop runs tasks until there are no more.
func (s *server) loop() error {
	for {
		s.out.between(s.in.buffered())
		h, payload, err := s.in.next()
		if err != nil {
			return err
		}
		switch h.kind {
		case kindDefine:
			s.define(h, payload)
		case kindAhead:
			var d definition
			if gob.NewDecoder(bytes.NewReader(payload)).Decode(&d) == nil {
				_, _, _ = d.resolve() // what is wrong with it is said when it is wanted
			}
		case kindTask:
			s.task(h, payload, nil, len(payload) > readSize-headerSize)
		case kindTaskWith:
			own := len(payload) > readSize-headerSize
			c, rest, err := cutCopies(payload)
			if err != nil {
				return err
			}
			s.task(h, rest, c, own)
		default:
			return errGarbage
		}
	}
}

// define notes a routine. What is wrong with it the tasks say.
func (s *server) define(h header, payload []byte) {
	r := &served{}
	s.routines[h.routine] = r
	var d definition
	if r.err = gob.NewDecoder(bytes.NewReader(payload)).Decode(&d); r.err != nil {
		return
	}
	r.name = d.Name
	if r.f, r.shape, r.err = d.resolve(); r.err != nil {
		return
	}
	arg, err := codecOf(r.shape.NewArgument())
	if err == nil {
		r.arg, err = arg.decoder(d.Prefix)
	}
	if err == nil {
		r.res, err = codecOf(r.shape.NewResult())
	}
	r.err = err
}

// task runs a task, and sends what has come of it.
func (s *server) task(h header, payload []byte, c *copies, own bool) {
	if !s.page.begin(h.seq) {
		return
	}
	r := s.routines[h.routine]
	ctx, why := s.begin(h.seq, c)
	if why != "" {
		s.fail(h, failure{Canceled: why})
		return
	}
	if r == nil || r.err != nil {
		err := errGarbage
		if r != nil {
			err = r.err
		}
		s.fail(h, failureOf(err))
		return
	}
	argument, result := r.shape.NewArgument(), r.shape.NewResult()
	if err := r.arg.decode(payload, own, argument); err != nil {
		s.fail(h, failureOf(err))
		return
	}
	var err error
	returned := false
	defer func() {
		if !returned { // by runtime.Goexit
			ctx.reported()
			s.fail(h, failure{Exited: true})
		}
	}()
	p := task.Catch(func() { err = r.shape.Invoke(ctx, r.f, argument, result) })
	returned = true
	ctx.end(context.Canceled)
	ctx.reported()
	switch {
	case p != nil:
		s.fail(h, failureOf(p))
	case err != nil:
		s.fail(h, failureOf(err))
	default:
		s.succeed(h, r, result)
	}
}

// begin makes the context of a task. why is not empty if the task must not begin.
func (s *server) begin(seq uint32, c *copies) (ctx *taskContext, why string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running, s.ctx = seq, &taskContext{copies: c, out: s.out, seq: seq}
	if len(s.canceled) > 0 {
		for k, text := range s.canceled {
			if k == seq {
				why = text
			}
			if k <= seq {
				delete(s.canceled, k)
			}
		}
	}
	return s.ctx, why
}

func (s *server) succeed(h header, r *served, result any) {
	if !r.told {
		r.told = true
		if prefix := r.res.prefix(); len(prefix) > 0 {
			s.out.send(header{kind: kindPrefix, routine: h.routine}, prefix, nil)
		}
	}
	if err := s.out.result(header{kind: kindResult, seq: h.seq, routine: h.routine}, r.res, result); err != nil {
		s.fail(h, failureOf(err))
	}
}

func (s *server) fail(h header, f failure) {
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(f); err != nil {
		b.Reset()
		_ = gob.NewEncoder(&b).Encode(failure{Text: err.Error(), Type: reflect.TypeOf(err).String()})
	}
	s.out.send(header{kind: kindFailure, seq: h.seq, routine: h.routine}, b.Bytes(), nil)
}

// A sender collects frames in the page, and sends them when told to, or when the buffer is full.
type sender struct {
	w    io.Writer
	page page

	mu    sync.Mutex
	buf   []byte // in the page
	base  uint64 // bytes that were sent
	err   error
	late  bool // somebody will flush soon
	later chan struct{}
	small []byte
}

func newSender(w io.Writer, p page) *sender {
	s := &sender{w: w, page: p, buf: p.buffer()[:0], later: make(chan struct{}, 1)}
	go s.flushLater()
	return s
}

// linger is how long a result may wait, behind a task that takes long.
const linger = 200 * time.Microsecond

// flushLater sends what waits while a task runs. It is woken once for a buffer, not for a result.
func (s *sender) flushLater() {
	for range s.later {
		time.Sleep(linger)
		s.mu.Lock()
		s.late = false
		s.flushLocked()
		s.mu.Unlock()
	}
}

func (s *sender) flush() {
	s.mu.Lock()
	s.flushLocked()
	s.mu.Unlock()
}

// enough is so much that it is sent though there is more to do: the pool is to have the next tasks ready before the worker has none.
const enough = 4 << 10

// between is called between two tasks; more says that the next is there. If there is none, what waits is sent, and it is soon in any case.
func (s *sender) between(more bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case !more || len(s.buf) >= enough:
		s.flushLocked()
	default:
		s.soon()
	}
}

// soon has what waits be sent soon. s.mu is held.
func (s *sender) soon() {
	if len(s.buf) > 0 && !s.late {
		s.late = true
		s.later <- struct{}{} // there is room: it is taken before late is reset
	}
}

func (s *sender) flushLocked() {
	if len(s.buf) == 0 || s.err != nil {
		return
	}
	_, s.err = s.w.Write(s.buf)
	s.base += uint64(len(s.buf))
	s.buf = s.buf[:0]
	s.page.sent().Store(s.base)
}

// result sends a result.
func (s *sender) result(h header, c codec, p any) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var tail []byte
	var err error
	if s.small, tail, err = c.append(s.small[:0], p); err != nil {
		return err
	}
	s.sendLocked(h, s.small, tail)
	return nil
}

// send sends a frame whose payload is in two parts.
func (s *sender) send(h header, payload, tail []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sendLocked(h, payload, tail)
	switch h.kind {
	case kindReady:
		s.flushLocked()
	case kindProgress: // its task goes on
		s.soon()
	}
}

func (s *sender) sendLocked(h header, payload, tail []byte) {
	h.length = uint64(len(payload) + len(tail))
	if len(s.buf)+headerSize+int(h.length) > outSize {
		s.flushLocked()
	}
	if headerSize+int(h.length) > outSize {
		s.large(h, payload, tail)
		return
	}
	s.buf = appendHeader(s.buf, h)
	s.buf = append(s.buf, payload...)
	s.buf = append(s.buf, tail...)
	s.page.produced().Store(s.base + uint64(len(s.buf)))
}

// large sends a frame past the buffer, which is empty.
func (s *sender) large(h header, payload, tail []byte) {
	if s.err != nil {
		return
	}
	for _, part := range [][]byte{appendHeader(nil, h), payload, tail} {
		if s.err == nil && len(part) > 0 {
			_, s.err = s.w.Write(part)
		}
	}
	s.base += headerSize + h.length
	s.page.produced().Store(s.base)
	s.page.sent().Store(s.base)
}
