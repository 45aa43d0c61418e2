package assist

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/types/typeutil"
)

// qualifier writes packages by their names; the session's and pkg go without.
func qualifier(pkg *types.Package) types.Qualifier {
	return func(p *types.Package) string {
		if p == pkg || p.Path() == "main" {
			return ""
		}
		return p.Name()
	}
}

// declaration returns how Go would declare an object, to a reader inside its package.
func declaration(obj types.Object) string {
	pkg := obj.Pkg()
	if f, ok := obj.(*types.Func); ok {
		return function(f, pkg)
	}
	switch o := obj.(type) {
	case *types.TypeName:
		return typeDeclaration(o, pkg)
	case *types.Const:
		t := ""
		if b, ok := o.Type().(*types.Basic); !ok || b.Info()&types.IsUntyped == 0 {
			t = " " + types.TypeString(o.Type(), qualifier(pkg))
		}
		return fmt.Sprintf("const %s%s = %s", o.Name(), t, o.Val())
	case *types.Var:
		word := "var "
		if o.IsField() {
			word = "field "
		}
		return word + o.Name() + " " + types.TypeString(o.Type(), qualifier(pkg))
	}
	return types.ObjectString(obj, qualifier(pkg))
}

// function returns the heading of a function or method.
func function(f *types.Func, pkg *types.Package) string {
	sig := strings.TrimPrefix(types.TypeString(f.Signature(), qualifier(pkg)), "func")
	recv := f.Signature().Recv()
	if recv == nil || types.IsInterface(recv.Type()) {
		return "func " + f.Name() + sig
	}
	name := recv.Name()
	if name != "" {
		name += " "
	}
	return fmt.Sprintf("func (%s%s) %s%s", name, types.TypeString(recv.Type(), qualifier(pkg)), f.Name(), sig)
}

// typeDeclaration returns the declaration of a type without what is unexported, and its methods.
func typeDeclaration(o *types.TypeName, pkg *types.Package) string {
	if o.IsAlias() {
		t := types.Unalias(o.Type())
		if alias, ok := o.Type().(*types.Alias); ok {
			t = alias.Rhs()
		}
		return "type " + o.Name() + " = " + types.TypeString(t, qualifier(pkg))
	}
	name := types.TypeString(o.Type(), qualifier(pkg)) // with type parameters
	lines := []string{"type " + name + " " + body(o.Type(), pkg)}
	if !types.IsInterface(o.Type()) {
		lines = append(lines, methods(o.Type(), pkg)...)
	}
	return strings.Join(lines, "\n")
}

// methods returns the headings of a type's methods by name, after an empty line.
func methods(t types.Type, pkg *types.Package) []string {
	var lines []string
	for _, m := range typeutil.IntuitiveMethodSet(t, nil) {
		if f, ok := m.Obj().(*types.Func); ok && visible(f) {
			lines = append(lines, function(f, pkg))
		}
	}
	if len(lines) == 0 {
		return nil
	}
	slices.SortFunc(lines, func(a, b string) int {
		return strings.Compare(a[strings.Index(a, ") ")+1:], b[strings.Index(b, ") ")+1:])
	})
	return append([]string{""}, lines...)
}

// body returns what stands after the name in the declaration of a type.
func body(t types.Type, pkg *types.Package) string {
	var lines []string
	hidden := ""
	word := "struct"
	switch u := t.Underlying().(type) {
	case *types.Struct:
		for f := range u.Fields() {
			if !visible(f) {
				hidden = "// Has unexported fields."
				continue
			}
			line := types.TypeString(f.Type(), qualifier(pkg))
			if !f.Embedded() {
				line = f.Name() + " " + line
			}
			lines = append(lines, line)
		}
	case *types.Interface:
		word = "interface"
		for e := range u.EmbeddedTypes() {
			lines = append(lines, types.TypeString(e, qualifier(pkg)))
		}
		for m := range u.ExplicitMethods() {
			if !visible(m) {
				hidden = "// Has unexported methods."
				continue
			}
			lines = append(lines, m.Name()+strings.TrimPrefix(types.TypeString(m.Type(), qualifier(pkg)), "func"))
		}
	default:
		return types.TypeString(u, qualifier(pkg))
	}
	if hidden != "" {
		lines = append(lines, hidden)
	}
	if len(lines) == 0 {
		return word + "{}"
	}
	return word + " {\n\t" + strings.Join(lines, "\n\t") + "\n}"
}

// underlying tells in short what a type is.
func underlying(t types.Type, pkg *types.Package) string {
	switch u := t.Underlying().(type) {
	case *types.Struct:
		return "struct"
	case *types.Interface:
		return "interface"
	default:
		return types.TypeString(u, qualifier(pkg))
	}
}

// overview lists what a package exports, a line each.
func overview(pkg *types.Package) string {
	lines := []string{heading(pkg), ""}
	for _, word := range []string{"const", "var", "func", "type"} {
		for _, c := range packageMembers(pkg) {
			text := declaration(c.obj)
			if t, ok := c.obj.(*types.TypeName); ok && !t.IsAlias() {
				text = "type " + types.TypeString(t.Type(), qualifier(pkg)) + " " + underlying(t.Type(), pkg)
			}
			if strings.HasPrefix(text, word) {
				lines = append(lines, text)
			}
		}
	}
	return strings.Join(lines, "\n")
}

// heading names a package as the go tool does.
func heading(pkg *types.Package) string {
	return fmt.Sprintf("package %s // import %q", pkg.Name(), pkg.Path())
}
