package task_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"reflect"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/gobraid/gobraid/concurrency/task"
)

func panicOf(t *testing.T, f func()) *task.PanicError {
	t.Helper()
	r, _ := newRun(t, 9)
	end := r.Do(f)
	if end.Panic == nil {
		t.Fatalf("no panic: %+v", end)
	}
	if end.Killed {
		t.Error("a run that panicked counts as killed")
	}
	return end.Panic
}

func TestPanicKeepsRuntimeError(t *testing.T) {
	p := panicOf(t, func() { boom(5) })
	if _, ok := p.Value.(runtime.Error); !ok {
		t.Errorf("value is a %T", p.Value)
	}
	if got, want := p.Text(), "panic: runtime error: index out of range [5] with length 1"; got != want {
		t.Errorf("text = %q, want %q", got, want)
	}
	var re runtime.Error
	if !errors.As(p, &re) {
		t.Error("it does not unwrap to the runtime.Error")
	}
}

func frames(p *task.PanicError) string {
	var b strings.Builder
	for _, f := range p.Stack {
		fmt.Fprintf(&b, "%s %d:%d\n", f.Func, f.Cell, f.Line)
	}
	return b.String()
}

func TestPanicShowsUserFramesOnly(t *testing.T) {
	p := panicOf(t, func() {
		Ʞoutermost(func() { (&Ʞthing{3}).fail() })
	})
	want := "(*thing).fail 9:21\noutermost.func1 9:32\noutermost 9:33\n"
	if got := frames(p); got != want {
		t.Errorf("frames:\n%swant:\n%s", got, want)
	}
	if p.Value != 3 {
		t.Errorf("value = %v", p.Value)
	}
}

func TestPanicWithoutUserFramesShowsOthers(t *testing.T) {
	p := panicOf(t, func() { panic("here") })
	if len(p.Stack) == 0 || !strings.Contains(p.Stack[0].Func, "TestPanicWithoutUserFrames") || p.Stack[0].Cell != 0 {
		t.Errorf("stack = %+v", p.Stack)
	}
}

func TestPanicTellsWhereTasksWereStarted(t *testing.T) {
	r, _ := newRun(t, 9)
	var ids [2]int64
	end := r.Do(func() {
		ids[0] = task.Current().ID()
		task.Go(task.At(9, 1, 5), func() {
			ids[1] = task.Current().ID()
			task.Go(task.At(9, 2, 6), func() {
				task.Current().SetName("worker")
				panic("deep")
			})
			task.Forever(0)
		})
		task.Forever(0)
	})
	want := []task.Origin{{Task: ids[1], Site: task.At(9, 2, 6)}, {Task: ids[0], Site: task.At(9, 1, 5)}}
	if end.Panic == nil || !reflect.DeepEqual(end.Panic.Started, want) || end.Panic.Name != "worker" {
		t.Errorf("panic = %+v, want Started %v", end.Panic, want)
	}
}

func TestOriginsAreBounded(t *testing.T) {
	r, _ := newRun(t, 9)
	var next func(n int)
	next = func(n int) {
		if n == 0 {
			panic("last")
		}
		task.Go(task.At(9, n, 0), func() { next(n - 1) })
		task.Forever(0)
	}
	end := r.Do(func() { next(100) })
	n := len(end.Panic.Started)
	if n == 0 || n > 20 || end.Panic.Started[0].Site != task.At(9, 1, 0) {
		t.Errorf("%d origins: %v", n, end.Panic.Started)
	}
}

func TestPanicKillsTheRun(t *testing.T) {
	r, _ := newRun(t, 9)
	var deferred atomic.Int32
	end := r.Do(func() {
		defer deferred.Add(1)
		var ready sync.WaitGroup
		for range 5 {
			ready.Add(1)
			task.Go(0, func() {
				defer deferred.Add(1)
				ready.Done()
				task.Forever(0)
			})
		}
		ready.Wait()
		task.Go(0, func() { panic(errStop) })
		task.Forever(0)
	})
	if end.Panic == nil || !errors.Is(end.Panic, errStop) || end.Killed {
		t.Errorf("end = %+v", end)
	}
	until(t, "all are gone", func() bool { return r.Live() == 0 })
	if deferred.Load() != 6 {
		t.Errorf("%d deferred functions ran", deferred.Load())
	}
}

