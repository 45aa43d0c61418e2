package generate

import (
	"bytes"
	"go/ast"
	"go/format"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"strings"
)

// Minimise makes a program smaller as long as keeps says that what is wrong with it is still so. What it asks about always
// checks. It blocks as long as the calls of keeps take, of which there are some hundred; a most of 0 sets no limit to them.
func Minimise(source string, most int, keeps func(source string) bool) string {
	m := &minimiser{keeps: keeps, most: most, seen: map[string]bool{}, importer: importer.ForCompiler(token.NewFileSet(), "source", nil)}
	for {
		before := len(source)
		for _, try := range []func(string) string{m.declarations, m.statements, m.simplify} {
			source = try(source)
		}
		if len(source) >= before || m.spent() {
			return source
		}
	}
}

type minimiser struct {
	keeps    func(string) bool
	most     int
	asked    int
	seen     map[string]bool
	importer types.Importer
}

func (m *minimiser) spent() bool { return m.most > 0 && m.asked >= m.most }

// accept returns the mended candidate and true if it shows what is wrong.
func (m *minimiser) accept(candidate string) (string, bool) {
	fixed, ok := m.mend(candidate)
	if !ok || m.seen[fixed] || m.spent() {
		return "", false
	}
	m.seen[fixed] = true
	m.asked++
	return fixed, m.keeps(fixed)
}

// mend formats a program, drops the imports and labels it does not use and uses the variables it does not. It reports false
// if the program still does not check.
func (m *minimiser) mend(source string) (string, bool) {
	source = strings.Replace(source, "import ()\n", "", 1)
	for range 6 {
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, "main.go", source, parser.SkipObjectResolution)
		if err != nil {
			return "", false
		}
		var errs []types.Error
		conf := types.Config{Importer: m.importer, Error: func(err error) { errs = append(errs, err.(types.Error)) }}
		_, _ = conf.Check("main", fset, []*ast.File{f}, nil)
		var b bytes.Buffer
		if len(errs) == 0 {
			if format.Node(&b, fset, f) != nil {
				return "", false
			}
			return b.String(), true
		}
		if source = repair(fset, source, errs); source == "" {
			return "", false
		}
	}
	return "", false
}

// repair mends the errors that are of no importance; "" if there are others.
func repair(fset *token.FileSet, source string, errs []types.Error) string {
	lines := strings.SplitAfter(source, "\n")
	for _, e := range errs {
		i := fset.Position(e.Pos).Line - 1
		name, unused := strings.CutPrefix(e.Msg, "declared and not used: ")
		label, isLabel := strings.CutPrefix(e.Msg, "label ")
		switch {
		case unused && strings.HasSuffix(strings.TrimSpace(lines[i]), "{"):
			lines[i] = strings.TrimSuffix(lines[i], "\n") + "\n_ = " + name + "\n"
			if strings.Contains(lines[i], "switch") { // its variable is of each case
				return ""
			}
		case unused:
			lines[i] = strings.TrimSuffix(lines[i], "\n") + "\n_ = " + name + "\n"
		case isLabel && strings.HasSuffix(label, " declared and not used"):
			lines[i] = strings.Replace(lines[i], strings.TrimSuffix(label, " declared and not used")+":", "", 1)
		case strings.HasPrefix(e.Msg, "undefined: ") && strings.TrimSpace(lines[i]) == "_ = "+strings.TrimPrefix(e.Msg, "undefined: "):
			lines[i] = "\n"
		case strings.Contains(e.Msg, "imported and not used"):
			lines[i] = "\n"
		default:
			return ""
		}
	}
	return strings.Join(lines, "")
}

// parse parses a program that checks.
func parse(source string) (*token.FileSet, *ast.File) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "main.go", source, parser.SkipObjectResolution)
	if err != nil {
		return fset, nil
	}
	return fset, f
}

// An edit replaces a part of a text.
type edit struct {
	from, to int
	text     string
}

// apply makes edits that do not overlap.
func apply(source string, edits []edit) string {
	slices.SortFunc(edits, func(a, b edit) int { return b.from - a.from })
	for _, e := range edits {
		source = source[:e.from] + e.text + source[e.to:]
	}
	return source
}

// shrink tries to make as many of the edits as it can, many at once first.
func (m *minimiser) shrink(source string, list func(string) []edit) string {
	for size := len(list(source)); size > 0; size /= 2 {
		for at := 0; !m.spent(); {
			edits := list(source)
			if at >= len(edits) {
				break
			}
			some := disjoint(edits[at:min(at+size, len(edits))])
			if smaller, ok := m.accept(apply(source, some)); ok && len(smaller) < len(source) {
				source = smaller
				continue
			}
			at += size
		}
	}
	return source
}

// disjoint leaves out edits within others.
func disjoint(edits []edit) []edit {
	var out []edit
	for _, e := range edits {
		if !slices.ContainsFunc(out, func(o edit) bool { return e.from < o.to && o.from < e.to }) {
			out = append(out, e)
		}
	}
	return out
}

