package kernel

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/kernel/internal/toy"
)

// A session that answers no more costs its clients nothing but the names.
func TestHangingNames(t *testing.T) {
	_, m, _ := start(t, Options{})
	c := caller{m, shellChannel, "client"}
	c.send("r1", "execute_request", Header{}, `{"code": "set alpha\nnames"}`)
	m.wait("r1", "the end", done("execute_request"))
	for _, id := range []string{"c1", "c2"} {
		c.send(id, "complete_request", Header{}, `{"code": "al", "cursor_pos": 2}`)
		got := m.wait(id, "the end", done("complete_request"))
		if matches := reply(got).content["matches"].([]any); len(matches) != 0 {
			t.Errorf("%s: got %v", id, matches)
		}
	}
	c.send("i1", "inspect_request", Header{}, `{"code": "alpha", "cursor_pos": 2}`)
	if got := reply(m.wait("i1", "the end", done("inspect_request"))); got.content["found"] != false {
		t.Errorf("got %v", got)
	}
	c.send("k1", "kernel_info_request", Header{}, `{}`)
	m.wait("k1", "the end", done("kernel_info_request"))
}

func reply(got []captured) captured {
	for _, c := range got {
		if c.channel != "iopub" {
			return c
		}
	}
	return captured{}
}

// Completion and inspection by outside functions, with cursors in code points.
func TestOutsideHelp(t *testing.T) {
	_, m, _ := start(t, Options{
		Complete: func(_ context.Context, code string, cursor int) Completion {
			return Completion{1, cursor, []Match{{Text: code, Kind: "function", Signature: "()"}}}
		},
		Inspect: func(_ context.Context, code string, cursor, detail int) *Inspection {
			return &Inspection{MIME: map[string]any{"text/plain": code, "text/html": [2]int{cursor, detail}}}
		},
	})
	c := caller{m, shellChannel, "client"}
	c.send("c1", "complete_request", Header{}, `{"code": "é.x", "cursor_pos": 3}`)
	got := reply(m.wait("c1", "the end", done("complete_request"))).String()
	want := `shell complete_reply {"cursor_end":3,"cursor_start":1,"matches":["é.x"],"metadata":` +
		`{"_jupyter_types_experimental":[{"end":3,"signature":"()","start":1,"text":"é.x","type":"function"}]},"status":"ok"}`
	if got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	c.send("i1", "inspect_request", Header{}, `{"code": "x", "cursor_pos": -3, "detail_level": 1}`)
	got = reply(m.wait("i1", "the end", done("inspect_request"))).String()
	want = `shell inspect_reply {"data":{"text/html":[0,1],"text/plain":"x"},"found":true,"metadata":{},"status":"ok"}`
	if got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// A cell that fails at once stops also those that were on their way, but not those that a client sent
// who knew, nor those of a client whose clock is slow.
func TestLatecomers(t *testing.T) {
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	s := newShell(func() time.Time { return now })
	send := func(sent time.Time) bool {
		m := &message{Header: Header{Type: "execute_request", Date: sent.Format(time.RFC3339Nano)}}
		if sent.IsZero() {
			m.Date = ""
		}
		if !s.put(&request{message: m}) {
			t.Fatal("no room")
		}
		_, aborted := s.next(t.Context())
		return aborted
	}
	begin := func(fail bool) {
		s.begin(t.Context(), true, "client")
		s.end(fail)
	}
	if send(now.Add(-time.Hour)) {
		t.Error("aborted though nothing has failed")
	}
	begin(true)
	failed := now
	for _, test := range []struct {
		name          string
		sent, arrived time.Duration // after the failure
		aborted       bool
	}{
		{"on its way", -time.Millisecond, 0, true},
		{"on its way for long", -time.Millisecond, 200 * time.Millisecond, true},
		{"sent after the failure", time.Millisecond, 2 * time.Millisecond, false},
		{"by a slow clock", -time.Minute, time.Second, false},
	} {
		now = failed.Add(test.arrived)
		if got := send(failed.Add(test.sent)); got != test.aborted {
			t.Errorf("%s: aborted %v", test.name, got)
		}
	}
	now = failed
	if send(time.Time{}) {
		t.Error("aborted without a date")
	}
}

// The queue of cells is bounded; who finds it full is told.
func TestQueueFull(t *testing.T) {
	k, m, _ := start(t, Options{})
	k.shell.limit = 10
	c := caller{m, shellChannel, "client"}
	c.send("r0", "execute_request", Header{}, `{"code": "block"}`)
	m.wait("r0", "its start", func(got []captured) bool { return len(got) >= 2 })
	for range k.shell.limit {
		c.send("x", "comm_msg", Header{}, `{}`)
	}
	c.send("r1", "execute_request", Header{}, `{"code": "1+2"}`)
	if got := reply(m.wait("r1", "the end", done("execute_request"))); got.content["ename"] != "QueueFull" {
		t.Errorf("got %v", got)
	}
	s := newShell(time.Now)
	r := &request{message: &message{content: make([]byte, maxQueuedBytes/4)}}
	for i := range 5 {
		if ok := s.put(r); ok != (i < 4) {
			t.Errorf("put %d: %v", i, ok)
		}
	}
	s.next(t.Context())
	if !s.put(r) {
		t.Error("no room though one was taken")
	}
}

// A runner that hangs.
type hanging struct {
	*toy.Session
	release chan struct{}
}

func (h hanging) Close() error {
	<-h.release
	return h.Session.Close()
}

// A session that does not end is left behind, after the time that was given to it.
func TestGrace(t *testing.T) {
	h := hanging{toy.New(), make(chan struct{})}
	m := newMemory(t)
	k := newKernel(ConnectionInfo{Key: testKey}, h, Options{Grace: time.Millisecond, Linger: time.Millisecond}, m, new(counters))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := k.Serve(ctx); !errors.Is(err, ErrGrace) {
		t.Errorf("got %v, want %v", err, ErrGrace)
	}
	close(h.release)
}

// A failure to close the session is Serve's.
type failing struct{ *toy.Session }

var errFailing = errors.New("no")

func (f failing) Close() error { return errors.Join(f.Session.Close(), errFailing) }

func TestServeReportsClose(t *testing.T) {
	k := newKernel(ConnectionInfo{Key: testKey}, failing{toy.New()}, Options{}, newMemory(t), new(counters))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := k.Serve(ctx); !errors.Is(err, errFailing) {
		t.Errorf("got %v, want %v", err, errFailing)
	}
}

// An interrupt that comes before the runner has looked at the cell is not lost: the cell's context is
// over when it starts.
func TestEarlyInterrupt(t *testing.T) {
	s := newShell(time.Now)
	ctx, _ := s.begin(t.Context(), true, "client")
	if s.interrupt() {
		t.Error("the first interrupt was taken for the second")
	}
	if ctx.Err() == nil {
		t.Error("the cell goes on")
	}
	if !s.interrupt() {
		t.Error("the second interrupt was not passed on")
	}
	s.end(false)
	if s.interrupt() {
		t.Error("an interrupt for no cell was passed on")
	}
}

// The runner is told once for each interrupt after the first, from one goroutine, and one that hangs
// in it holds nobody up.
func TestInterrupterNeverBlocks(t *testing.T) {
	i := newInterrupter()
	release := make(chan struct{})
	told := 0
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() {
		i.run(ctx, func() { told++; <-release })
	})
	for range 100 {
		i.post()
	}
	close(release)
	cancel()
	wg.Wait()
	if told > 17 {
		t.Errorf("told %d times, more than could wait", told)
	}
}

