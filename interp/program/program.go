package program

import (
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"path"
	"slices"
	"strings"

	"github.com/gobraid/gobraid/interp/check"
)

// A Mode says what a program is made for.
type Mode int

// The modes.
const (
	Run   Mode = iota // the body is what main does
	Bench             // the benchmarks of the body are run, or the body itself is measured
	Test              // the tests, examples and fuzz targets of the body are run
)

// Options say how a program is written.
type Options struct {
	Mode Mode
	// Race is set when the program is to be built with the race detector. Calls of sync.WaitGroup.Go then go
	// through a function of the program, as otherwise the report of a race would not know the line.
	Race bool
	// Name is the name of the benchmark that a body without one becomes, by default "Cell".
	Name string
}

// A Program is the text of an ordinary Go program.
type Program struct {
	// Source is the text of its only file, of package main.
	Source string
	// Imports are the import paths it mentions, sorted.
	Imports []string
	// Embeds are the names of the files that it embeds, by the patterns that stand for them in its source, and Files what is in them.
	Embeds map[string][]string
	Files  map[string][]byte
	// Notes are the variables of earlier cells that may start with another value than they have now.
	Notes []Note
	// ReadsInput tells whether it mentions the standard input, which is closed.
	ReadsInput bool
	// Tests are the names of the test functions, examples and fuzz targets, Benchmarks those of the benchmarks.
	Tests, Benchmarks []string

	cells []part // what it was written from, to find what an access in a race report is about
}

// A part is a piece of syntax in the program with the cell that it was checked in.
type part struct {
	cell *check.Cell
	node ast.Node
}

// A Note tells of a variable that starts as its definition says.
type Note struct {
	Var  types.Object
	Name string
	Cell int    // the cell of its definition
	Init string // the initialiser as it is written, "" if there is none or it is long
}

// ErrNothing is the error of a body without anything to run.
var ErrNothing = errors.New("there is nothing to run in this cell")

// Program writes the program for a body. The body must have been checked by the checker that checked the
// cells in the book. Nothing is recorded.
func (b *Book) Program(body *check.Cell, opts Options) (*Program, error) {
	if opts.Name == "" {
		opts.Name = "Cell"
	}
	w := &writer{
		book: b, body: body, mode: opts.Mode, race: opts.Race, bench: opts.Name,
		in: map[*unit]bool{}, needs: map[*unit]map[*unit]bool{}, lifted: map[types.Object]bool{},
		taken: map[string]bool{}, names: map[types.Object]string{}, imports: map[imported]string{},
	}
	w.findTests()
	w.gather()
	w.chooseNames()
	main := w.main()
	decls := w.declarations()
	for path := range b.blank {
		w.imports[imported{"_", path}] = "_"
	}
	for _, s := range body.Imports {
		if s.Name != nil && s.Name.Name == "_" {
			w.imports[imported{"_", strings.Trim(s.Path.Value, "\"`")}] = "_"
		}
	}
	if w.err != nil {
		return nil, w.err
	}
	p := &Program{ReadsInput: w.stdin, Tests: w.testNames(), Benchmarks: w.benchmarks}
	p.Source = "package main\n\n" + w.importBlock() + decls + w.helpers() + main
	for i := range w.imports {
		p.Imports = append(p.Imports, i.path)
	}
	slices.Sort(p.Imports)
	p.Imports = slices.Compact(p.Imports)
	p.Embeds, p.Files = w.embeds, w.files
	p.Notes = w.notes()
	for _, u := range w.units {
		p.cells = append(p.cells, part{u.cell, u.node})
	}
	w.eachBody(func(n ast.Node) { p.cells = append(p.cells, part{body, n}) })
	return p, nil
}

// notes lists the variables that may start otherwise than they are now.
func (w *writer) notes() []Note {
	var out []Note
	for _, u := range w.units {
		if !u.isVariable() {
			continue
		}
		for i, id := range u.names() {
			obj := u.cell.Info.Defs[id]
			if obj != nil && id.Name != "_" && w.book.changes[obj] > 0 && w.book.assigned(obj, u) == nil {
				out = append(out, Note{Var: obj, Name: id.Name, Cell: u.cell.Number, Init: u.initial(i)})
			}
		}
	}
	return out
}

// longInit is the length of the longest initialiser that a note quotes.
const longInit = 40

// initial returns the initialiser of the i-th variable of a unit as it is written.
func (u *unit) initial(i int) string {
	var values []ast.Expr
	names := 0
	switch n := u.node.(type) {
	case *ast.AssignStmt:
		values, names = n.Rhs, len(n.Lhs)
	case *ast.ValueSpec:
		values, names = n.Values, len(n.Names)
	}
	if len(values) != names {
		return ""
	}
	text := u.cell.Source(values[i].Pos(), values[i].End())
	if len(text) > longInit || strings.Contains(text, "\n") {
		return ""
	}
	return text
}

// importBlock writes the imports.
func (w *writer) importBlock() string {
	if len(w.imports) == 0 {
		return ""
	}
	var lines []string
	for i, name := range w.imports {
		if name == path.Base(i.path) {
			name = ""
		}
		lines = append(lines, "\t"+strings.TrimSpace(fmt.Sprintf("%s %q", name, i.path))+"\n")
	}
	slices.Sort(lines)
	return "import (\n" + strings.Join(slices.Compact(lines), "") + ")\n"
}

// line writes the directive that gives the next line of the program its place in a cell.
func line(c *check.Cell, pos token.Pos) string {
	p := c.Fset.Position(pos)
	return fmt.Sprintf("//line %s:%d:%d\n", p.Filename, p.Line, max(p.Column, 1))
}

// own is the directive before what no cell has.
const own = "//line <gobraid>:1\n"
