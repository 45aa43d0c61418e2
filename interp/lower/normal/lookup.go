package normal

import (
	"go/ast"
	"go/types"
)

// The emitter looks types up through the functions of this file only, and never in e.info or by the
// Type method of an object that belongs to source text: while an instance of a generic function is
// emitted, what the type checker noted mentions type parameters, and these functions put the type
// arguments in their place. A type that comes out of them is true: it has no type parameters.

// typeOf returns the type of an expression.
func (e *emitter) typeOf(x ast.Expr) types.Type { return e.subst(e.info.TypeOf(x)) }

// under returns the underlying type of an expression's type.
func (e *emitter) under(x ast.Expr) types.Type { return e.typeOf(x).Underlying() }

// tv returns what the type checker noted of an expression.
func (e *emitter) tv(x ast.Expr) types.TypeAndValue {
	tv := e.info.Types[x]
	tv.Type = e.subst(tv.Type)
	return tv
}

// varType returns the type of a variable, parameter or result.
func (e *emitter) varType(v *types.Var) types.Type { return e.subst(v.Type()) }

// sigOf returns the signature of a declared function. Its parameters are those of the source text only
// outside of generic functions: where their names matter, f.Signature() is needed, with varType.
func (e *emitter) sigOf(f *types.Func) *types.Signature {
	return e.subst(f.Signature()).(*types.Signature)
}

// A selection is a types.Selection whose receiver and object are true.
type selection struct {
	kind  types.SelectionKind
	recv  types.Type
	obj   types.Object
	index []int
}

func (s *selection) Kind() types.SelectionKind { return s.kind }
func (s *selection) Recv() types.Type          { return s.recv }
func (s *selection) Obj() types.Object         { return s.obj }
func (s *selection) Index() []int              { return s.index }

// selection returns what x.f selects, or nil if it is a qualified identifier. What a type parameter's
// constraint has as a method of an interface is here the method of the type argument.
func (e *emitter) selection(x *ast.SelectorExpr) *selection {
	s := e.info.Selections[x]
	if s == nil {
		return nil
	}
	sel := &selection{s.Kind(), e.subst(s.Recv()), s.Obj(), s.Index()}
	if sel.recv != s.Recv() {
		obj, index, _ := types.LookupFieldOrMethod(sel.recv, true, s.Obj().Pkg(), s.Obj().Name())
		if obj == nil {
			e.refuse(x, "the selector "+x.Sel.Name)
		}
		sel.obj, sel.index = obj, index
	}
	return sel
}
