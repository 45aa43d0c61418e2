package check

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"maps"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/gobraid/gobraid/interp/split"
)

// oldMark ends a name that stands for what the name before it meant to earlier cells. It is a letter
// to Go, and no name a person types ends in it.
const oldMark = "ʹ"

// A draft is a cell on its way through the checker.
type draft struct {
	c      *Checker
	number int
	parts  *split.Parts
	pkg    *types.Package
	info   *types.Info

	stmts    []ast.Stmt
	result   ast.Expr
	declared map[string]bool      // names the cell declares at its level
	order    []string             // names of variables, in order of definition
	ends     map[string]token.Pos // where the definition of a variable ends
	mentions map[string]bool      // identifiers that occur
	selected map[string]string    // a.B: a → B, for hints
	types    map[string]*typeDecl
	old      map[string]bool // names used in their old meaning

	decls []ast.Decl // the declarations, those pulled in included
	vars  []ast.Decl // the definitions of variables, as package-level declarations
	body  []ast.Stmt // the other statements
}

func newDraft(c *Checker, number int, parts *split.Parts) *draft {
	d := &draft{
		c: c, number: number, parts: parts,
		stmts: parts.Stmts, declared: map[string]bool{}, ends: map[string]token.Pos{},
		mentions: map[string]bool{}, selected: map[string]string{}, types: map[string]*typeDecl{}, old: map[string]bool{},
		decls: parts.Decls,
	}
	d.reset()
	return d
}

// check runs the steps in order.
func (d *draft) check() (*Cell, []Error) {
	d.takeResult()
	d.collectTypes()
	d.collectDeclared()
	if errs := d.liftVariables(); len(errs) > 0 {
		return nil, errs
	}
	d.markOld()
	d.collectMentions()
	errs := d.typecheck()
	if len(errs.unkeyed) > 0 {
		d.addKeys(errs.unkeyed)
		d.reset()
		errs = d.typecheck()
	}
	if len(errs.errs) == 0 {
		d.usedTooEarly(errs)
	}
	if len(errs.errs) > 0 {
		return nil, errs.sorted()
	}
	return d.cell(), nil
}

// typecheck runs the type checker over the cell.
func (d *draft) typecheck() *collector {
	d.fillScope()
	defer d.hideDefinitions()()
	errs := &collector{cell: d, unkeyed: map[token.Pos]bool{}}
	defer func() {
		if r := recover(); r != nil {
			errs.errs = append(errs.errs, Error{
				Pos: token.Position{Filename: d.parts.File, Line: 1, Column: 1},
				Msg: fmt.Sprintf("the type checker failed on this cell: %v (a defect, not the cell's)", r),
			})
		}
	}()
	conf := types.Config{GoVersion: GoVersion, Importer: d.c.importer, Error: errs.add, Sizes: types.SizesFor("gc", runtime.GOARCH)}
	// The error is the first of those the collector gets.
	_ = types.NewChecker(&conf, d.c.fset, d.pkg, d.info).Files([]*ast.File{d.file()})
	return errs
}

// hideDefinitions puts parentheses round the right side of "type X Y" where Y is of an earlier cell, and
// returns what takes them away again. The search of go/types for types that are defined by themselves
// follows such names, and expects to find the declaration of each in the package.
func (d *draft) hideDefinitions() (show func()) {
	hidden := map[*ast.TypeSpec]ast.Expr{}
	for _, decl := range d.decls {
		g, ok := decl.(*ast.GenDecl)
		if !ok || g.Tok != token.TYPE {
			continue
		}
		for _, s := range g.Specs {
			spec := s.(*ast.TypeSpec)
			if id, ok := spec.Type.(*ast.Ident); ok && !d.declared[id.Name] {
				hidden[spec] = id
				spec.Type = &ast.ParenExpr{Lparen: id.Pos(), X: id, Rparen: id.End() - 1}
			}
		}
	}
	return func() {
		for spec, t := range hidden {
			spec.Type = t
		}
	}
}

// reset forgets what the type checker found.
func (d *draft) reset() {
	d.pkg = types.NewPackage("main", "main")
	d.info = &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Instances: map[*ast.Ident]types.Instance{},
		Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
		Implicits: map[ast.Node]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{},
	}
}

// takeResult takes the trailing expression.
func (d *draft) takeResult() {
	if n := len(d.stmts); n > 0 && !d.parts.Quiet {
		if s, ok := d.stmts[n-1].(*ast.ExprStmt); ok {
			d.result = s.X
		}
	}
}

