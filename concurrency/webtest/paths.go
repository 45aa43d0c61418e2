package webtest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const index = `/delay/0.05   answers after so many seconds
/status/503   answers with that status
/bytes/4096   so many bytes
/lines/10     so many lines, each sent when it is written; ?every=0.01 waits between two
/json         a small JSON object
/echo         what was sent, as JSON
/flaky/2      503 to the first two requests, and then 200
`

// maxBytes is how long an answer may be.
const maxBytes = 1 << 30

// route has the path answer.
func (s *Server) route(a *answer) {
	path := "/" + strings.Trim(a.r.URL.Path, "/")
	for p := path; ; p = p[:strings.LastIndexByte(p, '/')] {
		h := s.own[p]
		if p == "" {
			h = s.own["/"]
		}
		if h != nil {
			h.ServeHTTP(a, a.r)
			return
		}
		if p == "" {
			break
		}
	}
	word, argument, _ := strings.Cut(path[1:], "/")
	switch word {
	case "":
		a.text(http.StatusOK, index)
	case "delay":
		seconds, err := strconv.ParseFloat(argument, 64)
		if err != nil || !(seconds >= 0 && seconds <= 1e6) {
			a.bad("/delay/ and seconds")
			return
		}
		if a.wait(time.Duration(seconds * float64(time.Second))) {
			a.text(http.StatusOK, fmt.Sprintf("waited %v s\n", seconds))
		}
	case "status":
		status, err := strconv.Atoi(argument)
		if err != nil || status < 200 || status > 599 {
			a.bad("/status/ and a number from 200 to 599")
			return
		}
		a.fail(status)
	case "bytes":
		n, err := strconv.Atoi(argument)
		if err != nil || n < 0 || n > maxBytes {
			a.bad("/bytes/ and a number up to " + strconv.Itoa(maxBytes))
			return
		}
		a.send(n)
	case "lines":
		n, err := strconv.Atoi(argument)
		every, err2 := strconv.ParseFloat("0"+a.r.URL.Query().Get("every"), 64)
		if err != nil || err2 != nil || n < 0 || every > 1e6 {
			a.bad("/lines/ and a number, perhaps ?every= and seconds")
			return
		}
		a.lines(n, time.Duration(every*float64(time.Second)))
	case "json":
		a.json(map[string]any{"server": "webtest", "request": a.number, "path": a.r.URL.Path, "ok": true})
	case "echo":
		a.echo()
	case "flaky":
		a.flaky(argument)
	default:
		a.text(http.StatusNotFound, "There is no "+path+". There are:\n"+index)
	}
}

func (a *answer) bad(form string) { a.text(http.StatusBadRequest, "The form is "+form+".\n") }

// send sends n bytes.
func (a *answer) send(n int) {
	a.Header().Set("Content-Type", "application/octet-stream")
	a.Header().Set("Content-Length", strconv.Itoa(n))
	var block [16 << 10]byte
	for i := range block {
		block[i] = 'a' + byte(i%26)
	}
	block[len(block)-1] = '\n'
	for n > 1 {
		m, err := a.Write(block[:min(n-1, len(block))])
		if err != nil {
			return
		}
		n -= m
	}
	if n == 1 { // it goes when the answer has ended, so that it is counted then
		a.Flush()
		_, _ = a.Write([]byte{'.'})
	}
}

func (a *answer) lines(n int, every time.Duration) {
	a.Header().Set("Content-Type", "text/plain; charset=utf-8")
	for i := range n {
		if i > 0 && !a.wait(every) {
			return
		}
		if _, err := fmt.Fprintf(a, "line %d\n", i+1); err != nil {
			return
		}
		a.Flush()
	}
}

func (a *answer) json(v any) {
	text, err := json.Marshal(v)
	if err != nil {
		a.text(http.StatusInternalServerError, err.Error())
		return
	}
	a.Header().Set("Content-Type", "application/json")
	a.Header().Set("Content-Length", strconv.Itoa(len(text)+1))
	_, _ = a.Write(append(text, '\n'))
}

func (a *answer) echo() {
	body, err := io.ReadAll(io.LimitReader(a.r.Body, maxBytes))
	if err != nil {
		a.text(http.StatusBadRequest, err.Error())
		return
	}
	headers := map[string]string{}
	for k, v := range a.r.Header {
		headers[k] = strings.Join(v, ", ")
	}
	a.json(map[string]any{
		"method": a.r.Method, "path": a.r.URL.Path, "query": a.r.URL.RawQuery, "headers": headers, "body": string(body),
	})
}

func (a *answer) flaky(argument string) {
	n := 1
	if argument != "" {
		var err error
		if n, err = strconv.Atoi(argument); err != nil || n < 0 {
			a.bad("/flaky/ and a number")
			return
		}
	}
	a.s.mu.Lock()
	key := a.r.URL.String()
	a.s.flaky[key]++
	asked := a.s.flaky[key]
	a.s.mu.Unlock()
	if asked <= n {
		a.fail(http.StatusServiceUnavailable)
		return
	}
	a.text(http.StatusOK, fmt.Sprintf("asked %d times\n", asked))
}
