package normal

import (
	"go/ast"
	"go/token"
	"go/types"
)

// A fact is what is known of a local variable before its function is emitted.
type fact struct {
	owner    ast.Node // the function, literal or cell that declares it
	captured bool     // a literal inside owner mentions it
	assigned bool     // something is assigned to it after its declaration
	address  bool     // its address is taken
	deferred bool     // it belongs to a function with defer, whose body is a literal in the normal form
	positive bool     // it is never negative
	signed   bool     // it may hold a minus zero: see zero.go
}

// boxed reports whether the variable must live behind a pointer of its own. A literal gets what it
// captures by value, so a variable that changes is captured as a pointer.
func (f *fact) boxed() bool {
	return f.address || (f.assigned || f.signed) && (f.captured || f.deferred)
}

// A scan collects facts in one walk.
type scan struct {
	e     *emitter
	owner []ast.Node
}

// scan collects the facts of the variables declared in n, whose function is owner.
func (e *emitter) scan(n, owner ast.Node) {
	s := &scan{e: e, owner: []ast.Node{owner}}
	s.walk(n)
}

func (s *scan) top() ast.Node { return s.owner[len(s.owner)-1] }

func (s *scan) walk(n ast.Node) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			s.owner = append(s.owner, n)
			s.walk(n.Type)
			s.walk(n.Body)
			s.owner = s.owner[:len(s.owner)-1]
			return false
		case *ast.Ident:
			s.ident(n)
		case *ast.AssignStmt:
			s.assign(n)
		case *ast.IncDecStmt:
			s.changed(n.X)
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				s.addressed(n.X)
			}
		case *ast.SelectorExpr:
			s.selector(n)
		case *ast.SliceExpr:
			if _, ok := s.e.under(n.X).(*types.Array); ok {
				s.addressed(n.X)
			}
		case *ast.RangeStmt:
			if n.Tok == token.ASSIGN {
				s.changed(n.Key)
				s.changed(n.Value)
			}
			if _, ok := s.e.isRangeFunc(n); ok {
				s.rangeFunc(n)
				return false
			}
		case *ast.CaseClause:
			if v, ok := s.e.info.Implicits[n].(*types.Var); ok {
				s.e.fact(v).owner = s.top()
			}
		case *ast.ForStmt:
			s.counter(n)
		case *ast.BranchStmt:
			if label, ok := s.e.info.Uses[n.Label].(*types.Label); ok && n.Tok == token.GOTO {
				s.e.gotos[label] = true
			}
		}
		return true
	})
}

// rangeFunc walks a range over a function, whose body is a literal in the normal form.
func (s *scan) rangeFunc(n *ast.RangeStmt) {
	s.walk(n.X)
	s.owner = append(s.owner, n)
	for _, x := range []ast.Expr{n.Key, n.Value} {
		if x != nil {
			s.walk(x)
		}
	}
	s.walk(n.Body)
	s.owner = s.owner[:len(s.owner)-1]
}

func (s *scan) ident(id *ast.Ident) {
	if v, ok := s.e.info.Defs[id].(*types.Var); ok && !v.IsField() {
		f := s.e.fact(v)
		f.owner = s.top()
	}
	if v, ok := s.e.info.Uses[id].(*types.Var); ok && !v.IsField() {
		if f := s.e.fact(v); f.owner != nil && f.owner != s.top() {
			f.captured = true
		}
	}
}

func (s *scan) assign(n *ast.AssignStmt) {
	for _, x := range n.Lhs {
		id, ok := x.(*ast.Ident)
		if n.Tok == token.DEFINE && ok && s.e.info.Defs[id] != nil {
			continue
		}
		s.changed(x)
	}
}

// changed notes an assignment to x, or to a part of the variable x is made of.
func (s *scan) changed(x ast.Expr) {
	if v := s.e.root(x); v != nil {
		s.e.fact(v).assigned = true
	}
}

