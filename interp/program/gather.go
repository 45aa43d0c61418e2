package program

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"

	"github.com/gobraid/gobraid/interp/check"
)

// A writer writes one program.
type writer struct {
	book *Book
	own  *Book // of the cell of a function, or nil
	body *check.Cell
	mode Mode

	units  []*unit // of earlier cells, that the body needs
	in     map[*unit]bool
	needs  map[*unit]map[*unit]bool // what a unit mentions
	within *unit                    // the unit that is gathered

	lifted  map[types.Object]bool // variables of the body that are declared at package level
	taken   map[string]bool       // identifiers that occur anywhere
	names   map[types.Object]string
	imports map[imported]string // the name in the program
	stdin   bool
	embeds  map[string][]string // what variables embed, see embed
	files   map[string][]byte
	race    bool
	goName  string // the function that stands for WaitGroup.Go

	bench                                string // the name of the body as a benchmark
	tests, benchmarks, fuzzers, examples []string
	ownTestMain                          bool
	err                                  error
}

// An imported package, under the name that a cell knows it by.
type imported struct{ name, path string }

// gather finds what the body needs of earlier cells.
func (w *writer) gather() {
	w.eachBody(func(n ast.Node) { w.gatherNode(w.body, n) })
	w.lift()
	for v := range w.lifted {
		w.typeText(v.Type()) // includes what it mentions
	}
	for _, u := range slices.Clone(w.units) {
		if u.isVariable() && w.late(u) {
			for _, id := range u.names() {
				if v := u.cell.Info.Defs[id]; v != nil && id.Name != "_" {
					w.typeText(v.Type())
				}
			}
		}
	}
	slices.SortStableFunc(w.units, func(a, b *unit) int {
		if a.cell.Number != b.cell.Number {
			return a.cell.Number - b.cell.Number
		}
		return int(a.node.Pos() - b.node.Pos())
	})
}

// eachBody calls visit with every node of the body's top level.
func (w *writer) eachBody(visit func(ast.Node)) {
	for _, d := range w.body.Decls {
		visit(d)
	}
	for _, s := range w.body.Stmts {
		visit(s)
	}
	if w.body.Result != nil {
		visit(w.body.Result)
	}
}

// gatherNode includes what a node of a cell mentions.
func (w *writer) gatherNode(c *check.Cell, n ast.Node) {
	qualified := map[*ast.Ident]bool{}
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			qualified[n.Sel] = true
		case *ast.Ident:
			w.taken[n.Name] = true
			if obj := c.Info.Uses[n]; obj != nil {
				w.mention(obj, n, qualified[n])
			}
		}
		return true
	})
}

// mention includes the declaration of an object that is mentioned.
func (w *writer) mention(obj types.Object, id *ast.Ident, qualified bool) {
	if p, ok := obj.(*types.PkgName); ok {
		w.imports[imported{id.Name, p.Imported().Path()}] = ""
		return
	}
	if obj.Pkg() == nil {
		return
	}
	switch path := obj.Pkg().Path(); {
	case path == "main":
		w.include(obj)
	case !qualified && obj.Parent() == obj.Pkg().Scope(): // imported with a dot
		w.imports[imported{obj.Pkg().Name(), path}] = ""
	case path == "os" && obj.Name() == "Stdin", path == "fmt" && strings.HasPrefix(obj.Name(), "Scan"):
		w.stdin = true
	}
}

// include includes the declaration of an object of an earlier cell, with all that it needs.
func (w *writer) include(obj types.Object) {
	if obj.Pkg() == w.body.Pkg {
		return
	}
	w.includeUnit(w.unitOf(obj))
	w.includeMethods(obj)
}

// includeMethods includes the methods of a type.
func (w *writer) includeMethods(obj types.Object) {
	if t, ok := obj.(*types.TypeName); ok {
		for _, m := range w.book.methods[t] {
			w.includeUnit(m)
		}
		if w.own != nil {
			for _, m := range w.own.methods[t] {
				w.includeUnit(m)
			}
		}
	}
}

// unitOf returns where an object of a cell is declared, nil if no cell does.
func (w *writer) unitOf(obj types.Object) *unit {
	if u := w.book.units[obj]; u != nil || w.own == nil {
		return u
	}
	return w.own.units[obj]
}

func (w *writer) includeUnit(u *unit) {
	if u == nil {
		return
	}
	if w.within != nil {
		if w.needs[w.within] == nil {
			w.needs[w.within] = map[*unit]bool{}
		}
		w.needs[w.within][u] = true
	}
	if u = w.same(u); w.in[u] {
		return
	}
	w.in[u] = true
	w.units = append(w.units, u)
	outer := w.within
	w.within = u
	w.gatherNode(u.cell, u.node)
	for _, id := range u.names() {
		obj := u.cell.Info.Defs[id]
		w.includeMethods(obj)
		w.includeUnit(w.book.assigned(obj, u))
	}
	w.within = outer
}

// same returns the unit that stands for all that copy the same node.
func (w *writer) same(u *unit) *unit {
	for _, x := range w.units {
		if x.node == u.node && x.cell == u.cell {
			return x
		}
	}
	return u
}

// names returns the names that a unit declares at package level.
func (u *unit) names() []*ast.Ident {
	switch n := u.node.(type) {
	case *ast.FuncDecl:
		if n.Recv == nil {
			return []*ast.Ident{n.Name}
		}
	case *ast.TypeSpec:
		return []*ast.Ident{n.Name}
	case *ast.ValueSpec:
		return n.Names
	case *ast.AssignStmt:
		return defined(n)
	case *ast.GenDecl:
		var out []*ast.Ident
		for _, s := range n.Specs {
			out = append(out, s.(*ast.ValueSpec).Names...)
		}
		return out
	}
	return nil
}

