package webtest

import (
	"fmt"
	"html"
	"maps"
	"slices"
	"strings"
	"time"
)

// An Entry is a request that was answered, in the log of a server.
type Entry struct {
	Number  int           // from 1, as they came in
	Began   time.Duration // since the first request came
	Took    time.Duration
	Method  string
	Path    string // with the query
	Status  int    // 0 if the client had gone, or the server was closed, before the answer began
	Bytes   int64  // of the answer's body
	Limited bool   // it was one too many for WithRate
}

// String is a line of the log.
func (e Entry) String() string {
	return fmt.Sprintf("%4d %9.3fs %s %s: %d, %d bytes in %v", e.Number, e.Began.Seconds(), e.Method, e.Path, e.Status, e.Bytes, e.Took.Round(10*time.Microsecond))
}

// maxLog is how many entries a server keeps.
const maxLog = 10_000

// Stats are what a server has done until now.
type Stats struct {
	Requests    int   // that came in
	Active      int   // that are being answered
	Peak        int   // the most that were at a time
	Connections int   // that were made
	Bytes       int64 // of bodies, of answers that have ended
	Limited     int   // that were too many for WithRate
	Statuses    map[int]int
}

// String says it in a line.
func (s Stats) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d requests, %d active, %d at most at a time, %d connections, %d bytes", s.Requests, s.Active, s.Peak, s.Connections, s.Bytes)
	for _, status := range slices.Sorted(maps.Keys(s.Statuses)) {
		fmt.Fprintf(&b, ", %s %d times", statusName(status), s.Statuses[status])
	}
	return b.String()
}

func statusName(status int) string {
	if status == 0 {
		return "broken off"
	}
	return fmt.Sprint(status)
}

// HTML is a table of it. Cells show that.
func (s Stats) HTML() string {
	var b strings.Builder
	b.WriteString("<table>\n<tbody>\n")
	row := func(name string, v any) {
		fmt.Fprintf(&b, "<tr><th scope=\"row\">%s</th><td>%v</td></tr>\n", html.EscapeString(name), v)
	}
	row("requests", s.Requests)
	row("active", s.Active)
	row("most at a time", s.Peak)
	row("connections", s.Connections)
	row("bytes", s.Bytes)
	for _, status := range slices.Sorted(maps.Keys(s.Statuses)) {
		row(statusName(status), s.Statuses[status])
	}
	b.WriteString("</tbody>\n</table>")
	return b.String()
}

// record is what a server knows of its requests. The server's mutex guards it.
type record struct {
	stats Stats
	first time.Time
	keep  int     // how long the log may be
	log   []Entry // the newest, in a ring when it is full
	next  int
	began map[int]time.Time
}

// begin numbers a request, unless the server is closed.
func (r *record) begin(s *Server) (number int, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.shut {
		return 0, false
	}
	s.busy.Add(1)
	now := time.Now()
	if r.first.IsZero() {
		r.first, r.began = now, map[int]time.Time{}
	}
	r.stats.Requests++
	r.stats.Active++
	r.stats.Peak = max(r.stats.Peak, r.stats.Active)
	r.began[r.stats.Requests] = now
	return r.stats.Requests, true
}

// end notes how a request was answered.
func (r *record) end(s *Server, a *answer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	began := r.began[a.number]
	delete(r.began, a.number)
	r.stats.Active--
	r.stats.Bytes += a.bytes
	r.stats.Statuses[a.status]++
	if a.limit {
		r.stats.Limited++
	}
	e := Entry{a.number, began.Sub(r.first), time.Since(began), a.r.Method, a.r.URL.RequestURI(), a.status, a.bytes, a.limit}
	if len(r.log) < r.keep {
		r.log = append(r.log, e)
		return
	}
	r.log[r.next] = e
	r.next = (r.next + 1) % r.keep
}

// Stats returns what the server has done until now. An answer has ended, and is counted so, before its client has the last of it, but for answers
// of [Server.WithHandler] that are sent before their handlers return.
func (s *Server) Stats() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	stats := s.record.stats
	stats.Statuses = maps.Clone(stats.Statuses)
	return stats
}

// Log returns the requests that were answered, in the order in which the answers ended; the last 10,000 of them. See [Server.Stats].
func (s *Server) Log() []Entry {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append(slices.Clone(s.record.log[s.record.next:]), s.record.log[:s.record.next]...)
}
