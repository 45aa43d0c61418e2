package kernel

import (
	"context"
	"slices"
	"sync"
	"time"
)

// shell is the queue of the requests that run in order, and the state of the cell that runs.
type shell struct {
	now  func() time.Time
	wake chan struct{} // has a value when the queue may have something, or was closed

	limit int // of the queue

	mu      sync.Mutex
	queue   []*request
	bytes   int        // of the contents in queue
	running *execution // nil while no cell runs
	failed  time.Time  // when the last cell failed that stops those behind it
	closed  bool       // nothing runs any more
	ended   bool       // nobody takes from the queue any more
	count   *count     // of all shells of the kernel
}

// A count numbers the cells of a kernel.
type count struct {
	mu sync.Mutex
	n  int
}

// last returns the number of the last cell that counted.
func (c *count) last() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.n
}

func (c *count) next() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n++
	return c.n
}

// An execution is a cell that runs.
type execution struct {
	cancel      context.CancelFunc
	client      string // the session of the client whose cell it is
	interrupted bool   // cancel was called
}

// latecomers is how long after a failure cells are looked for that were sent before it.
const latecomers = 250 * time.Millisecond

func newShell(now func() time.Time) *shell {
	return &shell{now: now, wake: make(chan struct{}, 1), limit: maxQueued, count: new(count)}
}

// another returns a shell that counts its cells together with s.
func (s *shell) another() *shell {
	n := newShell(s.now)
	n.count = s.count
	return n
}

// busy tells whether a cell runs.
func (s *shell) busy() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.running != nil
}

// over tells whether nobody takes from the queue any more.
func (s *shell) over() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ended
}

// busyFor tells whether a client would wait for nothing but a cell of another client.
func (s *shell) busyFor(client string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running == nil || s.running.client == client {
		return false
	}
	return !slices.ContainsFunc(s.queue, func(r *request) bool { return r.Session == client })
}

// The most that waits in the queue: cells, and bytes of them.
const (
	maxQueued      = 10_000
	maxQueuedBytes = 256 << 20
)

// put appends a request to the queue. It returns false if there is no room, or if a subshell is no more.
//
// A cell fails in less time than the messages take that were sent right behind it. Those that were on
// their way when the failure was told belong to the ones it stops: they arrive soon after it and their
// date is before it. Both are asked for, so that a client whose clock is slow loses nothing: it cannot
// have seen the failure and sent the next cell in so short a time unless it is a program.
func (s *shell) put(r *request) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended || len(s.queue) >= s.limit || s.bytes+len(r.content) > maxQueuedBytes {
		return false
	}
	sent := r.time()
	if !s.failed.IsZero() && !sent.IsZero() && sent.Before(s.failed) && s.now().Before(s.failed.Add(latecomers)) {
		r.aborted = true
	}
	s.queue = append(s.queue, r)
	s.bytes += len(r.content)
	s.signal()
	return true
}

func (s *shell) signal() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// next takes the first request off the queue, waiting for one until ctx ends or the shell is closed
// and empty; then it returns nil. The second result tells whether the request is not to be executed.
func (s *shell) next(ctx context.Context) (*request, bool) {
	for {
		s.mu.Lock()
		if len(s.queue) > 0 {
			defer s.mu.Unlock()
			r := s.queue[0]
			s.queue[0] = nil
			s.queue = s.queue[1:]
			s.bytes -= len(r.content)
			return r, r.aborted || s.closed
		}
		closed := s.closed
		s.ended = closed
		s.mu.Unlock()
		if closed {
			return nil, false
		}
		select {
		case <-s.wake:
		case <-ctx.Done():
			return nil, false
		}
	}
}

// begin makes a cell the running one and returns its context and number. A cell that does not count
// has the number that the next one will get.
func (s *shell) begin(ctx context.Context, counts bool, client string) (context.Context, int) {
	ctx, cancel := context.WithCancel(ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running = &execution{cancel: cancel, client: client}
	if s.closed { // the kernel was told to stop in the very moment
		s.running.interrupted = true
		cancel()
	}
	if counts {
		return ctx, s.count.next()
	}
	return ctx, s.count.last() + 1
}

// end says that the running cell has ended. With fail, the cells that were sent before the client could
// know are not to be executed.
func (s *shell) end(fail bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running.cancel()
	s.running = nil
	if !fail {
		return
	}
	s.failed = s.now()
	for _, r := range s.queue {
		r.aborted = true
	}
}

// interrupt ends the running cell. It reports true when a cell runs that was interrupted before, and
// has not ended: then the runner has to be told again.
func (s *shell) interrupt() (again bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running == nil {
		return false
	}
	again = s.running.interrupted
	s.running.interrupted = true
	s.running.cancel()
	return again
}

// close interrupts the running cell; nothing that waits will be executed.
func (s *shell) close() {
	s.mu.Lock()
	s.closed = true
	s.signal()
	s.mu.Unlock()
	s.interrupt()
}

// runShell handles the queue of a shell, one request after the other.
func (k *Kernel) runShell(ctx context.Context, sh *shell) {
	for {
		r, aborted := sh.next(ctx)
		switch {
		case r == nil:
			return
		case r.Type != "execute_request":
			k.serve(r, k.handlers[r.Type].handle)
		case aborted:
			k.serve(r, abort)
		default:
			k.execute(ctx, sh, r)
		}
	}
}
