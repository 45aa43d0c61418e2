package yaegi

import (
	"go/ast"
	"go/types"
	"reflect"

	"github.com/gobraid/gobraid/concurrency/process"
	"github.com/gobraid/gobraid/interp/check"
	"github.com/gobraid/gobraid/interp/engine"
	"github.com/gobraid/gobraid/interp/engine/yaegi/rt"
)

// A program is a cell whose functions the interpreter has. It is run once.
type program struct {
	cell     *check.Cell
	entry    reflect.Value
	bindings map[types.Object]*engine.Binding
	mark     uint64 // the site of the statement that runs
	defined  int
	handed   map[uint64]ast.Expr
}

// Run calls the entry. A panic leaves as a task.Thrower with the interpreted functions it went through.
func (p *program) Run() (results []reflect.Value) {
	rt.Guard(func() { results = p.entry.Call(nil) })
	return results
}

// Bindings tells where what the cell declares lives.
func (p *program) Bindings() map[types.Object]*engine.Binding { return p.bindings }

// Defined returns how many of the cell's variables have been defined.
func (p *program) Defined() int { return p.defined }

// Handed returns the functions that calls in the cell hand to worker processes, by the number of the call.
func (p *program) Handed() map[uint64]ast.Expr { return p.handed }

// Give tells what text workers make of one of them.
func (p *program) Give(number uint64, name, source string) {
	rt.SetText(number, &process.Text{Name: name, Source: source})
}