// late tells whether a variable has to be initialised by an init function: its initialiser needs itself, which Go does not
// allow at package level, or needs a variable that is initialised so.
func (w *writer) late(u *unit) bool {
	if w.isAssignment(u) || w.reaches(u, func(x *unit) bool { return x == u }) {
		return true
	}
	return w.reaches(u, func(x *unit) bool {
		return w.isAssignment(x) || x.isVariable() && w.reaches(x, func(y *unit) bool { return y == x })
	})
}

// isAssignment tells whether a unit is an assignment to variables that another one declares.
func (w *writer) isAssignment(u *unit) bool {
	a, ok := u.node.(*ast.AssignStmt)
	return ok && a.Tok == token.ASSIGN
}

// reaches tells whether a unit needs, directly or not, one that is wanted.
func (w *writer) reaches(u *unit, wanted func(*unit) bool) bool {
	seen := map[*unit]bool{}
	var reach func(x *unit) bool
	reach = func(x *unit) bool {
		for y := range w.needs[x] {
			if y = w.same(y); wanted(y) {
				return true
			}
			if !seen[y] {
				seen[y] = true
				if reach(y) {
					return true
				}
			}
		}
		return false
	}
	return reach(u)
}

// isVariable tells whether a unit declares variables.
func (u *unit) isVariable() bool {
	switch n := u.node.(type) {
	case *ast.AssignStmt:
		return true
	case *ast.ValueSpec:
		for _, id := range n.Names {
			if _, ok := u.cell.Info.Defs[id].(*types.Var); ok {
				return true
			}
		}
	}
	return false
}

// lift finds the variables of the body that its functions mention: they are declared at package level.
func (w *writer) lift() {
	if w.packageLevel() {
		return // as all definitions are
	}
	vars := map[types.Object]bool{}
	for _, v := range w.body.Vars {
		vars[v] = true
	}
	if w.hasTests() {
		maps.Copy(w.lifted, vars)
	}
	for _, d := range w.body.Decls {
		ast.Inspect(d, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && vars[w.body.Info.Uses[id]] {
				w.lifted[w.body.Info.Uses[id]] = true
			}
			return true
		})
	}
	for again := true; again; { // the variables of one definition go together
		again = false
		for _, s := range w.body.Stmts {
			all := w.variables(s)
			n := 0
			for _, v := range all {
				if w.lifted[v] {
					n++
				}
			}
			if n > 0 && n < len(all) {
				for _, v := range all {
					w.lifted[v] = true
				}
				again = true
			}
		}
	}
}

// variables returns the variables that a statement of the body defines, or assigns as a definition does.
func (w *writer) variables(s ast.Stmt) []types.Object {
	var ids []*ast.Ident
	switch s := s.(type) {
	case *ast.AssignStmt:
		if s.Tok == token.DEFINE {
			ids = defined(s)
		}
	case *ast.DeclStmt:
		for _, spec := range s.Decl.(*ast.GenDecl).Specs {
			if v, ok := spec.(*ast.ValueSpec); ok {
				ids = append(ids, v.Names...)
			}
		}
	}
	var out []types.Object
	for _, id := range ids {
		obj := w.body.Info.Defs[id]
		if obj == nil {
			obj = w.body.Info.Uses[id]
		}
		if obj != nil && id.Name != "_" {
			out = append(out, obj)
		}
	}
	return out
}

// isDefinition tells whether a statement of the body defines variables, and does nothing else.
func isDefinition(s ast.Stmt) bool {
	switch s := s.(type) {
	case *ast.AssignStmt:
		return s.Tok == token.DEFINE
	case *ast.DeclStmt:
		return s.Decl.(*ast.GenDecl).Tok == token.VAR
	}
	return false
}

// packageLevel tells whether the definitions of the body are declarations of the program: it has a main of
// its own, or tests, and its statements do nothing else.
func (w *writer) packageLevel() bool {
	if w.body.Program {
		return true
	}
	if !w.hasMain() && !w.hasTests() {
		return false
	}
	if w.body.Result != nil && !w.callsMain(w.body.Result) {
		return false
	}
	seen := map[types.Object]bool{}
	for _, s := range w.body.Stmts {
		if x, ok := s.(*ast.ExprStmt); ok && w.callsMain(x.X) {
			continue
		}
		if !isDefinition(s) {
			return false
		}
		for _, v := range w.variables(s) {
			if seen[v] {
				return false // it is assigned again
			}
			seen[v] = true
		}
	}
	return true
}

// hasMain tells whether the body declares the function main of the program.
func (w *writer) hasMain() bool {
	return w.mode == Run && slices.ContainsFunc(w.body.Decls, func(d ast.Decl) bool {
		f, ok := d.(*ast.FuncDecl)
		return ok && f.Recv == nil && f.Name.Name == "main"
	})
}

// callsMain tells whether x is a call of the body's function main.
func (w *writer) callsMain(x ast.Expr) bool {
	call, ok := ast.Unparen(x).(*ast.CallExpr)
	if !ok {
		return false
	}
	id, ok := call.Fun.(*ast.Ident)
	return ok && id.Name == "main" && w.mode == Run && w.body.Info.Uses[id] != nil && w.body.Info.Uses[id].Pkg() == w.body.Pkg
}

func (w *writer) fail(format string, args ...any) {
	if w.err == nil {
		w.err = fmt.Errorf(format, args...)
	}
}
