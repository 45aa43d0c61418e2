package web_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/internal/tasktest"
	"github.com/gobraid/gobraid/concurrency/loop"
	"github.com/gobraid/gobraid/concurrency/task"
	"github.com/gobraid/gobraid/concurrency/web"
	"github.com/gobraid/gobraid/concurrency/webtest"
)

// run runs main on a loop and fails the test on an error.
func run(t *testing.T, main func(ctx context.Context) error) {
	t.Helper()
	l := loop.New().WithSlow(0)
	if _, err := loop.RunOn(background, l, func(ctx context.Context) (int, error) { return 0, main(ctx) }); err != nil {
		t.Errorf("run: %v", err)
	}
}

// meeting returns a server that answers when n requests are there at a time.
func meeting(t *testing.T, n int) *webtest.Server {
	var came atomic.Int64
	all := make(chan struct{})
	return serve(t, webtest.New().WithHandler("/meet", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if came.Add(1) == int64(n) {
			close(all)
		}
		select {
		case <-all:
		case <-r.Context().Done():
		}
	})))
}

// Others run while a request is awaited: all of them are on their way at a time.
func TestRequestsAreAwaited(t *testing.T) {
	const n = 50
	s := meeting(t, n)
	c := closed(t, web.NewClient())
	run(t, func(ctx context.Context) error {
		fs := make([]func(context.Context) (string, error), n)
		for i := range fs {
			fs[i] = func(ctx context.Context) (string, error) { return c.GetText(ctx, s.URL("/meet")) }
		}
		_, err := loop.Gather(ctx, fs...)
		return err
	})
	if st := s.Stats(); st.Peak != n {
		t.Errorf("stats: %v", st)
	}
}

// The same from the tasks of a pool, where they block.
func TestRequestsBlockInAPool(t *testing.T) {
	const n = 20
	s := meeting(t, n)
	c := closed(t, web.NewClient())
	pool := concurrency.NewThreadPool().WithWorkers(n)
	_, err := concurrency.Map(background, pool, make([]int, n), func(ctx context.Context, _ int) (string, error) { return c.GetText(ctx, s.URL("/meet")) })
	ok(t, err)
	ok(t, pool.Shutdown(background))
	if st := s.Stats(); st.Peak != n {
		t.Errorf("stats: %v", st)
	}
}

// A function beside a loop blocks, with the context that it has from the loop.
func TestToThread(t *testing.T) {
	s := serve(t, webtest.New())
	c := closed(t, web.NewClient())
	run(t, func(ctx context.Context) error {
		text, err := loop.ToThread(ctx, func(ctx context.Context) (string, error) {
			if loop.On(ctx) {
				t.Error("it is taken for a coroutine")
			}
			return c.GetText(ctx, s.URL("/bytes/2"))
		})
		if text != "a." {
			t.Errorf("%q", text)
		}
		return err
	})
}

// Connections are kept.
func TestKeepAlive(t *testing.T) {
	s := serve(t, webtest.New())
	everywhere(t, func(t *testing.T, ctx context.Context) {
		before := s.Stats().Connections
		c := closed(t, web.NewClient())
		for range 10 {
			if _, err := c.GetText(ctx, s.URL("/bytes/70000")); err != nil {
				t.Error(err)
			}
		}
		// net/http gives a connection up whose write is not known to be over after 50 ms, as on a busy machine.
		if n := s.Stats().Connections - before; n > 5 {
			t.Errorf("%d connections for ten requests", n)
		}
	})
}

func TestLimit(t *testing.T) {
	s := serve(t, webtest.New().WithLatency(time.Millisecond))
	everywhere(t, func(t *testing.T, ctx context.Context) {
		c := closed(t, web.NewClient().WithLimit(3))
		get := func(ctx context.Context) (string, error) { return c.GetText(ctx, s.URL("/bytes/10")) }
		if loop.On(ctx) {
			fs := make([]func(context.Context) (string, error), 30)
			for i := range fs {
				fs[i] = get
			}
			_, err := loop.Gather(ctx, fs...)
			ok(t, err)
			return
		}
		g := concurrency.NewGroup(ctx)
		for range 30 {
			g.Go(func(ctx context.Context) error {
				_, err := get(ctx)
				return err
			})
		}
		ok(t, g.Wait())
	})
	if st := s.Stats(); st.Peak > 3 || st.Requests != 120 {
		t.Errorf("stats: %v", st)
	}
}

func TestHostLimit(t *testing.T) {
	a, b := serve(t, webtest.New().WithLatency(time.Millisecond)), serve(t, webtest.New().WithLatency(time.Millisecond))
	c := closed(t, web.NewClient().WithHostLimit(2))
	run(t, func(ctx context.Context) error {
		var fs []func(context.Context) (string, error)
		for range 20 {
			for _, s := range []*webtest.Server{a, b} {
				fs = append(fs, func(ctx context.Context) (string, error) { return c.GetText(ctx, s.URL("/bytes/10")) })
			}
		}
		_, err := loop.Gather(ctx, fs...)
		return err
	})
	for _, s := range []*webtest.Server{a, b} {
		if st := s.Stats(); st.Peak > 2 || st.Connections > 2 || st.Requests != 20 {
			t.Errorf("stats: %v", st)
		}
	}
}

