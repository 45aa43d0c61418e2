package lower

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

const (
	// Prefix begins every exported name the lowering makes: an upper-case letter that nobody's language
	// has, and that sorts after all that have one.
	Prefix = "Ʞ"
	// PackageName is the name in the package clause, which becomes "main" in the plugin. It sorts where
	// "main" does, because the linker sorts types by name and reflect searches them.
	PackageName = "maim"
	// TaskPath is the import path of the task runtime.
	TaskPath = "github.com/gobraid/gobraid/concurrency/task"
)

// An Owner tells where an object of an earlier cell lives: in a compiled package, or, for a variable
// or function of another engine, behind a key of the task runtime.
type Owner struct {
	Package string
	Key     string
}

// A Package is a lowered cell.
type Package struct {
	// Source is the text of the package's file.
	Source string
	// Cells are the import paths of the packages of earlier cells it imports.
	Cells []string
	// Imports are the other import paths.
	Imports []string
	// Variables and Functions are the names of what the cell declares at its level and other engines
	// can reach; generic functions are not among them.
	Variables, Functions []string
	// Tables are the names of variables to be kept in the plugin for their method tables.
	Tables []string
	// Types are the names of the types the cell declares, neither generic nor aliases. The package's own plugin is to
	// have their descriptions and methods, for the plugins of later cells to refer to.
	Types []string
	// Embeds are the files that the package embeds, by the patterns that stand for them in its source.
	Embeds map[string][]check.File
	fields []field
	anons  []anon
	types  []*types.TypeName
}

// A Lowerer lowers the cells of one session; it knows the unexported fields of their types.
type Lowerer struct {
	fields map[*types.Var]accessor
	anons  []anon
	types  []*types.TypeName // declared by cells, neither generic nor aliases
	paths  map[*types.TypeName]string
}

// An accessor names what gives another package access to an unexported field: the function
// Prefix+"F"+name that returns its address, and Prefix+"G"+name that returns its value.
type accessor struct {
	path string // of the package
	name string
	typ  string // the exported name of the struct type
}

type field struct {
	v   *types.Var
	acc accessor
}

// An anon is an unnamed struct type with unexported fields that a package exports under a name.
type anon struct {
	typ  *types.Struct
	path string
	name string
}

// New returns a lowerer for a new session.
func New() *Lowerer {
	return &Lowerer{fields: map[*types.Var]accessor{}, paths: map[*types.TypeName]string{}}
}

// Commit records that the package has been given an import path, for later cells to import.
func (l *Lowerer) Commit(p *Package, path string) {
	for _, f := range p.fields {
		f.acc.path = path
		l.fields[f.v] = f.acc
	}
	for _, t := range p.types {
		l.paths[t] = path
		if !slices.Contains(l.types, t) {
			l.types = append(l.types, t)
		}
	}
	for _, a := range p.anons {
		a.path = path
		l.anons = append(l.anons, a)
	}
}

// Retract takes back what Commit recorded under an import path: there is no such package.
func (l *Lowerer) Retract(path string) {
	l.types = slices.DeleteFunc(l.types, func(t *types.TypeName) bool { return l.paths[t] == path })
	l.anons = slices.DeleteFunc(l.anons, func(a anon) bool { return a.path == path })
	maps.DeleteFunc(l.paths, func(_ *types.TypeName, p string) bool { return p == path })
	maps.DeleteFunc(l.fields, func(_ *types.Var, acc accessor) bool { return acc.path == path })
}

// anonymous returns the exported name of an unnamed struct type of an earlier cell, and makes its
// fields known for a type that is identical to it.
func (l *Lowerer) anonymous(t *types.Struct) *anon {
	for i := len(l.anons) - 1; i >= 0; i-- {
		a := &l.anons[i]
		if !types.Identical(a.typ, t) {
			continue
		}
		for j := range t.NumFields() {
			if acc, ok := l.fields[a.typ.Field(j)]; ok {
				l.fields[t.Field(j)] = acc
			}
		}
		return a
	}
	return nil
}

// An Unsupported is a construct that the lowering cannot express.
type Unsupported struct {
	Construct string
	Pos       token.Position
	Remedy    string
}

