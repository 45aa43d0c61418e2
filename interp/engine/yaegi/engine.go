package yaegi

import (
	"errors"
	"fmt"
	"go/token"
	"go/types"
	"io"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/gobraid/gobraid/concurrency/task"
	"github.com/gobraid/gobraid/interp/check"
	"github.com/gobraid/gobraid/interp/engine"
	"github.com/gobraid/gobraid/interp/engine/yaegi/rt"
	"github.com/gobraid/gobraid/interp/engine/yaegi/steps"
	"github.com/gobraid/gobraid/interp/lower/normal"
	"github.com/traefik/yaegi/interp"
)

// An Engine interprets cells. Its methods may be called from several goroutines, also while cells run.
type Engine struct {
	mu       sync.Mutex // serialises all use of the interpreter's front end
	vm       *interp.Interpreter
	log      *rt.Log
	hooks    steps.Hooks
	imported map[string]pkg          // by import path
	names    map[types.Object]string // what stands for the objects of cells
	extra    map[string]map[string]reflect.Value
	made     map[string]reflect.Type // recursive types by their text
	generics *normal.Generics
	types    *rt.Types
	reals    map[*types.TypeName]*real      // types of compiled cells
	texts    map[*rt.Type]string            // the symbols of descriptors
	methods  map[*rt.Type]map[string]string // the functions that are methods
	tables   sync.Map                       // of *token.File to table
}

// fresh counts over all engines of the process: names are also keys of the task runtime.
var fresh atomic.Int64

// New returns an engine that knows nothing yet.
func New() *Engine {
	e := &Engine{log: rt.NewLog(), imported: map[string]pkg{}, names: map[types.Object]string{}, extra: map[string]map[string]reflect.Value{}, generics: normal.NewGenerics(), made: map[string]reflect.Type{},
		types: rt.NewTypes(), reals: map[*types.TypeName]*real{}, texts: map[*rt.Type]string{}, methods: map[*rt.Type]map[string]string{}}
	e.vm = interp.New(interp.Options{Stdout: io.Discard, Stderr: e.log})
	e.hooks = steps.Hooks{Stop: &task.Stop, Left: e.left, Direct: rt.Direct()}
	task.SetDefers(rt.ForCompiled())
	rt.Known() // the linker keeps the types it lists
	e.use("rt", rt.Symbols())
	e.use("v", map[string]reflect.Value{})
	return e
}

// Name returns "yaegi".
func (e *Engine) Name() string { return "yaegi" }

// Provide adds a compiled package that cells may import: its names as reflect values, a type T as
// (*T)(nil), a variable v as reflect.ValueOf(&v).Elem().
func (e *Engine) Provide(importPath string, names map[string]reflect.Value) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.extra[importPath] = names
}

// Prepare makes a cell ready to run. It returns an *engine.Refusal for what the engine does not run
// right, also when the interpreter itself fails on it.
func (e *Engine) Prepare(c *check.Cell, scope *engine.Scope) (engine.Program, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	out, err := normal.Lower(c, &env{e: e, scope: scope})
	if err != nil {
		return nil, e.refusal(c, err)
	}
	if r := scope.Admit(e.Name(), c, out.Boxed); r != nil {
		return nil, r
	}
	if r := e.keepsToItself(c, scope, out); r != nil {
		return nil, r
	}
	p := &program{cell: c, bindings: map[types.Object]*engine.Binding{}, handed: out.Handed}
	if err := e.declare(p, out); err != nil {
		return nil, e.refusal(c, err)
	}
	for obj, name := range out.Names {
		e.names[obj] = name
	}
	e.generics.Add(c, out)
	return p, nil
}

// Function returns a function that a cell has declared, as compiled code calls it. The cell has been prepared.
func (e *Engine) Function(f *types.Func) (reflect.Value, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	name := e.names[f]
	if name == "" {
		return reflect.Value{}, fmt.Errorf("yaegi: no cell has declared %s", f.Name())
	}
	return e.function(name)
}

// keepsToItself refuses, when the scope is sparing, a variable that no compiled cell could use, because it is of a type that this engine makes
// itself, such as a future.
func (e *Engine) keepsToItself(c *check.Cell, scope *engine.Scope, out *normal.Output) *engine.Refusal {
	if !scope.Sparing {
		return nil
	}
	for _, v := range out.Vars {
		if !e.plain(v.Object.Type()) {
			return &engine.Refusal{
				Engine: e.Name(), Pos: c.Fset.Position(v.Object.Pos()), Spared: true,
				Construct: fmt.Sprintf("the variable %s, of a type that compiled cells would not know", v.Object.Name()),
			}
		}
	}
	return nil
}

