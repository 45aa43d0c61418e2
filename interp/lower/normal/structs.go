package normal

import (
	"go/ast"
	"go/constant"
	"go/types"
)

// blankValue evaluates what a literal gives to a blank field. Only a zero may be given: == leaves blank fields out,
// and the interpreter's structs do not.
func (e *emitter) blankValue(x ast.Expr) {
	if !e.isZero(x) {
		e.refuse(x, "a value for a blank field")
	}
}

// isZero reports whether x is certainly the zero value of its type, without an effect.
func (e *emitter) isZero(x ast.Expr) bool {
	switch x := ast.Unparen(x).(type) {
	case *ast.CompositeLit:
		if _, ok := e.under(x).(*types.Struct); ok {
			return len(x.Elts) == 0
		}
		_, ok := e.under(x).(*types.Array)
		return ok && len(x.Elts) == 0
	default:
		if e.tv(x).IsNil() {
			return true
		}
		switch v := e.value(x); {
		case v == nil:
			return false
		case v.Kind() == constant.String:
			return constant.StringVal(v) == ""
		case v.Kind() == constant.Bool:
			return !constant.BoolVal(v)
		default:
			return constant.Sign(v) == 0
		}
	}
}
