package steps_test

import (
	"context"
	"fmt"
	"go/token"
	"io"
	"reflect"
	"runtime"
	"sort"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unsafe"

	"github.com/gobraid/gobraid/interp/engine/yaegi/steps"
	"github.com/traefik/yaegi/interp"
	"github.com/traefik/yaegi/stdlib"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestCheck fails when the interpreter has changed inside: then no step is replaced, and all is as slow as the interpreter.
func TestCheck(t *testing.T) {
	if err := steps.Check(); err != nil {
		t.Fatal(err)
	}
}

// compiled are functions that programs call as rt.….
type compiled struct {
	stop  atomic.Uint32
	calls map[string]int // how often a function was called directly or not
}

func (c *compiled) hooks(left func(string)) *steps.Hooks {
	return &steps.Hooks{Stop: &c.stop, Left: func(name string, _ token.Pos) { left(name) }, Direct: map[string]steps.Direct{
		"One":   steps.Func0To1(func() int { c.calls["One direct"]++; return 1 }),
		"Put":   steps.Func2(func(l []int, x int) { c.calls["Put direct"]++; l[0] = x }),
		"Sum":   steps.Func2To1(func(a, b int) int { c.calls["Sum direct"]++; return a + b }),
		"Split": steps.Func2To2(func(s string, i int) (string, string) { c.calls["Split direct"]++; return s[:i], s[i:] }),
		"Call":  steps.Func3(func(f func(), a, b int) { c.calls["Call direct"]++; f() }),
		"Half":  steps.Func1To1(func(x time.Duration) time.Duration { c.calls["Half direct"]++; return x / 2 }),
		"Count": steps.Func1(func(p *int) { c.calls["Count direct"]++; *p++ }),
		"Fail": steps.Func3To1(func(site uint64, ctx context.Context, d time.Duration) error {
			c.calls["Fail direct"]++
			return fail(ctx, d)
		}),
		"Take": steps.Func2To1(func(k uint64, c <-chan int) int { return <-c }),
		"Give": steps.Func3(func(k uint64, c chan<- int, x int) { c <- x }),
	}}
}

// fail returns an error that tells of its arguments.
func fail(ctx context.Context, d time.Duration) error {
	if ctx == nil || d == 0 {
		return nil
	}
	return fmt.Errorf("%v after %v", ctx, d)
}

func (c *compiled) symbols() map[string]reflect.Value {
	return map[string]reflect.Value{
		"Stop":  reflect.ValueOf((*bool)(unsafe.Pointer(&c.stop))), // right where the lowest byte comes first
		"One":   reflect.ValueOf(func() int { c.calls["One"]++; return 1 }),
		"Put":   reflect.ValueOf(func(l []int, x int) { c.calls["Put"]++; l[0] = x }),
		"Sum":   reflect.ValueOf(func(a, b int) int { c.calls["Sum"]++; return a + b }),
		"Split": reflect.ValueOf(func(s string, i int) (string, string) { c.calls["Split"]++; return s[:i], s[i:] }),
		"Call":  reflect.ValueOf(func(f func(), a, b int) { c.calls["Call"]++; f() }),
		"Half":  reflect.ValueOf(func(x time.Duration) time.Duration { c.calls["Half"]++; return x / 2 }),
		"Count": reflect.ValueOf(func(p *int) { c.calls["Count"]++; *p++ }),
		"Fail":  reflect.ValueOf(func(site uint64, ctx context.Context, d time.Duration) error { c.calls["Fail"]++; return fail(ctx, d) }),
		"Apply": reflect.ValueOf(func(f func(int) string, x int) string { return steps.Call1To1(f, x) }),
		"Check": reflect.ValueOf(func(f func(context.Context, int) error, x int) string {
			return fmt.Sprint(steps.Call2To1(f, context.Background(), x))
		}),
		"Text":  reflect.ValueOf(strconv.Itoa),
		"Take":  reflect.ValueOf(func(k uint64, c <-chan int) int { return <-c }),
		"Give":  reflect.ValueOf(func(k uint64, c chan<- int, x int) { c <- x }),
		"Raise": reflect.ValueOf(func() { c.stop.Store(1) }),
		"Sort":  reflect.ValueOf(func(l []int, less func(i, j int) bool) { sort.Slice(l, less) }),
		"Exit":  reflect.ValueOf(runtime.Goexit),
		"Panic": reflect.ValueOf(func(v any) { panic(v) }),
	}
}

// run runs the function f of a text, and returns what it gives or panics with, and the functions that a panic left.
func run(t *testing.T, text string, c *compiled, improve bool) (out string, left []string) {
	t.Helper()
	vm := interp.New(interp.Options{Stdout: io.Discard, Stderr: writer(func(line string) {
		if _, name, ok := strings.Cut(line, "panic: main."); ok {
			name, _, _ = strings.Cut(name, "(")
			name, _, _ = strings.Cut(name, ".")
			left = append(left, name)
		}
	})})
	if err := vm.Use(interp.Exports{"rt/rt": c.symbols(), "context/context": stdlib.Symbols["context/context"], "time/time": stdlib.Symbols["time/time"]}); err != nil {
		t.Fatal(err)
	}
	prog, err := vm.Compile("package main\nimport (\"rt\"; \"context\"; \"time\")\nvar _, _, _ = rt.Stop, context.Background, time.Second\n" + text)
	if err != nil {
		t.Fatal(err)
	}
	if improve {
		defer steps.Improve(prog, c.hooks(func(name string) { left = append(left, name) }))()
	}
	if _, err := vm.Execute(prog); err != nil {
		t.Fatal(err)
	}
	f, err := vm.Eval("f")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		ended := false
		defer func() {
			if ended {
				return
			}
			out = "exit"
			if v := recover(); v != nil {
				out = fmt.Sprint("panic: ", v)
			}
		}()
		for _, v := range f.Call(nil) {
			out += fmt.Sprintf("%v ", v)
		}
		ended = true
	}()
	<-done
	return out, left
}

// A writer is called with what is written.
type writer func(string)

func (w writer) Write(p []byte) (int, error) {
	w(string(p))
	return len(p), nil
}
