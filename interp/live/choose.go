package live

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"reflect"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/interp/check"
	"github.com/gobraid/gobraid/interp/display"
	"github.com/gobraid/gobraid/interp/engine"
	"github.com/gobraid/gobraid/interp/lower/normal"
)

// prepare has the first engine that can run the cell right make it ready.
// out is told when the user has to wait for an engine.
func (s *Session) prepare(ctx context.Context, cell *check.Cell, want string, out interp.Sink) (engine.Program, string, error) {
	if want == "" {
		want = s.mode
	}
	refused := &refusals{}
	names := s.forWorkers(cell, s.order(cell, want))
	if len(names) > 1 && names[0] == "yaegi" {
		names = append(names, "yaegi") // once more, if no other engine can do what it would rather not
	}
	for i, name := range names {
		if i > 1 && !refused.spared() {
			break
		}
		s.scope.Sparing = len(names) > 2 && i == 0
		e := s.engines[name]
		if a, ok := e.(engine.Checker); ok {
			if err := waitFor(ctx, a, out); err != nil {
				if ctx.Err() != nil {
					return nil, "", err
				}
				refused.unavailable = append(refused.unavailable, err)
				continue
			}
		}
		prog, err := s.prepareReady(ctx, e, cell)
		s.scope.Sparing = false
		if err == nil {
			err = s.handOver(cell, prog)
		}
		var r *engine.Refusal
		switch {
		case err == nil:
			return prog, name, nil
		case errors.As(err, &r):
			refused.list = append(refused.list, r)
		default:
			return nil, "", err
		}
	}
	return nil, "", refused
}

// order returns the engines to try. What mentions a type that is still compiled is better compiled meanwhile than interpreted
// afterwards, which would likely be refused.
func (s *Session) order(cell *check.Cell, want string) []string {
	names := s.candidates(cell, want)
	at := slices.Index(names, "compiled")
	if at > 0 && slices.ContainsFunc(cell.Used, func(obj types.Object) bool { return s.background.of[obj] != nil && !normal.Plain(obj.Type(), nil) }) {
		return append([]string{"compiled"}, slices.Delete(names, at, at+1)...)
	}
	return names
}

// prepareReady has an engine make a cell ready. The engine that makes others ready in the background waits by itself for what it
// needs of them.
func (s *Session) prepareReady(ctx context.Context, e engine.Engine, cell *check.Cell) (engine.Program, error) {
	if _, ok := e.(engine.Deferrer); !ok {
		if err := s.await(ctx, cell); err != nil {
			return nil, err
		}
	}
	for {
		used := s.background.unready(cell)
		prog, err := prepareWith(ctx, e, cell, s.scope)
		var other *engine.Unready
		s.settle()
		if !errors.As(err, &other) {
			return prog, err
		}
		for _, l := range used {
			if l.ended() && s.fail(l) != nil {
				s.background.noticed(l)
				return nil, s.missing(cell, l, s.fail(l))
			}
		}
	}
}

// patience is how long a user waits for an engine without being told what for.
const patience = 2 * time.Second

// waitFor returns what Available does, and tells out if that takes long.
func waitFor(ctx context.Context, a engine.Checker, out interp.Sink) error {
	told := make(chan struct{})
	timer := time.AfterFunc(patience, func() {
		defer close(told)
		if out != nil {
			out.Output(interp.Stderr, []byte("The compiled engine is being made ready. On a new machine the standard library is compiled first, which can take some minutes.\n"))
		}
	})
	err := a.Available(ctx)
	if !timer.Stop() {
		<-told
	}
	return err
}

// prepareWith has an engine make a cell ready. A panic of the engine is a refusal.
func prepareWith(ctx context.Context, e engine.Engine, cell *check.Cell, scope *engine.Scope) (prog engine.Program, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &engine.Refusal{Engine: e.Name(), Construct: fmt.Sprintf("this cell: it failed with %v, which is a defect of the engine", r)}
		}
	}()
	if c, ok := e.(engine.ContextPreparer); ok {
		return c.PrepareContext(ctx, cell, scope)
	}
	return e.Prepare(cell, scope)
}

// candidates returns the engines to try, in order.
func (s *Session) candidates(cell *check.Cell, want string) []string {
	order := []string{"yaegi", "compiled"}
	switch {
	case want != "auto":
		order = []string{want}
	case compiles(cell):
		order = []string{"compiled", "yaegi"}
	}
	var out []string
	for _, name := range order {
		if s.engines[name] != nil {
			out = append(out, name)
		}
	}
	return out
}

// compiles tells whether a cell is better compiled: it declares functions or types, or has a loop.
func compiles(cell *check.Cell) bool {
	for _, d := range cell.Decls {
		if g, ok := d.(*ast.GenDecl); !ok || g.Tok == token.TYPE {
			return true
		}
	}
	found := false
	for _, st := range cell.Stmts {
		ast.Inspect(st, func(n ast.Node) bool {
			switch n.(type) {
			case *ast.ForStmt, *ast.RangeStmt:
				found = true
			}
			return !found
		})
	}
	return found
}

// tooLarge tells whether a constant has no value of its default type.
func tooLarge(v constant.Value) bool {
	if v.Kind() != constant.Int {
		return false
	}
	_, exact := constant.Int64Val(v)
	return !exact
}

// constantData shows an untyped constant: as its default type if it fits, else exactly.
func constantData(v constant.Value, t types.Type) *interp.Data {
	var x any
	switch v.Kind() {
	case constant.Bool:
		x = constant.BoolVal(v)
	case constant.String:
		x = constant.StringVal(v)
	case constant.Int:
		n, exact := constant.Int64Val(v)
		if !exact {
			return &interp.Data{MIME: map[string]any{"text/plain": v.ExactString()}}
		}
		x = int(n)
		if b, ok := t.(*types.Basic); ok && b.Kind() == types.UntypedRune && n <= utf8.MaxRune {
			x = rune(n)
		}
	case constant.Float:
		x, _ = constant.Float64Val(v)
	case constant.Complex:
		re, _ := constant.Float64Val(constant.Real(v))
		im, _ := constant.Float64Val(constant.Imag(v))
		x = complex(re, im)
	}
	return display.Values([]reflect.Value{reflect.ValueOf(x)}, []types.Type{types.Default(t)})
}
