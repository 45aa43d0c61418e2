package cluster_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/nats-io/nats.go"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/cluster"
	"github.com/gobraid/gobraid/concurrency/internal/tasktest"
	"github.com/gobraid/gobraid/concurrency/task"
)

func finished[T any](fu *concurrency.Future[T]) bool {
	select {
	case <-fu.Done():
		return true
	default:
		return false
	}
}

func TestCancel(t *testing.T) {
	s := newServer(t)
	serve(t, cluster.Worker{Server: cluster.At(s.ClientURL()).WithLease(lease), Concurrency: 1})
	p := newPool(t, s)
	for name, ex := range map[string]concurrency.Executor{"plain": p, "idempotent": p.Idempotent(3)} {
		d := newDoor(t)
		fu := concurrency.SubmitWith(within(t), ex, hold, d.path())
		d.next(t)
		behind := concurrency.SubmitWith(within(t), ex, square, 2)
		behind.Cancel()
		if _, err := behind.Result(within(t)); !errors.Is(err, concurrency.ErrCanceled) {
			t.Errorf("%s: what had not begun: %v", name, err)
		}
		// Nor does it wait for its turn when the worker has it already.
		behind = concurrency.SubmitWith(within(t), ex, square, 2)
		tasktest.Until(t, "a worker has it, or none has room", func() bool {
			st := p.Stats()
			return st.Running == 2 || st.Waiting > 0
		})
		behind.Cancel()
		if _, err := behind.Result(within(t)); !errors.Is(err, concurrency.ErrCanceled) {
			t.Errorf("%s: what waits at the worker: %v", name, err)
		}
		if finished(fu) {
			t.Errorf("%s: it has waited for what runs", name)
		}
		fu.Cancel()
		if _, err := fu.Result(within(t)); err == nil || !strings.Contains(err.Error(), concurrency.ErrCanceled.Error()) {
			t.Errorf("%s: what ran: %v", name, err)
		}
	}
	if got, err := concurrency.SubmitWith(within(t), p, square, 3).Result(within(t)); err != nil || got != 9 {
		t.Errorf("afterwards: %d, %v", got, err)
	}
}

var errStop = errors.New("stopped by the test")

// TestInterrupt has the run end that has submitted something: its process is killed.
func TestInterrupt(t *testing.T) {
	s := newServer(t)
	serve(t, cluster.Worker{Server: cluster.At(s.ClientURL()).WithLease(lease), Concurrency: 1})
	p := newPool(t, s)
	for name, ex := range map[string]concurrency.Executor{"plain": p, "idempotent": p.Idempotent(3)} {
		run, _ := tasktest.NewRun(t, 1)
		d := newDoor(t)
		var fu *concurrency.Future[string]
		submitted := make(chan struct{})
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			tasktest.Do(t, run, func() {
				fu = concurrency.SubmitWith(background, ex, deaf, d.path())
				close(submitted)
				_, _ = fu.Result(background)
			})
		}()
		worker := d.next(t).process
		<-submitted
		run.Kill(errStop)
		<-ended
		tasktest.Until(t, name+": the process is gone", func() bool { return !alive(worker) })
		if _, err := fu.Result(within(t)); err == nil {
			t.Errorf("%s: no error", name)
		}
		// The place is free again.
		if got, err := concurrency.SubmitWith(within(t), p, square, 3).Result(within(t)); err != nil || got != 9 {
			t.Errorf("%s: afterwards: %d, %v", name, got, err)
		}
	}
}

// TestDrain has a worker finish what it has.
func TestDrain(t *testing.T) {
	s := newServer(t)
	stop := serve(t, cluster.Worker{Server: cluster.At(s.ClientURL()).WithLease(lease), Concurrency: 1})
	p := newPool(t, s)
	d := newDoor(t)
	fu := concurrency.SubmitWith(within(t), p, hold, d.path())
	runs := d.next(t)
	left := make(chan struct{})
	go func() {
		defer close(left)
		stop()
	}()
	tasktest.Until(t, "the worker says that it drains", func() bool { w := p.Stats().Workers; return len(w) == 1 && w[0].Draining })
	after := concurrency.SubmitWith(within(t), p, square, 5)
	runs.let(t, "")
	if _, err := fu.Result(within(t)); err != nil {
		t.Errorf("what ran: %v", err)
	}
	<-left
	serve(t, cluster.Worker{Server: cluster.At(s.ClientURL()).WithLease(lease), Concurrency: 1})
	if got, err := after.Result(within(t)); err != nil || got != 25 {
		t.Errorf("what was submitted meanwhile: %d, %v", got, err)
	}
}