// The client's timeout covers the head, the body, and the waiting for a place.
func TestTimeout(t *testing.T) {
	s := serve(t, webtest.New())
	everywhere(t, func(t *testing.T, ctx context.Context) {
		c := closed(t, web.NewClient().WithTimeout(30*time.Millisecond).WithLimit(1))
		_, err := c.Get(ctx, s.URL("/delay/3600"))
		is(t, err, loop.ErrTimeout)
		is(t, err, context.DeadlineExceeded)

		r, err := c.Get(ctx, s.URL("/lines/2?every=3600"))
		if err != nil { // on a busy machine
			is(t, err, loop.ErrTimeout)
			return
		}
		_, err = c.Get(ctx, s.URL("/json")) // r has the place until its time is up
		if err != nil {
			is(t, err, loop.ErrTimeout)
		}
		for err = error(nil); err == nil; {
			_, err = r.ReadLine(ctx)
		}
		is(t, err, loop.ErrTimeout)
	})
}

// A coroutine that is cancelled at its request gets the loop's error, and the request is broken off.
func TestCancel(t *testing.T) {
	began, gone := make(chan struct{}), make(chan struct{})
	s := serve(t, webtest.New().WithHandler("/wait", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(began)
		<-r.Context().Done()
		close(gone)
	})))
	c := closed(t, web.NewClient())
	run(t, func(ctx context.Context) error {
		x := loop.CreateTask(ctx, func(ctx context.Context) (*web.Response, error) { return c.Get(ctx, s.URL("/wait")) })
		loop.ToThread(ctx, func(ctx context.Context) (int, error) {
			<-began
			return 0, nil
		})
		x.Cancel()
		_, err := loop.Await(ctx, x)
		var canceled *loop.CanceledError
		if !errors.As(err, &canceled) || !x.Canceled() {
			t.Errorf("error %v", err)
		}
		_, err = loop.ToThread(ctx, func(ctx context.Context) (int, error) {
			<-gone
			return 0, nil
		})
		return err
	})
}

// The words of the loop end a request: Timeout, WaitFor, a group that fails.
func TestLoopsWords(t *testing.T) {
	s := serve(t, webtest.New())
	c := closed(t, web.NewClient())
	get := func(ctx context.Context) (*web.Response, error) { return c.Get(ctx, s.URL("/delay/3600")) }
	run(t, func(ctx context.Context) error {
		_, err := loop.Timeout(ctx, 20*time.Millisecond, get)
		is(t, err, loop.ErrTimeout)
		_, err = loop.WaitFor(ctx, 20*time.Millisecond, loop.CreateTask(ctx, get))
		is(t, err, loop.ErrTimeout)
		bad := errors.New("bad")
		err = loop.Group(ctx, func(ctx context.Context, g *loop.TaskGroup) error {
			g.Go(func(ctx context.Context) error {
				_, err := get(ctx)
				return err
			})
			g.Go(func(ctx context.Context) error { return bad })
			return nil
		})
		is(t, err, bad)
		return nil
	})
}

// A context that ends breaks the request off, on a loop and elsewhere.
func TestContext(t *testing.T) {
	s := serve(t, webtest.New())
	everywhere(t, func(t *testing.T, ctx context.Context) {
		c := closed(t, web.NewClient())
		cause := errors.New("the cause")
		limited, cancel := context.WithTimeoutCause(ctx, 20*time.Millisecond, cause)
		defer cancel()
		_, err := c.Get(limited, s.URL("/delay/3600"))
		is(t, err, cause)
		_, err = c.Get(limited, s.URL("/json"))
		is(t, err, cause)
	})
}

// A read that was given up loses nothing, and the body does not end with the context that it was asked for with.
func TestReadGivenUp(t *testing.T) {
	everywhere(t, func(t *testing.T, ctx context.Context) {
		next := make(chan struct{})
		s := webtest.New().WithHandler("/", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			for _, text := range []string{"first ", "half\n"} {
				w.Write([]byte(text))
				w.(http.Flusher).Flush()
				<-next
			}
		}))
		defer s.Close()
		c := closed(t, web.NewClient())
		of, cancel := context.WithCancel(ctx)
		r, err := c.Get(of, s.URL("/"))
		cancel()
		if err != nil {
			t.Error(err)
			return
		}
		short, cancel := context.WithTimeout(ctx, 20*time.Millisecond)
		defer cancel()
		_, err = r.ReadLine(short)
		is(t, err, context.DeadlineExceeded)
		next <- struct{}{}
		if line, err := r.ReadLine(ctx); err != nil || line != "first half" {
			t.Errorf("%q, %v", line, err)
		}
		close(next)
		if _, err := r.Bytes(ctx); err != nil {
			t.Error(err)
		}
	})
}

