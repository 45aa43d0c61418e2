package export

import (
	"fmt"
	"go/constant"
	"go/types"
	"slices"
	"strings"
)

// API describes what a package exports, one line a constant, variable, function, type, field or method,
// sorted. Two packages with the same lines are the same to a program that imports them.
func API(p *types.Package) []string {
	qualifier := func(q *types.Package) string {
		if q == p {
			return ""
		}
		return q.Path()
	}
	var lines []string
	for _, name := range p.Scope().Names() {
		obj := p.Scope().Lookup(name)
		if !obj.Exported() {
			continue
		}
		if t, ok := obj.(*types.TypeName); ok && !t.IsAlias() {
			lines = append(lines, typeAPI(t, qualifier)...)
			continue
		}
		line := types.ObjectString(obj, qualifier)
		if c, ok := obj.(*types.Const); ok {
			line += " = " + value(c.Val())
		}
		lines = append(lines, line)
	}
	slices.Sort(lines)
	return lines
}

// value writes a constant. A float is rounded to a float64, as export data keep no more than 512 bits.
func value(v constant.Value) string {
	if v.Kind() == constant.Float {
		f, _ := constant.Float64Val(v)
		return fmt.Sprint(f)
	}
	return v.ExactString()
}

// typeAPI describes a defined type: its kind, its exported fields and the methods of its pointer.
func typeAPI(t *types.TypeName, qualifier types.Qualifier) []string {
	var lines []string
	head := "type " + types.TypeString(t.Type(), qualifier)
	switch u := t.Type().Underlying().(type) {
	case *types.Struct:
		lines = append(lines, fmt.Sprintf("%s struct comparable=%t", head, types.Comparable(u)))
		for f := range u.Fields() {
			if f.Exported() {
				lines = append(lines, fmt.Sprintf("%s.%s embedded=%t", head, types.ObjectString(f, qualifier), f.Embedded()))
			}
		}
	case *types.Interface:
		line := head + " " + types.TypeString(u, qualifier)
		lines = append(lines, strings.ReplaceAll(line, " any", " interface{}")) // one type, two spellings
	default:
		lines = append(lines, head+" "+types.TypeString(u, qualifier))
	}
	if types.IsInterface(t.Type()) {
		return lines
	}
	methods := types.NewMethodSet(types.NewPointer(t.Type()))
	for m := range methods.Methods() {
		if m.Obj().Exported() {
			lines = append(lines, strings.TrimSpace(head+" "+types.SelectionString(m, qualifier)))
		}
	}
	return lines
}