// refusal makes an engine.Refusal of an error of the lowering or of the interpreter.
func (e *Engine) refusal(c *check.Cell, err error) error {
	r := &engine.Refusal{Engine: e.Name(), Remedy: "run the cell with the compiled engine (%engine compiled)"}
	var refused *normal.Refusal
	var defect *defect
	switch {
	case errors.As(err, &refused):
		r.Construct, r.Pos, r.Remedy = refused.Construct, c.Fset.Position(refused.Pos), refused.Remedy
	case errors.As(err, &defect):
		r.Construct, r.Pos = "this: the interpreter fails on it, which is a defect of the engine ("+defect.text+")", c.Fset.Position(defect.pos)
	default:
		return err
	}
	return r
}

// declare evaluates the two files of a lowered cell and makes its variables between them.
func (e *Engine) declare(p *program, out *normal.Output) error {
	if err := e.recursive(out); err != nil {
		return err
	}
	if len(out.Vars) > 0 || out.Types != "package main\n\n" {
		if err := e.eval("types", out.Types, nil, nil); err != nil {
			return err
		}
	}
	symbols := map[string]reflect.Value{out.Mark: reflect.ValueOf(&p.mark), out.Count: reflect.ValueOf(&p.defined)}
	for _, v := range out.Vars {
		alloc, err := e.function(v.New)
		if err != nil {
			return err
		}
		ptr := alloc.Call(nil)[0]
		symbols[v.Symbol] = ptr
		p.bindings[v.Object] = e.bindVar(v, ptr)
	}
	if err := e.vm.Use(interp.Exports{"v/v": symbols}); err != nil {
		return err
	}
	for name, f := range out.Sites {
		e.log.Add(name, e.frame(p.cell, f), f.Shell)
	}
	e.log.Follow(out.Entry, &p.mark)
	if err := e.eval("funcs", out.Funcs, out.Lines, p.cell.Fset); err != nil {
		return err
	}
	var err error
	if p.entry, err = e.function(out.Entry); err != nil {
		return err
	}
	if err := e.register(out.Methods); err != nil {
		return err
	}
	return e.bindRest(p, out)
}

// A table tells where in cells the lines of an evaluated file come from.
type table struct {
	lines []token.Pos
	fset  *token.FileSet
}

// left notes that a panic leaves a function, at a position of an evaluated file.
func (e *Engine) left(name string, pos token.Pos) {
	var at token.Position
	if f := e.vm.FileSet().File(pos); f != nil {
		if t, ok := e.tables.Load(f); ok {
			t := t.(table)
			if n := f.Line(pos); n <= len(t.lines) && t.lines[n-1].IsValid() {
				at = t.fset.Position(t.lines[n-1])
			}
		}
	}
	e.log.Left(name, at)
}

func (e *Engine) frame(c *check.Cell, f normal.Func) task.Frame {
	pos := c.Fset.Position(f.Pos)
	if rest, ok := strings.CutPrefix(f.Name, "main"); ok && !c.Program && (rest == "" || rest[0] == '.') {
		f.Name = strings.TrimPrefix(rest, ".") // a statement of the cell, or a literal in one
	}
	number, ok := task.ParseCellFile(pos.Filename) // an instance of what an earlier cell declared has a place there
	if !ok {
		number = c.Number
	}
	return task.Frame{Func: f.Name, File: pos.Filename, Cell: number, Line: pos.Line}
}

// bindVar tells where a variable lives. Only one whose type compiled code can name gets a key.
func (e *Engine) bindVar(v normal.Var, ptr reflect.Value) *engine.Binding {
	b := &engine.Binding{Engine: e.Name(), Pointer: ptr}
	if e.plain(v.Object.Type()) {
		b.Key = "yaegi." + v.Symbol
		task.Bind(b.Key, ptr.Interface())
	}
	return b
}

// bindRest tells where the functions, types and constants of a cell live.
func (e *Engine) bindRest(p *program, out *normal.Output) error {
	for _, d := range declared(p.cell) {
		b := &engine.Binding{Engine: e.Name()}
		p.bindings[d] = b
		f, ok := d.(*types.Func)
		if !ok || out.Names[f] == "" || !e.plain(f.Signature()) {
			continue
		}
		fn, err := e.function(out.Names[f])
		if err != nil {
			return err
		}
		b.Func = fn
	}
	return nil
}

// declared returns the package-level functions, types and constants of a cell.
func declared(c *check.Cell) []types.Object {
	var list []types.Object
	for _, obj := range c.Info.Defs {
		if obj == nil || obj.Parent() == nil || obj.Parent() != c.Pkg.Scope() {
			continue
		}
		switch obj.(type) {
		case *types.Func, *types.TypeName, *types.Const:
			list = append(list, obj)
		}
	}
	return list
}

func number() int { return int(fresh.Add(1)) }

// A defect is a failure of the interpreter on text the lowering thought right.
type defect struct {
	text string
	pos  tokenPos
}

func (d *defect) Error() string { return fmt.Sprintf("yaegi: %s", d.text) }
