// Package engine says what an engine is: something that runs checked cells. Its two
// implementations are the packages compiled and yaegi. Both reach the same session variables.
package engine

import (
	"context"
	"fmt"
	"go/token"
	"go/types"
	"reflect"

	"github.com/gobraid/gobraid/interp/check"
)

// An Engine runs checked cells. Its methods are called by one goroutine at a time.
type Engine interface {
	// Name returns "yaegi" or "compiled".
	Name() string
	// Prepare makes a cell ready to run, without running any of it. It returns a *Refusal when the
	// engine cannot run the cell right. scope tells where the objects of earlier cells live.
	Prepare(c *check.Cell, scope *Scope) (Program, error)
}

// A Program is a cell made ready by an engine.
type Program interface {
	// Run executes the cell on the calling goroutine, the main task of the run, and returns the
	// values of the trailing expression. A panic of the cell leaves Run as a panic.
	Run() []reflect.Value
	// Bindings tells where the objects the cell declared live; it is asked before Run.
	Bindings() map[types.Object]*Binding
}

// A ContextPreparer is an engine whose Prepare may take long: ending ctx gives it up.
type ContextPreparer interface {
	PrepareContext(ctx context.Context, c *check.Cell, scope *Scope) (Program, error)
}

// A Checker is an engine that may not be there: Available tells why not. It may block, until ctx ends.
type Checker interface {
	Available(ctx context.Context) error
}

// A Counter is a program that knows how many of the cell's variables, in the order of check.Cell.Vars,
// have been defined: how far it came before it failed.
type Counter interface {
	Defined() int
}

// A Binding tells where a declared variable, function, type or constant lives at run time.
type Binding struct {
	// Engine is the engine that declared the object.
	Engine string
	// Pointer is a pointer to a variable; it is valid for every engine.
	Pointer reflect.Value
	// Func is the value of a non-generic function; it is valid for every engine.
	Func reflect.Value
	// Type is a type that is neither generic nor an alias, of an engine whose types reflect names.
	Type reflect.Type
	// Key names the variable for task.Bind and task.Bound.
	Key string
	// Package is the import path of the compiled package that declares the object, "" for yaegi.
	Package string
}

// A Scope maps the objects of earlier cells to where they live.
type Scope struct {
	Bindings map[types.Object]*Binding
	// Sparing has an engine refuse what it can run only with values that no other engine can use.
	Sparing bool

	worlds *worlds
}

// A Refusal is the error of an engine that cannot run a construct right.
type Refusal struct {
	Engine    string
	Construct string         // such as "a select statement with two ready cases"
	Pos       token.Position // in the cell
	Remedy    string         // what the user can do
	Spared    bool           // the engine would run it if the scope were not sparing
}

// Error returns the refusal in one sentence.
func (r *Refusal) Error() string {
	return fmt.Sprintf("%s: the %s engine cannot run %s", r.Pos, r.Engine, r.Construct)
}
