package live

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"github.com/gobraid/gobraid/concurrency/task"
	"github.com/gobraid/gobraid/interp/check"
)

// A spotScanner finds the spots of a checked cell.
type spotScanner struct {
	cell  *check.Cell
	file  string // of the text of the cell; what stands elsewhere is another cell's
	spots []spot
}

// scan returns the spots of a cell.
func scan(cell *check.Cell, file string) []spot {
	s := &spotScanner{cell: cell, file: file}
	for _, d := range cell.Decls {
		ast.Inspect(d, s.visit)
	}
	for _, st := range cell.Stmts {
		ast.Inspect(st, s.visit)
	}
	if cell.Result != nil {
		ast.Inspect(cell.Result, s.visit)
	}
	return s.spots
}

func (s *spotScanner) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.FuncDecl:
		return s.cell.Fset.Position(n.Pos()).Filename == s.file
	case *ast.SendStmt:
		s.add(n.Arrow, spot{op: opSend, things: s.things(n.Chan)})
		s.add(n.Pos(), spot{op: opSend, things: s.things(n.Chan)}) // the engines name one or the other
	case *ast.UnaryExpr:
		if n.Op == token.ARROW {
			s.add(n.OpPos, spot{op: opReceive, things: s.things(n.X)})
		}
	case *ast.RangeStmt:
		if _, ok := under(s.cell.Info.TypeOf(n.X)).(*types.Chan); ok {
			s.add(n.For, spot{op: opReceive, things: s.things(n.X)})
		}
	case *ast.SelectStmt:
		s.add(n.Select, spot{op: opSelect, things: s.clauses(n)})
	case *ast.GoStmt:
		s.add(n.Go, spot{op: opStart, name: s.function(n.Call.Fun)})
	case *ast.CallExpr:
		s.call(n)
	}
	return true
}

func under(t types.Type) types.Type {
	if t == nil {
		return nil
	}
	return t.Underlying()
}

func (s *spotScanner) add(pos token.Pos, x spot) {
	p := s.cell.Fset.Position(pos)
	x.line, x.column = int32(p.Line), int32(p.Column)
	s.spots = append(s.spots, x)
}

// clauses returns the channels of a select.
func (s *spotScanner) clauses(n *ast.SelectStmt) []thing {
	var all []thing
	for _, c := range n.Body.List {
		var x ast.Expr
		switch comm := c.(*ast.CommClause).Comm.(type) {
		case *ast.SendStmt:
			all = append(all, s.things(comm.Chan)...)
			continue
		case *ast.ExprStmt:
			x = comm.X
		case *ast.AssignStmt:
			x = comm.Rhs[0]
		default:
			continue
		}
		if u, ok := ast.Unparen(x).(*ast.UnaryExpr); ok {
			all = append(all, s.things(u.X)...)
		}
	}
	return all
}

// waiting are the functions of the standard library in which tasks wait, as the lowering knows them.
var waiting = map[string]op{
	"(*sync.Mutex).Lock":     opLock,
	"(*sync.RWMutex).Lock":   opLock,
	"(*sync.RWMutex).RLock":  opRLock,
	"(sync.Locker).Lock":     opLock,
	"(*sync.WaitGroup).Wait": opGroup,
	"(*sync.Cond).Wait":      opCond,
	"(*sync.Once).Do":        opOnce,
}

// instant are packages of the standard library in whose functions nobody waits and which start nothing.
var instant = map[string]bool{
	"fmt": true, "strings": true, "strconv": true, "math": true, "errors": true, "slices": true, "maps": true, "sort": true,
	"bytes": true, "unicode": true, "unicode/utf8": true, "math/rand": true, "math/rand/v2": true, "cmp": true, "reflect": true,
	"sync/atomic": true, "time": true,
}

