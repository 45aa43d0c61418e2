package webtest

import (
	"net/http"
	"strconv"
	"time"
)

// An answer is one to a request, on its way.
type answer struct {
	http.ResponseWriter
	s      *Server
	r      *http.Request
	number int
	status int
	wrote  bool
	bytes  int64
	limit  bool // it was one too many
	broken bool // the client has gone, or the server is closed
}

// answer answers a request.
func (s *Server) answer(a *answer) {
	if s.rate > 0 {
		s.mu.Lock()
		seconds, over := s.window.over(time.Now(), s.rate, s.per)
		s.mu.Unlock()
		if over {
			a.limit = true
			a.Header().Set("Retry-After", strconv.Itoa(seconds))
			a.fail(http.StatusTooManyRequests)
			return
		}
	}
	if !a.wait(s.delay(a.r.URL.Path, a.number)) {
		return
	}
	if status := s.fault(a.number); status != 0 {
		a.fail(status)
		return
	}
	s.route(a)
}

// fail answers with a status and its name.
func (a *answer) fail(status int) {
	text := http.StatusText(status)
	if text == "" {
		text = "status " + strconv.Itoa(status)
	}
	a.text(status, text+"\n")
}

// text answers with a text, if the status may have one.
func (a *answer) text(status int, text string) {
	if status == http.StatusNoContent || status == http.StatusNotModified {
		a.WriteHeader(status)
		return
	}
	a.Header().Set("Content-Type", "text/plain; charset=utf-8")
	a.Header().Set("Content-Length", strconv.Itoa(len(text)))
	a.WriteHeader(status)
	_, _ = a.Write([]byte(text))
}

// wait waits until d has passed, and reports true, or until the client has gone or the server is closed.
func (a *answer) wait(d time.Duration) bool {
	if d <= 0 {
		return true
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-a.r.Context().Done():
	case <-a.s.closing:
	}
	a.broken = true
	if !a.wrote {
		a.status = 0
	}
	return false
}

// WriteHeader notes the status.
func (a *answer) WriteHeader(status int) {
	if !a.wrote && status >= 200 {
		a.wrote, a.status = true, status
	}
	a.ResponseWriter.WriteHeader(status)
}

// Write writes p, as slowly as it is to be.
func (a *answer) Write(p []byte) (int, error) {
	a.wrote = true
	if a.s.bandwidth == 0 {
		n, err := a.ResponseWriter.Write(p)
		a.bytes += int64(n)
		return n, err
	}
	written := 0
	for written < len(p) {
		a.Flush() // what came before: the last bytes go when the answer has ended, so that it is counted then
		// What goes in 20 ms, at least a byte.
		n := min(max(a.s.bandwidth/50, 1), len(p)-written)
		if !a.wait(time.Duration(n) * time.Second / time.Duration(a.s.bandwidth)) {
			return written, http.ErrAbortHandler
		}
		m, err := a.ResponseWriter.Write(p[written : written+n])
		written, a.bytes = written+m, a.bytes+int64(m)
		if err != nil {
			return written, err
		}
	}
	return written, nil
}

// Flush sends what is written.
func (a *answer) Flush() {
	if f, ok := a.ResponseWriter.(http.Flusher); ok {
		f.Flush()
	}
}
