package display

import (
	"go/types"
	"reflect"
	"regexp"
	"strings"
)

// typeName names the type of v: as go/types knows it if t is given, else as reflect does.
func typeName(v reflect.Value, t types.Type) string {
	if t == nil || !concrete(t) {
		return reflectName(v.Type())
	}
	return clean(types.TypeString(types.Default(t), func(p *types.Package) string {
		if p.Path() == "main" {
			return ""
		}
		return p.Name()
	}))
}

// concrete reports whether t is not a type parameter, nor the type of untyped nil.
func concrete(t types.Type) bool {
	_, param := t.(*types.TypeParam)
	return !param && t != types.Typ[types.UntypedNil] && t != types.Typ[types.Invalid]
}

var (
	cellPath  = regexp.MustCompile(`gobraid\.cell/[^.\s\[\]{}(),*]*\.`) // of a compiled cell, in type arguments
	directory = regexp.MustCompile(`([\pL\pN_.~-]+/)+`)                 // of an import path, in type arguments
	mainName  = regexp.MustCompile(`(^|[^\pL\pN_.])main\.`)
	localType = regexp.MustCompile(`·\d+`) // what tells local types of the same name apart
)

// reflectName names a run-time type the way a cell would write it.
func reflectName(t reflect.Type) string {
	name := cellPath.ReplaceAllString(t.String(), "")
	name = directory.ReplaceAllString(name, "")
	name = mainName.ReplaceAllString(name, "$1")
	name = localType.ReplaceAllString(name, "")
	name = strings.ReplaceAll(name, "interface {}", "any")
	return clean(name)
}

// clean takes away the rune with which the compiled engine makes a name exported.
func clean(name string) string { return strings.ReplaceAll(name, "Ʞ", "") }

// parens puts a type that cannot stand before parentheses in parentheses.
func parens(name string) string {
	for _, prefix := range []string{"*", "func(", "chan ", "<-chan "} {
		if strings.HasPrefix(name, prefix) {
			return "(" + name + ")"
		}
	}
	return name
}

// foreign reports whether a type is of the standard library, whose unexported fields are nobody's business.
func foreign(t reflect.Type) bool {
	first, _, _ := strings.Cut(t.PkgPath(), "/")
	return first != "" && first != "main" && !strings.Contains(first, ".")
}
