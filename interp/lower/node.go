package lower

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/gobraid/gobraid/concurrency/task"
)

// safepoint is the test that lets an interrupt end the calling task.
const safepoint = "if øtask.Stop.Load() != 0 { øtask.Safepoint() }; "

// line returns a directive that gives the next line of the output the cell's position.
func (e *emitter) line(pos token.Pos) string {
	p := e.cell.Fset.Position(pos)
	return fmt.Sprintf("\n//line %s:%d\n", p.Filename, p.Line)
}

// site returns a position as a task.Site. A method of an earlier cell that the cell declares again keeps its own.
func (e *emitter) site(pos token.Pos) string {
	p := e.cell.Fset.Position(pos)
	number, ok := task.ParseCellFile(p.Filename)
	if !ok {
		number = e.cell.Number
	}
	return fmt.Sprint(uint64(task.At(number, p.Line, p.Column)))
}

// node writes a part of the cell, changed where the rules of this package say so.
func (e *emitter) node(n ast.Node) string {
	switch n := n.(type) {
	case *ast.Ident:
		return e.ident(n)
	case *ast.SelectorExpr:
		return e.selector(n)
	case *ast.DeferStmt:
		return e.deferStmt(n)
	case *ast.CompositeLit:
		return e.compositeLit(n)
	case *ast.StructType:
		return e.structType(n)
	case *ast.FuncLit:
		head := e.claim(n.Body)
		if e.callsUserCode(n.Body) || e.handsOn(n.Body) {
			head += safepoint
		}
		return e.node(n.Type) + " " + e.block(n.Body, head)
	case *ast.CallExpr:
		if s, ok := e.conversion(n); ok {
			return s
		}
		if s, ok := e.folded(n); ok {
			return s
		}
		if s, ok := e.redirected(n); ok {
			return s
		}
		if e.isRecover(n) {
			return e.recoverCall(n)
		}
	case *ast.UnaryExpr:
		if n.Op == token.ARROW && e.isChan(n.X) {
			return e.receive(n)
		}
		if lit, ok := ast.Unparen(n.X).(*ast.CompositeLit); ok && n.Op == token.AND {
			if text := e.compositeLit(lit); strings.HasPrefix(text, "func()") {
				return "øtask.Ptr(" + text + ")"
			}
		}
	case *ast.TypeAssertExpr:
		return e.assertion(n)
	case *ast.BinaryExpr:
		if n.Op == token.EQL || n.Op == token.NEQ {
			return e.comparison(n)
		}
	case *ast.SwitchStmt:
		return e.switchStmt(n)
	case *ast.TypeSwitchStmt:
		return e.typeSwitch(n)
	case *ast.BlockStmt:
		return e.block(n, "")
	case *ast.CaseClause:
		return e.caseClause(n, "")
	case *ast.ForStmt:
		return e.forStmt(n)
	case *ast.RangeStmt:
		return e.rangeStmt(n)
	case *ast.SendStmt:
		if e.isChan(n.Chan) {
			return fmt.Sprintf("øtask.To(%s, %s).Send(%s)", e.node(n.Chan), e.site(n.Arrow), e.node(n.Value))
		}
	case *ast.SelectStmt:
		return e.selectStmt(n)
	case *ast.GoStmt:
		return e.goStmt(n)
	case *ast.BranchStmt:
		if n.Tok == token.GOTO {
			return safepoint + e.copy(n)
		}
	}
	return e.copy(n)
}

// copy writes a node as it stands in the text, with its children written by node.
func (e *emitter) copy(n ast.Node) string {
	var b strings.Builder
	at := n.Pos()
	for _, c := range children(n) {
		b.WriteString(e.cell.Source(at, c.Pos()))
		b.WriteString(e.node(c))
		at = c.End()
	}
	b.WriteString(e.cell.Source(at, n.End()))
	return b.String()
}

// children returns the nodes directly below n, in order of position, without comments.
func children(n ast.Node) []ast.Node {
	var out []ast.Node
	ast.Inspect(n, func(c ast.Node) bool {
		switch c := c.(type) {
		case nil:
			return false
		case *ast.CommentGroup, *ast.Comment:
			return false
		default:
			if c == n {
				return true
			}
			if c.End() > c.Pos() {
				out = append(out, c)
			}
			return false
		}
	})
	slices.SortStableFunc(out, func(a, b ast.Node) int { return int(a.Pos() - b.Pos()) })
	return out
}

