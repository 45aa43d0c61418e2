package cluster_test

import (
	"errors"
	"net"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/cluster"
	"github.com/gobraid/gobraid/concurrency/internal/tasktest"
	"github.com/gobraid/gobraid/concurrency/process"
)

// short is a lease for tests in which something has to be taken for dead.
const short = 3 * time.Second

// TestWorkerKilled kills workers while they run functions.
func TestWorkerKilled(t *testing.T) {
	s := startServer(t)
	pool := poolAt(t, s.url, short)
	d := newDoor(t)
	first := startWorker(t, s.url, short)
	first.line(t, "joined")

	plain := concurrency.SubmitWith(within(t), pool, hold, d.path())
	if h := d.next(t); h.worker != first.cmd.Process.Pid {
		t.Errorf("the function runs in a process of %d, not of the worker %d", h.worker, first.cmd.Process.Pid)
	}
	first.kill(t)
	var lost *cluster.LostError
	if _, err := plain.Result(within(t)); !errors.As(err, &lost) || !strings.Contains(lost.Func, "hold") {
		t.Errorf("a plain function whose worker was killed: %v", err)
	}
	waits := concurrency.SubmitWith(within(t), pool, square, 3)

	d = newDoor(t)
	second := startWorker(t, s.url, short)
	second.line(t, "joined")
	if got, err := waits.Result(within(t)); err != nil || got != 9 {
		t.Errorf("a plain function that has waited for a worker: %d, %v", got, err)
	}
	kept := concurrency.SubmitWith(within(t), pool.Idempotent(3), hold, d.path())
	d.next(t)
	second.kill(t)
	third := startWorker(t, s.url, short)
	third.line(t, "joined")
	h := d.next(t)
	if h.worker != third.cmd.Process.Pid {
		t.Errorf("the function runs again in a process of %d, not of the worker %d", h.worker, third.cmd.Process.Pid)
	}
	h.let(t, "again")
	if got, err := kept.Result(within(t)); err != nil || got != "again" {
		t.Errorf("an idempotent function whose worker was killed: %q, %v", got, err)
	}
	if st := pool.Stats(); st.Lost != 1 || st.Redelivered < 1 || st.Done != 2 {
		t.Errorf("%d lost, %d redelivered, %d done", st.Lost, st.Redelivered, st.Done)
	}
}

// TestProcessKilled kills the processes in which workers run functions.
func TestProcessKilled(t *testing.T) {
	s := startServer(t)
	pool := poolAt(t, s.url, lease)
	d := newDoor(t)
	startWorker(t, s.url, lease).line(t, "joined")

	plain := concurrency.SubmitWith(within(t), pool, hold, d.path())
	killProcess(t, d.next(t).process)
	var death *process.DeathError
	if _, err := plain.Result(within(t)); !errors.As(err, &death) {
		t.Errorf("a plain function whose process was killed: %v", err)
	}
	kept := concurrency.SubmitWith(within(t), pool.Idempotent(2), hold, d.path())
	killProcess(t, d.next(t).process)
	d.next(t).let(t, "again")
	if got, err := kept.Result(within(t)); err != nil || got != "again" {
		t.Errorf("an idempotent function whose process was killed: %q, %v", got, err)
	}
}

func killProcess(t testing.TB, pid int) {
	t.Helper()
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatalf("kill %d: %v", pid, err)
	}
}

// TestServerKilled kills the server while functions run and others wait, and starts it again.
func TestServerKilled(t *testing.T) {
	s := startServer(t)
	pool := poolAt(t, s.url, lease)
	d := newDoor(t)
	startWorker(t, s.url, lease, workerSlots+"=2").line(t, "joined")
	plain := concurrency.SubmitWith(within(t), pool, hold, d.path())
	heldPlain := d.next(t)
	kept := concurrency.SubmitWith(within(t), pool.Idempotent(3), hold, d.path())
	heldKept := d.next(t)
	var waiting []*concurrency.Future[int]
	for i := range 30 {
		waiting = append(waiting, concurrency.SubmitWith(within(t), pool.Idempotent(3), square, i))
	}
	s.kill(t)
	heldKept.let(t, "kept") // its result finds no server
	tasktest.Until(t, "the pool knows that the connection is lost", func() bool { return !pool.Stats().Connected })
	late := concurrency.SubmitWith(within(t), pool, square, 3)
	s.again(t)
	heldPlain.let(t, "plain")
	if got, err := plain.Result(within(t)); err != nil || got != "plain" {
		t.Errorf("a plain function while the server was killed: %q, %v", got, err)
	}
	if got, err := kept.Result(within(t)); err != nil || got != "kept" {
		t.Errorf("an idempotent function while the server was killed: %q, %v", got, err)
	}
	if got, err := late.Result(within(t)); err != nil || got != 9 {
		t.Errorf("a plain function that was submitted while there was no server: %d, %v", got, err)
	}
	for i, fu := range waiting {
		if got, err := fu.Result(within(t)); err != nil || got != i*i {
			t.Errorf("function %d, which waited while the server was killed: %v, %v", i, got, err)
		}
	}
}

