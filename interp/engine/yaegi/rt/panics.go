package rt

import (
	"math"
	"reflect"
	"runtime"
	"strings"
	"sync"

	"github.com/gobraid/gobraid/concurrency/task"
	"github.com/petermattis/goid"
)

// traces holds what is known of the panics under way, by goroutine.
var traces = struct {
	sync.Mutex
	m map[int64]*trace
}{m: map[int64]*trace{}}

// A trace is where a panic comes from.
type trace struct {
	site   task.Site
	value  any // what the program itself panics with
	frames []task.Frame
	passed bool // it has left a function of interpreted code
}

// at notes the site of a panic that the caller is about to cause.
func at(site uint64) {
	traces.Lock()
	defer traces.Unlock()
	traces.m[goid.Get()] = &trace{site: task.Site(site)}
}

// passed notes that the panic of this goroutine has left interpreted code.
func passed() {
	traces.Lock()
	defer traces.Unlock()
	id := goid.Get()
	if traces.m[id] == nil {
		traces.m[id] = &trace{}
	}
	traces.m[id].passed = true
}

// Recovered returns what compiled code that has recovered v is to see.
func Recovered(v any) any {
	traces.Lock()
	t := traces.m[goid.Get()]
	traces.Unlock()
	if t == nil || !t.passed {
		return v
	}
	v = genuine(v)
	take()
	return v
}

// left notes that the panic of this goroutine has left an interpreted function.
func left(f task.Frame) {
	traces.Lock()
	defer traces.Unlock()
	id := goid.Get()
	t := traces.m[id]
	if t == nil {
		t = &trace{}
		traces.m[id] = t
	}
	if len(t.frames) == 0 {
		t.frames = compiledFrames()
	}
	if len(t.frames) == 0 && t.site != 0 && t.site.Cell() == f.Cell {
		f.Line = t.site.Line()
	}
	t.frames = append(t.frames, f)
}

// leftLast reports whether the panic of this goroutine has left a function last.
func leftLast(name, file string) bool {
	traces.Lock()
	defer traces.Unlock()
	t := traces.m[goid.Get()]
	if t == nil || len(t.frames) == 0 {
		return false
	}
	f := t.frames[len(t.frames)-1]
	return f.Func == name && f.File == file
}

// compiledFrames returns the calls of compiled cells that are on the stack of this goroutine. The
// panic has not been recovered yet, so those it came from are.
func compiledFrames() []task.Frame {
	var pcs [64]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs[:])])
	var out []task.Frame
	for {
		f, more := frames.Next()
		if cell, ok := task.ParseCellFile(f.File); ok {
			out = append(out, task.Frame{Func: task.FuncName(f.Function), File: f.File, Cell: cell, Line: f.Line})
		}
		if !more {
			return out
		}
	}
}

// take returns and forgets the trace of this goroutine.
func take() []task.Frame {
	traces.Lock()
	defer traces.Unlock()
	id := goid.Get()
	t := traces.m[id]
	delete(traces.m, id)
	if t == nil {
		return nil
	}
	return t.frames
}

// A Thrown is a panic of interpreted code on its way to the task runtime.
type Thrown struct {
	value any
	stack []task.Frame
}

// TaskPanic returns the value of the panic and the interpreted functions it left.
func (t *Thrown) TaskPanic() (any, []task.Frame) { return t.value, t.stack }

// A Defect is the value of a panic that the interpreter, and not the program, has caused.
type Defect struct{ Value any }

// Error says that the engine has failed.
func (d *Defect) Error() string {
	return "the yaegi engine failed inside the interpreter (a defect of the engine, not of the cell): " + text(d.Value)
}

func text(v any) string {
	switch v := v.(type) {
	case error:
		return v.Error()
	case string:
		return v
	}
	return reflect.TypeOf(v).String()
}

// Guard calls f and hands a panic of it over with its trace. It is the outermost call of interpreted
// code on a goroutine.
func Guard(f func()) {
	done := false
	defer func() {
		if done {
			return
		}
		v := recover()
		if v == nil {
			return // runtime.Goexit
		}
		value := genuine(v)
		frames := take()
		switch v.(type) {
		case task.Thrower, *task.PanicError: // on its way from another task
			panic(v)
		}
		panic(&Thrown{thrown(value), frames})
	}()
	f()
	done = true
}

