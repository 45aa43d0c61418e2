package task_test

import (
	"context"
	"io"
	"iter"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/gobraid/gobraid/concurrency/task"
)

// A calm is a program that is in no deadlock, though its main task waits for long: until the lookouts have looked several times.
type calm struct {
	name  string
	proof bool // all tasks wait, so that only the proof can tell
	body  func(w *watched)
}

// A watched is what a calm program has to do with.
type watched struct {
	t     testing.TB
	proof bool
	from  int64
	out   *tardy
	early chan func() // runs functions on a goroutine that is a bystander
}

func (w *watched) count() int64 {
	n, proofs := task.Looks()
	if w.proof {
		return proofs
	}
	return n
}

// enough reports whether there were several looks, or proofs, since the program began.
func (w *watched) enough() bool { return w.count() >= w.from+4 }

// pace is how often programs ask whether there were enough.
const pace = 2 * time.Millisecond

// outlast blocks until there were enough looks. It is for what is neither a task nor started by one.
func (w *watched) outlast() {
	for !w.enough() {
		time.Sleep(pace)
	}
}

// tardy is an Output that takes its time to answer.
type tardy struct {
	*record
	w       *watched
	writing bool
}

func (s *tardy) Write(stream string, p []byte) {
	if s.writing {
		s.w.outlast()
	}
	s.record.Write(stream, p)
}

func (s *tardy) Input(context.Context, string, bool) (string, error) {
	s.w.outlast()
	return "7\n", nil
}

