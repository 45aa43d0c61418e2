package normal

import (
	"go/ast"
	"go/types"
)

// recover() gives the panic to the function that a defer statement runs, and to nobody it calls. A literal
// that a defer statement calls knows by its place whose list of deferred calls that is. Any other function
// in which recover is called asks at its entry: rt.Claim returns the list whose call has just begun, if
// nothing has been entered since. What is entered in between, and calls something, has a safepoint, which
// takes the offer back; so no function that does not recover needs to know of any of this.

// recovers reports whether body calls recover itself. A range over a function does not count: in the body
// of such a loop recover returns nil.
func (e *emitter) recovers(body ast.Node) (found bool) {
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.RangeStmt:
			if _, ok := e.isRangeFunc(n); ok {
				found = found || e.recovers(n.X)
				return false
			}
		case *ast.CallExpr:
			found = found || e.isRecover(n)
		}
		return !found
	})
	return found
}

// isRecover reports whether x is a call of the built-in function.
func (e *emitter) isRecover(x *ast.CallExpr) bool {
	id, ok := ast.Unparen(x.Fun).(*ast.Ident)
	return ok && id.Name == "recover" && e.info.Types[ast.Unparen(x.Fun)].IsBuiltin()
}

// mayRecover reports whether the deferred call x may call a function that has to ask.
func (e *emitter) mayRecover(x *ast.CallExpr) bool {
	switch fun := ast.Unparen(x.Fun).(type) {
	case *ast.FuncLit:
		return false
	case *ast.SelectorExpr:
		if f, ok := e.info.Uses[fun.Sel].(*types.Func); ok && !ofCell(f) {
			return false
		}
	}
	return !e.tv(ast.Unparen(x.Fun)).IsBuiltin()
}

// claim emits the question whose panic the function may recover, if it does not know by its place.
func (e *emitter) claim(fn *function, body ast.Node) {
	if fn.recoverFrom != "" || !e.recovers(body) {
		return
	}
	t := e.temp()
	e.emit("%s := rt.Claim()", t)
	fn.own(t)
	fn.recoverFrom = t
}

// recoverCall returns recover().
func (e *emitter) recoverCall() val {
	if e.fn.recoverFrom == "" {
		return e.zero("interface{}")
	}
	return e.helper("Recover", e.fn.captureText(e.fn.recoverFrom, "*rt.Defers"))
}

// deferRecover returns the func() of defer recover(), which recovers what the function itself could.
func (e *emitter) deferRecover(x *ast.CallExpr) string {
	if e.fn.rng != nil {
		e.refuse(x, "defer recover() in the body of a range over a function")
	}
	c := &invocation{static: "rt.Recover", args: []string{"nil"}}
	if e.fn.recoverFrom != "" {
		c.args[0] = e.fn.captureText(e.fn.recoverFrom, "*rt.Defers")
	}
	c.types = []func() string{func() string { return "*rt.Defers" }}
	c.signed = []bool{false}
	return e.thunk(c)
}
