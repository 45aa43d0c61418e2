package task

import (
	"fmt"
	"reflect"
	"runtime"
	"strconv"
	"strings"
)

// A Frame is a call in a traceback.
type Frame struct {
	Func string // as the user wrote it: foo, (*T).m, foo.func1; empty for the cell itself
	File string
	Cell int // the cell of the file, 0 when the file is not a cell's
	Line int
}

// An Origin tells which task started another, and where.
type Origin struct {
	Task int64
	Site Site
}

// A PanicError is a panic that was caught at the top of a task. It is an error, so that it can be the cause of other
// things' end.
type PanicError struct {
	// Value is what panic was given: unchanged, so a runtime.Error is one still.
	Value any
	// Stack are the calls that led to the panic, the innermost first: those in cells, or all but the
	// runtime's when there are none.
	Stack []Frame
	// Task is the id of the task, Name its name.
	Task int64
	Name string
	// Started tells where the task was started, then where the task that did so was, and so on. It is empty for
	// a main task.
	Started []Origin

	text string
}

// Text returns the panic in Go's words, such as "panic: runtime error: integer divide by zero".
func (p *PanicError) Text() string { return "panic: " + p.text }

// Error returns Text.
func (p *PanicError) Error() string { return p.Text() }

// Unwrap returns the value if it is an error.
func (p *PanicError) Unwrap() error {
	err, _ := p.Value.(error)
	return err
}

// A Thrower is a panic value that carries another. An engine that interprets panics with one, to hand over
// what the stack of its own goroutine cannot tell.
type Thrower interface {
	TaskPanic() (value any, stack []Frame)
}

// A Panicker is a panic value that stands for another, of a type that only its engine can name.
type Panicker interface {
	// PanicText returns what Go would print of the other value.
	PanicText() string
}

// PanicText returns a panic value of the type with the given name, and made of a basic one, as Go prints it when a program dies
// of it.
func PanicText(typ string, v any) string {
	r := reflect.ValueOf(v)
	if r.Kind() == reflect.String {
		return typ + `("` + r.String() + `")`
	}
	basic, ok := builtinText(r)
	switch {
	case !ok:
		return fmt.Sprintf("(%s) %s", typ, pointerText(v))
	case r.Kind() == reflect.Complex64 || r.Kind() == reflect.Complex128:
		return typ + basic
	}
	return typ + "(" + basic + ")"
}

// Catch calls f and returns the panic f ended with, or nil. runtime.Goexit goes through it.
func Catch(f func()) (p *PanicError) {
	defer func() {
		if v := recover(); v != nil {
			p = newPanic(current(), v)
		}
	}()
	f()
	return nil
}

// newPanic describes a panic with value v. It is called by the deferred function that recovered it,
// while the frames that panicked are still on the stack.
func newPanic(t *Task, v any) *PanicError {
	if p, ok := v.(*PanicError); ok {
		return p // carried from another task, with its stack
	}
	p := &PanicError{Value: v, Stack: callers()}
	if th, ok := v.(Thrower); ok {
		p.Value, p.Stack = th.TaskPanic()
	} else {
		p.Value = Recovered(v)
	}
	p.text = panicText(p.Value)
	if t == nil {
		return p
	}
	p.Task = t.id
	p.Name = t.Info().Name
	site := t.site
	for a := t.up; a != nil; a = a.up {
		p.Started = append(p.Started, Origin{a.id, site})
		site = a.site
	}
	return p
}

const (
	maxCallers = 512 // looked at
	maxFrames  = 100 // kept
)

// callers returns the frames of the calling goroutine that are in cells, or else those that are neither the
// runtime's nor this package's.
func callers() []Frame {
	pcs := make([]uintptr, maxCallers)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs)])
	var user, other []Frame
	for {
		f, more := frames.Next()
		n, ok := ParseCellFile(f.File)
		frame := Frame{Func: FuncName(f.Function), File: f.File, Cell: n, Line: f.Line}
		switch {
		case ok && len(user) < maxFrames:
			user = append(user, frame)
		case !ok && len(other) < maxFrames && !internal(f.Function):
			frame.Func = f.Function
			other = append(other, frame)
		}
		if !more {
			break
		}
	}
	if user != nil {
		return user
	}
	return other
}

