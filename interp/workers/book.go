package workers

import (
	"go/ast"
	"go/token"
	"go/types"
	"sync"

	"github.com/gobraid/gobraid/interp/check"
)

// A Book remembers what cells declared. Its methods may be called from several goroutines.
type Book struct {
	mu      sync.Mutex
	decls   map[types.Object]unit
	methods map[*types.TypeName][]unit
	cells   map[string][]*check.Cell // by the name of their file
}

// A unit is a declaration in a cell.
type unit struct {
	cell *check.Cell
	node ast.Node
}

// NewBook returns an empty book.
func NewBook() *Book {
	return &Book{decls: map[types.Object]unit{}, methods: map[*types.TypeName][]unit{}, cells: map[string][]*check.Cell{}}
}

// Add records what a cell declares. It is called before the cell runs.
func (b *Book) Add(c *check.Cell) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, d := range c.Decls {
		b.add(c, d)
		b.file(c, d)
	}
	for _, s := range c.Stmts {
		b.file(c, s)
	}
}

// file notes in which files a cell has text.
func (b *Book) file(c *check.Cell, n ast.Node) {
	name := c.Fset.Position(n.Pos()).Filename
	if all := b.cells[name]; len(all) == 0 || all[len(all)-1] != c {
		b.cells[name] = append(all, c)
	}
}

func (b *Book) add(c *check.Cell, d ast.Decl) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		f, ok := c.Info.Defs[d.Name].(*types.Func)
		switch {
		case !ok:
		case d.Recv == nil:
			b.decls[f] = unit{c, d}
		default:
			if t := receiver(f); t != nil {
				b.methods[t] = append(b.methods[t], unit{c, d})
			}
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			if t, ok := spec.(*ast.TypeSpec); ok && d.Tok == token.TYPE {
				b.decls[c.Info.Defs[t.Name]] = unit{c, t}
			}
		}
	}
}

// receiver returns the declared type a method belongs to.
func receiver(f *types.Func) *types.TypeName {
	t := types.Unalias(f.Signature().Recv().Type())
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	if n, ok := t.(*types.Named); ok {
		return n.Origin().Obj()
	}
	return nil
}
