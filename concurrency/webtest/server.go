package webtest

import (
	"errors"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/gobraid/gobraid/concurrency/task"
)

// A Server is a web server on this machine. It is made by [New] and must not be copied. Its methods may be called from any goroutine, but
// for With….
type Server struct {
	plan
	own map[string]http.Handler // by path

	start   sync.Once
	used    atomic.Bool
	failed  error
	address string
	http    *http.Server
	ended   chan struct{} // closed when nobody accepts connections any more
	closing chan struct{}
	close   sync.Once
	busy    sync.WaitGroup // requests; Add is called with mu held and before shut

	mu     sync.Mutex
	shut   bool
	record record
	flaky  map[string]int // how often it was asked for
	window window
}

// New returns a server that answers at once and without limits. It begins to listen when it is first used.
func New() *Server {
	return &Server{
		ended: make(chan struct{}), closing: make(chan struct{}), flaky: map[string]int{}, own: map[string]http.Handler{},
		record: record{keep: maxLog, stats: Stats{Statuses: map[int]int{}}},
	}
}

// Start begins to listen, if the server does not yet. It does not block. Its error says why it cannot. It panics with
// a *[task.Refused] in a run with virtual time.
func (s *Server) Start() error {
	task.Refuse("webtest.Server")
	s.start.Do(func() {
		s.used.Store(true)
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			s.failed = err
			close(s.ended)
			return
		}
		s.address = "http://" + listener.Addr().String()
		s.http = &http.Server{Handler: http.HandlerFunc(s.serve), ConnState: s.connection}
		// A plain goroutine and no task: the server outlives the cell that starts it. Close waits for it.
		go func() {
			defer close(s.ended)
			if err := s.http.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
				s.mu.Lock()
				s.failed = err
				s.mu.Unlock()
			}
		}()
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failed == nil && s.shut {
		return http.ErrServerClosed
	}
	return s.failed
}

// URL returns the address of a path, such as "http://127.0.0.1:43210/json", and begins to listen, if the server does not yet. It panics if that fails, and
// when the server is closed. See [Server.Start].
func (s *Server) URL(path string) string {
	if err := s.Start(); err != nil {
		panic("webtest: Server.URL: " + err.Error())
	}
	return s.address + "/" + strings.TrimPrefix(path, "/")
}

// String says where the server listens.
func (s *Server) String() string {
	switch {
	case !s.used.Load():
		return "webtest: a server that has not begun to listen"
	case s.address == "":
		return "webtest: a server that could not listen"
	}
	return "webtest: " + s.address
}

// Close ends the server and all its connections, and waits for what it is about: requests that it answers are broken off. A handler of
// [Server.WithHandler] should look at its request's context. More calls do nothing.
func (s *Server) Close() error {
	s.start.Do(func() { // it never listened
		s.used.Store(true)
		s.failed = http.ErrServerClosed
		close(s.ended)
	})
	s.close.Do(func() { close(s.closing) })
	s.mu.Lock()
	s.shut = true
	s.mu.Unlock()
	var err error
	if s.http != nil {
		err = s.http.Close()
	}
	task.Blocking(task.Here(), func() {
		<-s.ended
		s.busy.Wait()
	})
	return err
}

// serve answers a request.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	n, ok := s.record.begin(s)
	if !ok {
		panic(http.ErrAbortHandler)
	}
	a := &answer{ResponseWriter: w, s: s, r: r, number: n, status: http.StatusOK}
	defer func() {
		s.record.end(s, a)
		s.busy.Done()
	}()
	s.answer(a)
	if a.broken {
		panic(http.ErrAbortHandler) // else it would look as if the answer were complete
	}
}

// connection counts those that are made.
func (s *Server) connection(_ net.Conn, state http.ConnState) {
	if state == http.StateNew {
		s.mu.Lock()
		s.record.stats.Connections++
		s.mu.Unlock()
	}
}
