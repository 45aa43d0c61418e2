package program

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/gobraid/gobraid/interp/check"
)

// The race detector tells lines, not columns. What an access is about is therefore found in the source of its
// line: what that line reads, or writes, and goroutines can share. Of these, the ones that are the same at
// both ends of a race are what it is about.

// Explain finds the variables that a race is about.
func (p *Program) Explain(r *Race) {
	one, other := p.targets(&r.Accesses[0]), p.targets(&r.Accesses[1])
	r.Names = nil
	add := func(name string) {
		if !slices.Contains(r.Names, name) {
			r.Names = append(r.Names, name)
		}
	}
	seen := map[any]bool{}
	for _, a := range one {
		i := slices.IndexFunc(other, func(b target) bool { return a.place == b.place })
		if i >= 0 && !seen[a.place] {
			seen[a.place] = true
			name, _ := plainer(a.text, other[i].text)
			add(name)
		}
	}
	switch {
	case len(r.Names) > 0:
	case len(one) == 1 && len(other) == 1: // two names of the same memory
		name, also := plainer(one[0].text, other[0].text)
		add(name + " (" + also + ")")
	default:
		for _, t := range slices.Concat(one, other) {
			add(t.text)
		}
	}
}

// plainer puts the plainer of two names of a variable first.
func plainer(a, b string) (first, second string) {
	if len(b) < len(a) || len(b) == len(a) && b < a {
		return b, a
	}
	return a, b
}

// A target is what an access may be about.
type target struct {
	place any    // what tells it from others: the object of a variable or field
	text  string // as it is written
}

// targets returns what an access may be about.
func (p *Program) targets(a *Access) []target {
	at := a.At()
	if at == nil {
		return nil
	}
	s := &search{line: at.Line, cell: at.Cell, write: a.Write, inside: a.Stack[0].Cell == 0, shared: p.sharedVariables()}
	for _, x := range p.cells {
		s.c = x.cell
		s.visit(x.node)
	}
	if s.inside && len(s.calls) > 0 && !s.hasMap {
		return s.calls
	}
	return s.found
}

// sharedVariables returns the variables that more than one goroutine can reach: those at package level, those that a
// function literal takes from outside, and those whose address is taken.
func (p *Program) sharedVariables() map[types.Object]bool {
	shared := map[types.Object]bool{}
	for _, x := range p.cells {
		var literals []*ast.FuncLit
		ast.Inspect(x.node, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncLit:
				literals = append(literals, n)
			case *ast.UnaryExpr:
				if v := root(x.cell, n.X); n.Op == token.AND && v != nil {
					shared[v] = true
				}
			case *ast.SelectorExpr:
				if sel := x.cell.Info.Selections[n]; sel != nil && sel.Kind() == types.MethodVal {
					if v := root(x.cell, n.X); v != nil {
						shared[v] = true
					}
				}
			case *ast.Ident:
				v, ok := x.cell.Info.Uses[n].(*types.Var)
				if !ok || v.IsField() {
					break
				}
				if v.Pkg() != nil && v.Parent() == v.Pkg().Scope() && v.Pkg() != x.cell.Pkg {
					shared[v] = true
				}
				for _, l := range literals {
					if l.Pos() <= n.Pos() && n.End() <= l.End() && (v.Pos() < l.Pos() || v.Pos() > l.End()) {
						shared[v] = true
					}
				}
				if _, fn := x.node.(*ast.FuncDecl); fn && v.Pkg() != nil && v.Parent() == v.Pkg().Scope() {
					shared[v] = true
				}
			}
			return true
		})
	}
	return shared
}

// A search looks for what a line of a cell accesses.
type search struct {
	c      *check.Cell
	cell   int
	line   int
	write  bool
	inside bool // the access is inside a library function that the line calls
	shared map[types.Object]bool
	found  []target
	calls  []target // what is handed to functions
	hasMap bool
}

// on tells whether a position is on the line.
func (s *search) on(pos token.Pos) bool {
	p := s.c.Fset.Position(pos)
	return p.Line == s.line && s.c.Number == s.cell
}

// visit looks at a node and all in it.
func (s *search) visit(n ast.Node) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, l := range n.Lhs {
				if s.on(l.Pos()) || s.on(n.TokPos) {
					s.store(l)
					if n.Tok != token.ASSIGN && n.Tok != token.DEFINE {
						s.load(l)
					}
				}
			}
			for _, r := range n.Rhs {
				s.visit(r)
			}
			for _, l := range n.Lhs {
				s.operands(l)
			}
			return false
		case *ast.IncDecStmt:
			if s.on(n.X.Pos()) {
				s.store(n.X)
				s.load(n.X)
			}
			s.operands(n.X)
			return false
		case *ast.RangeStmt:
			if n.Tok == token.ASSIGN && s.on(n.TokPos) {
				s.store(n.Key)
				s.store(n.Value)
			}
			if s.on(n.X.Pos()) {
				s.noteMap(n.X)
			}
		case *ast.CallExpr:
			s.call(n)
			return !s.skipFun(n)
		case *ast.SelectorExpr:
			if sel := s.c.Info.Selections[n]; sel != nil && sel.Kind() == types.FieldVal {
				s.read(n)
				s.operands(n)
				return false
			}
		case *ast.IndexExpr:
			s.read(n)
			s.operands(n)
			return false
		case *ast.SendStmt:
			if s.on(n.Arrow) {
				s.add(&s.calls, n.Chan)
			}
		case *ast.StarExpr:
			s.read(n)
		case *ast.Ident:
			s.read(n)
		}
		return true
	})
}