// A partition can cut one worker off, and join it again.
type partition struct {
	server    string // for others
	worker    *child
	cut, join func()
}

// partitioned has a worker cut off while it runs functions: the idempotent one is done by another worker, the plain one is lost; and what the first
// has to say when it is back does no harm.
func partitioned(t *testing.T, begin func(t *testing.T) partition) {
	p := begin(t)
	pool := poolAt(t, p.server, short)
	d := newDoor(t)
	p.worker.line(t, "joined")
	kept := concurrency.SubmitWith(within(t), pool.Idempotent(5), hold, d.path())
	there := d.next(t)
	p.cut()
	other := startWorker(t, p.server, short)
	other.line(t, "joined")
	here := d.next(t)
	if here.worker != other.cmd.Process.Pid {
		t.Errorf("the function runs again in a process of %d, not of the worker that is left, %d", here.worker, other.cmd.Process.Pid)
	}
	here.let(t, "here")
	if got, err := kept.Result(within(t)); err != nil || got != "here" {
		t.Errorf("an idempotent function of a worker that is cut off: %q, %v", got, err)
	}
	_, _ = there.Write([]byte("there")) // it may have been killed by now
	there.Close()
	p.join()
	// The worker that was cut off is back when it alone is left and works.
	other.end(t)
	d = newDoor(t)
	kept = concurrency.SubmitWith(within(t), pool.Idempotent(5), hold, d.path())
	d.next(t).let(t, "back")
	if got, err := kept.Result(within(t)); err != nil || got != "back" {
		t.Errorf("an idempotent function after the worker is back: %q, %v", got, err)
	}
	d = newDoor(t)
	plain := concurrency.SubmitWith(within(t), pool, hold, d.path())
	d.next(t)
	p.cut()
	var lost *cluster.LostError
	if _, err := plain.Result(within(t)); !errors.As(err, &lost) {
		t.Errorf("a plain function of a worker that is cut off: %v", err)
	}
	p.join()
	if st := pool.Stats(); st.Redelivered < 1 || st.Lost != 1 {
		t.Errorf("%d redelivered, %d lost", st.Redelivered, st.Lost)
	}
}

// TestStalled has a worker cut off by what lies between it and the server, which keeps the connections and passes nothing on.
func TestStalled(t *testing.T) {
	partitioned(t, func(t *testing.T) partition {
		s := startServer(t)
		p := newProxy(t, s.options.Listen)
		return partition{server: s.url, worker: startWorker(t, "nats://"+p.Addr().String(), short), cut: p.stall, join: p.flow}
	})
}

// A proxy passes on what comes, or not.
type proxy struct {
	net.Listener
	to      string
	serving sync.WaitGroup

	mu    sync.Mutex
	open  chan struct{} // closed while it passes on
	conns []net.Conn
}

func newProxy(t testing.TB, to string) *proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{Listener: l, to: to, open: make(chan struct{})}
	close(p.open)
	p.serving.Go(p.serve)
	t.Cleanup(func() {
		l.Close()
		p.mu.Lock()
		for _, c := range p.conns {
			c.Close()
		}
		p.mu.Unlock()
		p.flow()
		p.serving.Wait()
	})
	return p
}

func (p *proxy) serve() {
	for {
		in, err := p.Accept()
		if err != nil {
			return
		}
		out, err := net.Dial("tcp", p.to)
		if err != nil {
			in.Close()
			continue
		}
		p.mu.Lock()
		p.conns = append(p.conns, in, out)
		p.mu.Unlock()
		p.serving.Go(func() { p.copy(in, out) })
		p.serving.Go(func() { p.copy(out, in) })
	}
}

// copy passes on what comes, while that is wanted.
func (p *proxy) copy(to, from net.Conn) {
	defer to.Close()
	buf := make([]byte, 32<<10)
	for {
		n, err := from.Read(buf)
		p.mu.Lock()
		open := p.open
		p.mu.Unlock()
		<-open
		if _, werr := to.Write(buf[:n]); err != nil || werr != nil {
			return
		}
	}
}

// stall has it pass on nothing, and flow all that has come meanwhile and comes.
func (p *proxy) stall() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.open = make(chan struct{})
}

func (p *proxy) flow() {
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case <-p.open:
	default:
		close(p.open)
	}
}
