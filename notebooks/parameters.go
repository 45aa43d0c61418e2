package notebooks

import (
	"cmp"
	"errors"
	"fmt"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gobraid/gobraid/interp/check"
	"github.com/gobraid/gobraid/interp/check/stdtypes"
	"github.com/gobraid/gobraid/interp/magic"
)

// The tags of cells with parameters, papermill's own.
const (
	TagParameters = "parameters"          // the cell whose variables and constants are the parameters
	TagInjected   = "injected-parameters" // the cell that gives them other values
)

// A Parameter is a variable or a constant that the cell tagged parameters declares.
type Parameter struct {
	Name  string
	Type  string // as Go writes it; of an untyped constant its default type
	Value string // the text it is given, "" for a variable without one
	Const bool
}

// String returns name, type and value, such as "workers int = 4".
func (p Parameter) String() string {
	if p.Value == "" {
		return p.Name + " " + p.Type
	}
	return p.Name + " " + p.Type + " = " + p.Value
}

// A Setting gives a parameter a value: a Go expression, or for a parameter of a string type its text, or for a
// time.Duration a duration such as 500ms.
type Setting struct{ Name, Value string }

// ErrParameter is what errors of parameters wrap.
var ErrParameter = errors.New("wrong parameter")

// Parameters returns the parameters of the notebook, in the order of the text; none if no cell is tagged parameters. It is an error
// if that cell does not check. preload are the import paths of packages that cells need not import.
func (nb *Notebook) Parameters(preload ...string) ([]Parameter, error) {
	p, err := nb.parameters(preload)
	if p == nil {
		return nil, err
	}
	return p.list, err
}

// parameters are those of a notebook, with what checks values for them.
type parameters struct {
	cell    int // index of the cell
	list    []Parameter
	objects []types.Object
	checker *check.Checker
}

func (nb *Notebook) tagged(tag string) int {
	return slices.IndexFunc(nb.Cells, func(c *Cell) bool { return c.Type == Code && c.Tagged(tag) })
}

// parameters returns nil if there is no such cell.
func (nb *Notebook) parameters(preload []string) (*parameters, error) {
	at := nb.tagged(TagParameters)
	if at < 0 {
		return nil, nil
	}
	p := &parameters{cell: at, checker: check.New(stdtypes.NewImporter(token.NewFileSet()), stdtypes.Exporting)}
	for _, path := range preload {
		if err := p.checker.Preload(path); err != nil {
			return nil, fmt.Errorf("notebooks: %w", err)
		}
	}
	for i, c := range nb.Cells[:at+1] {
		if c.Type != Code {
			continue
		}
		_, text := magic.Parse(c.Source)
		cell, errs := p.checker.Check(i+1, "the cell tagged parameters", text)
		switch {
		case len(errs) == 0:
			p.checker.Declare(cell, len(cell.Vars))
		case i == at:
			return nil, fmt.Errorf("%w: %w", ErrParameter, errs[0])
		}
		if i == at {
			p.read(cell)
		}
	}
	return p, nil
}

// read finds the parameters of their cell.
func (p *parameters) read(cell *check.Cell) {
	for _, s := range cell.Stmts {
		switch s := s.(type) {
		case *ast.AssignStmt:
			if s.Tok == token.DEFINE {
				for i, l := range s.Lhs {
					if id, ok := l.(*ast.Ident); ok {
						p.add(cell, id, nth(s.Rhs, i, len(s.Lhs)))
					}
				}
			}
		case *ast.DeclStmt:
			p.decl(cell, s.Decl)
		}
	}
	for _, d := range cell.Decls {
		p.decl(cell, d)
	}
	type both struct {
		Parameter
		types.Object
	}
	all := make([]both, len(p.list))
	for i := range all {
		all[i] = both{p.list[i], p.objects[i]}
	}
	slices.SortStableFunc(all, func(a, b both) int { // declarations and statements were parsed apart
		x, y := cell.Fset.Position(a.Pos()), cell.Fset.Position(b.Pos())
		return cmp.Or(x.Line-y.Line, x.Column-y.Column)
	})
	for i, b := range all {
		p.list[i], p.objects[i] = b.Parameter, b.Object
	}
}

func (p *parameters) decl(cell *check.Cell, d ast.Decl) {
	g, ok := d.(*ast.GenDecl)
	if !ok || g.Tok != token.VAR && g.Tok != token.CONST {
		return
	}
	for _, spec := range g.Specs {
		v := spec.(*ast.ValueSpec)
		for i, id := range v.Names {
			p.add(cell, id, nth(v.Values, i, len(v.Names)))
		}
	}
}

// nth returns the value for the name i of n, nil if it has none of its own.
func nth(values []ast.Expr, i, n int) ast.Expr {
	if len(values) != n {
		return nil
	}
	return values[i]
}

