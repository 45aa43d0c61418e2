package task_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/gobraid/gobraid/concurrency/task"
	"golang.org/x/sync/errgroup"
)

// serve starts an HTTP server as a task of the calling run, as a cell would, and returns its address.
func serve(t testing.TB, h http.HandlerFunc) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: h}
	t.Cleanup(func() { server.Close() })
	task.Go(0, func() { server.Serve(l) })
	return "http://" + l.Addr().String()
}

// get asks for a page with a client that keeps no connection.
func get(t testing.TB, url string) string {
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	r, err := client.Get(url)
	if err != nil {
		return "error"
	}
	defer r.Body.Close()
	b, _ := io.ReadAll(r.Body)
	return string(b)
}

func TestHandlersPrintToTheirCell(t *testing.T) {
	const calls = 50
	var runs [2]*task.Run
	var outs [2]*record
	var urls [2]string
	for i := range runs {
		runs[i], outs[i] = newRun(t, i+1)
		runs[i].Do(func() {
			urls[i] = serve(t, func(w http.ResponseWriter, r *http.Request) {
				task.Println("cell", i+1)
				done := make(chan struct{})
				task.Go(task.At(i+1, 4, 0), func() {
					defer close(done)
					task.Println("task of cell", i+1)
				})
				task.Recv(done, 0)
			})
		})
	}
	third, out := newRun(t, 3)
	third.Do(func() { // the run in the foreground
		for i := range calls {
			get(t, urls[i%2])
		}
	})
	for i := range runs {
		want := strings.Repeat(fmt.Sprintf("cell %d\ntask of cell %[1]d\n", i+1), calls/2)
		if got := outs[i].stdout(); got != want {
			t.Errorf("cell %d has %q", i+1, got)
		}
	}
	if out.stdout() != "" {
		t.Errorf("the foreground has %q", out.stdout())
	}
}

func TestKillEndsWaitingHandler(t *testing.T) {
	run, _ := newRun(t, 1)
	never := make(chan int)
	entered, left := make(chan bool), make(chan bool, 1)
	var url string
	var after atomic.Bool
	run.Do(func() {
		url = serve(t, func(w http.ResponseWriter, r *http.Request) {
			defer func() { left <- true }()
			close(entered)
			task.Recv(never, task.At(1, 7, 0))
			after.Store(true)
		})
	})
	answered := make(chan string, 1)
	go func() { answered <- get(t, url) }()
	await(t, entered, "call")
	waiting(t, run, task.WaitReceive)
	var seen task.Info
	for _, i := range run.Tasks() {
		if i.Wait.Kind == task.WaitReceive {
			seen = i
		}
	}
	if !seen.Visitor || seen.Parent != 0 || seen.Cell != 1 || seen.Wait.Site.Line() != 7 {
		t.Errorf("the handler is listed as %+v", seen)
	}
	run.Kill(errStop)
	await(t, left, "end of the handler")
	await(t, answered, "end of the connection")
	if after.Load() {
		t.Error("the handler went on")
	}
}

// A handler that loops in code of the cell ends at a safepoint, its deferred functions may still wait.
func TestKillEndsBusyHandler(t *testing.T) {
	run, _ := newRun(t, 1)
	entered, left := make(chan bool), make(chan int, 1)
	var url string
	run.Do(func() {
		url = serve(t, func(w http.ResponseWriter, r *http.Request) {
			defer func() {
				c := make(chan int)
				task.Go(0, func() { task.To(c, 0).Send(1) }) // does not run any more
				timer := make(chan int)
				go func() { timer <- 2 }()
				left <- task.Recv(timer, 0)
			}()
			close(entered)
			for {
				if task.Stop.Load() != 0 {
					task.Safepoint()
				}
			}
		})
	})
	answered := make(chan string, 1)
	go func() { answered <- get(t, url) }()
	await(t, entered, "call")
	// A task that a library call holds up keeps Stop raised.
	hold, held := make(chan bool), make(chan bool)
	run.Do(func() {
		task.Go(0, func() {
			close(held)
			<-hold
		})
	})
	await(t, held, "start of the task")
	run.Kill(errStop)
	await(t, answered, "end of the connection")
	select {
	case n := <-left:
		if n != 2 {
			t.Errorf("the deferred function got %d", n)
		}
	default:
		t.Error("the deferred function was cut short")
	}
	close(hold)
}

