package workers

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/gobraid/gobraid/interp/check"
)

// Copies returns the text of a cell with concurrency.Copy carried out in the literals that it hands to worker processes, or "" if there is none. In
//
//	concurrency.SubmitWith(ctx, pool, func(ctx context.Context, n int) (int, error) { return n * concurrency.Copy(factor), nil }, 7)
//
// the pool becomes process.Copying(pool, factor), or cluster.Copying(pool, factor), and the literal begins with øcopy0 := process.Copied[int](ctx, 0), which stands for the call of
// Copy then. No line is added, so what is said of the new text is true of the old. text is what the cell was checked as; imports are
// the packages in scope, paths by name.
func Copies(c *check.Cell, text string, imports map[string]string) (string, []check.Error) {
	w := &copier{cell: c, text: text, imports: imports}
	w.lines = []int{0}
	for i := range len(text) {
		if text[i] == '\n' {
			w.lines = append(w.lines, i+1)
		}
	}
	eachCall(c, w.call)
	if len(w.errs) > 0 || len(w.edits) == 0 {
		return "", w.errs
	}
	slices.SortStableFunc(w.edits, func(a, b edit) int { return a.from - b.from })
	var out strings.Builder
	at := 0
	for _, e := range w.edits {
		out.WriteString(text[at:e.from])
		out.WriteString(e.text)
		at = e.to
	}
	out.WriteString(text[at:])
	return out.String(), nil
}

// An edit replaces a stretch of the text.
type edit struct {
	from, to int
	text     string
}

// A copier carries out the copies of a cell.
type copier struct {
	cell    *check.Cell
	text    string
	imports map[string]string
	lines   []int // where they begin
	edits   []edit
	errs    []check.Error
}

// at returns where in the text a position is.
func (w *copier) at(p token.Pos) int {
	pos := w.cell.Fset.Position(p)
	return w.lines[pos.Line-1] + pos.Column - 1
}

func (w *copier) source(n ast.Node) string { return w.text[w.at(n.Pos()):w.at(n.End())] }

func (w *copier) put(from, to token.Pos, text string) {
	w.edits = append(w.edits, edit{w.at(from), w.at(to), text})
}

func (w *copier) fail(n ast.Node, hint, format string, args ...any) {
	w.errs = append(w.errs, check.Error{Pos: w.cell.Fset.Position(n.Pos()), Msg: fmt.Sprintf(format, args...), Hint: hint})
}

// call carries out the copies of a call that hands functions over.
func (w *copier) call(call *ast.CallExpr, functions []ast.Expr) {
	for _, x := range functions {
		lit, ok := ast.Unparen(x).(*ast.FuncLit)
		if !ok {
			continue
		}
		mentions := w.mentions(lit)
		if len(mentions) == 0 {
			continue
		}
		if len(w.errs) == 0 {
			w.carry(call, lit, mentions)
		}
	}
}

// mentions returns the calls of Copy in a literal.
func (w *copier) mentions(lit *ast.FuncLit) (calls []*ast.CallExpr) {
	info := w.cell.Info
	ast.Inspect(lit.Body, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		id := functionName(info, call.Fun)
		if id == nil || id.Name != "Copy" || info.Uses[id].Pkg() == nil || info.Uses[id].Pkg().Path() != words || len(call.Args) != 1 {
			return true
		}
		ast.Inspect(call.Args[0], func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				if v, ok := info.Uses[id].(*types.Var); ok && !v.IsField() && v.Pos() >= lit.Pos() && v.Pos() < lit.End() {
					w.fail(call, "use it as it is", "concurrency.Copy of %s, which is a variable of the function itself", v.Name())
				}
			}
			return true
		})
		calls = append(calls, call)
		return false
	})
	return calls
}