// Error names the construct.
func (u *Unsupported) Error() string {
	return fmt.Sprintf("%s: %s is not supported", u.Pos, u.Construct)
}

// Lower writes a checked cell as a package. owner tells where the objects of earlier cells live. The
// error is an *[Unsupported].
func (l *Lowerer) Lower(c *check.Cell, owner func(types.Object) (Owner, bool)) (*Package, error) {
	e := &emitter{
		l: l, cell: c, owner: owner, pkg: &Package{},
		imports: map[string]string{}, bound: map[types.Object]string{}, aliases: map[string]string{}, mentioned: map[*types.PkgName]bool{},
	}
	for _, tv := range c.Info.Types {
		if t, ok := tv.Type.(*types.Struct); ok {
			l.anonymous(t) // makes the fields of a type that an earlier cell exported known
		}
	}
	e.findRedeclared()
	body := e.cellFunction()
	decls := e.embeds() + e.declarations()
	exports := e.exports()
	imports := e.importBlock()
	if e.err != nil {
		return nil, e.err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "package %s\n", PackageName)
	b.WriteString(imports)
	b.WriteString(exports)
	b.WriteString(decls)
	b.WriteString(body)
	e.pkg.Source = b.String()
	return e.pkg, nil
}

// emitter writes one cell.
type emitter struct {
	l     *Lowerer
	cell  *check.Cell
	owner func(types.Object) (Owner, bool)
	pkg   *Package
	err   *Unsupported

	imports map[string]string       // import path → name, of imports the lowering adds
	bound   map[types.Object]string // objects of other engines → the name of the pointer to them
	aliases map[string]string       // embedded type names of earlier cells → what they are
	temps   int
	at      token.Pos // of the name that was written last, for what has no position of its own
	// mentioned are the imports of the cell that the lowered text mentions; others are not written.
	mentioned map[*types.PkgName]bool
	// redeclared are the predeclared names that the cell declares anew.
	redeclared map[string]bool
	places     map[ast.Expr]bool      // assigned to, or their address taken
	claiming   map[*ast.CallExpr]bool // calls of recover in functions that claim a panic at their entry
}

// fail records the first construct that cannot be lowered.
func (e *emitter) fail(pos token.Pos, construct, remedy string) {
	if !pos.IsValid() {
		pos = e.at
	}
	if e.err == nil {
		e.err = &Unsupported{Construct: construct, Pos: e.cell.Fset.Position(pos), Remedy: remedy}
	}
}

// temp returns a new name.
func (e *emitter) temp() string {
	e.temps++
	return fmt.Sprintf("ø%d", e.temps)
}

// importName returns the name under which the lowering imports a package.
func (e *emitter) importName(path string) string {
	if name, ok := e.imports[path]; ok {
		return name
	}
	name := fmt.Sprintf("øp%d", len(e.imports))
	e.imports[path] = name
	return name
}

// packageImport returns the name of the package of an earlier cell.
func (e *emitter) packageImport(path string) string {
	if !slices.Contains(e.pkg.Cells, path) {
		e.pkg.Cells = append(e.pkg.Cells, path)
	}
	return e.importName(path)
}

// isCellObject tells whether obj was declared at the level of an earlier cell.
func (e *emitter) isCellObject(obj types.Object) bool {
	if obj.Pkg() == nil || obj.Pkg() == e.cell.Pkg || obj.Pkg().Path() != "main" {
		return false
	}
	_, ok := e.owner(obj)
	return ok
}

// cellImport returns the name of the package that declares an object of an earlier cell.
func (e *emitter) cellImport(obj types.Object) string {
	o, _ := e.owner(obj)
	if o.Package == "" {
		e.fail(token.NoPos, fmt.Sprintf("%s, which the yaegi engine declared", obj.Name()), "run the cell that declares it again with %engine compiled")
		return "_"
	}
	return e.packageImport(o.Package)
}

