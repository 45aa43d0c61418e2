package normal

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"math"
	"strconv"
	"strings"
)

// constant returns the text of a constant of type t. Every constant expression is folded here, and
// every constant but an int, a string and a bool carries its type.
func (e *emitter) constant(v constant.Value, t types.Type) val {
	b, ok := t.Underlying().(*types.Basic)
	if !ok {
		e.refuse(nil, "a constant of type "+t.String())
	}
	if b.Info()&types.IsUntyped != 0 {
		b = types.Default(b).(*types.Basic)
	}
	var text string
	switch info := b.Info(); {
	case info&types.IsBoolean != 0:
		text = strconv.FormatBool(constant.BoolVal(v))
	case info&types.IsString != 0:
		text = strconv.Quote(constant.StringVal(v))
	case info&types.IsInteger != 0:
		text = constant.ToInt(v).ExactString()
	case info&types.IsFloat != 0:
		text = e.float(v, b)
	default:
		return e.complexConstant(v, b)
	}
	name := e.typ(t)
	switch name {
	case "int":
		if strings.HasPrefix(text, "-") {
			return val{text: "int(" + text + ")", rank: operand, fixed: true}
		}
		return val{text: text, rank: operand, fixed: true}
	case "string", "bool":
		return val{text: text, rank: operand, fixed: true}
	}
	return val{text: name + "(" + text + ")", rank: operand, fixed: true}
}

// float returns a literal that denotes exactly the value v has as a b.
func (e *emitter) float(v constant.Value, b *types.Basic) string {
	v = constant.ToFloat(v)
	f, _ := constant.Float64Val(v)
	if b.Kind() == types.Float32 {
		f32, _ := constant.Float32Val(v)
		f = float64(f32)
	}
	if math.IsInf(f, 0) {
		e.refuse(nil, "a constant that is too large")
	}
	text := strconv.FormatFloat(f, 'g', -1, 64)
	if !strings.ContainsAny(text, ".e") {
		text += ".0"
	}
	return text
}

// value returns the constant value of an expression, or nil.
func (e *emitter) value(x ast.Expr) constant.Value { return e.tv(x).Value }

// notNegative reports whether x, an integer, is certainly not negative.
func (e *emitter) notNegative(x ast.Expr) bool {
	if v := e.value(x); v != nil {
		return constant.Sign(constant.ToInt(v)) >= 0
	}
	if b, ok := e.under(x).(*types.Basic); ok && b.Info()&types.IsUnsigned != 0 {
		return true
	}
	switch x := ast.Unparen(x).(type) {
	case *ast.Ident:
		v, ok := e.info.ObjectOf(x).(*types.Var)
		return ok && e.fact(v).positive
	case *ast.BinaryExpr:
		return e.notNegativeResult(x)
	case *ast.CallExpr:
		id, ok := x.Fun.(*ast.Ident)
		return ok && e.tv(id).IsBuiltin() && (id.Name == "len" || id.Name == "cap")
	}
	return false
}

// notNegativeResult is notNegative for operators. A sum or a product may overflow, and be negative
// then; an index of that kind still panics, inside the interpreter.
func (e *emitter) notNegativeResult(x *ast.BinaryExpr) bool {
	switch x.Op {
	case token.ADD, token.MUL, token.QUO, token.OR:
		return e.notNegative(x.X) && e.notNegative(x.Y)
	case token.REM, token.SHR:
		return e.notNegative(x.X)
	case token.AND:
		return e.notNegative(x.X) || e.notNegative(x.Y)
	}
	return false
}