// declarations removes declarations of the package, specs and fields.
func (m *minimiser) declarations(source string) string {
	return m.shrink(source, func(source string) []edit {
		fset, f := parse(source)
		if f == nil {
			return nil
		}
		var edits []edit
		for _, d := range slices.Backward(f.Decls) {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Name.Name == "main" {
				continue
			}
			if gen, ok := d.(*ast.GenDecl); ok && gen.Tok == token.IMPORT {
				continue
			} else if ok && len(gen.Specs) > 1 {
				for _, s := range gen.Specs {
					edits = append(edits, span(fset, s, ""))
				}
				continue
			}
			edits = append(edits, span(fset, d, ""))
		}
		return edits
	})
}

func span(fset *token.FileSet, n ast.Node, text string) edit {
	return edit{fset.Position(n.Pos()).Offset, fset.Position(n.End()).Offset, text}
}

// statements removes statements, cases and elements.
func (m *minimiser) statements(source string) string {
	return m.shrink(source, func(source string) []edit {
		fset, f := parse(source)
		if f == nil {
			return nil
		}
		var edits []edit
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BlockStmt:
				for _, s := range n.List {
					edits = append(edits, span(fset, s, ""))
				}
			case *ast.CaseClause:
				for _, s := range n.Body {
					edits = append(edits, span(fset, s, ""))
				}
			case *ast.CommClause:
				for _, s := range n.Body {
					edits = append(edits, span(fset, s, ""))
				}
			}
			return true
		})
		return edits
	})
}

// simplify replaces statements by what is in them, and expressions by smaller ones.
func (m *minimiser) simplify(source string) string {
	return m.shrink(source, func(source string) []edit {
		fset, f := parse(source)
		if f == nil {
			return nil
		}
		var edits []edit
		part := func(n ast.Node) string {
			e := span(fset, n, "")
			return source[e.from:e.to]
		}
		inside := func(b *ast.BlockStmt) string {
			return source[fset.Position(b.Lbrace).Offset+1 : fset.Position(b.Rbrace).Offset]
		}
		with := func(n ast.Node, texts ...string) {
			for _, text := range texts {
				edits = append(edits, span(fset, n, text))
			}
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.IfStmt:
				with(n, inside(n.Body))
				if n.Else != nil {
					with(n, part(n.Else))
					edits = append(edits, edit{fset.Position(n.Body.End()).Offset, fset.Position(n.End()).Offset, ""})
				}
				if n.Init != nil {
					with(n, part(n.Init)+"\n"+inside(n.Body))
				}
			case *ast.ForStmt:
				with(n, inside(n.Body))
				if n.Init != nil {
					with(n, part(n.Init)+"\n"+inside(n.Body))
				}
			case *ast.RangeStmt:
				with(n, inside(n.Body))
				if n.Key != nil {
					edits = append(edits, edit{fset.Position(n.Key.Pos()).Offset, fset.Position(n.Range).Offset, ""})
				}
				if n.Value != nil {
					edits = append(edits, edit{fset.Position(n.Key.End()).Offset, fset.Position(n.Value.End()).Offset, ""})
				}
			case *ast.LabeledStmt:
				with(n, part(n.Stmt))
			case *ast.CaseClause, *ast.CommClause:
				with(n, "")
			case *ast.ParenExpr:
				with(n, part(n.X))
			case *ast.BinaryExpr:
				with(n, part(n.X), part(n.Y))
			case *ast.UnaryExpr:
				with(n, part(n.X))
			case *ast.CallExpr:
				for _, a := range n.Args {
					with(n, part(a))
				}
				if fn, ok := n.Fun.(*ast.FuncLit); ok && len(n.Args) == 0 {
					with(n, inside(fn.Body))
				}
				for i, a := range n.Args {
					if i > 0 {
						edits = append(edits, edit{fset.Position(n.Args[i-1].End()).Offset, fset.Position(a.End()).Offset, ""})
					}
				}
			case *ast.CompositeLit:
				for i, e := range n.Elts {
					to := fset.Position(n.Rbrace).Offset
					if i+1 < len(n.Elts) {
						to = fset.Position(n.Elts[i+1].Pos()).Offset
					}
					edits = append(edits, edit{fset.Position(e.Pos()).Offset, to, ""})
				}
			case *ast.BasicLit:
				if n.Kind == token.STRING && len(n.Value) > 3 && !isImport(f, n) {
					with(n, strconv.Quote("a"))
				}
			case *ast.FieldList:
				for i, field := range n.List {
					to := fset.Position(n.End()).Offset - 1
					if i+1 < len(n.List) {
						to = fset.Position(n.List[i+1].Pos()).Offset
					}
					if n.Opening.IsValid() && to > fset.Position(field.Pos()).Offset {
						edits = append(edits, edit{fset.Position(field.Pos()).Offset, to, ""})
					}
				}
			case *ast.AssignStmt:
				if n.Tok == token.ASSIGN && len(n.Lhs) == 1 {
					with(n, part(n.Rhs[0]))
				}
			}
			return true
		})
		return edits
	})
}

func isImport(f *ast.File, lit *ast.BasicLit) bool {
	return slices.ContainsFunc(f.Imports, func(s *ast.ImportSpec) bool { return s.Path == lit })
}