func (s *scan) addressed(x ast.Expr) {
	if v := s.e.root(x); v != nil {
		s.e.fact(v).address = true
	}
}

// selector notes the calls of methods with pointer receivers, which take an address.
func (s *scan) selector(n *ast.SelectorExpr) {
	sel := s.e.selection(n)
	if sel == nil || sel.Kind() != types.MethodVal {
		if sel != nil && sel.Kind() == types.FieldVal && s.e.hides(sel) {
			s.addressed(n.X)
		}
		return
	}
	f, ok := sel.Obj().(*types.Func)
	if !ok {
		return
	}
	recv := f.Signature().Recv().Type()
	if _, ptr := types.Unalias(recv).(*types.Pointer); ptr && !throughPointer(sel) {
		s.addressed(n.X)
	}
}

// throughPointer reports whether the path of a selection meets a pointer.
func throughPointer(sel *selection) bool {
	t := sel.Recv()
	for _, i := range append([]int{-1}, sel.Index()[:len(sel.Index())-1]...) {
		if i >= 0 {
			st, ok := t.Underlying().(*types.Struct)
			if !ok {
				return false
			}
			t = st.Field(i).Type()
		}
		if _, ok := t.Underlying().(*types.Pointer); ok {
			return true
		}
	}
	return false
}

// counter notes the variable of a loop that counts up from a constant that is not negative; other
// assignments to it are found by the walk of the loop's body.
func (s *scan) counter(n *ast.ForStmt) {
	init, ok := n.Init.(*ast.AssignStmt)
	if !ok || init.Tok != token.DEFINE || len(init.Lhs) != 1 || n.Post == nil || n.Cond == nil {
		return
	}
	v, _ := s.e.info.Defs[init.Lhs[0].(*ast.Ident)].(*types.Var)
	if v == nil || !s.countsUp(n.Post, v) || !s.e.notNegative(init.Rhs[0]) || s.e.changes(n.Body, v) {
		return
	}
	s.e.fact(v).positive = true
}

// countsUp reports whether the post statement of a loop is v++ or adds to v what is not negative.
func (s *scan) countsUp(post ast.Stmt, v *types.Var) bool {
	switch post := post.(type) {
	case *ast.IncDecStmt:
		return post.Tok == token.INC && s.e.root(post.X) == v
	case *ast.AssignStmt:
		return post.Tok == token.ADD_ASSIGN && s.e.root(post.Lhs[0]) == v && s.e.notNegative(post.Rhs[0])
	}
	return false
}

// changes reports whether n may change v.
func (e *emitter) changes(n ast.Node, v *types.Var) (found bool) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, x := range n.Lhs {
				found = found || e.root(x) == v
			}
		case *ast.IncDecStmt:
			found = found || e.root(n.X) == v
		case *ast.UnaryExpr:
			found = found || n.Op == token.AND && e.root(n.X) == v
		case *ast.RangeStmt:
			found = found || n.Key != nil && e.root(n.Key) == v || n.Value != nil && e.root(n.Value) == v
		}
		return !found
	})
	return found
}

// root returns the variable that x is, or is a part of, or nil.
func (e *emitter) root(x ast.Expr) *types.Var {
	switch x := x.(type) {
	case *ast.Ident:
		v, _ := e.info.ObjectOf(x).(*types.Var)
		return v
	case *ast.ParenExpr:
		return e.root(x.X)
	case *ast.IndexExpr:
		if _, ok := e.under(x.X).(*types.Array); ok {
			return e.root(x.X)
		}
	case *ast.SelectorExpr:
		if sel := e.selection(x); sel != nil && sel.Kind() == types.FieldVal && !throughPointer(sel) {
			return e.root(x.X)
		}
	}
	return nil
}

func (e *emitter) fact(v *types.Var) *fact {
	f := e.facts[v]
	if f == nil {
		f = &fact{signed: signed(e.varType(v))}
		e.facts[v] = f
	}
	return f
}
