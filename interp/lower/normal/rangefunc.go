package normal

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// A range over a function becomes a call of that function with the body of the loop as a literal, which
// returns whether the loop goes on. Leaving the body is returning from the literal: how it was left stands
// in a box, and what comes after the call goes on from there. The variables around the body are captured
// as those of any literal are. See facts.go, to which the statement is the owner of what it declares.

// A rangeBody is what a function of the normal form has to know that is the body of such a loop.
type rangeBody struct {
	label string // the user's
	state string // the box of the state
	next  string // the box of the number of the exit, from 1
	exits []ast.Stmt
}

// The states of a loop, which rt.RangeState knows too.
const (
	rangeReady     = 0
	rangeRunning   = 1 // or the body has panicked
	rangeDone      = 2 // the body has been left for good
	rangeExhausted = 3
	rangeMissing   = 4 // a panic of the body did not come through
)

// isRangeFunc tells whether s ranges over a function, and returns its signature.
func (e *emitter) isRangeFunc(s *ast.RangeStmt) (*types.Signature, bool) {
	sig, ok := e.under(s.X).(*types.Signature)
	return sig, ok
}

// rangeFunc emits a range over a function.
func (e *emitter) rangeFunc(s *ast.RangeStmt, label string, sig *types.Signature) {
	f := e.hold(e.expr(s.X))
	e.emit("if %s == nil { rt.Nil(%s) }", f.text, e.site(s))
	r := &rangeBody{label: label, state: e.temp(), next: e.temp()}
	e.fn.own(r.state)
	e.fn.own(r.next)
	e.emit("%s := new(int)", r.state)
	e.emit("%s := new(int)", r.next)
	yield := sig.Params().At(0).Type().Underlying().(*types.Signature)
	fn := &function{outer: e.fn, node: s, label: e.fn.label + "-range", sig: yield, rng: r, defers: e.fn.defers}
	body := e.factory(fn, func() string { return e.rangeLiteral(fn, s, yield) })
	e.emit("%s(%s)", f.text, body)
	e.emit("if *%s == %d { rt.RangeState(%s, %d) }", r.state, rangeRunning, e.site(s), rangeMissing)
	e.emit("*%s = %d", r.state, rangeExhausted)
	for i, exit := range r.exits {
		e.emit("if *%s == %d {", r.next, i+1)
		if b, ok := exit.(*ast.BranchStmt); ok {
			e.branch(b)
		} else {
			e.giveBack(e.fn, e.fn.home(), nil)
		}
		e.emit("}")
	}
}

// rangeLiteral emits the inside of the literal and returns its parameters.
func (e *emitter) rangeLiteral(fn *function, s *ast.RangeStmt, yield *types.Signature) string {
	state := fn.captureText(fn.rng.state, "*int")
	var params []string
	var values []val
	for v := range yield.Params().Variables() {
		name := e.temp()
		params = append(params, name+" "+e.typ(v.Type()))
		values = append(values, named(name))
	}
	e.emit("if *%s != %d { rt.RangeState(%s, *%s) }", state, rangeReady, e.site(s), state)
	e.emit("*%s = %d", state, rangeRunning)
	e.safepoint()
	for i, x := range []ast.Expr{s.Key, s.Value} {
		if id, ok := x.(*ast.Ident); x != nil && (!ok || id.Name != "_") {
			e.iteration(x, s.Tok, values[i], yield.Params().At(i).Type())
		}
	}
	e.statements(s.Body.List)
	e.emit("*%s = %d", state, rangeReady)
	e.emit("return true")
	return strings.Join(params, ", ")
}

// leaveRange emits a branch that leaves the body of a range over a function, or a return if s is one.
func (e *emitter) leaveRange(s ast.Stmt) {
	r := e.fn.rng
	if b, ok := s.(*ast.BranchStmt); ok && b.Tok != token.GOTO && (b.Label == nil || b.Label.Name == r.label) {
		if b.Tok == token.CONTINUE {
			e.emit("*%s = %d", e.fn.captureText(r.state, "*int"), rangeReady)
			e.emit("return true")
			return
		}
		e.emit("*%s = %d", e.fn.captureText(r.state, "*int"), rangeDone)
		e.emit("return false")
		return
	}
	for fn := e.fn; fn.rng != nil && !fn.contains(e, s); fn = fn.outer {
		e.emit("*%s = %d", e.fn.captureText(fn.rng.state, "*int"), rangeDone)
	}
	r.exits = append(r.exits, s)
	e.emit("*%s = %d", e.fn.captureText(r.next, "*int"), len(r.exits))
	e.emit("return false")
}

