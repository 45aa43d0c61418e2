package program

import (
	"errors"
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"github.com/gobraid/gobraid/interp/check"
)

// Entry is the name that a function without one has in the text that [Book.Function] returns.
const Entry = "gobraid_worker"

// entryHead begins a text, before the name of the function.
const entryHead = "// entry "

// FunctionName returns the name of the function that a text of [Book.Function] is about.
func FunctionName(source string) string {
	name, _, _ := strings.Cut(strings.TrimPrefix(source, entryHead), "\n")
	return name
}

// Function returns the text of a function that an expression of a cell stands for, a literal or the name of one, with all that it needs: a file of
// declarations, the function that [FunctionName] tells among them. The cell need not be in the book. The function must mention no variables but its own; [Book] of package
// workers finds those.
func (b *Book) Function(c *check.Cell, x ast.Expr) (string, error) {
	own := NewBook() // of what the cell declares itself
	for _, d := range c.Decls {
		own.addDecl(c, d)
	}
	body := &check.Cell{Number: c.Number, Fset: c.Fset, Pkg: types.NewPackage("main", "main"), Info: &types.Info{}}
	w := &writer{
		book: b, own: own, body: body, in: map[*unit]bool{}, needs: map[*unit]map[*unit]bool{}, lifted: map[types.Object]bool{},
		taken: map[string]bool{Entry: true}, names: map[types.Object]string{}, imports: map[imported]string{},
	}
	sig, ok := c.Info.TypeOf(x).Underlying().(*types.Signature)
	if !ok {
		return "", errors.New("this is no function")
	}
	w.gatherNode(c, x)
	w.signature(sig) // includes what it mentions
	slices.SortStableFunc(w.units, func(a, b *unit) int {
		if a.cell.Number != b.cell.Number {
			return a.cell.Number - b.cell.Number
		}
		return int(a.node.Pos() - b.node.Pos())
	})
	w.chooseNames()
	name, main := w.entry(c, x, sig)
	decls := w.declarations()
	if w.err != nil {
		return "", w.err
	}
	return entryHead + name + "\npackage main\n\n" + w.importBlock() + decls + main, nil
}

// entry returns the name of the function, and writes it if it has none of its own.
func (w *writer) entry(c *check.Cell, x ast.Expr, sig *types.Signature) (name, text string) {
	if id, ok := ast.Unparen(x).(*ast.Ident); ok && sig.TypeParams() == nil && c.Info.Instances[id].TypeArgs == nil && w.unitOf(c.Info.Uses[id]) != nil {
		return w.nameOf(c, id, false), ""
	}
	at := line(c, x.Pos())
	if lit, ok := ast.Unparen(x).(*ast.FuncLit); ok {
		from := lit.Type.Params.Pos()
		return Entry, at + "func " + Entry + w.text(c, lit, from, lit.End()) + "\n"
	}
	params, args := "", ""
	for i := range sig.Params().Len() {
		if i > 0 {
			params, args = params+", ", args+", "
		}
		name := string(rune('a' + i))
		params += name + " " + w.typeText(sig.Params().At(i).Type())
		args += name
	}
	results := w.signature(types.NewSignatureType(nil, nil, nil, nil, sig.Results(), false))
	return Entry, at + "func " + Entry + "(" + params + ")" + results[len("()"):] + " { return " + w.text(c, x, x.Pos(), x.End()) + "(" + args + ") }\n"
}