func TestErrgroup(t *testing.T) {
	run, out := newRun(t, 1)
	other, _ := newRun(t, 2)
	block, started := make(chan int), make(chan bool, 3)
	ended := make(chan error, 1)
	run.Do(func() {
		task.Go(0, func() {
			var g errgroup.Group
			for i := range 3 {
				g.Go(func() error {
					defer func() { started <- false }()
					task.Print(i)
					started <- true
					task.Recv(block, 0)
					return errors.New("went on")
				})
			}
			ended <- g.Wait()
		})
	})
	for range 3 {
		<-started
	}
	other.Do(func() {}) // another cell is in the foreground
	until(t, "three visitors", func() bool {
		n := 0
		for _, i := range run.Tasks() {
			if i.Visitor {
				n++
			}
		}
		return n == 3
	})
	run.Kill(nil)
	for range 3 {
		<-started
	}
	if err := <-ended; err != nil {
		t.Errorf("the group has %v", err)
	}
	if n := len(out.stdout()); n != 3 {
		t.Errorf("printed %q", out.stdout())
	}
	until(t, "an empty run", func() bool { return run.Live() == 0 })
}

// A visitor leaves no trace when it goes on.
func TestVisitorComesAndGoes(t *testing.T) {
	run, _ := newRun(t, 1)
	c, ready := make(chan int), make(chan bool)
	done := make(chan bool)
	run.Do(func() {
		go func() { // as a library does
			defer close(done)
			ready <- true
			for i := range 100 {
				if task.Recv(c, 0) != i {
					t.Error("out of order")
				}
			}
		}()
	})
	await(t, ready, "goroutine")
	for i := range 100 {
		waiting(t, run, task.WaitReceive)
		c <- i
	}
	await(t, done, "end")
	if n := run.Live(); n != 0 {
		t.Errorf("%d tasks are left", n)
	}
}

func TestUntracked(t *testing.T) {
	run, _ := newRun(t, 1)
	other, _ := newRun(t, 2)
	other.Do(func() {})
	release := make(chan bool)
	waits := make(chan int)
	var g errgroup.Group
	run.Do(func() {
		task.Go(0, func() { task.Recv(waits, 0) })
		for range 5 {
			g.Go(func() error { <-release; return nil })
		}
		g.Go(func() error { task.Recv(waits, 0); return nil })
		g.Go(func() error { _, err := task.Stdout().Write([]byte("x")); return err }) // has helpers of this package
	})
	until(t, "the goroutines to be counted", func() bool { return run.Untracked() == 5 })
	if n := other.Untracked(); n != 0 {
		t.Errorf("the other run has %d", n)
	}
	if n := task.Untracked(); n < 5 {
		t.Errorf("all runs have %d", n)
	}
	close(release)
	run.Kill(nil)
	g.Wait()
	until(t, "none to be left", func() bool { return run.Untracked() == 0 })
}

func TestAfterFuncInHandler(t *testing.T) {
	run, out := newRun(t, 1)
	var url string
	run.Do(func() {
		url = serve(t, func(w http.ResponseWriter, r *http.Request) {
			done := make(chan bool)
			ctx, cancel := context.WithCancel(context.Background())
			task.ContextAfterFunc(0, ctx, func() { task.Print("after"); close(done) })
			cancel()
			task.Recv(done, 0)
		})
	})
	get(t, url)
	if out.stdout() != "after" {
		t.Errorf("printed %q", out.stdout())
	}
}
