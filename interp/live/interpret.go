package live

import (
	"errors"
	"fmt"
	"go/token"
	"go/types"
	"reflect"
	"strings"

	"github.com/gobraid/gobraid/interp/check"
	"github.com/gobraid/gobraid/interp/check/stdtypes"
	"github.com/gobraid/gobraid/interp/engine"
	"github.com/gobraid/gobraid/interp/engine/yaegi"
	"github.com/gobraid/gobraid/interp/engine/yaegi/rt"
	"github.com/gobraid/gobraid/interp/program"
)

// An interpreter makes interpreted functions of texts in a worker process: each text is a cell of its own, so that no two know of each other.
type interpreter struct {
	checker *check.Checker
	engine  *yaegi.Engine
	texts   int
}

func newInterpreter() *interpreter {
	importer := stdtypes.NewImporter(token.NewFileSet())
	return &interpreter{checker: check.New(importer, stdtypes.Exporting), engine: yaegi.New()}
}

// function returns the function of a text that program.Book.Function has written.
func (in *interpreter) function(source string) (any, error) {
	in.texts++
	cell, wrong := in.checker.Check(in.texts, "worker", source)
	if len(wrong) > 0 {
		return nil, fmt.Errorf("the worker cannot read the function: %s: %s", wrong[0].Pos, wrong[0].Msg)
	}
	if _, err := in.engine.Prepare(cell, &engine.Scope{Bindings: map[types.Object]*engine.Binding{}}); err != nil {
		var r *engine.Refusal
		if errors.As(err, &r) {
			return nil, fmt.Errorf("the function cannot be interpreted in a worker process: %s at %s", r.Construct, r.Pos)
		}
		return nil, err
	}
	f, ok := cell.Pkg.Scope().Lookup(program.FunctionName(source)).(*types.Func)
	if !ok {
		return nil, errors.New("the worker finds no function in what it got")
	}
	v, err := in.engine.Function(f)
	if err != nil {
		return nil, err
	}
	return guarded(v).Interface(), nil
}

// guarded returns a function that calls f as a task calls interpreted code: a panic says where it comes from, a runtime.Goexit ends the goroutine.
func guarded(f reflect.Value) reflect.Value {
	return reflect.MakeFunc(f.Type(), func(args []reflect.Value) (results []reflect.Value) {
		defer func() {
			if t, ok := recover().(*rt.Thrown); ok {
				_, frames := t.TaskPanic()
				for i := range frames {
					if rest, ok := strings.CutPrefix(frames[i].Func, program.Entry); ok {
						frames[i].Func = "func1" + rest
					}
				}
				panic(t)
			}
		}()
		rt.Guard(func() { results = f.Call(args) })
		return results
	})
}

// interpretTexts has workers interpret: the interpreter is made when the first text comes.
func interpretTexts() func(string) (any, error) {
	var in *interpreter
	return func(source string) (any, error) {
		if in == nil {
			in = newInterpreter()
		}
		return in.function(source)
	}
}