// block writes a block with head put in at its beginning.
func (e *emitter) block(b *ast.BlockStmt, head string) string {
	return "{ " + head + e.list(b.Lbrace+1, b.List, b.Rbrace) + "}"
}

// list writes the text from one position to another, which holds the statements.
func (e *emitter) list(from token.Pos, stmts []ast.Stmt, to token.Pos) string {
	var b strings.Builder
	at := from
	for _, s := range stmts {
		if s.End() <= s.Pos() {
			continue // an implicit empty statement
		}
		gap := e.cell.Source(at, s.Pos())
		text := e.stmt(s)
		b.WriteString(gap)
		if src := e.cell.Source(s.Pos(), s.End()); strings.Count(src, "\n") == strings.Count(text, "\n") && !strings.Contains(text, "\n//line ") {
			b.WriteString(text)
		} else {
			b.WriteString(text)
			b.WriteString(e.line(s.End()))
			if next := e.cell.Source(s.End(), to); strings.HasPrefix(strings.TrimLeft(next, " \t"), ";") {
				b.WriteString(" ")
				at = s.End() + token.Pos(strings.Index(next, ";")) + 1
				continue
			}
		}
		at = s.End()
	}
	b.WriteString(e.cell.Source(at, to))
	return b.String()
}

// stmt writes a statement, with a safepoint behind it if it calls something that may block for long
// in compiled code: the task may have been told to end meanwhile.
func (e *emitter) stmt(s ast.Stmt) string {
	text := e.node(s)
	switch s.(type) {
	case *ast.ExprStmt, *ast.AssignStmt, *ast.DeclStmt:
		if e.mayBlock(s) {
			text += "; " + strings.TrimSuffix(safepoint, "; ")
		}
	}
	return text
}

// caseClause writes a clause with head put in at the beginning of its statements.
func (e *emitter) caseClause(c *ast.CaseClause, head string) string {
	var b strings.Builder
	at := c.Pos()
	for _, x := range c.List {
		b.WriteString(e.cell.Source(at, x.Pos()))
		b.WriteString(e.node(x))
		at = x.End()
	}
	b.WriteString(e.cell.Source(at, c.Colon+1) + head)
	b.WriteString(e.list(c.Colon+1, c.Body, max(c.End(), c.Colon+1)))
	return b.String()
}

// isChan tells whether x is a channel of a known type; a channel whose type is a type parameter is
// left to Go.
func (e *emitter) isChan(x ast.Expr) bool {
	t := e.cell.Info.Types[x].Type
	if _, ok := types.Unalias(t).(*types.TypeParam); ok {
		return false
	}
	_, ok := t.Underlying().(*types.Chan)
	return ok
}

// callsUserCode tells whether a body calls anything but conversions, builtins and compiled packages,
// and so may be part of an endless recursion.
func (e *emitter) callsUserCode(body ast.Node) bool {
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && !e.isForeign(call) {
			found = true
		}
		_, lit := n.(*ast.FuncLit)
		return !found && !lit
	})
	return found
}

func (e *emitter) isForeign(call *ast.CallExpr) bool {
	if tv := e.cell.Info.Types[call.Fun]; tv.IsType() || tv.IsBuiltin() {
		return true
	}
	f := e.callee(call)
	return f != nil && f.Pkg() != nil && f.Pkg().Path() != "main"
}

// callee returns the function or method a call names, or nil.
func (e *emitter) callee(call *ast.CallExpr) *types.Func {
	var id *ast.Ident
	switch f := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		id = f
	case *ast.SelectorExpr:
		id = f.Sel
	case *ast.IndexExpr:
		if x, ok := f.X.(*ast.Ident); ok {
			id = x
		}
		if x, ok := f.X.(*ast.SelectorExpr); ok {
			id = x.Sel
		}
	}
	if id == nil {
		return nil
	}
	f, _ := e.cell.Info.Uses[id].(*types.Func)
	return f
}