// collectTypes notes the declared types with their methods. A method of a type of an earlier cell
// pulls that type's declaration in: the cell declares the type again, with the method.
func (d *draft) collectTypes() {
	for _, decl := range d.parts.Decls {
		if g, ok := decl.(*ast.GenDecl); ok && g.Tok == token.TYPE {
			for _, s := range g.Specs {
				spec := s.(*ast.TypeSpec)
				d.types[spec.Name.Name] = &typeDecl{spec: spec}
			}
		}
	}
	for _, decl := range d.parts.Decls {
		f, ok := decl.(*ast.FuncDecl)
		if !ok || f.Recv == nil {
			continue
		}
		name := split.Receiver(f)
		t := d.types[name]
		if t == nil {
			if t = d.pull(name); t == nil {
				continue // the type checker says what is wrong
			}
		}
		t.methods = append(t.methods, f)
	}
}

// pull adds the declaration of a type of an earlier cell, less the methods this cell declares.
func (d *draft) pull(name string) *typeDecl {
	old := d.c.types[name]
	if old == nil {
		return nil
	}
	t := &typeDecl{spec: old.spec}
	d.types[name] = t
	pulled := []ast.Decl{&ast.GenDecl{Tok: token.TYPE, TokPos: old.spec.Pos(), Specs: []ast.Spec{old.spec}}}
	for _, m := range old.methods {
		if !d.declaresMethod(name, m.Name.Name) {
			t.methods = append(t.methods, m)
			pulled = append(pulled, m)
		}
	}
	d.decls = append(pulled, d.decls...)
	return t
}

func (d *draft) declaresMethod(typ, method string) bool {
	return slices.ContainsFunc(d.parts.Decls, func(decl ast.Decl) bool {
		f, ok := decl.(*ast.FuncDecl)
		return ok && f.Recv != nil && f.Name.Name == method && split.Receiver(f) == typ
	})
}

// collectDeclared notes the names that declarations and definitions of the cell declare.
func (d *draft) collectDeclared() {
	for _, decl := range d.decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			if decl.Recv == nil {
				d.declared[decl.Name.Name] = true
			}
		case *ast.GenDecl:
			for _, s := range decl.Specs {
				switch s := s.(type) {
				case *ast.TypeSpec:
					d.declared[s.Name.Name] = true
				case *ast.ValueSpec:
					for _, n := range s.Names {
						d.declared[n.Name] = true
						if decl.Tok == token.VAR {
							d.order = append(d.order, n.Name)
						}
					}
				}
			}
		}
	}
}

// liftVariables sorts the statements into definitions of cell-level variables and others.
func (d *draft) liftVariables() []Error {
	defined := map[string]bool{}
	for _, s := range d.stmts {
		switch s := s.(type) {
		case *ast.AssignStmt:
			if s.Tok != token.DEFINE {
				break
			}
			if err := d.liftDefine(s, defined); err != nil {
				return []Error{*err}
			}
			continue
		case *ast.DeclStmt:
			g := s.Decl.(*ast.GenDecl)
			if g.Tok != token.VAR {
				break
			}
			for _, spec := range g.Specs {
				for _, n := range spec.(*ast.ValueSpec).Names {
					d.define(n.Name, spec.End(), defined)
				}
			}
			d.vars = append(d.vars, g)
			continue
		}
		d.body = append(d.body, s)
	}
	return nil
}

func (d *draft) define(name string, end token.Pos, defined map[string]bool) {
	if name == "_" {
		return
	}
	if !defined[name] {
		d.order = append(d.order, name)
	}
	defined[name], d.declared[name] = true, true
	d.ends[name] = end
}

// liftDefine turns "a, b := f()" into "var a, b = f()"; of a variable that the cell has defined
// already it makes an assignment.
func (d *draft) liftDefine(s *ast.AssignStmt, defined map[string]bool) *Error {
	spec := &ast.ValueSpec{Values: s.Rhs}
	var reuse []ast.Stmt
	fresh := false
	for _, l := range s.Lhs {
		id, ok := l.(*ast.Ident)
		if !ok {
			return &Error{Pos: d.c.fset.Position(l.Pos()), Msg: fmt.Sprintf("non-name %s on left side of :=", types.ExprString(l))}
		}
		if id.Name != "_" && defined[id.Name] {
			tmp := ast.NewIdent("reused" + strconv.Itoa(len(d.vars)) + id.Name + oldMark)
			tmp.NamePos = id.NamePos
			use := *tmp
			spec.Names = append(spec.Names, tmp)
			reuse = append(reuse, &ast.AssignStmt{Lhs: []ast.Expr{id}, Tok: token.ASSIGN, TokPos: s.TokPos, Rhs: []ast.Expr{&use}})
			continue
		}
		fresh = fresh || id.Name != "_"
		spec.Names = append(spec.Names, id)
	}
	if !fresh {
		return &Error{Pos: d.c.fset.Position(s.TokPos), Msg: "no new variables on left side of :="}
	}
	for _, n := range spec.Names {
		if !strings.HasSuffix(n.Name, oldMark) {
			d.define(n.Name, s.End(), defined)
		}
	}
	d.vars = append(d.vars, &ast.GenDecl{Tok: token.VAR, TokPos: s.Pos(), Specs: []ast.Spec{spec}})
	d.body = append(d.body, reuse...)
	return nil
}