var calms = []calm{
	{name: "sleeper", body: func(w *watched) {
		c := make(chan int)
		task.Go(0, func() {
			for !w.enough() {
				task.Sleep(pace, 0)
			}
			task.To(c, 0).Send(1)
		})
		task.Recv(c, 0)
	}},
	{name: "ticker", body: func(w *watched) {
		tick := time.NewTicker(pace)
		defer tick.Stop()
		for !w.enough() {
			task.Recv(tick.C, 0)
		}
	}},
	{name: "time.After", body: func(w *watched) {
		for !w.enough() {
			task.Recv(time.After(10*pace), 0)
		}
	}},
	{name: "select with timer", body: func(w *watched) {
		for !w.enough() {
			task.Select(0, false, task.SelRecv(make(chan int)), task.SelRecv(time.NewTimer(10*pace).C))
		}
	}},
	{name: "AfterFunc", proof: true, body: func(w *watched) {
		c := make(chan int)
		var again func()
		again = func() {
			if w.enough() {
				close(c)
				return
			}
			task.AfterFunc(0, 10*pace, again)
		}
		again()
		task.Recv(c, 0)
	}},
	{name: "AfterFunc set again", proof: true, body: func(w *watched) {
		c := make(chan int)
		self := make(chan *time.Timer, 1)
		self <- task.AfterFunc(0, time.Hour, func() {
			if w.enough() {
				close(c)
				return
			}
			timer := <-self
			self <- timer
			timer.Reset(10 * pace)
		})
		timer := <-self
		self <- timer
		timer.Reset(pace)
		task.Recv(c, 0)
	}},
	{name: "AfterFunc nobody holds", proof: true, body: func(w *watched) {
		for !w.enough() {
			var mu sync.Mutex
			task.Lock(&mu, 0)
			task.AfterFunc(0, 20*pace, func() { task.Unlock(&mu) })
			runtime.GC()
			task.Lock(&mu, 0)
		}
	}},
	{name: "context with timeout", proof: true, body: func(w *watched) {
		for !w.enough() {
			ctx, cancel := task.ContextWithTimeout(context.Background(), 20*pace)
			task.Recv(ctx.Done(), 0)
			cancel()
		}
	}},
	{name: "child of a context with deadline", proof: true, body: func(w *watched) {
		for !w.enough() {
			parent, stop := task.ContextWithDeadlineCause(context.Background(), time.Now().Add(20*pace), errStop)
			ctx, cancel := context.WithCancel(context.WithValue(parent, someKey{}, 2))
			task.Select(0, false, task.SelRecv(ctx.Done()), task.SelRecv(make(chan int)))
			cancel()
			stop()
		}
	}},
	{name: "await with deadline", body: func(w *watched) {
		for !w.enough() {
			ctx, cancel := context.WithTimeout(context.Background(), 10*pace)
			task.Await(ctx, make(chan struct{}), w, 0)
			cancel()
		}
	}},
	{name: "context.AfterFunc", proof: true, body: func(w *watched) {
		for !w.enough() {
			var wg sync.WaitGroup
			wg.Add(1)
			ctx, cancel := task.ContextWithTimeoutCause(context.Background(), 20*pace, errStop)
			task.ContextAfterFunc(0, ctx, wg.Done)
			task.WaitGroupWait(&wg, 0)
			cancel()
		}
	}},
	{name: "HTTP server", body: func(w *watched) {
		c := make(chan int)
		url := serve(w.t, func(http.ResponseWriter, *http.Request) { task.To(c, 0).Send(1) })
		w.early <- func() { w.outlast(); get(w.t, url) }
		task.Recv(c, 0)
	}},
	{name: "HTTP client", body: func(w *watched) {
		url := serve(w.t, func(http.ResponseWriter, *http.Request) {
			for !w.enough() {
				task.Sleep(pace, 0)
			}
		})
		get(w.t, url)
	}},
	{name: "accept", body: func(w *watched) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			w.t.Fatal(err)
		}
		defer l.Close()
		w.early <- func() {
			w.outlast()
			if c, err := net.Dial("tcp", l.Addr().String()); err == nil {
				c.Close()
			}
		}
		c := make(chan int)
		task.Go(0, func() {
			l.Accept()
			close(c)
		})
		task.Recv(c, 0)
	}},
	{name: "pipe", body: func(w *watched) {
		r, f, err := os.Pipe()
		if err != nil {
			w.t.Fatal(err)
		}
		defer r.Close()
		w.early <- func() { w.outlast(); f.Close() }
		io.ReadAll(r)
	}},
	{name: "child process", body: func(w *watched) {
		cmd := task.Command("cat")
		in, err := cmd.StdinPipe()
		if err != nil || cmd.Start() != nil {
			w.t.Fatal("no process")
		}
		w.early <- func() { w.outlast(); in.Close() }
		c := make(chan int)
		task.Go(0, func() {
			cmd.Wait()
			close(c)
		})
		task.Recv(c, 0)
	}},
	{name: "child process nobody waits for", proof: true, body: func(w *watched) {
		cmd := task.Command("cat")
		in, err := cmd.StdinPipe()
		if err != nil || cmd.Start() != nil {
			w.t.Fatal("no process")
		}
		c := make(chan int)
		w.early <- func() { w.outlast(); close(c) }
		task.Recv(c, 0)
		in.Close()
		cmd.Wait()
	}},
	{name: "input", body: func(w *watched) {
		c := make(chan int)
		task.Go(0, func() {
			var n int
			task.Scan(&n)
			task.To(c, 0).Send(n)
		})
		if task.Recv(c, 0) != 7 {
			w.t.Error("read something else")
		}
	}},
	{name: "slow output", body: func(w *watched) {
		w.out.writing = true
		c := make(chan int)
		task.Go(0, func() {
			task.Println("text")
			close(c)
		})
		task.Recv(c, 0)
	}},
	{name: "slow output file", body: func(w *watched) {
		w.out.writing = true
		c := make(chan int)
		task.Go(0, func() {
			task.Stdout().Write(make([]byte, 200<<10))
			close(c)
		})
		task.Recv(c, 0)
	}},
	{name: "signal", body: func(w *watched) {
		c := make(chan os.Signal, 1)
		signal.Notify(c, syscall.SIGUSR1)
		defer signal.Stop(c)
		w.early <- func() { w.outlast(); syscall.Kill(os.Getpid(), syscall.SIGUSR1) }
		task.Recv(c, 0)
	}},
	{name: "signal context", proof: true, body: func(w *watched) {
		ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGUSR1)
		defer stop()
		w.early <- func() { w.outlast(); syscall.Kill(os.Getpid(), syscall.SIGUSR1) }
		task.Recv(ctx.Done(), 0)
	}},
	{name: "spinning", body: func(w *watched) {
		c := make(chan int)
		task.Go(0, func() {
			for !w.enough() {
				runtime.Gosched()
			}
			close(c)
		})
		task.Recv(c, 0)
	}},
	{name: "library call", body: func(w *watched) {
		c := make(chan int)
		task.Go(0, func() {
			task.Blocking(0, w.outlast)
			close(c)
		})
		task.Recv(c, 0)
	}},
	{name: "library goroutine sleeps", proof: true, body: func(w *watched) {
		c := make(chan int)
		go func() { w.outlast(); c <- 1 }()
		task.Recv(c, 0)
	}},
	{name: "library goroutine is parked", proof: true, body: func(w *watched) {
		c, from := make(chan int), make(chan int)
		go func() { c <- <-from }()
		w.early <- func() { w.outlast(); from <- 1 }
		task.Recv(c, 0)
	}},
	{name: "library goroutine of no run", proof: true, body: func(w *watched) {
		c, from := make(chan int), make(chan int)
		time.AfterFunc(0, func() { c <- <-from })
		w.early <- func() { w.outlast(); from <- 1 }
		task.Recv(c, 0)
	}},
	{name: "coroutine", body: func(w *watched) {
		next, stop := task.Pull(iter.Seq[int](func(yield func(int) bool) {
			for !w.enough() && yield(1) {
				task.Sleep(pace, 0)
			}
		}))
		defer stop()
		for _, ok := next(); ok; _, ok = next() {
		}
	}},
	{name: "ping pong", body: func(w *watched) {
		ping, pong := make(chan bool), make(chan bool)
		task.Go(0, func() {
			for task.Recv(ping, 0) {
				task.To(pong, 0).Send(true)
			}
		})
		for !w.enough() {
			task.To(ping, 0).Send(true)
			task.Recv(pong, 0)
		}
		task.To(ping, 0).Send(false)
	}},
	{name: "crowd", body: func(w *watched) {
		var mu sync.Mutex
		for !w.enough() {
			var wg sync.WaitGroup
			for range 50 {
				task.WaitGroupGo(&wg, 0, func() {
					task.Lock(&mu, 0)
					defer task.Unlock(&mu)
					runtime.Gosched()
				})
			}
			task.WaitGroupWait(&wg, 0)
		}
	}},
	{name: "condition", body: func(w *watched) {
		var mu sync.Mutex
		c := sync.NewCond(&mu)
		task.Go(0, func() {
			for !w.enough() {
				task.Sleep(pace, 0)
			}
			task.Lock(&mu, 0)
			defer task.Unlock(&mu)
			c.Broadcast()
		})
		task.Lock(&mu, 0)
		defer task.Unlock(&mu)
		task.CondWait(c, 0)
	}},
	{name: "killed task unwinds", body: func(w *watched) {
		for !w.enough() {
			var wg sync.WaitGroup
			self := make(chan *task.Task)
			task.WaitGroupGo(&wg, 0, func() {
				defer task.Recv(make(chan int), 0) // until its grace ends
				task.To(self, 0).Send(task.Current())
				task.Forever(0)
			})
			task.Recv(self, 0).Kill()
			task.WaitGroupWait(&wg, 0)
		}
	}},
}