// call notes a call that may wait or start something: one of a function of another package.
func (s *spotScanner) call(n *ast.CallExpr) {
	f := s.callee(n)
	if f == nil || f.Pkg() == nil || f.Pkg().Path() == "main" || instant[f.Pkg().Path()] && f.Name() != "AfterFunc" {
		return
	}
	x := spot{op: opCall, name: s.function(n.Fun), last: int32(s.cell.Fset.Position(n.Lparen).Line)}
	if sel, ok := ast.Unparen(n.Fun).(*ast.SelectorExpr); ok && f.Signature().Recv() != nil {
		x.things = s.things(sel.X)
	}
	if w, ok := waiting[f.FullName()]; ok {
		x.op, x.name = w, ""
	}
	s.add(n.Pos(), x)
	if name := s.starts(f, n.Args); name != "" {
		s.add(n.Pos(), spot{op: opStart, name: name, last: x.last})
	}
}

// starts returns the name of what a call of f may start: the argument that is a function. Of several nobody knows which of them a task
// runs, and the name is that of f.
func (s *spotScanner) starts(f *types.Func, args []ast.Expr) (name string) {
	for _, a := range args {
		if _, ok := under(s.cell.Info.TypeOf(a)).(*types.Signature); !ok {
			continue
		}
		if name != "" {
			return f.Name()
		}
		name = s.function(a)
	}
	return name
}

// callee returns the function or method that is called by its name.
func (s *spotScanner) callee(n *ast.CallExpr) *types.Func {
	fun := ast.Unparen(n.Fun)
	switch x := fun.(type) {
	case *ast.IndexExpr:
		fun = x.X
	case *ast.IndexListExpr:
		fun = x.X
	}
	var id *ast.Ident
	switch x := fun.(type) {
	case *ast.Ident:
		id = x
	case *ast.SelectorExpr:
		id = x.Sel
	}
	f, _ := s.cell.Info.Uses[id].(*types.Func)
	return f
}

// function returns what a function is called in listings.
func (s *spotScanner) function(x ast.Expr) string {
	switch x := ast.Unparen(x).(type) {
	case *ast.FuncLit:
		return literal(s.cell.Fset.Position(x.Pos()).Line)
	case *ast.IndexExpr:
		if tv, ok := s.cell.Info.Types[x.Index]; ok && tv.IsType() {
			return s.function(x.X)
		}
	case *ast.IndexListExpr:
		return s.function(x.X)
	}
	return brief(x)
}

// things returns an expression as what is operated on.
func (s *spotScanner) things(x ast.Expr) []thing {
	x = ast.Unparen(x)
	if u, ok := x.(*ast.UnaryExpr); ok && u.Op == token.AND {
		x = ast.Unparen(u.X)
	}
	t := thing{text: brief(x)}
	if obj := s.object(x); obj != nil {
		p := s.cell.Fset.Position(obj.Pos())
		if id, ok := task.ParseCellFile(p.Filename); ok {
			t.at = task.At(id, p.Line, 0)
		}
		v, ok := obj.(*types.Var)
		t.local = ok && !v.IsField() && v.Parent() != nil && v.Pkg() != nil && v.Parent() != v.Pkg().Scope()
	}
	return []thing{t}
}

// object returns the variable or field that an expression ends at, or nil: of p.mu the field mu, of results[i] results.
func (s *spotScanner) object(x ast.Expr) types.Object {
	switch x := ast.Unparen(x).(type) {
	case *ast.Ident:
		if v, ok := s.cell.Info.ObjectOf(x).(*types.Var); ok {
			return v
		}
	case *ast.SelectorExpr:
		return s.object(x.Sel)
	case *ast.IndexExpr:
		return s.object(x.X)
	case *ast.StarExpr:
		return s.object(x.X)
	case *ast.UnaryExpr:
		return s.object(x.X)
	}
	return nil
}

// textLimit is how long the text of an expression may be.
const textLimit = 40

// brief writes an expression on one line, without the bodies of functions and with arguments left out when it is long.
func brief(x ast.Expr) string {
	t := types.ExprString(x)
	if len(t) <= textLimit && !strings.Contains(t, "\n") {
		return t
	}
	if call, ok := ast.Unparen(x).(*ast.CallExpr); ok {
		return brief(call.Fun) + "(…)"
	}
	t, _, _ = strings.Cut(t, "\n")
	if r := []rune(t); len(r) > textLimit {
		t = string(r[:textLimit-1]) + "…"
	}
	return t
}