// TestPoolLost has a worker drop what a pool has that is heard no more.
func TestPoolLost(t *testing.T) {
	s := newServer(t)
	serve(t, cluster.Worker{Server: cluster.At(s.ClientURL()).WithLease(lease), Concurrency: 1})
	conn, err := nats.Connect(s.ClientURL())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	p := newPool(t, s)
	d := newDoor(t)
	concurrency.SubmitWith(within(t), p, deaf, d.path())
	worker := d.next(t).process
	// The worker hears that the pool is gone, as at the end of a program.
	id := make(chan string, 100)
	if _, err := conn.Subscribe("gobraid.pool.*", func(m *nats.Msg) {
		select {
		case id <- strings.TrimPrefix(m.Subject, "gobraid.pool."):
		default:
		}
	}); err != nil {
		t.Fatal(err)
	}
	gone, _ := json.Marshal(map[string]any{"id": <-id, "gone": true})
	var b struct{ ID string }
	_ = json.Unmarshal(gone, &b)
	if err := conn.Publish("gobraid.pool."+b.ID, gone); err != nil {
		t.Fatal(err)
	}
	tasktest.Until(t, "the process is gone", func() bool { return !alive(worker) })
}

// TestPoolStalled has a pool cut off for longer than its lease: what it had running is killed, and the place is another's.
func TestPoolStalled(t *testing.T) {
	s := startServer(t)
	p := newProxy(t, s.options.Listen)
	startWorker(t, s.url, lease).line(t, "joined")
	pool := poolAt(t, "nats://"+p.Addr().String(), short)
	d := newDoor(t)
	fu := concurrency.SubmitWith(within(t), pool, deaf, d.path())
	process := d.next(t).process
	p.stall()
	tasktest.Until(t, "the process is gone", func() bool { return !alive(process) })
	other := poolAt(t, s.url, lease)
	if got, err := concurrency.SubmitWith(within(t), other, square, 3).Result(within(t)); err != nil || got != 9 {
		t.Errorf("another pool: %d, %v", got, err)
	}
	p.flow()
	var lost *cluster.LostError
	if _, err := fu.Result(within(t)); !errors.As(err, &lost) {
		t.Errorf("what was killed: %v", err)
	}
	// The pool is taken for what it was before.
	if got, err := concurrency.SubmitWith(within(t), pool, square, 4).Result(within(t)); err != nil || got != 16 {
		t.Errorf("the pool that was cut off: %d, %v", got, err)
	}
}

// TestControlledRun has what waits for other machines be refused in a run with virtual time.
func TestControlledRun(t *testing.T) {
	s := newServer(t)
	p := newPool(t, s)
	for name, f := range map[string]func(){
		"cluster.Connect": func() { _, _ = cluster.Connect(background, s.ClientURL()) },
		"a cluster.Pool":  func() { concurrency.SubmitWith(background, p, square, 2) },
		"Pool.Ready":      func() { _ = p.Ready(background) },
		"DeadLetters":     func() { _, _ = p.DeadLetters(background) },
	} {
		run, _ := tasktest.NewRun(t, 1)
		run.Virtual(1)
		end := tasktest.Do(t, run, f)
		var refused *task.Refused
		if end.Panic == nil || !errors.As(end.Panic, &refused) || !strings.Contains(refused.Error(), name) {
			t.Errorf("%s: end = %+v", name, end)
		}
	}
}

// TestNoneWaitsBehind has functions of which nothing is known yet be on all workers, and none wait at one.
func TestNoneWaitsBehind(t *testing.T) {
	for name, of := range map[string]func(*cluster.Pool) concurrency.Executor{
		"plain":      func(p *cluster.Pool) concurrency.Executor { return p },
		"idempotent": func(p *cluster.Pool) concurrency.Executor { return p.Idempotent(3) },
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t)
			for range 2 {
				serve(t, cluster.Worker{Server: cluster.At(s.ClientURL()).WithLease(lease), Concurrency: 1})
			}
			p := newPool(t, s)
			tasktest.Until(t, "both workers are known", func() bool { return p.Workers() == 2 })
			ex, d := of(p), newDoor(t)
			a, b := concurrency.SubmitWith(within(t), ex, hold, d.path()), concurrency.SubmitWith(within(t), ex, hold, d.path())
			one, other := d.next(t), d.next(t) // both run at a time
			one.let(t, name)
			other.let(t, name)
			for _, fu := range []*concurrency.Future[string]{a, b} {
				if got, err := fu.Result(within(t)); got != name || err != nil {
					t.Error(got, err)
				}
			}
		})
	}
}