// object writes a mention of an object of an earlier cell.
func (e *emitter) object(obj types.Object) string {
	o, _ := e.owner(obj)
	if o.Package != "" {
		return e.packageImport(o.Package) + "." + Prefix + obj.Name()
	}
	if c, ok := obj.(*types.Const); ok {
		return e.constant(c)
	}
	if o.Key == "" {
		e.fail(token.NoPos, fmt.Sprintf("%s, which the yaegi engine keeps to itself", obj.Name()), "run the cell that declares it again with %engine compiled")
		return obj.Name()
	}
	name, ok := e.bound[obj]
	if !ok {
		name = fmt.Sprintf("øb%d", len(e.bound))
		e.bound[obj] = name
	}
	return "(*" + name + ")"
}

// constant writes the value of a constant that no package declares.
func (e *emitter) constant(c *types.Const) string {
	text := constantText(c.Val(), c.Type())
	switch {
	case text == "true" && e.redeclared["true"]:
		text = "(0 == 0)"
	case text == "false" && e.redeclared["false"]:
		text = "(0 != 0)"
	case strings.HasPrefix(text, "complex(") && e.redeclared["complex"]:
		e.fail(token.NoPos, "the constant "+c.Name()+" in a cell that declares complex", "declare it under another name")
	}
	if b, ok := c.Type().(*types.Basic); ok && b.Info()&types.IsUntyped != 0 {
		return "(" + text + ")"
	}
	return fmt.Sprintf("(%s)(%s)", e.typeText(c.Type()), text)
}

// importBlock writes the imports.
func (e *emitter) importBlock() string {
	var b strings.Builder
	b.WriteString("import (\n")
	fmt.Fprintf(&b, "øtask %q\n", TaskPath)
	for _, path := range sortedKeys(e.imports) {
		fmt.Fprintf(&b, "%s %q\n", e.imports[path], path)
	}
	seen := map[string]bool{}
	for p := range e.mentioned {
		seen[fmt.Sprintf("%s %q\n", p.Name(), p.Imported().Path())] = true
	}
	for _, s := range e.cell.Imports {
		if s.Name != nil && s.Name.Name == "_" {
			seen["_ "+s.Path.Value+"\n"] = true
		}
		if path := strings.Trim(s.Path.Value, "\"`"); path == "C" || path == "runtime/cgo" {
			e.fail(s.Pos(), "cgo", "call a child process or a Go module instead")
		}
	}
	if len(e.pkg.Embeds) > 0 {
		seen["_ \"embed\"\n"] = true
	}
	for path := range e.usedDots() {
		seen[fmt.Sprintf(". %q\n", path)] = true
	}
	for _, line := range sortedKeys(seen) {
		b.WriteString(line)
	}
	b.WriteString(")\n")
	b.WriteString("var _ = øtask.Safepoint\n")
	e.pkg.Imports = e.importPaths(seen)
	return b.String()
}

func (e *emitter) importPaths(lines map[string]bool) []string {
	paths := map[string]bool{TaskPath: true}
	for path := range e.imports {
		if !slices.Contains(e.pkg.Cells, path) {
			paths[path] = true
		}
	}
	for line := range lines {
		_, quoted, _ := strings.Cut(strings.TrimSpace(line), " ")
		paths[strings.Trim(quoted, "\"`")] = true
	}
	slices.Sort(e.pkg.Cells)
	return sortedKeys(paths)
}

// usedDots returns the packages whose exported names are used without qualification.
func (e *emitter) usedDots() map[string]bool {
	dots := map[string]bool{}
	for _, path := range e.cell.Dots {
		dots[path] = true
	}
	for _, s := range e.cell.Imports {
		if s.Name != nil && s.Name.Name == "." {
			dots[strings.Trim(s.Path.Value, "\"`")] = true
		}
	}
	used := map[string]bool{}
	qualified := map[*ast.Ident]bool{}
	for sel := range e.selectors() {
		qualified[sel.Sel] = true
	}
	for id, obj := range e.cell.Info.Uses {
		if obj.Pkg() != nil && dots[obj.Pkg().Path()] && obj.Parent() == obj.Pkg().Scope() && !qualified[id] && !e.isRedirected(obj) {
			used[obj.Pkg().Path()] = true
		}
	}
	return used
}