// The request as the runner gets it.
type recorder struct {
	*toy.Session
	got []interp.Request
}

func (r *recorder) Run(ctx context.Context, req interp.Request, out interp.Sink) interp.Outcome {
	r.got = append(r.got, req)
	return r.Session.Run(ctx, req, out)
}

func TestRequestOfTheRunner(t *testing.T) {
	r := &recorder{Session: toy.New()}
	_, m, stop := startWith(t, r, Options{})
	c := caller{m, shellChannel, "client"}
	for i, content := range []string{
		`{"code": "print a"}`,
		`{"code": "print b", "silent": true, "allow_stdin": false}`,
		`{"code": "print c", "store_history": false}`,
		`{"code": "print d", "user_expressions": {"x": "y"}}`,
	} {
		id := string(rune('a' + i))
		c.send(id, "execute_request", Header{}, content)
		m.wait(id, "the end", done("execute_request"))
	}
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	want := []interp.Request{
		{Number: 1, Source: "print a", AllowStdin: true},
		{Number: 2, Source: "print b", Silent: true},
		{Number: 2, Source: "print c", AllowStdin: true},
		{Number: 2, Source: "print d", AllowStdin: true, Expressions: map[string]string{"x": "y"}},
	}
	for i := range want {
		if canonical(r.got[i]) != canonical(want[i]) {
			t.Errorf("got %+v, want %+v", r.got[i], want[i])
		}
	}
}