// markOld renames the identifiers that stand before the definition of their name in the cell, where
// the name still has its old meaning.
func (d *draft) markOld() {
	for _, id := range d.parts.Unresolved {
		if _, ok := d.ends[id.Name]; !ok {
			continue
		}
		if d.c.names[id.Name] != nil || d.c.imports[id.Name] != "" {
			d.old[id.Name] = true
			id.Name += oldMark
		}
	}
}

func (d *draft) collectMentions() {
	note := func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok {
				d.selected[x.Name] = n.Sel.Name
			}
		case *ast.Ident:
			d.mentions[n.Name] = true
		}
		return true
	}
	for _, x := range d.decls {
		ast.Inspect(x, note)
	}
	for _, x := range d.stmts {
		ast.Inspect(x, note)
	}
}

// fillScope puts the objects of earlier cells that the cell mentions into its scope.
func (d *draft) fillScope() {
	for name, obj := range d.c.names {
		if d.mentions[name] && !d.declared[name] && !d.imported(name) {
			d.pkg.Scope().Insert(obj)
		}
		if d.old[name] {
			d.pkg.Scope().Insert(d.alias(name+oldMark, obj))
		}
	}
}

// imported tells whether an import of the cell itself has that name.
func (d *draft) imported(name string) bool {
	return slices.ContainsFunc(d.parts.Imports, func(s *ast.ImportSpec) bool { return d.importName(s) == name })
}

func (d *draft) importName(s *ast.ImportSpec) string {
	if s.Name != nil {
		return s.Name.Name
	}
	if path, err := strconv.Unquote(s.Path.Value); err == nil {
		if pkg, err := d.c.importer.Import(path); err == nil {
			return pkg.Name()
		}
		return path[strings.LastIndexByte(path, '/')+1:]
	}
	return ""
}

// alias returns an object that means obj under another name.
func (d *draft) alias(name string, obj types.Object) types.Object {
	var a types.Object
	switch o := obj.(type) {
	case *types.Var:
		a = types.NewVar(o.Pos(), o.Pkg(), name, o.Type())
	case *types.Const:
		a = types.NewConst(o.Pos(), o.Pkg(), name, o.Type(), o.Val())
	case *types.Func:
		a = types.NewFunc(o.Pos(), o.Pkg(), name, o.Signature())
	case *types.TypeName:
		t := types.NewTypeName(o.Pos(), o.Pkg(), name, nil)
		types.NewAlias(t, o.Type())
		a = t
	}
	d.c.aliases[a] = obj
	return a
}

// file returns the cell as the type checker wants it.
func (d *draft) file() *ast.File {
	f := &ast.File{Name: ast.NewIdent("main"), Package: token.NoPos}
	imports := &ast.GenDecl{Tok: token.IMPORT}
	add := func(s *ast.ImportSpec) {
		imports.Specs = append(imports.Specs, s)
		f.Imports = append(f.Imports, s)
	}
	for _, s := range d.parts.Imports {
		d.bareImport(s)
		add(s)
	}
	if !d.parts.Program {
		d.earlierImports(add)
	}
	if len(imports.Specs) > 0 {
		f.Decls = append(f.Decls, imports)
	}
	f.Decls = append(f.Decls, d.decls...)
	f.Decls = append(f.Decls, d.vars...)
	if len(d.body) > 0 {
		f.Decls = append(f.Decls, &ast.FuncDecl{
			Name: ast.NewIdent("_"),
			Type: &ast.FuncType{Params: &ast.FieldList{}},
			Body: &ast.BlockStmt{List: d.body},
		})
	}
	return f
}

// bareImport completes the import of a preloaded package by its bare name, such as "concurrency".
func (d *draft) bareImport(s *ast.ImportSpec) {
	name, err := strconv.Unquote(s.Path.Value)
	if path := d.c.preloaded[name]; err == nil && path != "" {
		s.Path.Value = strconv.Quote(path)
	}
}

// earlierImports adds the imports of earlier cells that the cell mentions.
func (d *draft) earlierImports(add func(*ast.ImportSpec)) {
	spec := func(name, path string) *ast.ImportSpec {
		return &ast.ImportSpec{Name: ast.NewIdent(name), Path: &ast.BasicLit{Kind: token.STRING, Value: strconv.Quote(path)}}
	}
	for _, name := range slices.Sorted(maps.Keys(d.c.imports)) {
		path := d.c.imports[name]
		if d.mentions[name] && !d.declared[name] && !d.imported(name) {
			add(spec(name, path))
		}
		if d.old[name] {
			add(spec(name+oldMark, path))
		}
	}
	for _, path := range slices.Sorted(maps.Keys(d.c.dots)) {
		add(spec(".", path))
	}
}