// contains reports whether the statement that the branch s is about lies in the body of the loop fn, or is
// the loop itself.
func (fn *function) contains(e *emitter, s ast.Stmt) bool {
	b, ok := s.(*ast.BranchStmt)
	if !ok {
		return false
	}
	if b.Tok != token.GOTO && b.Label.Name == fn.rng.label {
		return true
	}
	body := fn.node.(*ast.RangeStmt).Body
	pos := e.info.Uses[b.Label].Pos()
	return body.Pos() <= pos && pos < body.End()
}

// home returns the function that owns the results: the one whose body, or part of whose body, fn is.
func (fn *function) home() *function {
	for fn.inDefer || fn.rng != nil {
		fn = fn.outer
	}
	return fn
}

// own notes that name is a local of fn, and nothing to capture from further out.
func (fn *function) own(name string) {
	if fn.locals == nil {
		fn.locals = map[string]bool{}
	}
	fn.locals[name] = true
}

// returnsFromRange reports whether body has a return inside the body of a range over a function.
func (e *emitter) returnsFromRange(body ast.Node) (found bool) {
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.RangeStmt:
			if _, ok := e.isRangeFunc(n); ok {
				found = found || hasReturn(n.Body)
			}
		}
		return !found
	})
	return found
}

func hasReturn(body ast.Node) (found bool) {
	ast.Inspect(body, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			found = true
		}
		return !found
	})
	return found
}

// isSeq reports whether t is iter.Seq or iter.Seq2, which the normal form replaces by what they are made of.
func isSeq(t *types.Named) bool {
	return t.Obj().Pkg() != nil && t.Obj().Pkg().Path() == "iter"
}

// assignedTogether returns a range statement that does the same as s, which assigns key and value: what they are
// assigned to is evaluated before either is. (In a range over a function it is not.)
func (e *emitter) assignedTogether(s *ast.RangeStmt) *ast.RangeStmt {
	_, key := ast.Unparen(s.Key).(*ast.Ident)
	_, value := ast.Unparen(s.Value).(*ast.Ident)
	if key && value {
		return s
	}
	k, v := e.iterationTypes(s)
	r := &ast.RangeStmt{For: s.For, Key: e.newVar(s.Key, k), Value: e.newVar(s.Value, v), Tok: token.DEFINE, X: s.X, Body: &ast.BlockStmt{}}
	assign := &ast.AssignStmt{Lhs: []ast.Expr{s.Key, s.Value}, TokPos: s.TokPos, Tok: token.ASSIGN, Rhs: []ast.Expr{e.useVar(r.Key), e.useVar(r.Value)}}
	r.Body.Lbrace, r.Body.Rbrace = s.Body.Lbrace, s.Body.Rbrace
	r.Body.List = append([]ast.Stmt{assign}, s.Body.List...)
	return r
}

// iterationTypes returns the types of what a range statement yields.
func (e *emitter) iterationTypes(s *ast.RangeStmt) (key, value types.Type) {
	switch t := e.under(s.X).(type) {
	case *types.Map:
		return t.Key(), t.Elem()
	case *types.Slice:
		return types.Typ[types.Int], t.Elem()
	case *types.Array:
		return types.Typ[types.Int], t.Elem()
	case *types.Pointer:
		if a, ok := t.Elem().Underlying().(*types.Array); ok {
			return types.Typ[types.Int], a.Elem()
		}
	case *types.Basic:
		return types.Typ[types.Int], types.Typ[types.Rune]
	}
	e.refuse(s, "range over this type")
	return nil, nil
}

// newVar returns the definition of a variable of the emitter's own at the place of x.
func (e *emitter) newVar(x ast.Expr, t types.Type) *ast.Ident {
	id := &ast.Ident{NamePos: x.Pos(), Name: "it"}
	v := types.NewVar(x.Pos(), e.checked.Pkg, "it", t)
	e.info.Defs[id] = v
	e.fact(v).owner = e.fn.node
	return id
}

// useVar returns a mention of a variable that newVar has defined.
func (e *emitter) useVar(def ast.Expr) *ast.Ident {
	v := e.info.Defs[def.(*ast.Ident)].(*types.Var)
	id := &ast.Ident{NamePos: def.Pos(), Name: v.Name()}
	e.info.Uses[id] = v
	e.info.Types[id] = types.TypeAndValue{Type: v.Type()}
	return id
}