// carry writes the edits for one literal.
func (w *copier) carry(call *ast.CallExpr, lit *ast.FuncLit, mentions []*ast.CallExpr) {
	process := w.packageName(processes, call.Pos())
	if process == "" {
		w.fail(call, "import it, under another name if need be", "concurrency.Copy needs package process, and the name process means something else here")
		return
	}
	ctx := w.context(lit)
	seen, before, after, head := map[string]string{}, "", "", ""
	for _, m := range mentions {
		value := w.source(m.Args[0])
		name, ok := seen[value]
		if !ok {
			t := w.cell.Info.TypeOf(m)
			text, bad := w.typeText(t, m.Pos())
			if bad != "" {
				w.fail(m, "give it as the argument", "concurrency.Copy of a %s: %s", typeName(t), bad)
				return
			}
			if path, why := refused(t, typeName(t), map[types.Type]bool{}); why != "" {
				w.fail(m, "export the field, leave it out, or give the type methods GobEncode and GobDecode", "what concurrency.Copy copies cannot go to another process: %s %s", path, why)
				return
			}
			name = fmt.Sprintf("øcopy%d", len(seen))
			head += fmt.Sprintf(" %s := %s.Copied[%s](%s, %d);", name, process, text, ctx, len(seen))
			seen[value] = name
			before, after = "("+before, after+", "+oneLine(value)+")"
		}
		w.put(m.Pos(), m.End(), name+lines(w.source(m)))
	}
	w.put(lit.Body.Lbrace+1, lit.Body.Lbrace+1, head)
	for _, a := range call.Args {
		for _, path := range []string{processes, clusters} {
			if !isNamed(w.cell.Info, a, path, "Pool") {
				continue
			}
			name := w.packageName(path, call.Pos())
			if name == "" {
				w.fail(call, "import it, under another name if need be", "concurrency.Copy needs package cluster, and the name cluster means something else here")
				return
			}
			w.put(a.Pos(), a.Pos(), strings.ReplaceAll(before, "(", name+".Copying("))
			w.put(a.End(), a.End(), after)
			return
		}
	}
	if id := functionName(w.cell.Info, call.Fun); id != nil && w.cell.Info.Uses[id].Pkg().Path() == processes {
		w.put(call.Pos(), call.Pos(), strings.ReplaceAll(before, "(", process+".CopyingTo("))
		w.put(call.End(), call.End(), after)
		return
	}
	w.fail(call, "give what it needs as its argument", "concurrency.Copy counts in functions for a *process.Pool or a *cluster.Pool, and for process.New")
}

// context returns the name of the literal's context, and gives it one if it has none.
func (w *copier) context(lit *ast.FuncLit) string {
	const own = "øctx"
	first := lit.Type.Params.List[0]
	if len(first.Names) > 0 {
		if first.Names[0].Name != "_" {
			return first.Names[0].Name
		}
		w.put(first.Names[0].Pos(), first.Names[0].End(), own)
		return own
	}
	for i, f := range lit.Type.Params.List {
		name := "_ "
		if i == 0 {
			name = own + " "
		}
		w.put(f.Pos(), f.Pos(), name)
	}
	return own
}

// packageName returns the name that a package has at a place, "" if it has none.
func (w *copier) packageName(path string, at token.Pos) string {
	for _, spec := range w.cell.Imports {
		if strings.Trim(spec.Path.Value, "\"`") != path {
			continue
		}
		if spec.Name == nil {
			return path[strings.LastIndexByte(path, '/')+1:]
		}
		return spec.Name.Name
	}
	for name, p := range w.imports {
		if p == path && !w.shadowed(name, at) {
			return name
		}
	}
	return ""
}

// shadowed tells whether a name means a declaration of a cell at a place, and not a package.
func (w *copier) shadowed(name string, at token.Pos) bool {
	scope := w.cell.Pkg.Scope()
	if inner := scope.Innermost(at); inner != nil {
		scope = inner
	}
	_, obj := scope.LookupParent(name, at)
	if obj == nil {
		return false
	}
	_, ok := obj.(*types.PkgName)
	return !ok
}

// typeText returns how a type is written at a place, or why it cannot be.
func (w *copier) typeText(t types.Type, at token.Pos) (text, bad string) {
	text = types.TypeString(t, func(p *types.Package) string {
		if p.Path() == "main" {
			return ""
		}
		name := w.packageName(p.Path(), at)
		if name == "" && bad == "" {
			bad = "package " + p.Path() + " is not imported"
		}
		return name
	})
	if bad != "" {
		return "", bad
	}
	return text, local(t, map[types.Type]bool{})
}

// local returns why a type cannot be written elsewhere, "" if it can: it, or a part of it, is declared in a function, or not exported.
func local(t types.Type, seen map[types.Type]bool) string {
	if seen[t] {
		return ""
	}
	seen[t] = true
	switch t := t.(type) {
	case *types.Named:
		obj := t.Obj()
		if obj.Pkg() != nil && obj.Pkg().Path() != "main" && !obj.Exported() {
			return obj.Name() + " is not exported"
		}
		for arg := range t.TypeArgs().Types() {
			if why := local(arg, seen); why != "" {
				return why
			}
		}
	case *types.TypeParam:
		return t.Obj().Name() + " is a type parameter"
	case *types.Pointer:
		return local(t.Elem(), seen)
	case *types.Slice:
		return local(t.Elem(), seen)
	case *types.Array:
		return local(t.Elem(), seen)
	case *types.Map:
		if why := local(t.Key(), seen); why != "" {
			return why
		}
		return local(t.Elem(), seen)
	case *types.Struct:
		for f := range t.Fields() {
			if why := local(f.Type(), seen); why != "" {
				return why
			}
		}
	}
	return ""
}

// oneLine puts an expression on one line.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// lines returns as many line ends as a text has, so that what follows stays on its line.
func lines(s string) string { return strings.Repeat("\n", strings.Count(s, "\n")) }