func (p *parameters) add(cell *check.Cell, id *ast.Ident, value ast.Expr) {
	obj := cell.Info.Defs[id]
	if obj == nil || id.Name == "_" {
		return
	}
	x := Parameter{Name: id.Name, Type: types.TypeString(types.Default(obj.Type()), bare)}
	if value != nil {
		x.Value = cell.Source(value.Pos(), value.End())
	}
	if c, ok := obj.(*types.Const); ok {
		x.Const = true
		if value == nil {
			x.Value = c.Val().ExactString()
		}
	}
	p.list, p.objects = append(p.list, x), append(p.objects, obj)
}

// bare writes packages by their names, and none for those of cells.
func bare(pkg *types.Package) string {
	if pkg.Path() == "main" {
		return ""
	}
	return pkg.Name()
}

// Set gives parameters of the notebook other values, in a cell tagged injected-parameters after the one tagged parameters, as
// papermill does; a cell of that tag that is there is replaced. Values are checked as Go checks an assignment to the parameter. If one is
// wrong the error, which wraps [ErrParameter], names the parameter, its type and those there are, and the notebook is left as it is.
func (nb *Notebook) Set(settings []Setting, preload ...string) error {
	if len(settings) == 0 {
		return nil
	}
	p, err := nb.parameters(preload)
	if err != nil {
		return err
	}
	if p == nil {
		return fmt.Errorf("%w %s: no cell of the notebook has the tag %s", ErrParameter, settings[0].Name, TagParameters)
	}
	text := "// Parameters\n"
	seen := map[string]bool{}
	for _, s := range settings {
		if seen[s.Name] {
			return fmt.Errorf("%w: %s is given twice", ErrParameter, s.Name)
		}
		seen[s.Name] = true
		line, err := p.set(s)
		if err != nil {
			return fmt.Errorf("%w %w%s", ErrParameter, err, p.all())
		}
		text += line + "\n"
	}
	c := &Cell{ID: TagInjected, Type: Code, Source: strings.TrimSuffix(text, "\n"), Metadata: map[string]any{"tags": []any{TagInjected}}}
	if at := nb.tagged(TagInjected); at >= 0 {
		c.ID = nb.Cells[at].ID
		nb.Cells[at] = c
		return nil
	}
	if own, ok := nb.Cells[p.cell].Metadata["gobraid"].(map[string]any); ok && own["section"] != nil {
		c.Metadata["gobraid"] = map[string]any{"section": own["section"]}
	}
	nb.Cells = slices.Insert(nb.Cells, p.cell+1, c)
	nb.nameCells()
	return nil
}

// all lists the parameters.
func (p *parameters) all() string {
	if len(p.list) == 0 {
		return "; the cell tagged parameters declares none"
	}
	var names []string
	for _, x := range p.list {
		names = append(names, x.String())
	}
	return "; the parameters are: " + strings.Join(names, ", ")
}

// set returns the line that gives a parameter its value.
func (p *parameters) set(s Setting) (string, error) {
	i := slices.IndexFunc(p.list, func(x Parameter) bool { return x.Name == s.Name })
	if i < 0 {
		return "", fmt.Errorf("%s: there is none of this name", s.Name)
	}
	x := p.list[i]
	expr, comment := literal(p.objects[i].Type(), s.Value)
	fail := func(why string) (string, error) {
		return "", fmt.Errorf("%s is of type %s: %s", x.Name, x.Type, why)
	}
	if _, err := parser.ParseExpr(expr); err != nil {
		return fail(fmt.Sprintf("%q is no Go expression", s.Value))
	}
	line := x.Name + " = " + expr
	if x.Const {
		line = "const " + x.Name + " " + x.Type + " = " + expr
	}
	cell, errs := p.checker.Check(0, "the value", line)
	if len(errs) > 0 {
		return fail(errs[0].Msg)
	}
	if b, ok := p.objects[i].Type().(*types.Basic); ok && b.Info()&types.IsUntyped != 0 {
		line = "const " + x.Name + " = " + untyped(cell, b, expr)
	}
	return line + comment, nil
}

// literal returns the Go expression that a value stands for.
func literal(t types.Type, value string) (expr, comment string) {
	value = strings.TrimSpace(value)
	if b, ok := t.Underlying().(*types.Basic); ok && b.Info()&types.IsString != 0 {
		if value != "" && (value[0] == '"' || value[0] == '`') {
			if _, err := strconv.Unquote(value); err == nil {
				return value, ""
			}
		}
		return strconv.Quote(value), ""
	}
	if types.TypeString(t, nil) == "time.Duration" {
		if d, err := time.ParseDuration(value); err == nil {
			return strconv.FormatInt(int64(d), 10), " // " + d.String()
		}
	}
	return value, ""
}

// untyped writes the value of an untyped constant so that it stays of its kind: 1e6 is an untyped float to Go, and 8 is an integer.
func untyped(cell *check.Cell, b *types.Basic, expr string) string {
	for _, obj := range cell.Objects() {
		c, ok := obj.(*types.Const)
		if !ok {
			continue
		}
		switch b.Kind() {
		case types.UntypedInt:
			return constant.ToInt(c.Val()).ExactString()
		case types.UntypedFloat:
			if v := constant.ToInt(c.Val()); v.Kind() == constant.Int {
				return v.ExactString() + ".0"
			}
		}
	}
	return expr
}