// When a Go program dies of a panic only the goroutine that panicked unwinds. Here the others do too, for the sake
// of their locks, but nobody sees it.
func TestPanicUnwindsOthersSilently(t *testing.T) {
	r, out := newRun(t, 9)
	r.Do(func() {
		ready := make(chan int)
		task.Go(0, func() {
			defer task.Print("other")
			close(ready)
			task.Forever(0)
		})
		task.Recv(ready, 0)
		defer task.Print("own")
		panic(1)
	})
	until(t, "all are gone", func() bool { return r.Live() == 0 })
	if got := out.stdout(); got != "own" {
		t.Errorf("stdout = %q", got)
	}
}

func TestPanicAfterTheRun(t *testing.T) {
	type report struct {
		run *task.Run
		p   *task.PanicError
	}
	reports := make(chan report, 1)
	task.OnPanic(func(r *task.Run, p *task.PanicError) { reports <- report{r, p} })
	defer task.OnPanic(func(*task.Run, *task.PanicError) {})

	r, _ := newRun(t, 9)
	c, d := make(chan int), make(chan int)
	r.Do(func() {
		task.Go(0, func() { boom(task.Recv(c, 0)) })
		task.Go(0, func() { task.Recv(d, 0) })
	})
	c <- 1
	got := <-reports
	if got.run != r || got.p.Text() != "panic: runtime error: index out of range [1] with length 1" {
		t.Errorf("report = %+v", got)
	}
	until(t, "the other task lives", func() bool { return r.Live() == 1 })
	d <- 2
	until(t, "and ends", func() bool { return r.Live() == 0 })
}

func TestRecoveredPanicIsNone(t *testing.T) {
	r, _ := newRun(t, 9)
	var got any
	end := r.Do(func() {
		defer func() { got = recover() }()
		boom(1)
	})
	if end.Panic != nil || got == nil {
		t.Errorf("recovered %v, end = %+v", got, end)
	}
}

func TestRepanic(t *testing.T) {
	p := panicOf(t, func() { repanic(func() { boom(2) }) })
	if _, ok := p.Value.(runtime.Error); !ok {
		t.Errorf("value is a %T", p.Value)
	}
	if got := frames(p); !strings.HasPrefix(got, "repanic.func1 9:42\n") || !strings.Contains(got, "boom 9:11\n") {
		t.Errorf("frames:\n%s", got)
	}
}

func TestNestedPanicIsTheLast(t *testing.T) {
	p := panicOf(t, func() {
		defer func() { panic("second") }()
		panic("first")
	})
	if p.Value != "second" {
		t.Errorf("value = %v", p.Value)
	}
}

func TestGoexitDuringPanic(t *testing.T) {
	r, _ := newRun(t, 9)
	end := r.Do(func() {
		defer runtime.Goexit()
		panic("dropped")
	})
	if end.Panic != nil || !end.Goexit {
		t.Errorf("end = %+v", end)
	}
}

func TestPanicInGroup(t *testing.T) {
	r, _ := newRun(t, 9)
	var wg sync.WaitGroup
	defer wg.Done() // for who still waits
	end := r.Do(func() {
		task.WaitGroupGo(&wg, 0, func() { boom(3) })
		task.WaitGroupWait(&wg, 0)
		t.Error("the group was told of a task that panicked")
	})
	if end.Panic == nil || !strings.Contains(frames(end.Panic), "boom 9:11") {
		t.Errorf("end = %+v", end)
	}
}

func TestGroupMisuse(t *testing.T) {
	p := panicOf(t, func() {
		var wg sync.WaitGroup
		task.WaitGroupGo(&wg, 0, func() { wg.Done() })
		task.Forever(0)
	})
	if p.Text() != "panic: sync: negative WaitGroup counter" {
		t.Error(p.Text())
	}
}

type thrown struct{ value any }

func (t thrown) TaskPanic() (any, []task.Frame) {
	return t.value, []task.Frame{{Func: "f", Cell: 2, Line: 3}}
}

func TestThrower(t *testing.T) {
	p := panicOf(t, func() { panic(thrown{"inner"}) })
	if p.Text() != "panic: inner" || frames(p) != "f 2:3\n" {
		t.Errorf("%s\n%s", p.Text(), frames(p))
	}
}

func TestCatch(t *testing.T) {
	p := task.Catch(func() { boom(4) })
	if p == nil || !strings.Contains(frames(p), "boom 9:11") {
		t.Errorf("p = %+v", p)
	}
	if again := task.Catch(func() { panic(p) }); again != p {
		t.Errorf("a carried panic was wrapped: %+v", again)
	}
	if p := task.Catch(func() {}); p != nil {
		t.Errorf("p = %+v", p)
	}
}

