package lower

import (
	"fmt"
	"go/token"
	"go/types"
	"strconv"
	"strings"
)

// typeText writes a type as the lowered package must spell it.
func (e *emitter) typeText(t types.Type) string {
	switch t := t.(type) {
	case *types.Basic:
		if t.Kind() == types.UnsafePointer {
			return e.importName("unsafe") + ".Pointer"
		}
		return e.predeclared(types.Default(t).String())
	case *types.Alias:
		if t.Obj().Pkg() == nil {
			return "interface{}" // any, a name that a cell may give to something else
		}
		return e.typeName(t.Obj()) + e.typeArgs(t.TypeArgs())
	case *types.Named:
		return e.typeName(t.Obj()) + e.typeArgs(t.TypeArgs())
	case *types.TypeParam:
		return t.Obj().Name()
	case *types.Pointer:
		return "*" + e.typeText(t.Elem())
	case *types.Slice:
		return "[]" + e.typeText(t.Elem())
	case *types.Array:
		return fmt.Sprintf("[%d]%s", t.Len(), e.typeText(t.Elem()))
	case *types.Map:
		return "map[" + e.typeText(t.Key()) + "]" + e.typeText(t.Elem())
	case *types.Chan:
		return e.chanText(t)
	case *types.Signature:
		return "func" + e.signature(t)
	case *types.Struct:
		return e.structText(t)
	case *types.Interface:
		return e.interfaceText(t)
	case *types.Union:
		return e.unionText(t)
	}
	e.fail(token.NoPos, fmt.Sprintf("the type %s", t), "")
	return "any"
}

// typeName writes the name of a declared type.
func (e *emitter) typeName(obj *types.TypeName) string {
	switch {
	case obj.Pkg() == nil:
		return e.predeclared(obj.Name())
	case obj.Pkg() == e.cell.Pkg:
		return obj.Name()
	case obj.Parent() != obj.Pkg().Scope() && !e.isCellObject(obj):
		return obj.Name() // local
	case e.isCellObject(obj):
		return e.cellImport(obj) + "." + Prefix + obj.Name()
	case !obj.Exported():
		e.fail(token.NoPos, fmt.Sprintf("a variable of the type %s, which package %s does not export", obj.Name(), obj.Pkg().Path()),
			"declare the variable with an interface type, or inside a function")
	}
	return e.importName(obj.Pkg().Path()) + "." + obj.Name()
}

func (e *emitter) typeArgs(list *types.TypeList) string {
	if list.Len() == 0 {
		return ""
	}
	var args []string
	for t := range list.Types() {
		args = append(args, e.typeText(t))
	}
	return "[" + strings.Join(args, ", ") + "]"
}

func (e *emitter) chanText(t *types.Chan) string {
	elem := e.typeText(t.Elem())
	switch t.Dir() {
	case types.SendOnly:
		return "chan<- " + elem
	case types.RecvOnly:
		return "<-chan " + elem
	}
	if c, ok := t.Elem().(*types.Chan); ok && c.Dir() == types.RecvOnly {
		elem = "(" + elem + ")"
	}
	return "chan " + elem
}

func (e *emitter) signature(s *types.Signature) string {
	var params []string
	for i := range s.Params().Len() {
		t := s.Params().At(i).Type()
		text := ""
		if s.Variadic() && i == s.Params().Len()-1 {
			if sl, ok := t.(*types.Slice); ok {
				text = "..." + e.typeText(sl.Elem())
			}
		}
		if text == "" {
			text = e.typeText(t)
		}
		params = append(params, text)
	}
	out := "(" + strings.Join(params, ", ") + ")"
	switch n := s.Results().Len(); n {
	case 0:
	default:
		var res []string
		for v := range s.Results().Variables() {
			res = append(res, e.typeText(v.Type()))
		}
		out += " (" + strings.Join(res, ", ") + ")"
	}
	return out
}

func (e *emitter) structText(t *types.Struct) string {
	if a := e.l.anonymous(t); a != nil {
		return e.packageImport(a.path) + "." + a.name
	}
	var fields []string
	for i := range t.NumFields() {
		f := t.Field(i)
		text := f.Name() + " " + e.typeText(f.Type())
		if f.Embedded() {
			text = e.embeddedText(f.Type())
		}
		if tag := t.Tag(i); tag != "" {
			text += " " + strconv.Quote(tag)
		}
		fields = append(fields, text)
	}
	return "struct{ " + strings.Join(fields, "; ") + " }"
}

// embeddedText writes the type of an embedded field, whose name is the field's.
func (e *emitter) embeddedText(t types.Type) string {
	if p, ok := t.(*types.Pointer); ok {
		return "*" + e.embeddedText(p.Elem())
	}
	var obj *types.TypeName
	args := ""
	switch t := t.(type) {
	case *types.Named:
		obj, args = t.Obj(), e.typeArgs(t.TypeArgs())
	case *types.Alias:
		obj, args = t.Obj(), e.typeArgs(t.TypeArgs())
	}
	if obj == nil || !e.isCellObject(obj) {
		return e.typeText(t)
	}
	e.aliasFor(obj)
	return obj.Name() + args
}

func (e *emitter) interfaceText(t *types.Interface) string {
	if t.NumExplicitMethods() == 0 && t.NumEmbeddeds() == 0 {
		return "interface{}"
	}
	var parts []string
	for m := range t.ExplicitMethods() {
		parts = append(parts, e.methodName(m)+e.signature(m.Signature()))
	}
	for i := range t.NumEmbeddeds() {
		parts = append(parts, e.typeText(t.EmbeddedType(i)))
	}
	return "interface{ " + strings.Join(parts, "; ") + " }"
}

func (e *emitter) unionText(u *types.Union) string {
	var terms []string
	for t := range u.Terms() {
		text := e.typeText(t.Type())
		if t.Tilde() {
			text = "~" + text
		}
		terms = append(terms, text)
	}
	return strings.Join(terms, " | ")
}

// typeParams writes the parameters and the arguments of a generic declaration: "[T any]", "[T]".
func (e *emitter) typeParams(list *types.TypeParamList) (params, args string) {
	if list.Len() == 0 {
		return "", ""
	}
	var ps, as []string
	for p := range list.TypeParams() {
		name := p.Obj().Name()
		if name == "_" {
			name = fmt.Sprintf("ø_%d", p.Index())
		}
		ps = append(ps, name+" "+e.typeText(p.Constraint()))
		as = append(as, name)
	}
	return "[" + strings.Join(ps, ", ") + "]", "[" + strings.Join(as, ", ") + "]"
}
