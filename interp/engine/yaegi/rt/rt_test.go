package rt_test

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/gobraid/gobraid/concurrency/task"
	"github.com/gobraid/gobraid/interp/engine/yaegi/rt"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// caught returns what f panics with.
func caught(f func()) (v any) {
	defer func() { v = recover() }()
	f()
	return nil
}

// TestPanics compares the panics of the helpers with those of Go itself.
func TestPanics(t *testing.T) {
	s, n, minus := make([]int, 3, 4), 5, -1
	var p *int
	for _, c := range []struct {
		name         string
		helper, real func()
	}{
		{"nil", func() { rt.Nil(1) }, func() { _ = *p }},
		{"index", func() { rt.Index(1, n, 3) }, func() { _ = s[n] }},
		{"negative index", func() { rt.Index(1, minus, 3) }, func() { _ = s[minus] }},
		{"divide", func() { rt.Divide(1) }, func() { _ = n / (n - 5) }},
		{"shift", func() { rt.Shift(1) }, func() { _ = 1 << minus }},
		{"slice high", func() { rt.Slice(1, 0, n, 4, false) }, func() { _ = s[0:n] }},
		{"slice low", func() { rt.Slice(1, 2, 1, 4, false) }, func() { _ = s[2:(n - 4)] }},
		{"slice open", func() { rt.Slice(1, n, 3, 4, true) }, func() { _ = s[n:] }},
		{"slice string", func() { rt.SliceString(1, 1, n, 3, false) }, func() { _ = "abc"[1:n] }},
		{"slice string open", func() { rt.SliceString(1, n, 3, 3, true) }, func() { _ = "abc"[n:] }},
		{"slice3", func() { rt.Slice3(1, 0, 1, n, 4) }, func() { _ = s[0:1:n] }},
		{"make", func() { rt.MakeSlice(1, minus, 0) }, func() { _ = make([]int, minus) }},
		{"make huge", func() { rt.MakeSlice(1, 1<<60, 1<<60) }, func() { _ = make([]int, n<<58) }},
		{"make cap", func() { rt.MakeSlice(1, 5, 2) }, func() { _ = make([]int, n, n-3) }},
		{"make chan", func() { rt.MakeChan(1, minus) }, func() { _ = make(chan int, minus) }},
		{"close", func() { var c chan int; rt.Close(1, c) }, func() { var c chan int; close(c) }},
		{"assert", func() { rt.MustAssert(1, "s", new(int), "any") }, func() { var x any = "s"; _ = x.(int) }},
		{"assert nil", func() { rt.MustAssert(1, nil, new(int), "any") }, func() { var x any; _ = x.(int) }},
		{"assert interface", func() { rt.MustAssert(1, 5, new(error), "any") }, func() { var x any = 5; _ = x.(error) }},
		{"equal", func() { rt.Equal([]int{}, []int{}) }, func() { var x any = []int{}; _ = x == x }},
	} {
		got, want := caught(c.helper), caught(c.real)
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: %v, want %v", c.name, got, want)
		}
		_, isGot := got.(runtime.Error)
		_, isWant := want.(runtime.Error)
		if isGot != isWant {
			t.Errorf("%s: %T, want %T", c.name, got, want)
		}
	}
}

// TestDefers runs deferred calls through all ways of leaving a function.
func TestDefers(t *testing.T) {
	var log []string
	add := func(s string) func() { return func() { log = append(log, s) } }
	take := func() string { s := strings.Join(log, " "); log = nil; return s }

	d := rt.NewDefers()
	rt.Run(d, func() { d.Push(add("1")); d.Push(add("2")); add("body")() })
	if got := take(); got != "body 2 1" {
		t.Errorf("plain: %s", got)
	}

	d = rt.NewDefers()
	v := caught(func() {
		rt.Run(d, func() { d.Push(add("1")); panic("p") })
	})
	if got := take(); got != "1" || v != "p" {
		t.Errorf("panic: %s, %v", got, v)
	}

	d = rt.NewDefers()
	rt.Run(d, func() {
		d.Push(add("after"))
		d.Push(func() { log = append(log, fmt.Sprint(rt.Recover(d))) })
		d.Push(func() { panic("second") })
		panic("first")
	})
	if got := take(); got != "second after" {
		t.Errorf("replaced and recovered: %s", got)
	}
	if rt.Recover(d) != nil {
		t.Error("a recovered panic is recovered again")
	}

	done := make(chan bool)
	go func() {
		defer close(done)
		d := rt.NewDefers()
		rt.Run(d, func() {
			d.Push(add("1"))
			d.Push(func() { runtime.Goexit() })
			d.Push(add("3"))
			runtime.Goexit()
		})
		t.Error("Goexit came back")
	}()
	<-done
	if got := take(); got != "3 1" {
		t.Errorf("Goexit: %s", got)
	}
}

// TestGuard hands a panic over with its value.
func TestGuard(t *testing.T) {
	v := caught(func() { rt.Guard(func() { rt.Panic(uint64(task.At(3, 7, 1)), errors.New("e")) }) })
	thrown, ok := v.(task.Thrower)
	if !ok {
		t.Fatalf("%T is no task.Thrower", v)
	}
	if value, _ := thrown.TaskPanic(); fmt.Sprint(value) != "e" {
		t.Errorf("value %v", value)
	}
	if again := caught(func() { rt.Guard(func() { panic(v) }) }); again != v {
		t.Errorf("a Thrower was wrapped: %v", again)
	}
}

// TestValues looks at the small helpers.
func TestValues(t *testing.T) {
	at, runes := rt.Runes("aé\xff")
	if fmt.Sprint(at, runes) != "[0 1 3] [97 233 65533]" {
		t.Error(at, runes)
	}
	m := map[string]int{"a": 1, "b": 2}
	sum := 0
	var k string
	var v int
	for it := rt.Iterate(m); rt.Next(it, &k, &v); {
		delete(m, "a")
		delete(m, "b")
		sum++
	}
	if sum != 1 {
		t.Errorf("%d entries of a map that lost them", sum)
	}
	for x, want := range map[any]int{int8(-3): -3, uint64(1 << 63): 1<<63 - 1, uint16(9): 9} {
		if got := rt.Int(x); got != want {
			t.Errorf("Int(%v) = %d", x, got)
		}
	}
	for name, f := range rt.Symbols() {
		if !f.IsValid() {
			t.Errorf("symbol %s", name)
		}
	}
}