func TestNilFunction(t *testing.T) {
	r, _ := newRun(t, 9)
	end := r.Do(func() {
		task.Go(0, nil)
		task.Forever(0)
	})
	if end.Panic == nil || end.Panic.Text() != "panic: runtime error: invalid memory address or nil pointer dereference" {
		t.Errorf("end = %+v", end)
	}
}

type (
	str     string
	num     int
	cplx    complex128
	flag    bool
	record2 struct{ a, b int }
	speaker struct{}
	broken  struct{}
)

func (speaker) String() string { return "I speak\ntwice" }
func (*broken) Error() string  { panic("no text") }

// panicValues are values to panic with, by name.
var panicValues = map[string]any{
	"nil":      nil,
	"int":      42,
	"negative": int8(-7),
	"float":    1.5,
	"float32":  float32(0.1),
	"big":      1e300,
	"complex":  complex(1, -2),
	"bool":     true,
	"string":   "two\nlines",
	"rune":     'x',
	"uintptr":  uintptr(9),
	"error":    errors.New("an\nerror"),
	"wrapped":  fmt.Errorf("outer: %w", errStop),
	"stringer": speaker{},
	"str":      str("s\nt"),
	"num":      num(3),
	"cplx":     cplx(1i),
	"flag":     flag(true),
	"struct":   record2{1, 2},
	"pointer":  &record2{1, 2},
	"slice":    []int{1},
	"map":      map[string]record2{},
	"func":     func() {},
	"array":    [2]str{},
}

const panicVariable = "TASK_TEST_PANIC"

var address = regexp.MustCompile(`\) 0x[0-9a-f]+`)

// Go itself is asked what it prints: this test's binary runs once more for each value and dies of it.
func TestPanicTextIsGos(t *testing.T) {
	if name := os.Getenv(panicVariable); name != "" {
		panic(panicValues[name])
	}
	for name, v := range panicValues {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cmd := exec.Command(os.Args[0], "-test.run=^TestPanicTextIsGos$")
			cmd.Env = append(os.Environ(), panicVariable+"="+name)
			out, err := cmd.Output()
			if err == nil {
				t.Fatalf("it survived: %s", out)
			}
			stderr := err.(*exec.ExitError).Stderr
			_, stderr, _ = bytes.Cut(append([]byte("\n"), stderr...), []byte("\npanic: "))
			text, _, _ := bytes.Cut(stderr, []byte("\n\ngoroutine "))
			want, _, _ := strings.Cut(string(text), " [recovered")
			p := task.Catch(func() { panic(v) })
			got := address.ReplaceAllString(strings.TrimPrefix(p.Text(), "panic: "), ") 0x")
			if want = address.ReplaceAllString(want, ") 0x"); got != want {
				t.Errorf("text = %q, Go prints %q", got, want)
			}
		})
	}
}

func TestPanicWhosePrintingPanics(t *testing.T) {
	p := panicOf(t, func() { panic(&broken{}) })
	if p.Text() != "panic: (*task_test.broken) panicked while printing its panic value" {
		t.Error(p.Text())
	}
}

// An End tells how many others a panic has ended; what comes after Do is kept for who asks.
func TestPanicEndsOthers(t *testing.T) {
	run, _ := newRun(t, 1)
	end := run.Do(func() {
		for range 3 {
			task.Go(0, func() { task.Forever(0) })
		}
		until(t, "three tasks that wait", func() bool { return count(run, task.WaitForever) == 3 })
		task.Go(0, func() { panic("one of five") })
		task.Forever(0)
	})
	if end.Panic == nil || end.Cancelled != 4 {
		t.Errorf("ended with %+v", end)
	}
	if p := run.Panics(); len(p) != 0 {
		t.Errorf("late panics: %v", p)
	}
}

func TestPanicsAfterDo(t *testing.T) {
	run, _ := newRun(t, 1)
	release := make(chan int)
	end := run.Do(func() {
		for range 2 {
			task.Go(0, func() { panic(task.Recv(release, 0)) })
		}
	})
	if end.Panic != nil || end.Cancelled != 0 {
		t.Errorf("ended with %+v", end)
	}
	for i := range 2 {
		release <- i
		until(t, "the panic", func() bool { return len(run.Panics()) == i+1 })
		if p := run.Panics()[i]; p.Value != i || p.Text() != "panic: "+[]string{"0", "1"}[i] {
			t.Errorf("panic %d is %v", i, p)
		}
	}
	if run.Context().Err() != nil {
		t.Error("the run was killed")
	}
}
