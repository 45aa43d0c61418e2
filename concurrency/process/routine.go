package process

import (
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"unsafe"
)

// A routine is a function that workers are asked to call, with the types it has.
type routine struct {
	id    uint32
	name  string
	def   definition
	shape Shape
	arg   codec // of its argument; nil if it has none
	res   codec
	err   error // why it cannot be called in another process

	key   routineKey // under which the pool finds it
	again bool       // what a result is decoded into can be used for the next: who gets it copies it
}

// A definition is what a worker is told of a routine.
type definition struct {
	Name    string
	Func    place // of the function value
	Shape   place
	Prefix  []byte   // see codec
	Modules []string // the plugins to open first
	Text    string   // what the function is made of, instead of a place; see [Text]
	Each    bool     // it is called for each element of its argument
}

// eface is an interface value without methods, as the runtime has it.
type eface struct{ typ, data unsafe.Pointer }

func parts(v any) eface { return *(*eface)(unsafe.Pointer(&v)) }

func (e eface) value() any { return *(*any)(unsafe.Pointer(&e)) }

// A FuncError says why a function cannot be called in another process.
type FuncError struct {
	Func   string // its name
	Reason string
}

// Error names the function, the reason and what can be done.
func (e *FuncError) Error() string {
	return fmt.Sprintf("process: %s cannot run in another process: %s", e.Func, e.Reason)
}

const inGeneric = "it was made inside a generic function, and needs to know the types of that; give it a function that is declared, or make it where the types " +
	"are written down"

const captures = "it uses variables of its surroundings, of which a worker has none; " +
	"give it a function that is declared, or a literal that gets all it needs as its argument, or asks process.Copied for what process.Copying gave"

// locate finds the places of a function and its shape.
func locate(f any, shape Shape) (d definition, err error) {
	v := reflect.ValueOf(f)
	if v.Kind() != reflect.Func {
		return d, &FuncError{fmt.Sprintf("%T", f), "it is not a function"}
	}
	if v.IsNil() {
		return d, &FuncError{"a nil function", "there is nothing to call"}
	}
	d.Name = funcName(f)
	e, s := parts(f), parts(shape)
	var ok bool
	if d.Func, ok = placeOf(e.data); !ok {
		if err := vet(f); err != nil {
			return d, err
		}
		if strings.Contains(d.Name, "[...].func") {
			return d, &FuncError{d.Name, inGeneric + "; or " + captures}
		}
		return d, &FuncError{d.Name, captures}
	}
	if e.typ != parts(shape.NewFunc()).typ {
		return d, &FuncError{d.Name, "its type was made while the program runs"}
	}
	if d.Shape, ok = placeOf(s.typ); !ok {
		return d, &FuncError{d.Name, "its types were made while the program runs"}
	}
	if err := vet(f); err != nil {
		return d, err
	}
	d.Modules = modules(d.Func, d.Shape)
	return d, nil
}

// entry returns where the code of a function begins.
func entry(f any) uintptr { return reflect.ValueOf(f).Pointer() }

// funcName returns the name that the linker knows a function by.
func funcName(f any) string {
	if fn := runtime.FuncForPC(entry(f)); fn != nil {
		return fn.Name()
	}
	return fmt.Sprintf("%T", f)
}

// resolve finds the function and its shape in this process.
func (d definition) resolve() (f any, shape Shape, err error) {
	if d.Text != "" {
		if f, err = interpret(d.Text); err == nil {
			shape, err = shapeOf(f, d.Each)
		}
		return f, shape, err
	}
	if err := openAll(d.Modules); err != nil {
		return nil, nil, err
	}
	var s eface
	if s.typ, err = d.Shape.pointer(); err != nil {
		return nil, nil, err
	}
	s.data = unsafe.Pointer(&nothing)
	shape, ok := s.value().(Shape)
	if !ok {
		return nil, nil, fmt.Errorf("process: the worker finds something else in the place of %s: it is not the same program", d.Name)
	}
	e := parts(shape.NewFunc())
	if e.data, err = d.Func.pointer(); err != nil {
		return nil, nil, err
	}
	return e.value(), shape, nil
}

var nothing struct{ _ [8]byte } // what values without size point to
