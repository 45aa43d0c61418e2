package task_test

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/gobraid/gobraid/concurrency/task"
)

// inTask runs f as the main task of a run and fails the test if it does not return.
func inTask(t *testing.T, f func()) {
	t.Helper()
	r, _ := newRun(t, 1)
	doWell(t, r, f)
}

// doWell runs f as the main task of r, which must return.
func doWell(t *testing.T, r *task.Run, f func()) {
	t.Helper()
	end := r.Do(f)
	if end.Panic != nil {
		t.Fatalf("%s\n%s", end.Panic.Text(), frames(end.Panic))
	}
	if end.Killed || end.Goexit {
		t.Fatalf("end = %+v", end)
	}
}

// both runs a test within a task and outside one, and within controlled ones.
func both(t *testing.T, f func(t *testing.T)) {
	t.Run("task", func(t *testing.T) { inTask(t, func() { f(t) }) })
	t.Run("plain", f)
	controlled(t, 3, func(t *testing.T, r *task.Run) { doWell(t, r, func() { f(t) }) })
}

// controlled runs a test with a run in order and with seeds many at random.
func controlled(t *testing.T, seeds int, f func(t *testing.T, r *task.Run)) {
	for seed := range seeds + 1 {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			r, _ := newRun(t, 1)
			r.Virtual(uint64(seed))
			f(t, r)
		})
	}
}

func TestChannelsKeepOrder(t *testing.T) {
	for _, size := range []int{0, 1, 7} {
		both(t, func(t *testing.T) {
			c := make(chan int, size)
			task.Go(0, func() {
				for i := range 1000 {
					task.To(c, 0).Send(i)
				}
				close(c)
			})
			n := 0
			for v, ok := task.Recv2(c, 0); ok; v, ok = task.Recv2(c, 0) {
				if v != n {
					t.Fatalf("got %d, want %d", v, n)
				}
				n++
			}
			if n != 1000 {
				t.Errorf("got %d values", n)
			}
			if v := task.Recv(c, 0); v != 0 {
				t.Errorf("a closed channel gave %d", v)
			}
		})
	}
}

type shaper interface{ shape() int }

type square int

func (s square) shape() int { return int(s) }

func TestSendConverts(t *testing.T) {
	c := make(chan shaper, 2)
	task.To(c, 0).Send(square(3))
	task.To(c, 0).Send(nil)
	if v := task.Recv(c, 0); v != square(3) {
		t.Errorf("got %v", v)
	}
	if v, ok := task.Recv2(c, 0); v != nil || !ok {
		t.Errorf("got %v, %v", v, ok)
	}
}

func TestDirectionalChannels(t *testing.T) {
	type named chan int
	c := make(named, 1)
	task.To(c, 0).Send(1)
	if v := task.Recv(c, 0); v != 1 {
		t.Errorf("got %d", v)
	}
	var out chan<- int = c
	var in <-chan int = c
	task.To(out, 0).Send(2)
	if v, _ := task.Recv2(in, 0); v != 2 {
		t.Errorf("got %d", v)
	}
}

func TestSendOnClosed(t *testing.T) {
	both(t, func(t *testing.T) {
		c := make(chan int)
		close(c)
		p := task.Catch(func() { task.To(c, 0).Send(1) })
		if p == nil || p.Text() != "panic: send on closed channel" {
			t.Fatalf("p = %v", p)
		}
		if _, ok := p.Value.(runtime.Error); !ok {
			t.Errorf("value is a %T", p.Value)
		}
	})
}

func TestCloseWhileSending(t *testing.T) {
	if raceEnabled {
		t.Skip("closing a channel that is sent on is a data race")
	}
	r, _ := newRun(t, 1)
	c := make(chan int)
	var p *task.PanicError
	var after task.Info
	go func() {
		waiting(t, r, task.WaitSend)
		close(c)
	}()
	r.Do(func() {
		p = task.Catch(func() { task.To(c, 0).Send(1) })
		after = task.Current().Info()
	})
	if p == nil || p.Text() != "panic: send on closed channel" {
		t.Errorf("p = %v", p)
	}
	if after.Wait.Kind != task.WaitNone {
		t.Errorf("after the panic the task is said to %v", after.Wait.Kind)
	}
}

func TestDynamicChannels(t *testing.T) {
	both(t, func(t *testing.T) {
		c := make(chan shaper)
		task.Go(0, func() {
			task.ChanSend(0, c, task.Ptr(square(2)))
			task.ChanSend(0, c, task.Ptr[shaper](nil))
			close(c)
		})
		var v shaper
		if ok := task.ChanRecv(0, c, &v); !ok || v != square(2) {
			t.Errorf("got %v, %v", v, ok)
		}
		if ok := task.ChanRecv(0, c, &v); !ok || v != nil {
			t.Errorf("got %v, %v", v, ok)
		}
		v = square(1)
		if ok := task.ChanRecv(0, c, &v); ok || v != nil {
			t.Errorf("a closed channel gave %v, %v", v, ok)
		}
		if ok := task.ChanRecv(0, c, nil); ok {
			t.Error("a closed channel gave a value")
		}
		p := task.Catch(func() { task.ChanSend(0, c, task.Ptr(square(1))) })
		if p == nil || p.Text() != "panic: send on closed channel" {
			t.Errorf("p = %v", p)
		}
	})
}