// skipFun visits only the parts of a call that are read, and tells whether it did.
func (s *search) skipFun(call *ast.CallExpr) bool {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok || s.c.Info.Selections[sel] == nil {
		return false
	}
	s.visit(sel.X)
	for _, a := range call.Args {
		s.visit(a)
	}
	return true
}

// call notes what a call may have its function access: the receiver, and what the arguments point to.
func (s *search) call(call *ast.CallExpr) {
	if !s.on(call.Lparen) && !s.on(call.Pos()) {
		return
	}
	if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok {
		if x := s.c.Info.Selections[sel]; x != nil && x.Kind() == types.MethodVal {
			s.add(&s.calls, sel.X)
		}
	}
	for _, a := range s.arguments(call) {
		if u, ok := ast.Unparen(a).(*ast.UnaryExpr); ok && u.Op == token.AND {
			a = u.X
		}
		switch s.c.Info.TypeOf(a).Underlying().(type) {
		case *types.Map, *types.Slice, *types.Pointer, *types.Chan, *types.Struct, *types.Array:
			s.noteMap(a)
			s.add(&s.calls, a)
		}
	}
}

// arguments returns the arguments of a call that the function may access in the way that is looked for.
func (s *search) arguments(call *ast.CallExpr) []ast.Expr {
	id, ok := ast.Unparen(call.Fun).(*ast.Ident)
	if !ok || !s.c.Info.Types[call.Fun].IsBuiltin() || len(call.Args) == 0 {
		return call.Args
	}
	switch id.Name {
	case "copy":
		if s.write {
			return call.Args[:1]
		}
		return call.Args[1:]
	case "delete", "clear":
		s.add(&s.found, call.Args[0])
	}
	return call.Args[:1]
}

// operands visits what is read to reach a variable: the x and i of x[i], the p of p.f.
func (s *search) operands(x ast.Expr) {
	switch x := ast.Unparen(x).(type) {
	case *ast.SelectorExpr:
		s.visit(x.X)
	case *ast.IndexExpr:
		s.visit(x.X)
		s.visit(x.Index)
	case *ast.StarExpr:
		s.visit(x.X)
	}
}

func (s *search) store(x ast.Expr) {
	if x != nil && s.write {
		s.noteMap(x)
		s.add(&s.found, x)
	}
}

func (s *search) load(x ast.Expr) {
	if !s.write {
		s.noteMap(x)
		s.add(&s.found, x)
	}
}

// read notes an expression on the line that is read.
func (s *search) read(x ast.Expr) {
	at := x.Pos()
	switch x := x.(type) {
	case *ast.SelectorExpr:
		at = x.Sel.Pos()
	case *ast.IndexExpr:
		at = x.Lbrack
	}
	if s.on(at) {
		s.load(x)
	}
}

// noteMap notes that a map is among what the line accesses.
func (s *search) noteMap(x ast.Expr) {
	if i, ok := ast.Unparen(x).(*ast.IndexExpr); ok {
		x = i.X
	}
	if t := s.c.Info.TypeOf(x); t != nil {
		if _, ok := t.Underlying().(*types.Map); ok {
			s.hasMap = true
		}
	}
}

// add adds what an expression stands for, if goroutines can share it.
func (s *search) add(to *[]target, x ast.Expr) {
	x = ast.Unparen(x)
	t := target{text: types.ExprString(x)}
	switch e := x.(type) {
	case *ast.Ident:
		obj := s.c.Info.Uses[e]
		if obj == nil {
			obj = s.c.Info.Defs[e]
		}
		v, ok := obj.(*types.Var)
		if !ok || !s.shared[v] && !s.points(v, to) {
			return
		}
		t.place = v
	case *ast.SelectorExpr:
		v, ok := s.c.Info.Uses[e.Sel].(*types.Var)
		if !ok {
			return
		}
		t.place = v.Origin()
	case *ast.IndexExpr:
		s.addElement(to, e)
		return
	case *ast.StarExpr:
		t.place = "*" + types.TypeString(s.c.Info.TypeOf(e), nil)
		if v := root(s.c, e.X); v != nil && s.shared[v] {
			t.place = v
		}
	default:
		return
	}
	if !slices.Contains(*to, t) {
		*to = append(*to, t)
	}
}

// points tells whether a variable that is not shared itself is handed to a function with what it points to.
func (s *search) points(v *types.Var, to *[]target) bool {
	if to != &s.calls {
		return false
	}
	switch v.Type().Underlying().(type) {
	case *types.Map, *types.Slice, *types.Pointer, *types.Chan:
		return true
	}
	return false
}

// addElement adds an element: what it is an element of says what it is.
func (s *search) addElement(to *[]target, e *ast.IndexExpr) {
	if s.c.Info.Types[e.X].IsType() || s.c.Info.Types[e.Index].IsType() {
		return // an instance of something generic
	}
	t := target{text: types.ExprString(e)}
	if _, ok := s.c.Info.TypeOf(e.X).Underlying().(*types.Map); ok {
		t.text = types.ExprString(e.X) // the map itself, whatever the key
	}
	t.place = elementOf{types.TypeString(s.c.Info.TypeOf(e), nil)}
	switch x := ast.Unparen(e.X).(type) {
	case *ast.Ident:
		if v, ok := s.c.Info.Uses[x].(*types.Var); ok && s.shared[v] {
			t.place = v
		}
	case *ast.SelectorExpr:
		if v, ok := s.c.Info.Uses[x.Sel].(*types.Var); ok {
			t.place = v.Origin()
		}
	}
	if !slices.Contains(*to, t) {
		*to = append(*to, t)
	}
}

// elementOf is the place of an element of something that has no name: its type has to do.
type elementOf struct{ typ string }