func TestNoAlarm(t *testing.T) {
	signals := make(chan os.Signal, 1) // so that the goroutine of package os/signal is there, and stays
	signal.Notify(signals, syscall.SIGUSR2)
	defer signal.Stop(signals)
	for _, c := range calms {
		t.Run(c.name, func(t *testing.T) { stayCalm(t, c.proof, c.body) })
	}
}

// stayCalm runs a program under a lookout that looks very often.
func stayCalm(t *testing.T, proof bool, body func(*watched)) {
	early, ended := make(chan func(), 1), make(chan bool)
	go func() {
		defer close(ended)
		for f := range early {
			f()
		}
	}()
	t.Cleanup(task.Watch(time.Millisecond))
	w := &watched{t: t, proof: proof, out: &tardy{record: newRecord()}, early: early}
	w.from, w.out.w = w.count(), w
	run := task.NewRun(7, w.out)
	t.Cleanup(func() { closeRun(t, run) })
	end := run.Do(func() { body(w) })
	if end.Killed || end.Panic != nil {
		t.Errorf("ended with %+v", end)
		if end.Deadlock != nil {
			t.Errorf("%+v", end.Deadlock.Tasks)
		}
	}
	close(early)
	<-ended
}

// A task that an earlier cell has left behind may wake those of the running one.
func TestNoAlarmAcrossCells(t *testing.T) {
	c := make(chan int)
	other, _ := newRun(t, 6)
	stayCalm(t, false, func(w *watched) {
		other.Do(func() {
			task.Go(0, func() {
				for !w.enough() {
					task.Sleep(pace, 0)
				}
				task.To(c, 0).Send(1)
			})
		})
		task.Recv(c, 0)
	})
}

