package program

import (
	"fmt"
	"go/types"
	"strconv"
	"strings"
)

// typeText writes a type as the program spells it.
func (w *writer) typeText(t types.Type) string {
	switch t := t.(type) {
	case *types.Basic:
		if t.Kind() == types.UnsafePointer {
			return w.typePackage(types.Unsafe) + ".Pointer"
		}
		return types.Default(t).String()
	case *types.Alias:
		return w.typeName(t.Obj()) + w.typeArgs(t.TypeArgs())
	case *types.Named:
		return w.typeName(t.Obj()) + w.typeArgs(t.TypeArgs())
	case *types.TypeParam:
		return t.Obj().Name()
	case *types.Pointer:
		return "*" + w.typeText(t.Elem())
	case *types.Slice:
		return "[]" + w.typeText(t.Elem())
	case *types.Array:
		return fmt.Sprintf("[%d]%s", t.Len(), w.typeText(t.Elem()))
	case *types.Map:
		return "map[" + w.typeText(t.Key()) + "]" + w.typeText(t.Elem())
	case *types.Chan:
		return map[types.ChanDir]string{types.SendRecv: "chan (", types.SendOnly: "chan<- (", types.RecvOnly: "<-chan ("}[t.Dir()] + w.typeText(t.Elem()) + ")"
	case *types.Signature:
		return "func" + w.signature(t)
	case *types.Struct:
		return w.structText(t)
	case *types.Interface:
		return w.interfaceText(t)
	}
	w.fail("a variable of the type %s cannot be declared outside a function", t)
	return "any"
}

// typePackage returns the name of the package of a type.
func (w *writer) typePackage(p *types.Package) string {
	for i, name := range w.imports {
		if i.path == p.Path() {
			return name
		}
	}
	i := imported{p.Name(), p.Path()}
	w.imports[i] = ""
	return ""
}

func (w *writer) typeName(obj *types.TypeName) string {
	switch {
	case obj.Pkg() == nil:
		return obj.Name()
	case obj.Parent() != obj.Pkg().Scope() && obj.Pkg().Path() == "main" && w.book.units[obj] == nil:
		w.fail("a variable of the type %s, which is declared inside a function, cannot be declared outside it", obj.Name())
		return obj.Name()
	case obj.Pkg().Path() == "main":
		w.include(obj)
		if name, ok := w.names[obj]; ok {
			return name
		}
		return obj.Name()
	case !obj.Exported():
		w.fail("a variable of the type %s.%s cannot be declared: package %[1]s does not export it", obj.Pkg().Name(), obj.Name())
	}
	return w.typePackage(obj.Pkg()) + "." + obj.Name()
}

func (w *writer) typeArgs(list *types.TypeList) string {
	if list.Len() == 0 {
		return ""
	}
	var args []string
	for t := range list.Types() {
		args = append(args, w.typeText(t))
	}
	return "[" + strings.Join(args, ", ") + "]"
}

func (w *writer) signature(s *types.Signature) string {
	var params, results []string
	for i := range s.Params().Len() {
		t := s.Params().At(i).Type()
		if sl, ok := t.(*types.Slice); ok && s.Variadic() && i == s.Params().Len()-1 {
			params = append(params, "..."+w.typeText(sl.Elem()))
			continue
		}
		params = append(params, w.typeText(t))
	}
	for v := range s.Results().Variables() {
		results = append(results, w.typeText(v.Type()))
	}
	out := "(" + strings.Join(params, ", ") + ")"
	if len(results) > 0 {
		out += " (" + strings.Join(results, ", ") + ")"
	}
	return out
}

func (w *writer) structText(t *types.Struct) string {
	var fields []string
	for i := range t.NumFields() {
		f := t.Field(i)
		text := w.typeText(f.Type())
		if !f.Embedded() {
			text = f.Name() + " " + text
		}
		if tag := t.Tag(i); tag != "" {
			text += " " + strconv.Quote(tag)
		}
		fields = append(fields, text)
	}
	return "struct{ " + strings.Join(fields, "; ") + " }"
}

func (w *writer) interfaceText(t *types.Interface) string {
	var parts []string
	for m := range t.ExplicitMethods() {
		parts = append(parts, m.Name()+w.signature(m.Signature()))
	}
	for i := range t.NumEmbeddeds() {
		parts = append(parts, w.typeText(t.EmbeddedType(i)))
	}
	return "interface{ " + strings.Join(parts, "; ") + " }"
}
