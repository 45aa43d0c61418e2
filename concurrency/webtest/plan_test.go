package webtest_test

import (
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/gobraid/gobraid/concurrency/webtest"
)

func TestFailures(t *testing.T) {
	u := newUser(t, webtest.New().WithFailures(3, 500))
	if got := fmt.Sprint(u.statuses("/json", 7)); got != "[200 200 500 200 200 500 200]" {
		t.Error(got)
	}
}

// The same seed fails the same requests, another one others, and about as many as were asked for.
func TestRandomFailures(t *testing.T) {
	of := func(seed uint64) []int {
		return newUser(t, webtest.New().WithRandomFailures(0.3, seed)).statuses("/json", 200)
	}
	a, again, b := of(1), of(1), of(2)
	if !slices.Equal(a, again) || slices.Equal(a, b) {
		t.Errorf("the same again: %v, with another seed: %v", slices.Equal(a, again), slices.Equal(a, b))
	}
	n := 0
	for _, status := range a {
		if status == 503 {
			n++
		}
	}
	if n < 40 || n > 80 {
		t.Errorf("%d of 200 failed", n)
	}
}

// Latencies are times that must have passed.
func TestLatency(t *testing.T) {
	s := webtest.New().WithRandomLatency(2*time.Millisecond, 6*time.Millisecond, 7).WithPathLatency("/json", 20*time.Millisecond).WithPathLatency("bytes", 0)
	u := newUser(t, s)
	for range 10 {
		u.get("/echo")
		u.get("/json")
	}
	u.get("/bytes/1")
	var spread []time.Duration
	for _, e := range s.Log() {
		least := 2 * time.Millisecond
		if e.Path == "/json" {
			least = 20 * time.Millisecond
		} else if e.Path == "/bytes/1" {
			least = 0
		} else {
			spread = append(spread, e.Took)
		}
		if e.Took < least {
			t.Errorf("%v: sooner than after %v", e, least)
		}
	}
	if len(spread) != 10 {
		t.Errorf("%d entries", len(spread))
	}
}

func TestRate(t *testing.T) {
	s := webtest.New().WithRate(3, time.Hour)
	u := newUser(t, s)
	if got := fmt.Sprint(u.statuses("/json", 5)); got != "[200 200 200 429 429]" {
		t.Error(got)
	}
	resp, text := u.get("/json")
	seconds, err := strconv.Atoi(resp.Header.Get("Retry-After"))
	if err != nil || seconds < 1 || seconds > 3600 || text != "Too Many Requests\n" {
		t.Errorf("Retry-After %q, %q", resp.Header.Get("Retry-After"), text)
	}
	if st := s.Stats(); st.Limited != 3 || st.Statuses[429] != 3 || st.Statuses[200] != 3 {
		t.Errorf("stats: %v", st)
	}
}

// A new span lets requests in again: a client that waits as it is told gets its answer.
func TestRateEnds(t *testing.T) {
	u := newUser(t, webtest.New().WithRate(1, 10*time.Millisecond))
	u.get("/json")
	deadline := time.Now().Add(time.Minute)
	for {
		resp, _ := u.get("/json")
		if resp.StatusCode == 200 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("no request is let in")
		}
	}
}

// The body takes as long as its bytes do.
func TestBandwidth(t *testing.T) {
	s := webtest.New().WithBandwidth(100_000)
	u := newUser(t, s)
	if _, text := u.get("/bytes/5000"); len(text) != 5000 {
		t.Errorf("%d bytes", len(text))
	}
	if e := s.Log()[0]; e.Took < 50*time.Millisecond || e.Bytes != 5000 {
		t.Errorf("%v", e)
	}
	if st := s.Stats(); st.Active != 0 || st.Bytes != 5000 {
		t.Errorf("stats: %v", st)
	}
}

func TestPlansThatAreNone(t *testing.T) {
	s := webtest.New()
	panics(t, "webtest: WithRandomLatency from 2s to 1s", func() { s.WithRandomLatency(2*time.Second, time.Second, 1) })
	panics(t, "webtest: WithLatency from -1ns to -1ns", func() { s.WithLatency(-1) })
	panics(t, "webtest: WithFailures of every 0th", func() { s.WithFailures(0, 500) })
	panics(t, "webtest: status 700: an answer's is from 200 to 599", func() { s.WithFailures(2, 700) })
	panics(t, "webtest: WithRandomFailures with a probability of 2", func() { s.WithRandomFailures(2, 1) })
	panics(t, "webtest: WithRate of 0 in 1s", func() { s.WithRate(0, time.Second) })
	panics(t, "webtest: WithBandwidth of 0 bytes a second", func() { s.WithBandwidth(0) })
	newUser(t, s).get("/")
	panics(t, "webtest: WithLatency on a server that listens already", func() { s.WithLatency(1) })
	panics(t, "webtest: WithHandler on a server that listens already", func() { s.WithHandler("/", nil) })
}