// A child that a bystander waits for, as a session waits for its compiler, prevents nothing.
func TestDeadlockBesideChildOfBystander(t *testing.T) {
	t.Run("waits", func(t *testing.T) { besideChild(t, exec.Command("cat"), false) })
	t.Run("does not wait yet", func(t *testing.T) { besideChild(t, exec.CommandContext(t.Context(), "cat"), true) })
}

func besideChild(t *testing.T, cmd *exec.Cmd, later bool) {
	var out strings.Builder
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdout = &out // copied by a goroutine of package os/exec
	started, ended := make(chan bool), make(chan error, 1)
	begin, wait := make(chan bool), make(chan bool)
	go func() {
		<-begin
		err := cmd.Start()
		close(started)
		if later {
			<-wait
		}
		if err == nil {
			err = cmd.Wait()
		}
		ended <- err
	}()
	watchOften(t)
	close(begin)
	<-started
	run, _ := newRun(t, 7)
	if end := run.Do(func() { task.Recv(make(chan int), 0) }); end.Deadlock == nil {
		t.Errorf("ended with %+v", end)
	}
	close(wait)
	in.Close()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// A task of another cell that is stuck too does not hide the deadlock, and is listed.
func TestDeadlockAcrossCells(t *testing.T) {
	watchOften(t)
	other, _ := newRun(t, 6)
	run, _ := newRun(t, 7)
	c := make(chan int)
	other.Do(func() { task.Go(0, func() { task.Recv(c, 0) }) })
	end := run.Do(func() { task.Recv(c, 0) })
	if end.Deadlock == nil {
		t.Fatalf("ended with %+v", end)
	}
	cells := map[int]int{}
	for _, i := range end.Deadlock.Tasks {
		cells[i.Cell]++
	}
	if len(end.Deadlock.Tasks) != 2 || cells[6] != 1 || cells[7] != 1 {
		t.Errorf("tasks by cell: %v", cells)
	}
	if other.Live() != 1 {
		t.Error("the other cell's task was ended too")
	}
}

func TestTimePending(t *testing.T) {
	if task.TimePending() {
		t.Fatal("something is pending at the start")
	}
	timer := task.AfterFunc(0, time.Hour, func() {})
	if !task.TimePending() {
		t.Error("a timer is not seen")
	}
	timer.Stop()
	if task.TimePending() {
		t.Error("a stopped timer is pending")
	}
	timer.Reset(time.Hour)
	if !task.TimePending() {
		t.Error("a timer that was set again is not seen")
	}
	timer.Stop()
	ctx, cancel := task.ContextWithDeadline(context.Background(), time.Now().Add(time.Hour))
	if !task.TimePending() {
		t.Error("a context is not seen")
	}
	cancel()
	if task.TimePending() {
		t.Error("a cancelled context is pending")
	}
	for range 1000 {
		task.AfterFunc(0, time.Hour, func() {}).Stop()
	}
	if task.TimePending() || ctx.Err() == nil {
		t.Error("stopped timers are pending")
	}
}

func TestChildAlive(t *testing.T) {
	if task.ChildrenAlive() > 0 {
		t.Skip("this process has children already, or it cannot be told here")
	}
	run, _ := newRun(t, 1)
	run.Do(func() {
		cmd := task.Command("cat")
		in, err := cmd.StdinPipe()
		if err != nil || cmd.Start() != nil {
			t.Fatal("no process")
		}
		if task.ChildrenAlive() == 0 {
			t.Error("the child is not seen")
		}
		in.Close()
		until(t, "the child to end, though nobody has waited for it", func() bool { return task.ChildrenAlive() == 0 })
		cmd.Wait()
	})
}
