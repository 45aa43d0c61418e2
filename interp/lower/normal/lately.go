package normal

import (
	"go/ast"
	"go/types"
)

// Where a list of expressions is evaluated, as the arguments of a call are, the Go compiler makes the calls in all of them
// first, and only then puts into interfaces what needs no copy in memory for it. Programs whose functions
// change what later arguments mention show that.
type lately struct {
	e     *emitter
	list  []ast.Expr
	vals  []val
	types []types.Type
	lines [][]line // of each, to come at the end
}

// lately begins the evaluation of a list.
func (e *emitter) lately(list []ast.Expr) *lately { return &lately{e: e, list: list} }

// add evaluates the next expression of the list as a value of type t.
func (l *lately) add(x ast.Expr, t types.Type, to func(ast.Expr, types.Type) val) {
	var v val
	lines := l.e.capture(func() { v = to(x, t) })
	if !l.waits(x, t) {
		l.e.replay(lines)
		lines = nil
	}
	l.vals, l.types, l.lines = append(l.vals, v), append(l.types, t), append(l.lines, lines)
}

// waits reports whether x is put into an interface after the calls that follow it.
func (l *lately) waits(x ast.Expr, t types.Type) bool {
	if !isInterface(t) || hasCall(x) || isInterface(l.e.typeOf(x)) || copied(types.Default(l.e.typeOf(x))) {
		return false
	}
	after := false
	for _, y := range l.list {
		if after && hasCall(y) {
			return true
		}
		after = after || x == y
	}
	return false
}

// finish emits what waited.
func (l *lately) finish() {
	for _, lines := range l.lines {
		l.e.replay(lines)
	}
}

// copied reports whether the compiler puts values of type t into interfaces by way of a copy in memory.
func copied(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Basic, *types.Pointer, *types.Slice, *types.Map, *types.Chan, *types.Signature:
		b, ok := u.(*types.Basic)
		return ok && b.Info()&types.IsComplex != 0
	}
	switch size := sizes64.Sizeof(t); size {
	case 0:
		return false
	case 2, 4, 8:
		return hasPointers(t) || sizes64.Alignof(t) != size
	}
	return true
}

// hasPointers reports whether a struct or an array has a pointer in it.
func hasPointers(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return u.Kind() == types.String || u.Kind() == types.UnsafePointer
	case *types.Array:
		return hasPointers(u.Elem())
	case *types.Struct:
		for f := range u.Fields() {
			if hasPointers(f.Type()) {
				return true
			}
		}
		return false
	}
	return true
}
