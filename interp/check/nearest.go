package check

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// noSelector is what the type checker says of x.f where x has no f.
var noSelector = regexp.MustCompile(`^\S+ undefined \(type .* has no field or method (\w+)\)$`)

// meant names what a name that there is not may have been meant for, or nothing. pos is the error's.
func (d *draft) meant(msg string, pos token.Pos) string {
	if m := noSelector.FindStringSubmatch(msg); m != nil {
		return didYouMean("", nearest(m[1], d.members(pos)))
	}
	name, ok := strings.CutPrefix(msg, "undefined: ")
	if !ok {
		return ""
	}
	pkg, name, qualified := strings.Cut(name, ".")
	if !qualified {
		names := slices.Concat(slices.Collect(maps.Keys(d.c.names)), slices.Collect(maps.Keys(d.declared)), slices.Collect(maps.Keys(d.c.imports)), types.Universe.Names())
		return didYouMean("", nearest(pkg, names))
	}
	for _, obj := range d.info.Uses {
		if p, ok := obj.(*types.PkgName); ok && p.Name() == pkg {
			return didYouMean(pkg+".", nearest(name, exported(p.Imported().Scope().Names())))
		}
	}
	return ""
}

// members returns the fields and methods of what stands before the dot of the selector at pos.
func (d *draft) members(pos token.Pos) []string {
	var of types.Type
	find := func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok && s.Sel.Pos() == pos {
			of = d.info.Types[s.X].Type
		}
		return of == nil
	}
	for _, decl := range slices.Concat(d.decls, d.vars) {
		ast.Inspect(decl, find)
	}
	for _, s := range slices.Concat(d.stmts, d.body) {
		ast.Inspect(s, find)
	}
	if d.result != nil {
		ast.Inspect(d.result, find)
	}
	if of == nil {
		return nil
	}
	var names []string
	if p, ok := of.Underlying().(*types.Pointer); ok {
		of = p.Elem()
	}
	if s, ok := of.Underlying().(*types.Struct); ok {
		for f := range s.Fields() {
			names = append(names, f.Name())
		}
	}
	if !types.IsInterface(of) {
		of = types.NewPointer(of)
	}
	for m := range types.NewMethodSet(of).Methods() {
		names = append(names, m.Obj().Name())
	}
	return exported(names)
}

func exported(names []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(n string) bool { return !token.IsExported(n) })
}

func didYouMean(prefix string, names []string) string {
	switch len(names) {
	case 0:
		return ""
	case 1:
		return "did you mean " + prefix + names[0] + "?"
	}
	last := len(names) - 1
	return "did you mean " + prefix + strings.Join(names[:last], ", "+prefix) + " or " + prefix + names[last] + "?"
}

// nearest returns up to three of names that are hardly other than name: in the case of letters, by a New before it, or by one letter
// in four.
func nearest(name string, names []string) []string {
	const most = 3
	plain := func(s string) string { return strings.ToLower(strings.TrimPrefix(s, "New")) }
	found := map[int][]string{}
	slices.Sort(names)
	for _, n := range slices.Compact(names) {
		if n == name || n == "" {
			continue
		}
		if d := distance(plain(name), plain(n)); d <= len(plain(name))/4 {
			found[d] = append(found[d], n)
		}
	}
	for _, d := range slices.Sorted(maps.Keys(found)) {
		return found[d][:min(most, len(found[d]))]
	}
	return nil
}

// distance is the number of letters to put in, take out, exchange or swap with their neighbour to make b of a (optimal string alignment).
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	d := make([][]int, len(x)+1)
	for i := range d {
		d[i] = make([]int, len(y)+1)
		d[i][0] = i
	}
	for j := range d[0] {
		d[0][j] = j
	}
	for i := 1; i <= len(x); i++ {
		for j := 1; j <= len(y); j++ {
			same := 1
			if x[i-1] == y[j-1] {
				same = 0
			}
			d[i][j] = min(d[i-1][j]+1, d[i][j-1]+1, d[i-1][j-1]+same)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[len(x)][len(y)]
}
