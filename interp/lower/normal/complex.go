package normal

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
)

// The interpreter keeps complex numbers right and computes with them wrong, and takes some constants for
// others. So whatever is done with them is done by compiled helpers, one for each of the two types.

func isComplex(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsComplex != 0
}

// complexHelper calls the helper of the given name for a complex type.
func (e *emitter) complexHelper(name string, t types.Type, args ...string) val {
	if b := t.Underlying().(*types.Basic); b.Kind() == types.Complex64 {
		return e.helper(name+"64", args...)
	}
	return e.helper(name+"128", args...)
}

// partsOf returns the type of the parts of a complex type.
func partsOf(t types.Type) types.Type {
	if t.Underlying().(*types.Basic).Kind() == types.Complex64 {
		return types.Typ[types.Float32]
	}
	return types.Typ[types.Float64]
}

// complexConstant returns the constant v of type t, which is made at run time.
func (e *emitter) complexConstant(v constant.Value, t types.Type) val {
	v, parts := constant.ToComplex(v), partsOf(t)
	return e.complexHelper("Complex", t, e.constant(constant.Real(v), parts).text, e.constant(constant.Imag(v), parts).text)
}

var complexOps = map[token.Token]string{token.ADD: "Add", token.SUB: "Sub", token.MUL: "Mul", token.QUO: "Quo"}

// complexOperator applies an arithmetic operator.
func (e *emitter) complexOperator(op token.Token, l, r val, t types.Type) val {
	left := e.flush(l)
	return e.complexHelper(complexOps[op], t, left, e.flush(r))
}

// complexEqual returns l == r, or l != r.
func (e *emitter) complexEqual(op token.Token, l, r val, t types.Type) val {
	left := e.flush(l)
	v := e.complexHelper("Same", t, left, e.flush(r))
	if op == token.NEQ {
		v.text, v.rank, v.name = "!"+v.text, unary, false
	}
	return v
}

// complexBuiltin emits complex, real and imag.
func (e *emitter) complexBuiltin(name string, x *ast.CallExpr) val {
	if name == "complex" {
		t := e.typeOf(x)
		if len(x.Args) == 1 { // of the results of a call
			vals := e.callValues(ast.Unparen(x.Args[0]).(*ast.CallExpr))
			return e.complexHelper("Complex", t, vals[0].text, vals[1].text)
		}
		re := e.to(x.Args[0], partsOf(t))
		im := e.to(x.Args[1], partsOf(t))
		left := e.flush(re)
		return e.complexHelper("Complex", t, left, e.flush(im))
	}
	helper := "Real"
	if name == "imag" {
		helper = "Imag"
	}
	t := types.Default(e.typeOf(x.Args[0]))
	return e.complexHelper(helper, t, e.flush(e.to(x.Args[0], t)))
}

// complexConversion returns T(x) for two complex types.
func (e *emitter) complexConversion(v val, from, to types.Type) val {
	if partsOf(from) == partsOf(to) {
		return v
	}
	return e.complexHelper("To", to, e.flush(v))
}