// thisPackage is the prefix of the names of this package's functions.
var thisPackage = reflect.TypeFor[Task]().PkgPath() + "."

func internal(name string) bool {
	return strings.HasPrefix(name, "runtime.") || strings.HasPrefix(name, thisPackage)
}

// exportMark is what the lowering puts before the user's identifiers to export them, cellBody what it calls the
// function that holds the statements of a cell.
const (
	exportMark = 'Ʞ'
	cellBody   = "øcell"
)

// FuncName returns the name of a cell's function as the user wrote it, from the name the linker
// knows: main.(*Ʞt).m becomes (*t).m. The cell itself has no name.
func FuncName(name string) string {
	head := len(name)
	if i := strings.IndexAny(name, "(["); i >= 0 {
		head = i
	}
	path := strings.LastIndexByte(name[:head], '/') + 1
	if dot := strings.IndexByte(name[path:], '.'); dot >= 0 {
		name = name[path+dot+1:]
	}
	if rest, ok := strings.CutPrefix(name, cellBody); ok && (rest == "" || rest[0] == '.') {
		name = strings.TrimPrefix(rest, ".")
	}
	return unmark(name)
}

// WithoutArguments returns the function of a line of a stack dump: of main.(*T).f(0x1, {0x2, 0x3}) that is main.(*T).f.
func WithoutArguments(line string) string {
	depth := 0
	for i := len(line) - 1; i >= 0; i-- {
		switch line[i] {
		case ')':
			depth++
		case '(':
			if depth--; depth == 0 {
				return line[:i]
			}
		}
		if depth == 0 {
			break // it ends in something else than arguments
		}
	}
	return line
}

// unmark removes the export mark at the start of every identifier in s.
func unmark(s string) string {
	if !strings.ContainsRune(s, exportMark) {
		return s
	}
	var b strings.Builder
	start := true
	for _, r := range s {
		if r != exportMark || !start {
			b.WriteRune(r)
		}
		start = strings.ContainsRune(".()[]*, {};", r)
	}
	return b.String()
}

// panicText returns a panic value as Go prints it when a program dies of it.
func panicText(v any) (text string) {
	defer func() {
		if r := recover(); r != nil {
			text = fmt.Sprintf("(%s) panicked while printing its panic value", typeName(reflect.TypeOf(v)))
		}
	}()
	switch x := v.(type) {
	case nil:
		return "nil"
	case error:
		return indent(x.Error())
	case fmt.Stringer:
		return indent(x.String())
	case Panicker:
		return indent(x.PanicText())
	}
	r := reflect.ValueOf(v)
	plain := r.Type().PkgPath() == ""
	if r.Kind() == reflect.String {
		if plain {
			return indent(r.String())
		}
		return typeName(r.Type()) + `("` + indent(r.String()) + `")`
	}
	basic, ok := builtinText(r)
	switch {
	case !ok:
		return fmt.Sprintf("(%s) %s", typeName(r.Type()), pointerText(v))
	case plain:
		return basic
	case r.Kind() == reflect.Complex64 || r.Kind() == reflect.Complex128:
		return typeName(r.Type()) + basic
	}
	return typeName(r.Type()) + "(" + basic + ")"
}

// indent puts a tab after every newline, as Go does with panic texts.
func indent(s string) string { return strings.ReplaceAll(s, "\n", "\n\t") }

// pointerText returns the data word of an interface value, which Go prints for values it has no text for.
func pointerText(v any) string {
	return "0x" + strconv.FormatUint(uint64(dataWord(&v)), 16)
}

// typeName returns the name of a type as a program in package main would see it.
func typeName(t reflect.Type) string { return unmark(t.String()) }
