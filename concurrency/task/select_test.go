package task_test

import (
	"math"
	"sync/atomic"
	"testing"

	"github.com/gobraid/gobraid/concurrency/task"
)

func TestSelectTakesWhatIsReady(t *testing.T) {
	both(t, func(t *testing.T) {
		c, d, e := make(chan int, 1), make(chan string, 1), make(chan bool)
		for range 200 {
			s0, s1, s2 := task.SelRecv(c), task.SelSend(d).Val("v"), task.SelRecv(e)
			switch task.Select(0, false, s0, s1, s2) {
			case 1:
				if got := <-d; got != "v" {
					t.Fatalf("sent %q", got)
				}
				c <- 7
				d <- "full"
			case 0:
				if s0.V != 7 || !s0.OK {
					t.Fatalf("received %v, %v", s0.V, s0.OK)
				}
				<-d
			default:
				t.Fatal("chose a clause that was not ready")
			}
		}
	})
}

func TestSelectWaits(t *testing.T) {
	both(t, func(t *testing.T) {
		c, d, never := make(chan int), make(chan int), make(chan int)
		task.Go(0, func() {
			for i := range 100 {
				if i%2 == 0 {
					task.To(c, 0).Send(i)
				} else {
					task.Recv(d, 0)
				}
			}
		})
		for i := range 100 {
			s0, s1, s2 := task.SelRecv(c), task.SelSend(d).Val(i), task.SelRecv(never)
			switch got := task.Select(0, false, s0, s1, s2); {
			case got == 0 && i%2 == 0 && s0.V == i && s0.OK:
			case got == 1 && i%2 == 1:
			default:
				t.Fatalf("round %d: clause %d, %v", i, got, s0.V)
			}
		}
	})
}

func TestSelectDefault(t *testing.T) {
	c, d := make(chan int, 1), make(chan int, 1)
	if got := task.Select(0, true); got != -1 {
		t.Errorf("no clauses: %d", got)
	}
	if got := task.Select(0, true, task.SelRecv(c)); got != -1 {
		t.Errorf("one clause: %d", got)
	}
	if got := task.Select(0, true, task.SelRecv(c), task.SelRecv(d), task.SelRecv[int](nil)); got != -1 {
		t.Errorf("three clauses: %d", got)
	}
	d <- 5
	s := task.SelRecv(d)
	if got := task.Select(0, true, task.SelRecv(c), s); got != 1 || s.V != 5 || !s.OK {
		t.Errorf("ready: %d, %v", got, s.V)
	}
}

// A token is always in one of two channels: it is put into the other before it is taken out of the one. So there is no
// moment at which both are empty, and default must never be chosen, however the moves fall.
func TestSelectDefaultSeesOneMoment(t *testing.T) {
	a, b := make(chan int, 2), make(chan int, 2)
	a <- 1
	var stop atomic.Bool
	done := make(chan int)
	go func() {
		defer close(done)
		for !stop.Load() {
			b <- 1
			<-a
			a <- 1
			<-b
		}
	}()
	for range 20_000 {
		s0, s1 := task.SelRecv(a), task.SelRecv(b)
		switch task.Select(0, true, s0, s1) {
		case 0:
			a <- 1
		case 1:
			b <- 1
		default:
			t.Error("chose default though one channel always has a value")
			stop.Store(true)
			<-done
			return
		}
	}
	stop.Store(true)
	<-done
}

func TestSelectClosedAndNil(t *testing.T) {
	both(t, func(t *testing.T) {
		c := make(chan int)
		close(c)
		s := task.SelRecv(c)
		s.V, s.OK = 3, true
		if got := task.Select(0, false, task.SelRecv[string](nil), s); got != 1 || s.V != 0 || s.OK {
			t.Errorf("closed: %d, %v, %v", got, s.V, s.OK)
		}
		p := task.Catch(func() {
			task.Select(0, false, task.SelSend(c).Val(1), task.SelSend[int](nil).Val(1))
		})
		if p == nil || p.Text() != "panic: send on closed channel" {
			t.Errorf("p = %v", p)
		}
	})
}

func TestSelectInterfaceValues(t *testing.T) {
	both(t, func(t *testing.T) {
		c, never := make(chan shaper), make(chan int)
		task.Go(0, func() {
			task.Select(0, false, task.SelSend(c).Val(square(4)), task.SelRecv(never))
			task.Select(0, false, task.SelSend(c).Val(nil), task.SelRecv(never))
		})
		s := task.SelRecv(c)
		if task.Select(0, false, s, task.SelRecv(never)); s.V != square(4) {
			t.Errorf("got %v", s.V)
		}
		if task.Select(0, false, s, task.SelRecv(never)); s.V != nil || !s.OK {
			t.Errorf("got %v, %v", s.V, s.OK)
		}
	})
}

func TestSelectDynamic(t *testing.T) {
	both(t, func(t *testing.T) {
		c, d := make(chan int), make(chan int)
		task.Go(0, func() {
			task.To(c, 0).Send(1)
			close(c)
			task.Recv(d, 0)
		})
		var v int
		var ok bool
		if got := task.Select(0, false, task.CaseRecv(c, &v, &ok), task.CaseRecv(d, nil, nil)); got != 0 || v != 1 || !ok {
			t.Errorf("got %d: %v, %v", got, v, ok)
		}
		task.Select(0, false, task.CaseRecv(c, &v, &ok))
		if v != 0 || ok {
			t.Errorf("closed: %v, %v", v, ok)
		}
		if got := task.Select(0, false, task.CaseSend(d, &v), task.CaseRecv((chan int)(nil), &v, nil)); got != 0 {
			t.Errorf("got %d", got)
		}
		if got := task.Select(0, true, task.CaseSend(d, &v), task.CaseRecv(d, nil, nil)); got != -1 {
			t.Errorf("got %d", got)
		}
	})
}

// uniform fails unless counts look like draws from a uniform distribution: each within six standard deviations, which
// by chance happens once in 500 million.
func uniform(t *testing.T, counts []int) {
	t.Helper()
	total := 0
	for _, n := range counts {
		total += n
	}
	p := 1 / float64(len(counts))
	mean, deviation := float64(total)*p, math.Sqrt(float64(total)*p*(1-p))
	for i, n := range counts {
		if math.Abs(float64(n)-mean) > 6*deviation {
			t.Errorf("clause %d was chosen %d times of %d, expected %.0f±%.0f", i, n, total, mean, deviation)
		}
	}
}

func TestSelectIsFairAmongReady(t *testing.T) {
	for _, n := range []int{2, 3, 5, 12} {
		var cases []task.Case
		for range n {
			c := make(chan int)
			close(c)
			cases = append(cases, task.SelRecv(c), task.SelRecv[int](nil))
		}
		counts := make([]int, n)
		for range 20_000 {
			counts[task.Select(0, false, cases...)/2]++
		}
		uniform(t, counts)
	}
}

func TestSelectIsFairToWaiters(t *testing.T) {
	c := make(chan int)
	close(c)
	counts := make([]int, 3)
	inTask(t, func() {
		for range 20_000 {
			counts[task.Select(0, true, task.SelRecv(c), task.SelRecv(c), task.SelRecv(c))]++
		}
	})
	uniform(t, counts)
}
