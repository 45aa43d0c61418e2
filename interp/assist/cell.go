package assist

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/interp/magic"
	"github.com/gobraid/gobraid/interp/split"
)

// mark ends the name that stands at the cursor. It is a letter to Go, and no name a person types ends
// in it.
const mark = "ˢ"

// largest is the size in bytes of the largest cell that is type-checked for an answer.
const largest = 256 << 10

// A cell is the text of a cell up to the cursor, closed and checked.
type cell struct {
	session  *scope
	pkg      *types.Package
	info     *types.Info
	declared map[string]bool // at its top level
	added    map[string]bool // packages that nobody imported
	path     []ast.Node      // from the file to the name at the cursor
}

// checked closes a text after the place of a cursor and checks it. after is what comes behind the cursor;
// its declarations hold.
func (a *Assistant) checked(p place, text, after string) *cell {
	c := &cell{session: a.inScope(), pkg: types.NewPackage("main", "main"), info: &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{},
		Uses:  map[*ast.Ident]types.Object{}, Scopes: map[ast.Node]*types.Scope{},
	}}
	fset := token.NewFileSet()
	f := new(ast.File)
	if len(text)+len(after) <= largest {
		_, before := magic.Parse(text[:p.start])
		f = parse(fset, before+p.name+mark+p.rest()+declarationsIn(after))
	}
	c.path = pathToMark(f)
	c.dropBodies(f)
	a.pull(fset, f, c.session)
	c.declared = declaredNames(f)
	for _, name := range c.session.pkg.Scope().Names() {
		if !c.declared[name] {
			c.pkg.Scope().Insert(c.session.pkg.Scope().Lookup(name))
		}
	}
	c.added = a.addImports(f, c.session)
	a.check(c.pkg, fset, c.info, []*ast.File{f})
	return c
}

// pull declares the session's types again that a file declares methods of, as running the cell will do.
func (a *Assistant) pull(fset *token.FileSet, f *ast.File, s *scope) {
	a.mu.Lock()
	defer a.mu.Unlock()
	declared := declaredNames(f)
	for _, d := range slices.Clone(f.Decls) {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || fn.Recv == nil || declared[split.Receiver(fn)] {
			continue
		}
		i := slices.IndexFunc(s.names, func(n interp.Name) bool { return n.Kind == "type" && n.Name == split.Receiver(fn) })
		if i < 0 {
			continue
		}
		declared[s.names[i].Name] = true
		for _, text := range a.declarations(s.names[i]) {
			if old, err := parser.ParseFile(fset, "", "package main\n"+text, parser.SkipObjectResolution); err == nil {
				f.Decls = append(f.Decls, old.Decls...)
			}
		}
	}
}

// dropBodies takes the bodies from the functions that the cursor is not in: what they are to others their
// headings tell.
func (c *cell) dropBodies(f *ast.File) {
	for _, d := range f.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && !slices.Contains(c.path, ast.Node(fn)) {
			fn.Body = nil
		}
	}
}

// declarationsIn returns the declarations in what follows the line of the cursor.
func declarationsIn(after string) string {
	_, after, _ = strings.Cut(after, "\n")
	var b strings.Builder
	for _, d := range split.Declarations(after) {
		b.WriteString("\n" + after[d.Start:d.End])
	}
	return b.String()
}

// parse parses a cell as far as it can be. Declarations come first; the statements are the body of a
// function, but for the definitions of variables, which become declarations.
func parse(fset *token.FileSet, text string) *ast.File {
	const mode = parser.SkipObjectResolution | parser.AllErrors
	if t := scan(text); len(t.list) > 0 && t.list[0].tok == token.PACKAGE {
		f, _ := parser.ParseFile(fset, "", text, mode)
		return f
	}
	decls := split.Declarations(text)
	stmts := []byte(text)
	for _, d := range decls {
		for i := d.Start; i < d.End; i++ {
			if stmts[i] != '\n' {
				stmts[i] = ' '
			}
		}
	}
	f, _ := parser.ParseFile(fset, "", "package main\n"+split.Keep(text, decls), mode)
	body, _ := parser.ParseFile(fset, "", "package main\nfunc _() {\n"+string(stmts)+"\n}", mode)
	if f == nil {
		f = body
	} else if body != nil {
		f.Decls = append(f.Decls, body.Decls...)
	}
	lift(f)
	return f
}

// lift makes the variables that the last function of a file defines at its top level the file's.
func lift(f *ast.File) {
	if len(f.Decls) == 0 {
		return
	}
	fn, ok := f.Decls[len(f.Decls)-1].(*ast.FuncDecl)
	if !ok || fn.Body == nil {
		return
	}
	defined := map[string]bool{}
	var rest []ast.Stmt
	for _, s := range fn.Body.List {
		if spec := definition(s); spec != nil {
			for i, n := range spec.Names {
				if defined[n.Name] {
					spec.Names[i] = &ast.Ident{NamePos: n.NamePos, Name: "_"}
				}
				defined[n.Name] = true
			}
			f.Decls = append(f.Decls, &ast.GenDecl{Tok: token.VAR, TokPos: s.Pos(), Specs: []ast.Spec{spec}})
			continue
		}
		if d, ok := s.(*ast.DeclStmt); ok {
			if g, ok := d.Decl.(*ast.GenDecl); ok && g.Tok == token.VAR {
				f.Decls = append(f.Decls, g)
				continue
			}
		}
		rest = append(rest, s)
	}
	fn.Body.List = rest
}

// definition returns what a statement such as "a, b := 1, 2" declares, nil if it is another.
func definition(s ast.Stmt) *ast.ValueSpec {
	assign, ok := s.(*ast.AssignStmt)
	if !ok || assign.Tok != token.DEFINE {
		return nil
	}
	spec := &ast.ValueSpec{Values: assign.Rhs}
	for _, x := range assign.Lhs {
		id, ok := x.(*ast.Ident)
		if !ok {
			return nil
		}
		spec.Names = append(spec.Names, id)
	}
	return spec
}

// pathToMark returns the nodes from a file to the name that ends in the mark, nil if it was lost.
func pathToMark(f *ast.File) []ast.Node {
	var path, found []ast.Node
	ast.Inspect(f, func(n ast.Node) bool {
		if n == nil {
			path = path[:len(path)-1]
			return true
		}
		path = append(path, n)
		if id, ok := n.(*ast.Ident); ok && found == nil && strings.HasSuffix(id.Name, mark) {
			found = append([]ast.Node(nil), path...)
		}
		return true
	})
	return found
}

// at returns the node n above the name at the cursor, nil if there is none.
func (c *cell) at(n int) ast.Node {
	if n >= len(c.path) {
		return nil
	}
	return c.path[len(c.path)-1-n]
}