// At its end the loop closes what was asked for on it, and waits for that.
func TestLoopsEnd(t *testing.T) {
	s := serve(t, webtest.New())
	c := closed(t, web.NewClient())
	var r *web.Response
	run(t, func(ctx context.Context) (err error) {
		if r, err = c.Get(ctx, s.URL("/lines/2?every=3600")); err != nil {
			return err
		}
		loop.CreateTask(ctx, func(ctx context.Context) (string, error) { return c.GetText(ctx, s.URL("/delay/3600")) })
		return loop.Sleep(ctx, 0)
	})
	var err error
	for err == nil {
		_, err = r.ReadLine(background)
	}
	is(t, err, web.ErrClosed)
}

// An answer may be read elsewhere than where it was asked for.
func TestReadElsewhere(t *testing.T) {
	s := serve(t, webtest.New())
	c := closed(t, web.NewClient())
	r, err := c.Get(background, s.URL("/bytes/100000"))
	if err != nil {
		t.Fatal(err)
	}
	run(t, func(ctx context.Context) error {
		x := loop.CreateTask(ctx, func(ctx context.Context) (*web.Response, error) { return c.Get(ctx, s.URL("/bytes/90000")) })
		text, err := r.Bytes(ctx)
		if err != nil || len(text) != 100_000 {
			t.Errorf("%d bytes, %v", len(text), err)
		}
		other, err := loop.Await(ctx, x) // its coroutine has ended
		if err != nil {
			return err
		}
		text, err = loop.ToThread(ctx, func(ctx context.Context) ([]byte, error) { return other.Bytes(ctx) })
		if len(text) != 90_000 {
			t.Errorf("%d bytes", len(text))
		}
		return err
	})
}

// An interrupt ends a request, awaited or not.
func TestInterrupt(t *testing.T) {
	for _, awaited := range []bool{false, true} {
		r, _ := tasktest.NewRun(t, 1)
		began, gone := make(chan struct{}), make(chan struct{})
		s := serve(t, webtest.New().WithHandler("/wait", http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
			close(began)
			<-q.Context().Done()
			close(gone)
		})))
		url := s.URL("/wait")
		c := closed(t, web.NewClient())
		var after atomic.Bool
		go func() {
			<-began
			r.Kill(nil)
		}()
		end := r.Do(func() {
			get := func(ctx context.Context) (string, error) {
				text, err := c.GetText(ctx, url)
				task.Safepoint() // as a cell has it
				after.Store(true)
				return text, err
			}
			if awaited {
				loop.Run(background, get)
			} else {
				get(background)
			}
			task.Safepoint()
			after.Store(true)
		})
		if !end.Killed || after.Load() {
			t.Errorf("awaited %v: end = %+v, went on: %v", awaited, end, after.Load())
		}
		<-gone
	}
}

// Who waits for an answer is listed with its address.
func TestAwaitedIsListed(t *testing.T) {
	s := meeting(t, 2)
	c := closed(t, web.NewClient())
	r, _ := tasktest.NewRun(t, 1)
	r.Do(func() {
		run(t, func(ctx context.Context) error {
			get := func(ctx context.Context) (string, error) { return c.GetText(ctx, s.URL("/meet/here?a=b")) }
			x := loop.CreateTask(ctx, get)
			if err := loop.Sleep(ctx, 0); err != nil { // x comes to its await
				return err
			}
			if !listed(r.Tasks(), "HTTP GET "+strings.TrimPrefix(s.URL("/meet/here"), "http://")) {
				t.Errorf("tasks: %+v", r.Tasks())
			}
			if _, err := get(ctx); err != nil {
				return err
			}
			_, err := loop.Await(ctx, x)
			return err
		})
	})
}

// So is who blocks: here for ever, so that the end of the run tells what for.
func TestBlockedIsListed(t *testing.T) {
	r, _ := tasktest.NewRun(t, 1)
	end := r.Do(func() { web.AwaitNothing(background, "HTTP GET nowhere/x") })
	if end.Deadlock == nil || !listed(end.Deadlock.Tasks, "HTTP GET nowhere/x") {
		t.Errorf("end = %+v", end)
	}
}

// listed reports whether one of the tasks waits for something of that name.
func listed(tasks []task.Info, name string) bool {
	return slices.ContainsFunc(tasks, func(i task.Info) bool {
		x, ok := i.Wait.Object.(interface{ Awaited() string })
		return ok && x.Awaited() == name
	})
}

// So does one while a body is read, and one while nobody waits for a body that is read ahead.
func TestInterruptWhileReading(t *testing.T) {
	for _, reading := range []bool{false, true} {
		r, _ := tasktest.NewRun(t, 1)
		began, gone := make(chan struct{}), make(chan struct{})
		s := serve(t, webtest.New().WithHandler("/", http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
			w.(http.Flusher).Flush()
			<-q.Context().Done()
			close(gone)
		})))
		c := closed(t, web.NewClient())
		go func() {
			<-began
			r.Kill(nil)
		}()
		end := r.Do(func() {
			x, err := c.Get(background, s.URL("/"))
			if err != nil {
				t.Error(err)
			}
			close(began)
			if reading {
				x.Bytes(background)
			}
			task.Forever(0)
		})
		if !end.Killed {
			t.Errorf("end = %+v", end)
		}
		<-gone
	}
}
