package generate

import (
	"fmt"
	"go/ast"
	"regexp"
	"slices"
	"strings"
)

// Session returns a program that can be run as the cells of a session too: see [Cells].
//
// Its functions cell1, cell2 and so on, which main calls in order, are cells of statements. What is declared before each is
// a cell of declarations. The variables named sv… are those that the cells define. A name that ends in __v and a number
// declares what comes before that again.
func Session(seed uint64, cells int, features []string) string {
	g := newGenerator(seed, features)
	var names []string
	body := g.capture(func() {
		g.out.WriteString(preamble + "\nvar (\n\tres int\n\tout string\n)\n\nfunc show(x any) { fmt.Println(x) }\n\n")
		g.library()
		g.types()
		g.tupleFuncs()
		number := 0
		cell := func(f func()) {
			number++
			name := fmt.Sprint("cell", number)
			names = append(names, name)
			g.line("func %s() {", name)
			g.scopes = [][]variable{slices.Concat([]variable{{name: "total", t: tInt}, {name: "res", t: tInt}, {name: "out", t: tString}}, g.globals), nil}
			g.inFunc, g.loops, g.depth, g.quiet = nil, nil, 0, false
			g.indent = 1
			f()
			g.indent = 0
			g.line("}\n")
		}
		cell(func() {})
		for range cells {
			for range g.r.IntN(3) {
				g.function()
				cell(func() {})
			}
			var defined []variable
			var decls []string
			cell(func() {
				g.line("fuel = 900")
				for range g.r.IntN(3) {
					v, again := g.cellVariable()
					g.risk = true
					g.line("%s = %s", v.name, g.typed(v.t))
					decls = append(decls, fmt.Sprintf("var %s %s\n\n", v.name, v.t.name))
					defined = append(defined, v)
					if again != "" {
						hide := func(o variable) bool { return o.name == again }
						g.globals = slices.DeleteFunc(slices.Clone(g.globals), hide)
						g.scopes[0] = slices.DeleteFunc(slices.Clone(g.scopes[0]), hide)
					}
					g.scopes[0] = append(g.scopes[0], v)
				}
				switch g.r.IntN(4) {
				case 0, 1:
					g.line("try(\"cell\", func() string {")
					g.scope(func() { g.statements(2 + g.r.IntN(4)); g.line("return out") })
					g.line("})")
				case 2:
					if len(g.funcs) > 0 {
						g.try(choose(g, g.funcs...))
					}
				default:
					g.careful(1 + g.r.IntN(4))
				}
				g.line("fmt.Println(%q, res, out, total)", fmt.Sprint("cell ", number))
				g.line("out = \"\"")
				if g.chance(3) {
					g.risk = true
					g.line("show(%s)", g.typed(tInt))
				}
			})
			for _, d := range decls {
				g.out.WriteString(d)
			}
			g.globals = append(g.globals, defined...)
			if g.chance(4) {
				g.again()
				cell(func() {})
			}
		}
		g.line("func main() {\n\t%s()\n}", strings.Join(names, "()\n\t"))
	})
	return "package main\n\n" + imports(body) + body
}

// careful writes statements that do not panic.
func (g *generator) careful(n int) {
	g.safe = true
	g.statements(n)
	g.safe = false
}

// cellVariable returns a new variable of a cell, and the name of the one that it takes the place of.
func (g *generator) cellVariable() (variable, string) {
	t := g.anyType(2)
	if len(g.globals) > 0 && g.chance(4) {
		old := choose(g, g.globals...)
		base, _, _ := strings.Cut(old.name, "__v")
		return variable{name: g.fresh(base + "__v"), t: t}, old.name
	}
	return variable{name: g.fresh("sv"), t: t}, ""
}

// again declares a function or a type again. What has the old type is not used any more.
func (g *generator) again() {
	if len(g.structs) == 0 || len(g.funcs) > 0 && g.chance(2) {
		if len(g.funcs) == 0 {
			return
		}
		i := g.r.IntN(len(g.funcs))
		base, _, _ := strings.Cut(g.funcs[i].name, "__v")
		g.funcs = slices.Delete(slices.Clone(g.funcs), i, i+1) // the new one would call itself
		g.function()
		f := g.funcs[len(g.funcs)-1]
		first := f.name
		f.name = g.fresh(base + "__v")
		text := strings.ReplaceAll(g.out.String(), first+"(", f.name+"(")
		g.out.Reset()
		g.out.WriteString(text)
		return
	}
	i := g.r.IntN(len(g.structs))
	old := g.structs[i]
	if old.implements(tError) {
		return
	}
	g.structs = slices.Delete(slices.Clone(g.structs), i, i+1)
	uses := func(t *typ) bool { return mentionsType(t, old, map[*typ]bool{}) }
	g.structs = slices.DeleteFunc(g.structs, uses)
	g.others = slices.DeleteFunc(g.others, uses)
	g.tuples = slices.DeleteFunc(g.tuples, func(f tuple) bool {
		return uses(f.receiver) || slices.ContainsFunc(f.params, uses) || slices.ContainsFunc(f.results, uses)
	})
	g.funcs = slices.DeleteFunc(g.funcs, func(f *function_) bool { return slices.ContainsFunc(f.params, uses) })
	g.globals = slices.DeleteFunc(slices.Clone(g.globals), func(v variable) bool { return uses(v.t) })
	base, _, _ := strings.Cut(old.name, "__v")
	g.structName = g.fresh(base + "__v")
	g.structType()
}

