package yaegi_test

import (
	"errors"
	"fmt"
	"reflect"
	"sync"
	"testing"

	"github.com/gobraid/gobraid/concurrency/task"
	"github.com/gobraid/gobraid/interp/engine"
	"go.uber.org/goleak"
)

// A signal is an Output that tells of the first thing printed.
type signal struct {
	buffer
	once    sync.Once
	running chan struct{}
}

func (s *signal) Write(string, []byte) { s.once.Do(func() { close(s.running) }) }

// TestInterrupt ends cells that would run for ever, and runs more cells after them.
func TestInterrupt(t *testing.T) {
	if raceDetector {
		t.Skip("interpreted code reads the stop word without synchronisation: see the package comment")
	}
	// What waits for a mutex or a wait group stays, in a helper goroutine: see package task.
	defer goleak.VerifyNone(t, goleak.IgnoreAnyFunction("github.com/gobraid/gobraid/concurrency/task.(*delegate).run"))
	cause := errors.New("interrupted")
	for _, text := range []string{
		"for {}",
		"n := 0\nfor i := 0; ; i++ { n += i & 7 }",
		"select {}",
		"c := make(chan int)\n<-c",
		"c := make(chan int)\nc <- 1",
		"for range make(chan int) {}",
		"import \"time\"\ntime.Sleep(time.Hour)",
		"import \"sync\"\nvar mu sync.Mutex\nmu.Lock()\nmu.Lock()",
		"import \"sync\"\nvar wg sync.WaitGroup\nwg.Add(1)\nwg.Wait()",
		"func f(n int) int { if n == 0 { return 0 }; return f(n-1) + f(n-1) }\nf(100)",
		"func f() { defer func() { recover() }(); for {} }\nf()",
		"go func() { for {} }()\nselect {}",
	} {
		s := newSession()
		if _, _, err := s.run("kept := 41", &buffer{}); err != nil {
			t.Fatal(err)
		}
		_, p, err := s.prepare("import \"fmt\"\nfmt.Print(\"running\")\n" + text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		out := &signal{running: make(chan struct{})}
		run := task.NewRun(s.cells, out)
		ended := make(chan task.End)
		go func() { ended <- run.Do(func() { p.Run() }) }()
		<-out.running
		run.Kill(cause)
		if end := <-ended; !end.Killed || end.Panic != nil || len(end.Abandoned) > 0 {
			t.Errorf("%s: %+v", text, end)
		}
		if err := closeRun(run); err != nil {
			t.Error(err)
		}
		vals, end, err := s.run("kept + 1", &buffer{})
		if err != nil || end.Panic != nil || len(vals) != 1 || vals[0].Int() != 42 {
			t.Errorf("after %s: %v %v %v", text, vals, end, err)
		}
	}
}

// TestBindings gives variables and functions to compiled code.
func TestBindings(t *testing.T) {
	s := newSession()
	cell, p, err := s.prepare(`import "sync"
n, words := 1, []string{"a"}
type T struct{ x int }
t := T{1}
var mu sync.Mutex
var e error
func add(d int) int { n += d; return n }
func (t T) get() int { return t.x }
func gone(t T) {}
const k = 5`)
	if err != nil {
		t.Fatal(err)
	}
	if c := p.(engine.Counter); c.Defined() != 0 {
		t.Errorf("%d variables defined before the run", c.Defined())
	}
	run := task.NewRun(1, &buffer{})
	run.Do(func() { p.Run() })
	defer closeRun(run)
	if c := p.(engine.Counter); c.Defined() != len(cell.Vars) {
		t.Errorf("%d variables defined", c.Defined())
	}
	byName := map[string]*engine.Binding{}
	for obj, b := range p.Bindings() {
		byName[obj.Name()] = b
		if b.Engine != "yaegi" {
			t.Errorf("%s belongs to %q", obj.Name(), b.Engine)
		}
	}
	n := task.Bound[int](byName["n"].Key)
	*n = 10
	add := byName["add"].Func.Interface().(func(int) int)
	if got := add(5); got != 15 || *n != 15 {
		t.Errorf("add(5) = %d, n = %d", got, *n)
	}
	if w := task.Bound[[]string](byName["words"].Key); len(*w) != 1 {
		t.Errorf("words %v", *w)
	}
	task.Bound[error](byName["e"].Key)
	if byName["t"].Key != "" || byName["gone"].Func.IsValid() {
		t.Error("something of a type of the cell has a name for compiled code")
	}
	if byName["k"] == nil || byName["T"] == nil {
		t.Error("no binding of the constant or the type")
	}
}

// TestCompiled uses what compiled code declares, through bindings as the other engine makes them.
func TestCompiled(t *testing.T) {
	s := newSession()
	cell, errs := s.checker.Check(1, task.CellFile(1), "x := 1\nfunc double(n int) int { return 2 * n }\ntype T struct{ a int }\nt := T{}")
	if len(errs) > 0 {
		t.Fatal(errs[0])
	}
	s.cells++
	s.checker.Declare(cell, len(cell.Vars))
	x := 20
	s.scope.Bindings[cell.Pkg.Scope().Lookup("x")] = &engine.Binding{Engine: "compiled", Pointer: reflect.ValueOf(&x)}
	s.scope.Bindings[cell.Pkg.Scope().Lookup("double")] = &engine.Binding{Engine: "compiled", Func: reflect.ValueOf(func(n int) int { return 2 * n })}
	vals, end, err := s.run("f := double\nx = double(x) + f(1)\nfor i := range 3 { x += double(i) }\nx", &buffer{})
	if err != nil || end.Panic != nil || len(vals) != 1 || vals[0].Int() != 48 || x != 48 {
		t.Errorf("%v %v %v, x is %d", vals, end.Panic, err, x)
	}
	var r *engine.Refusal
	if _, _, err := s.prepare("t.a"); !errors.As(err, &r) {
		t.Errorf("a variable of a type that only compiled code has: %v", err)
	}
}

// TestProvide lets cells import a package of the host.
func TestProvide(t *testing.T) {
	s := newSession()
	s.engine.Provide("strings", map[string]reflect.Value{"ToUpper": reflect.ValueOf(func(string) string { return "provided" })})
	vals, _, err := s.run("import \"strings\"\nstrings.ToUpper(\"a\")", &buffer{})
	if err != nil || len(vals) != 1 || vals[0].String() != "provided" {
		t.Errorf("%v %v", vals, err)
	}
}

// TestBackground prepares and runs cells while goroutines of earlier cells run interpreted code.
func TestBackground(t *testing.T) {
	if raceDetector {
		t.Skip("the interpreter has data races of its own")
	}
	s := newSession()
	cell, p, err := s.prepare(`import ("fmt"; "sync/atomic")
var n atomic.Int64
stop := make(chan bool)
type T struct { v int; next *T }
func fib(n int) int { if n < 2 { return n }; return fib(n-1) + fib(n-2) }
for i := range 4 {
	go func() {
		for {
			select {
			case <-stop:
				return
			default:
			}
			t := &T{v: i, next: &T{v: fib(8)}}
			m := map[string]int{fmt.Sprint(i): t.next.v}
			f := func() int { return m[fmt.Sprint(i)] }
			if f() != 21 { panic("wrong") }
			n.Add(1)
		}
	}()
}`)
	if err != nil {
		t.Fatal(err)
	}
	run := task.NewRun(1, &buffer{})
	if end := run.Do(func() { p.Run() }); end.Panic != nil {
		t.Fatal(end.Panic)
	}
	for obj, b := range p.Bindings() {
		s.scope.Bindings[obj] = b
	}
	s.checker.Declare(cell, len(cell.Vars))
	for i := range 150 {
		text := fmt.Sprintf("type U struct{ x int }\nu := U{%d}\nfunc get(u U) int { return u.x + fib(5) }\ns := 0\nfor range 10 { s += get(u) }\ns", i)
		vals, end, err := s.run(text, &buffer{})
		if err != nil || end.Panic != nil || len(vals) != 1 || int(vals[0].Int()) != 10*(i+5) {
			t.Fatalf("cell %d: %v %v %v", i, vals, end.Panic, err)
		}
	}
	vals, _, err := s.run("close(stop)\nn.Load() > 0", &buffer{})
	if err != nil || !vals[0].Bool() {
		t.Errorf("%v %v", vals, err)
	}
	if err := closeRun(run); err != nil {
		t.Error(err)
	}
}
