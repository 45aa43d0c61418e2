package process

import (
	"context"
	"errors"
	"reflect"
	"unsafe"
)

// A Text is a function that workers get as a text, since it is in no file of the program: gobraid's interpreted functions are. It is made once, and each
// worker makes the function of it once. Only hosts have to do with it, see [Interpreter].
type Text struct {
	Name   string // for listings and errors
	Source string
}

// A TextCall is a call of such a function. A [Pool] takes it as it takes others, in a worker the function is called by reflection. Its argument
// and its result are those given here, and Finish gets what the other Call's does not know of.
type TextCall struct {
	Call                  // what it is a call for: begins and ends with it
	Of   *Text            // the function
	With any              // a pointer to the argument, or nil
	Into reflect.Type     // of the result, nil if the function returns an error only
	Many bool             // With is a pointer to a slice: see [concurrency.Call.Each]
	Take func(any, error) // gets the result, as Finish does
}

// Function returns nothing: nobody here can call it.
func (c *TextCall) Function() any { return nil }

// Argument returns With.
func (c *TextCall) Argument() any { return c.With }

// Each returns Many.
func (c *TextCall) Each() bool { return c.Many }

// Shape returns what makes a result.
func (c *TextCall) Shape() Shape {
	s := textShape{res: c.Into, each: c.Many}
	if c.With != nil {
		s.arg = reflect.TypeOf(c.With).Elem()
		if c.Many {
			s.arg = s.arg.Elem()
		}
	}
	return s
}

// Finish calls Take.
func (c *TextCall) Finish(result any, err error) { c.Take(result, err) }

// interpreter makes functions of texts in a worker.
var interpreter func(source string) (any, error)

// Interpreter sets the function that makes a function of the source of a [Text], in a worker: a func(context.Context) (B, error), or one with an
// argument. It has to be called before [Main].
func Interpreter(make func(source string) (any, error)) { interpreter = make }

// interpreted are the functions that were made of texts, by the goroutine that runs tasks.
var interpreted = map[string]any{}

// interpret returns the function of a text.
func interpret(source string) (any, error) {
	if f, ok := interpreted[source]; ok {
		return f, nil
	}
	if interpreter == nil {
		return nil, errors.New("process: this program's workers have no interpreter")
	}
	f, err := interpreter(source)
	if err == nil {
		interpreted[source] = f
	}
	return f, err
}

// newTextRoutine returns the routine of a call of a text.
func newTextRoutine(c *TextCall) *routine {
	shape := c.Shape()
	r := &routine{name: c.Of.Name, shape: shape}
	r.def = definition{Name: c.Of.Name, Text: c.Of.Source, Each: c.Many}
	if r.arg, r.err = codecOf(shape.NewArgument()); r.err == nil {
		r.res, r.err = codecOf(shape.NewResult())
	}
	if r.err == nil {
		r.def.Prefix = r.arg.prefix()
	}
	return r
}

// key tells routines of texts apart.
func (c *TextCall) key() routineKey {
	if c.Many {
		return routineKey{unsafe.Pointer(c.Of), unsafe.Pointer(&marks[1])}
	}
	return routineKey{unsafe.Pointer(c.Of), unsafe.Pointer(&marks[0])}
}

// A textShape is the shape of a function that is known by reflection only.
type textShape struct {
	arg, res reflect.Type // nil if there is none; of an element, if each
	each     bool
}

// shapeOf returns the shape of a function that was made of a text.
func shapeOf(f any, each bool) (Shape, error) {
	t := reflect.TypeOf(f)
	if t.Kind() != reflect.Func || t.NumIn() < 1 || t.NumIn() > 2 || t.NumOut() < 1 || t.NumOut() > 2 {
		return nil, &FuncError{t.String(), "it is no func(context.Context) (B, error), with an argument or without"}
	}
	s := textShape{each: each}
	if t.NumIn() == 2 {
		s.arg = t.In(1)
	}
	if t.NumOut() == 2 {
		s.res = t.Out(0)
	}
	return s, nil
}

func (s textShape) NewArgument() any {
	switch {
	case s.arg == nil:
		return nil
	case s.each:
		return reflect.New(reflect.SliceOf(s.arg)).Interface()
	}
	return reflect.New(s.arg).Interface()
}

func (s textShape) NewResult() any {
	switch {
	case s.res == nil && s.each:
		return new([]struct{})
	case s.res == nil:
		return new(struct{})
	case s.each:
		return reflect.New(reflect.SliceOf(s.res)).Interface()
	}
	return reflect.New(s.res).Interface()
}

// NewFunc returns nil: the function is made where it is called.
func (s textShape) NewFunc() any { return nil }

func (s textShape) Invoke(ctx context.Context, f, argument, result any) error {
	fn, in := reflect.ValueOf(f), []reflect.Value{reflect.ValueOf(&ctx).Elem()}
	if !s.each {
		if argument != nil {
			in = append(in, reflect.ValueOf(argument).Elem())
		}
		return s.call(fn, in, reflect.ValueOf(result).Elem())
	}
	items, into := reflect.ValueOf(argument).Elem(), reflect.ValueOf(result).Elem()
	into.Set(reflect.MakeSlice(into.Type(), items.Len(), items.Len()))
	for i := range items.Len() {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err := s.call(fn, append(in[:1:1], items.Index(i)), into.Index(i)); err != nil {
			return err
		}
	}
	return nil
}

func (s textShape) call(fn reflect.Value, in []reflect.Value, result reflect.Value) error {
	out := fn.Call(in)
	if s.res != nil {
		result.Set(out[0])
	}
	err, _ := out[len(out)-1].Interface().(error)
	return err
}