// thrown returns a panic value as the task runtime sees it: an error is one there too.
func thrown(v any) any {
	if x, ok := v.(V); ok && !x.T.native && x.T.has("Error", "func() string") {
		return x.asError()
	}
	return v
}

// guarded returns f under Guard.
func guarded(f func()) func() { return func() { Guard(f) } }

// genuine returns the value Go would have panicked with. The interpreter works with package reflect,
// whose panics on nil are values of its own.
func genuine(v any) any {
	if own(v) {
		return v
	}
	switch x := v.(type) {
	case *reflect.ValueError:
		if x.Kind == reflect.Invalid {
			return nilError()
		}
		return &Defect{v}
	case string:
		switch {
		case strings.Contains(x, "call of nil function"), strings.Contains(x, "Method on nil interface value"):
			return nilError()
		case strings.HasSuffix(x, "index out of range"):
			return negativeIndex() // a loop's counter that overflowed
		case strings.HasPrefix(x, "reflect"):
			return &Defect{v}
		}
	}
	return v
}

// negativeIndex returns the runtime.Error of a negative index.
func negativeIndex() (err any) {
	defer func() { err = recover() }()
	n := math.MinInt
	_ = make([]struct{}, 0)[n]
	return nil
}

// nilError returns the runtime.Error of a nil dereference.
func nilError() (err any) {
	defer func() { err = recover() }()
	var p *int
	_ = *p
	return nil
}

// Panic is panic(v).
func Panic(site uint64, v any) {
	traces.Lock()
	traces.m[goid.Get()] = &trace{site: task.Site(site), value: v}
	traces.Unlock()
	panic(v)
}

// own tells whether v, a string, is what the program itself panics with.
func own(v any) bool {
	s, ok := v.(string)
	if !ok {
		return false
	}
	traces.Lock()
	defer traces.Unlock()
	t := traces.m[goid.Get()]
	return t != nil && t.value == s
}

// Nil panics as a nil dereference does.
func Nil(site uint64) {
	at(site)
	panic(nilError())
}

// NilMethod panics as the method of a pointer type does that Go makes of the method of its element type, if the
// pointer is nil.
func NilMethod(site uint64, method, typ string) {
	at(site)
	panic(plainError("value method " + method + " called using nil *" + typ + " pointer"))
}

// A plainError is a runtime.Error with a text of its own.
type plainError string

// RuntimeError makes it a runtime.Error.
func (plainError) RuntimeError() {}

// Error returns the text.
func (e plainError) Error() string { return string(e) }

// Index panics as x[i] does for a list of length n.
func Index(site uint64, i, n int) {
	at(site)
	_ = make([]struct{}, n)[i]
}

// Divide panics as an integer division by zero does.
func Divide(site uint64) {
	at(site)
	zero := 0
	_ = 1 / zero
}

// Shift panics as a shift by a negative count does.
func Shift(site uint64) {
	at(site)
	n := -1
	_ = 1 << n
}

// Slice panics as s[low:high] does for a slice with the given capacity, or s[low:] for one of length
// high if open is set.
func Slice(site uint64, low, high, capacity int, open bool) {
	at(site)
	if open {
		_ = make([]struct{}, high)[low:]
		return
	}
	_ = make([]struct{}, 0, capacity)[low:high]
}

// SliceString panics as s[low:high] does for a string or an array of the given length.
func SliceString(site uint64, low, high, length int, _ bool) {
	at(site)
	_ = strings.Repeat(" ", length)[low:high]
}

// Slice3 panics as s[low:high:top] does.
func Slice3(site uint64, low, high, top, capacity int) {
	at(site)
	_ = make([]struct{}, 0, capacity)[low:high:top]
}

// MakeSlice panics as make([]T, n, capacity) does.
func MakeSlice(site uint64, n, capacity int) {
	at(site)
	type large [1 << 30]byte
	_ = make([]large, n, capacity)
}

// MakeChan panics as make(chan T, n) does.
func MakeChan(site uint64, n int) {
	at(site)
	_ = make(chan struct{}, n)
}

// Goexit is runtime.Goexit.
func Goexit() { runtime.Goexit() }