// mentionsType reports whether a type is made of another.
func mentionsType(t, part *typ, seen map[*typ]bool) bool {
	if t == nil || seen[t] {
		return false
	}
	seen[t] = true
	if t == part || t.name == part.name || mentionsType(t.elem, part, seen) || mentionsType(t.key, part, seen) {
		return true
	}
	in := func(u *typ) bool { return mentionsType(u, part, seen) }
	return slices.ContainsFunc(t.fields, func(f field) bool { return in(f.t) }) || slices.ContainsFunc(t.params, in) || slices.ContainsFunc(t.results, in)
}

var version = regexp.MustCompile(`__v\d+`)

// wrapper is what Go says when a value method is called through an interface that holds a nil pointer, unless it knows when
// compiling what the interface holds.
var wrapper = regexp.MustCompile(`value method main\.\w+\.\w+ called using nil \*\w+ pointer`)

// Plain returns what a program prints without what is open: the versions of names, which cells do not have, and which of two
// texts tells of a nil pointer.
func Plain(output []byte) []byte {
	output = version.ReplaceAll(output, nil)
	return wrapper.ReplaceAll(output, []byte("runtime error: invalid memory address or nil pointer dereference"))
}

// Declares reports whether a cell of [Cells] is one of declarations.
func Declares(cell string) bool { return declaration.MatchString(cell) }

var declaration = regexp.MustCompile(`(?m)^(func|type|const) `)

// Cells returns the cells of a program of [Session].
func Cells(program string) []string {
	fset, f := parse(program)
	if f == nil {
		return nil
	}
	text := func(n ast.Node) string {
		e := span(fset, n, "")
		return program[e.from:e.to]
	}
	called := map[string]bool{}
	types := map[string]string{} // of the variables of cells
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Name.Name == "main" {
				for _, s := range d.Body.List {
					called[strings.TrimSuffix(text(s), "()")] = true
				}
			}
		case *ast.GenDecl:
			for _, s := range d.Specs {
				if v, ok := s.(*ast.ValueSpec); ok && cellVar.MatchString(v.Names[0].Name) && v.Type != nil {
					types[v.Names[0].Name] = text(v.Type)
				}
			}
		}
	}
	var cells []string
	imported := map[string]bool{}
	add := func(cell string) {
		if strings.TrimSpace(cell) == "" {
			return
		}
		var imports string
		for _, path := range standard {
			if name := path[strings.LastIndexByte(path, '/')+1:]; mentions(cell, name) && !imported[path] {
				imported[path] = true
				imports += fmt.Sprintf("import %q\n", path)
			}
		}
		cells = append(cells, version.ReplaceAllString(imports+cell, ""))
	}
	var decls strings.Builder
	defined := map[string]bool{}
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.GenDecl:
			if strings.HasPrefix(text(d), "import") || isCellVar(d) {
				continue
			}
		case *ast.FuncDecl:
			name := d.Name.Name
			switch {
			case name == "main" || name == "show":
				continue
			case cellFunc.MatchString(name):
				add(decls.String())
				decls.Reset()
				if called[name] {
					add(statements(d, text, types, defined))
				}
				continue
			}
		}
		decls.WriteString(text(d) + "\n")
	}
	return cells
}

var (
	cellFunc = regexp.MustCompile(`^cell\d+$`)
	cellVar  = regexp.MustCompile(`^sv\d+(__v\d+)?$`)
)

func isCellVar(d *ast.GenDecl) bool {
	if len(d.Specs) == 0 {
		return false // an import of nothing
	}
	v, ok := d.Specs[0].(*ast.ValueSpec)
	return ok && cellVar.MatchString(v.Names[0].Name)
}

// statements returns the statements of a cell. The first that assigns to a variable of the cells defines it.
func statements(d *ast.FuncDecl, text func(ast.Node) string, types map[string]string, defined map[string]bool) string {
	var b strings.Builder
	ast.Inspect(d.Body, func(n ast.Node) bool { // one whose definition was lost
		if id, ok := n.(*ast.Ident); ok && types[id.Name] != "" && !defined[id.Name] && !assigns(d.Body.List, id.Name) {
			defined[id.Name] = true
			fmt.Fprintf(&b, "var %s %s\n", id.Name, types[id.Name])
		}
		return true
	})
	for i, s := range d.Body.List {
		t := text(s)
		if a, ok := s.(*ast.AssignStmt); ok && len(a.Lhs) == 1 {
			name := text(a.Lhs[0])
			if types[name] != "" && !defined[name] && a.Tok.String() == "=" {
				defined[name] = true
				if version.MatchString(name) || len(t)%2 == 0 || strings.HasPrefix(types[name], "[") {
					t = fmt.Sprintf("var %s %s = %s", name, types[name], text(a.Rhs[0]))
				} else {
					t = name + " := " + text(a.Rhs[0])
				}
			}
		}
		if inner, ok := strings.CutPrefix(t, "show("); ok && i == len(d.Body.List)-1 {
			t = strings.TrimSuffix(inner, ")")
		}
		b.WriteString(t + "\n")
	}
	return b.String()
}

// assigns reports whether one of the statements is an assignment to a variable.
func assigns(list []ast.Stmt, name string) bool {
	return slices.ContainsFunc(list, func(s ast.Stmt) bool {
		a, ok := s.(*ast.AssignStmt)
		if !ok || len(a.Lhs) != 1 || a.Tok.String() != "=" {
			return false
		}
		id, ok := a.Lhs[0].(*ast.Ident)
		return ok && id.Name == name
	})
}
