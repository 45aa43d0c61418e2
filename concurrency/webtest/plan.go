package webtest

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"
)

// A plan is how a server is to behave.
type plan struct {
	latency   []latency
	every     int
	status    int // of every nth request
	chance    float64
	seed      uint64
	bandwidth int // bytes a second, 0 if it is not limited
	rate      int // requests in each window, 0 if it is not limited
	per       time.Duration
}

// latency is how long answers to paths that begin with a prefix take.
type latency struct {
	prefix   string
	from, to time.Duration
	seed     uint64
}

// fresh panics when the server has begun.
func (s *Server) fresh(option string) {
	if s.used.Load() {
		panic("webtest: " + option + " on a server that listens already")
	}
}

// WithLatency has each answer begin d after the request has come, and returns the server. It panics, as all With… do, when the server listens
// already.
func (s *Server) WithLatency(d time.Duration) *Server { return s.slow("WithLatency", "/", d, d, 0) }

// WithPathLatency is [Server.WithLatency] for paths that begin with prefix. Of several that fit the one that was given last counts.
func (s *Server) WithPathLatency(prefix string, d time.Duration) *Server {
	return s.slow("WithPathLatency", prefix, d, d, 0)
}

// WithRandomLatency is [Server.WithLatency] with a time from from up to to, by the seed and the request's number.
func (s *Server) WithRandomLatency(from, to time.Duration, seed uint64) *Server {
	return s.slow("WithRandomLatency", "/", from, to, seed)
}

func (s *Server) slow(option, prefix string, from, to time.Duration, seed uint64) *Server {
	s.fresh(option)
	if from < 0 || to < from {
		panic(fmt.Sprintf("webtest: %s from %v to %v", option, from, to))
	}
	s.latency = append(s.latency, latency{"/" + strings.TrimPrefix(prefix, "/"), from, to, seed})
	return s
}

// WithFailures has every nth request fail with a status, and returns the server.
func (s *Server) WithFailures(nth, status int) *Server {
	s.fresh("WithFailures")
	if nth < 1 {
		panic(fmt.Sprintf("webtest: WithFailures of every %dth", nth))
	}
	s.every, s.status = nth, checked(status)
	return s
}

// WithRandomFailures has requests fail with 503, with a probability from 0 to 1, by the seed and the request's number, and returns the server.
func (s *Server) WithRandomFailures(probability float64, seed uint64) *Server {
	s.fresh("WithRandomFailures")
	if !(probability >= 0 && probability <= 1) {
		panic(fmt.Sprintf("webtest: WithRandomFailures with a probability of %v", probability))
	}
	s.chance, s.seed = probability, seed
	return s
}

// WithRate has the server answer n requests in each span of time, and more of them with 429 and a Retry-After of the whole seconds until the next
// span, and returns the server. The first span begins with the first request, another with the first after its end.
func (s *Server) WithRate(n int, per time.Duration) *Server {
	s.fresh("WithRate")
	if n < 1 || per <= 0 {
		panic(fmt.Sprintf("webtest: WithRate of %d in %v", n, per))
	}
	s.rate, s.per = n, per
	return s
}

// WithBandwidth has the body of each answer sent at so many bytes a second, and returns the server.
func (s *Server) WithBandwidth(bytesPerSecond int) *Server {
	s.fresh("WithBandwidth")
	if bytesPerSecond < 1 {
		panic(fmt.Sprintf("webtest: WithBandwidth of %d bytes a second", bytesPerSecond))
	}
	s.bandwidth = bytesPerSecond
	return s
}

// WithHandler has h answer requests for a path and all below it, and returns the server. It goes before what the server has of its own. Several
// goroutines may call h at once.
func (s *Server) WithHandler(path string, h http.Handler) *Server {
	s.fresh("WithHandler")
	s.own["/"+strings.Trim(path, "/")] = h
	return s
}

// checked panics unless status is one that a final answer may have.
func checked(status int) int {
	if status < 200 || status > 599 {
		panic(fmt.Sprintf("webtest: status %d: an answer's is from 200 to 599", status))
	}
	return status
}

// delay returns how long the answer to a request takes.
func (p *plan) delay(path string, number int) time.Duration {
	for i := len(p.latency) - 1; i >= 0; i-- {
		l := p.latency[i]
		if strings.HasPrefix(path, l.prefix) {
			return l.from + time.Duration(random(l.seed, number)*float64(l.to-l.from))
		}
	}
	return 0
}

// fault returns the status that a request fails with, or 0.
func (p *plan) fault(number int) int {
	switch {
	case p.every > 0 && number%p.every == 0:
		return p.status
	case p.chance > 0 && random(p.seed^failures, number) < p.chance:
		return http.StatusServiceUnavailable
	}
	return 0
}

// failures keeps them apart from latencies with the same seed.
const failures = 0xfa11

// random returns a number in [0, 1) that seed and number decide.
func random(seed uint64, number int) float64 {
	return rand.New(rand.NewPCG(seed, uint64(number))).Float64()
}

// A window counts requests in a span of time.
type window struct {
	began time.Time
	n     int
}

// over reports whether a request is one too many now, and in how many seconds there may be others.
func (w *window) over(now time.Time, limit int, per time.Duration) (seconds int, over bool) {
	if now.Sub(w.began) >= per {
		w.began, w.n = now, 0
	}
	if w.n++; w.n <= limit {
		return 0, false
	}
	left := per - now.Sub(w.began)
	return int((left + time.Second - 1) / time.Second), true
}
