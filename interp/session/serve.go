package session

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/gobraid/gobraid/interp"
)

// endGrace is how long the end of the session waits for the running cell, and then for the runner.
const endGrace = time.Second

// Errors of Serve.
var (
	// ErrHostGone says that the host's end of the connection closed without a word.
	ErrHostGone = errors.New("session: the host is gone")
	// ErrAbandoned says that the session ended though a cell or the runner did not: the process
	// has to exit for that.
	ErrAbandoned = errors.New("session: something did not end in time")
)

// Serve is the session process's side: it runs what the host at the other end of conn asks for on
// runner, until the host closes the session (nil), goes away ([ErrHostGone]) or ctx ends (its cause).
// It then ends the running cell, closes runner and closes conn. If the cell or the runner does not
// end within a second each, Serve returns an error that is [ErrAbandoned] and leaves them behind.
//
// Whatever runner gives out is written to conn before the call that gives it out returns. A slow host
// therefore slows the cell down, and a crash loses nothing that was printed before it.
//
// A runner that is a [Restorer] or an [ExitNotifier] is used as such.
func Serve(ctx context.Context, conn net.Conn, runner interp.Runner) error {
	s := &server{
		runner:  runner,
		conn:    conn,
		out:     &frameWriter{w: conn},
		jobs:    make(chan func(), 1),
		cancels: make(map[uint64]context.CancelFunc),
		inputs:  make(map[uint64]chan inputReply),
	}
	return s.serve(ctx)
}

type server struct {
	runner interp.Runner
	conn   net.Conn
	out    *frameWriter
	jobs   chan func()
	beside sync.WaitGroup // the runs beside those that are jobs

	namesMu sync.Mutex
	names   []byte // what the host knows to be in scope

	mu      sync.Mutex
	cancels map[uint64]context.CancelFunc // the runs that were asked for and have not ended
	inputs  map[uint64]chan inputReply
	lastID  uint64
}

func (s *server) serve(ctx context.Context) error {
	if n, ok := s.runner.(ExitNotifier); ok {
		n.OnExit(func(code int) { s.out.send(kindExit, 0, exitNote{Code: code}) })
	}
	stop := context.AfterFunc(ctx, func() { s.conn.SetReadDeadline(time.Unix(1, 0)) })
	defer stop()

	jobs, cancel := context.WithCancel(context.Background())
	worker := make(chan struct{})
	go func() {
		defer close(worker)
		s.out.send(kindHello, 0, s.hello())
		for job := range s.jobs {
			job()
		}
		s.beside.Wait()
	}()
	err := s.read(jobs)
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	cancel()
	close(s.jobs)
	return errors.Join(err, s.end(worker))
}

func (s *server) hello() hello {
	h := hello{Version: protocolVersion}
	if l, ok := s.runner.(Looker); ok {
		h.Looks = l.Looks()
	}
	return h
}

// end waits for the worker, closes the runner and the connection.
func (s *server) end(worker <-chan struct{}) error {
	ended := within(endGrace, func() { <-worker })
	var err error
	closed := within(endGrace, func() { err = s.runner.Close() })
	s.conn.Close()
	if !ended || !closed {
		return ErrAbandoned
	}
	return err
}

// within calls f and reports whether it returned in time.
func within(d time.Duration, f func()) bool {
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-done:
		return true
	case <-t.C:
		return false
	}
}

// read takes frames until the session is to end. It never waits for a cell.
func (s *server) read(ctx context.Context) error {
	for {
		h, body, err := readFrame(s.conn)
		if err == io.EOF || errors.Is(err, net.ErrClosed) {
			return ErrHostGone
		}
		if err != nil {
			return fmt.Errorf("%w: %w", ErrHostGone, err)
		}
		if h.kind == kindClose {
			return nil
		}
		if err := s.take(ctx, h, body); err != nil {
			return fmt.Errorf("session: frame of kind %d: %w", h.kind, err)
		}
	}
}

