package webtest_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gobraid/gobraid/concurrency/internal/tasktest"
	"github.com/gobraid/gobraid/concurrency/task"
	"github.com/gobraid/gobraid/concurrency/webtest"
)

// All that are being answered at one time are counted.
func TestPeak(t *testing.T) {
	const n = 20
	var all sync.WaitGroup
	all.Add(n)
	s := webtest.New().WithHandler("/meet", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		all.Done()
		all.Wait()
	}))
	u := newUser(t, s)
	var users sync.WaitGroup
	for range n {
		users.Go(func() { u.get("/meet") })
	}
	users.Wait()
	u.get("/json")
	if st := s.Stats(); st.Peak != n || st.Active != 0 || st.Requests != n+1 || st.Statuses[200] != n+1 || st.Connections < n {
		t.Errorf("stats: %v", st)
	}
}

func TestLog(t *testing.T) {
	u := newUser(t, webtest.New())
	u.get("/bytes/10?a=b")
	u.get("/status/404")
	log := u.s.Log()
	if len(log) != 2 || log[0].Number != 1 || log[0].Path != "/bytes/10?a=b" || log[0].Bytes != 10 || log[0].Method != "GET" || log[1].Status != 404 || log[0].Began != 0 {
		t.Errorf("log: %v", log)
	}
	if text := log[1].String(); !strings.Contains(text, "GET /status/404: 404, 10 bytes in ") {
		t.Errorf("%q", text)
	}
}

// The log keeps the last, here ten.
func TestLogIsBounded(t *testing.T) {
	u := newUser(t, webtest.WithLog(webtest.New(), 10))
	for range 25 {
		u.get("/bytes/0")
	}
	log := u.s.Log()
	if len(log) != 10 || log[0].Number != 16 || log[9].Number != 25 {
		t.Errorf("%d entries, from %d to %d", len(log), log[0].Number, log[len(log)-1].Number)
	}
}

func TestStatsAreShown(t *testing.T) {
	u := newUser(t, webtest.New())
	u.get("/bytes/4")
	u.get("/status/503")
	st := u.s.Stats()
	if got := st.String(); got != "2 requests, 0 active, 1 at most at a time, 1 connections, 24 bytes, 200 1 times, 503 1 times" {
		t.Error(got)
	}
	if got := st.HTML(); !strings.Contains(got, `<tr><th scope="row">503</th><td>1</td></tr>`) || !strings.Contains(got, `<th scope="row">connections</th><td>1</td>`) {
		t.Error(got)
	}
	st.Statuses[200] = 7
	if n := u.s.Stats().Statuses[200]; n != 1 {
		t.Errorf("the statuses are the server's own: %d", n)
	}
}

func TestString(t *testing.T) {
	s := webtest.New()
	if got := s.String(); got != "webtest: a server that has not begun to listen" {
		t.Error(got)
	}
	u := newUser(t, s)
	if got := s.String(); got != "webtest: a server that has not begun to listen" {
		t.Error(got)
	}
	u.get("/")
	if got := s.String(); !strings.HasPrefix(got, "webtest: http://127.0.0.1:") {
		t.Error(got)
	}
}

// Close breaks off what is being answered, and waits for it.
func TestClose(t *testing.T) {
	began := make(chan struct{})
	s := webtest.New().WithHandler("/mine", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, "begun")
		w.(http.Flusher).Flush()
		close(began)
		<-r.Context().Done()
	}))
	u := newUser(t, s)
	over := make(chan struct{})
	for _, path := range []string{"/delay/3600", "/lines/2?every=3600", "/mine"} {
		url := s.URL(path)
		go func() {
			resp, err := u.c.Get(url)
			if err == nil {
				_, err = io.ReadAll(resp.Body)
				resp.Body.Close()
			}
			if err == nil && path != "/mine" { // whose handler has returned, so that it may look complete
				t.Errorf("%s: no error", path)
			}
			over <- struct{}{}
		}()
	}
	<-began
	if err := s.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
	if st := s.Stats(); st.Active != 0 {
		t.Errorf("stats: %v", st)
	}
	for range 3 {
		<-over
	}
	if err := s.Close(); err != nil {
		t.Errorf("Close again: %v", err)
	}
	if err := s.Start(); !errors.Is(err, http.ErrServerClosed) {
		t.Errorf("Start after Close: %v", err)
	}
	panics(t, "webtest: Server.URL: http: Server closed", func() { s.URL("/") })
}

func TestCloseOfOneThatNeverListened(t *testing.T) {
	s := webtest.New()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if err := s.Start(); !errors.Is(err, http.ErrServerClosed) {
		t.Errorf("Start after Close: %v", err)
	}
}

// A client that goes is noted as one that got no answer.
func TestClientGoes(t *testing.T) {
	s := webtest.New()
	u := newUser(t, s)
	u.c.Timeout = 50 * time.Millisecond
	if _, err := u.c.Get(s.URL("/delay/3600")); err == nil {
		t.Error("no error")
	}
	s.Close()
	if log := s.Log(); len(log) > 0 && log[0].Status != 0 { // none if the client went before it was heard
		t.Errorf("log: %v", log)
	}
}

// The server outlives the cell that has started it, and is none of its tasks.
func TestOutlivesItsRun(t *testing.T) {
	s := webtest.New()
	r, _ := tasktest.NewRun(t, 1)
	if end := r.Do(func() { s.URL("/") }); end.Killed || end.Panic != nil || r.Live() != 0 {
		t.Errorf("end = %+v, %d tasks are left", end, r.Live())
	}
	newUser(t, s).get("/json")
	if n := s.Stats().Requests; n != 1 {
		t.Errorf("%d requests", n)
	}
}

func TestRefusedInVirtualTime(t *testing.T) {
	r, _ := tasktest.NewRun(t, 1)
	r.Virtual(1)
	end := r.Do(func() { webtest.New().URL("/") })
	var refused *task.Refused
	if end.Panic == nil || !errors.As(end.Panic, &refused) {
		t.Errorf("end = %+v", end)
	}
}