// usedTooEarly reports uses of variables before their definition that markOld could not see.
func (d *draft) usedTooEarly(errs *collector) {
	for _, s := range d.stmts {
		ast.Inspect(s, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			if !ok {
				return true
			}
			v, ok := d.info.Uses[id].(*types.Var)
			if !ok || v.Pkg() != d.pkg || v.Parent() != d.pkg.Scope() {
				return true
			}
			if end, ok := d.ends[v.Name()]; ok && id.Pos() < end && id.Obj == nil {
				errs.errs = append(errs.errs, Error{
					Pos: d.c.fset.Position(id.Pos()), Msg: "undefined: " + id.Name,
					Hint: fmt.Sprintf("%s is defined later in the cell, at line %d", id.Name, d.c.fset.Position(v.Pos()).Line),
				})
			}
			return true
		})
	}
}

// cell makes the result of a check without errors.
func (d *draft) cell() *Cell {
	c := &Cell{
		Number: d.number, Fset: d.c.fset, Pkg: d.pkg, Info: d.info,
		Imports: d.parts.Imports, Decls: d.decls, Stmts: d.stmts, Result: d.result,
		Program: d.parts.Program && d.pkg.Scope().Lookup("main") != nil,
		types:   d.types, sources: d.c.sources, Importer: d.c.importer, Dots: slices.Sorted(maps.Keys(d.c.dots)),
	}
	if c.Result != nil && d.prints(c.Result) {
		c.Result = nil // what fmt.Println returns is not what the cell is about
	}
	if c.Result != nil {
		c.Stmts = d.stmts[:len(d.stmts)-1]
	}
	for _, name := range d.order {
		if v, ok := d.pkg.Scope().Lookup(name).(*types.Var); ok && !slices.Contains(c.Vars, v) {
			c.Vars = append(c.Vars, v)
		}
	}
	d.dropTemporaries()
	c.Used = d.used()
	for _, name := range d.pkg.Scope().Names() {
		if obj := d.pkg.Scope().Lookup(name); obj.Pkg() == d.pkg && !strings.HasSuffix(name, oldMark) {
			c.objects = append(c.objects, obj)
		}
	}
	return c
}

// prints tells whether x is a call of a function of fmt that prints or scans.
func (d *draft) prints(x ast.Expr) bool {
	call, ok := ast.Unparen(x).(*ast.CallExpr)
	if !ok {
		return false
	}
	var id *ast.Ident
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		id = f.Sel
	case *ast.Ident:
		id = f
	}
	f, ok := d.info.Uses[id].(*types.Func)
	return ok && f.Pkg() != nil && f.Pkg().Path() == "fmt" && f.Signature().Recv() == nil &&
		(strings.Contains(f.Name(), "Print") || strings.Contains(f.Name(), "Scan")) && !strings.HasPrefix(f.Name(), "S")
}

// dropTemporaries takes what only the type checker needed out of its findings.
func (d *draft) dropTemporaries() {
	for id, obj := range d.info.Uses {
		if meant, ok := d.c.aliases[obj]; ok {
			d.info.Uses[id] = meant
		}
	}
	for _, id := range d.parts.Unresolved {
		id.Name = strings.TrimSuffix(id.Name, oldMark) // its length is that of the text again
	}
	for id := range d.info.Defs {
		if strings.HasSuffix(id.Name, oldMark) && strings.HasPrefix(id.Name, "reused") {
			delete(d.info.Defs, id)
		}
	}
}

// used returns the mentioned objects of earlier cells in order of position.
func (d *draft) used() []types.Object {
	first := map[types.Object]token.Pos{}
	for id, obj := range d.info.Uses {
		if _, ok := d.c.cells[obj]; ok && obj.Pkg() != d.pkg {
			if at, ok := first[obj]; !ok || id.Pos() < at {
				first[obj] = id.Pos()
			}
		}
	}
	return slices.SortedFunc(maps.Keys(first), func(a, b types.Object) int { return int(first[a] - first[b]) })
}

// Untyped returns the exact value of the trailing expression when it is an untyped constant.
func (c *Cell) Untyped() (constant.Value, bool) {
	if c.Result == nil {
		return nil, false
	}
	tv := c.Info.Types[c.Result]
	b, ok := tv.Type.(*types.Basic)
	return tv.Value, ok && tv.Value != nil && b.Info()&types.IsUntyped != 0
}

// Source returns the text between two positions of the same piece of a cell.
func (c *Cell) Source(from, to token.Pos) string {
	f := c.Fset.File(from)
	return string(c.sources[f][f.Offset(from):f.Offset(to)])
}