func (s *server) take(ctx context.Context, h header, body []byte) error {
	switch h.kind {
	case kindSetup:
		return applySetup(body)
	case kindRun, kindBeside:
		var req interp.Request
		if err := json.Unmarshal(body, &req); err != nil {
			return err
		}
		run, cancel := context.WithCancel(ctx)
		s.mu.Lock()
		s.cancels[h.run] = cancel
		s.mu.Unlock()
		if h.kind == kindBeside {
			s.beside.Go(func() { s.run(run, h.run, req) })
			return nil
		}
		s.jobs <- func() { s.run(run, h.run, req) }
	case kindSubshells:
		var n subshellNote
		if err := json.Unmarshal(body, &n); err != nil {
			return err
		}
		if l, ok := s.runner.(Looker); ok {
			l.Subshells(n.Count)
		}
	case kindInterrupt:
		s.mu.Lock()
		defer s.mu.Unlock()
		if cancel := s.cancels[h.run]; cancel != nil {
			cancel()
		}
	case kindRestore:
		var cells []interp.Request
		if err := json.Unmarshal(body, &cells); err != nil {
			return err
		}
		s.jobs <- func() { s.restore(ctx, cells) }
	case kindInputReply:
		var r inputReply
		if err := json.Unmarshal(body, &r); err != nil {
			return err
		}
		s.reply(r)
	default:
		return errGarbage
	}
	return nil
}

// run executes a cell.
func (s *server) run(ctx context.Context, id uint64, req interp.Request) {
	s.out.write(header{kind: kindBegun, run: id}, nil)
	o := s.outcome(ctx, id, req)
	s.mu.Lock()
	cancel := s.cancels[id]
	delete(s.cancels, id)
	s.mu.Unlock()
	cancel()
	s.sendNames()
	s.sendOutcome(id, o)
}

// outcome runs the cell. A panic that comes out of the runner is a defect of the runner, not of the
// cell; the session survives it, because the user's variables are worth more than a clean conscience.
func (s *server) outcome(ctx context.Context, id uint64, req interp.Request) (o interp.Outcome) {
	defer func() {
		if v := recover(); v != nil {
			o = interp.Outcome{Error: internalError(v, debug.Stack())}
		}
	}()
	return s.runner.Run(ctx, req, &childSink{s: s, run: id})
}

func internalError(v any, stack []byte) *interp.Error {
	value := fmt.Sprintf("internal error of gobraid, not of the cell: %v", v)
	return &interp.Error{
		Name:      interp.ErrSession,
		Value:     value,
		Traceback: append([]string{value}, strings.Split(strings.TrimSpace(string(stack)), "\n")...),
	}
}

// sendOutcome sends o, or as much of it as can be sent: the host waits for an outcome.
func (s *server) sendOutcome(id uint64, o interp.Outcome) {
	err := s.out.send(kindOutcome, id, o)
	if err == nil || s.broken() {
		return
	}
	text := "the result cannot be sent: " + err.Error()
	small := interp.Outcome{Error: o.Error, Engine: o.Engine}
	if small.Error == nil {
		small.Error = &interp.Error{Name: interp.ErrSession, Value: text, Traceback: []string{text}}
	}
	s.out.send(kindOutcome, id, small)
}

func (s *server) broken() bool {
	s.out.mu.Lock()
	defer s.out.mu.Unlock()
	return s.out.err != nil
}

// sendNames tells the host what is in scope, if that has changed. The host keeps it, so that asking
// for names never has to wait for a session that is busy, slow or dead.
func (s *server) sendNames() {
	s.namesMu.Lock()
	defer s.namesMu.Unlock()
	body, err := json.Marshal(s.runner.Names())
	if err != nil || bytes.Equal(body, s.names) {
		return
	}
	s.names = body
	s.out.write(header{kind: kindNames}, body)
}

func (s *server) restore(ctx context.Context, cells []interp.Request) {
	var r Restored
	if restorer, ok := s.runner.(Restorer); ok {
		r = safeRestore(ctx, restorer, cells)
	} else if len(cells) > 0 {
		r.Errors = []string{"this session cannot bring declarations back"}
	}
	s.sendNames()
	s.out.send(kindRestored, 0, r)
}

func safeRestore(ctx context.Context, r Restorer, cells []interp.Request) (res Restored) {
	defer func() {
		if v := recover(); v != nil {
			res.Errors = append(res.Errors, internalError(v, nil).Value)
		}
	}()
	return r.Restore(ctx, cells)
}
