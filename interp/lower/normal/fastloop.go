package normal

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"strings"
)

// Inner loops that count and call nothing are emitted in two ways that cost the interpreter fewer steps.
//
// In rounds: the stop word is tested once in 64 iterations, by a loop around.
//
// Without checks: if a test before the loop shows that the indices in it are in range, a copy of the loop runs that does not check
// them, and looks up what does not change, such as a[i] in a loop that counts k, only once.

// chunk is how many iterations pass between two tests of the stop word.
const chunk = 64

// A counter is a loop that counts up.
type counter struct {
	v     *types.Var // the user's variable, or nil
	typ   types.Type
	name  string // what counts, which is not negative
	limit string // what it is compared with, which does not change
	op    string // < or <=
	post  string
	list  string // the slice whose elements item gets, if it is a range over one
	item  string
	label string
	body  *ast.BlockStmt
}

// count emits a loop that counts. inner emits the body.
func (e *emitter) count(c *counter, inner func()) {
	head := "for ; " + c.name + " " + c.op + " " + c.limit + "; " + c.post + " {"
	if c.list != "" {
		head = "for " + c.name + ", " + c.item + " := range " + c.list + " {"
	}
	in := e.indices(c)
	guarded := in.guards()
	e.unchecked(in.proven(), nil, func() {
		if !in.brief {
			e.loop(c.label, head, func() { e.safepoint(); inner() })
			return
		}
		if len(guarded) == 0 {
			e.rounds(c, inner)
			return
		}
		fast := e.set(types.Typ[types.Bool], "false").text
		for _, g := range guarded {
			e.emit("if %s {", g)
		}
		e.emit("%s = true", fast)
		for range guarded {
			e.emit("}")
		}
		e.emit("if %s {", fast)
		e.unchecked(in.guarded(), nil, func() {
			rows := map[ast.Expr]string{}
			for _, r := range in.rows {
				rows[r] = e.hold(e.expr(r)).text
			}
			e.unchecked(nil, rows, func() { e.rounds(c, inner) })
		})
		e.emit("} else {")
		e.loop(c.label, head, func() { e.safepoint(); inner() })
		e.emit("}")
	})
}

// unchecked has f emit index expressions without their checks, and others as the variables that hold their values.
func (e *emitter) unchecked(list []*ast.IndexExpr, rows map[ast.Expr]string, f func()) {
	if e.safe == nil {
		e.safe, e.rows = map[ast.Node]bool{}, map[ast.Expr]string{}
	}
	for _, x := range list {
		e.safe[x] = true
	}
	for x, name := range rows {
		e.rows[x] = name
	}
	f()
	for _, x := range list {
		delete(e.safe, x)
	}
	for x := range rows {
		delete(e.rows, x)
	}
}

// rounds emits a counting loop inside another that tests the stop word.
func (e *emitter) rounds(c *counter, inner func()) {
	if c.list != "" && c.v != nil {
		e.loop(c.label, "for "+c.name+", "+c.item+" := range "+c.list+" {", func() { e.safepoint(); inner() })
		return
	}
	end := e.temp()
	if !e.early(end, types.Typ[types.Int]) {
		e.emit("var %s int", end)
	}
	from := c.name
	if c.list != "" {
		from = e.set(types.Typ[types.Int], "0").text
	}
	t, lines := e.enter(c.label, true, func(t *target) {
		t.chunk = true
		inner()
	})
	e.declareEarly(lines)
	if t.left {
		e.emit("%so:", t.name)
	}
	e.emit("for %s %s %s {", from, c.op, c.limit)
	e.safepoint()
	e.emit("%s = %s", end, c.limit)
	e.emit("if %s - %s > %d { %s = %s + %d }", c.limit, from, chunk, end, from, chunk)
	if t.used {
		e.emit("%s:", t.name)
	}
	if c.list != "" {
		e.emit("for _, %s := range %s[%s:%s] {", c.item, c.list, from, end)
	} else {
		e.emit("for ; %s %s %s; %s {", c.name, c.op, end, c.post)
	}
	e.replay(lines)
	e.emit("}")
	if c.list != "" {
		e.emit("%s = %s", from, end)
	}
	e.emit("}")
}

// rangeSlice emits a range over a slice of values that the interpreter assigns plainly.
func (e *emitter) rangeSlice(s *ast.RangeStmt, label, list, length string, elem types.Type) {
	c := &counter{typ: types.Typ[types.Int], name: e.temp(), limit: length, op: "<", label: label, body: s.Body}
	v := e.rangeVar(s.Key, s.Tok)
	if v != nil && e.unchanged(v) {
		e.fact(v).positive = true
		e.rename(v, c.name)
		if src := e.rangeVarOf(s.X); src != nil && e.unchanged(src) {
			e.inRange(v, e.variable(src, s.X).text)
		}
		c.v = v
	}
	if s.Value == nil {
		c.post = c.name + "++"
		if !e.early(c.name, c.typ) {
			e.emit("%s := 0", c.name)
		} else {
			e.emit("%s = 0", c.name)
		}
		e.count(c, func() {
			if c.v == nil {
				e.iteration(s.Key, s.Tok, named(c.name), c.typ)
			}
			e.statements(s.Body.List)
		})
		return
	}
	c.list, c.item = list, e.temp()
	item := e.rangeVar(s.Value, s.Tok)
	if item != nil && !e.fact(item).boxed() && !e.isCellVar(item) {
		e.rename(item, c.item)
	} else {
		item = nil
	}
	if s.Key != nil && c.v == nil { // assigned in each iteration
		c.v = types.NewVar(token.NoPos, nil, "", c.typ)
	}
	e.count(c, func() {
		if e.rangeVar(s.Key, s.Tok) != c.v {
			e.iteration(s.Key, s.Tok, named(c.name), c.typ)
		}
		if item == nil {
			e.iteration(s.Value, s.Tok, named(c.item), elem)
		}
		e.statements(s.Body.List)
	})
}

// rangePlainMap emits a range over a map whose keys and elements the interpreter assigns plainly.
func (e *emitter) rangePlainMap(s *ast.RangeStmt, label string, m *types.Map) {
	x := e.hold(e.expr(s.X))
	name := func(x ast.Expr) (string, bool) {
		if v := e.rangeVar(x, s.Tok); v != nil && !e.fact(v).boxed() && !e.isCellVar(v) {
			return e.local(v), true
		}
		return e.temp(), x == nil
	}
	k, hasKey := name(s.Key)
	head := "for " + k + " := range " + x.text + " {"
	v, hasValue := "", true
	if s.Value != nil {
		v, hasValue = name(s.Value)
		head = "for " + k + ", " + v + " := range " + x.text + " {"
	}
	e.loop(label, head, func() {
		e.safepoint()
		if !hasKey {
			e.iteration(s.Key, s.Tok, named(k), m.Key())
		}
		if !hasValue {
			e.iteration(s.Value, s.Tok, named(v), m.Elem())
		}
		e.statements(s.Body.List)
	})
}

// counted returns the counter of a loop, or nil. condition and post are the lines and texts of the loop.
func (e *emitter) counted(s *ast.ForStmt, label string, post []line) *counter {
	init, ok := s.Init.(*ast.AssignStmt)
	if !ok || len(init.Lhs) != 1 || len(post) != 1 {
		return nil
	}
	id, ok := init.Lhs[0].(*ast.Ident)
	if !ok {
		return nil
	}
	v, _ := e.info.Defs[id].(*types.Var)
	cond, ok := s.Cond.(*ast.BinaryExpr)
	if v == nil || !ok || !types.Identical(e.varType(v), types.Typ[types.Int]) {
		return nil
	}
	if f := e.fact(v); f.boxed() || !f.positive {
		return nil
	}
	x, y, op := cond.X, cond.Y, cond.Op
	if op == token.GTR || op == token.GEQ {
		x, y = y, x
		op = map[token.Token]token.Token{token.GTR: token.LSS, token.GEQ: token.LEQ}[op]
	}
	if op != token.LSS && op != token.LEQ || e.root(x) != v || !e.steadyIn(y, s.Body) {
		return nil
	}
	limit := e.expr(y)
	if len(limit.checks) > 0 || !types.Identical(types.Default(e.typeOf(y)), types.Typ[types.Int]) {
		return nil
	}
	return &counter{v: v, typ: types.Typ[types.Int], name: e.local(v), limit: limit.text, op: op.String(), post: post[0].text, label: label, body: s.Body}
}

// steadyIn reports whether x is a constant, a local variable that body does not change, or the length of one.
func (e *emitter) steadyIn(x ast.Expr, body ast.Node) bool {
	if e.value(x) != nil {
		return true
	}
	switch x := ast.Unparen(x).(type) {
	case *ast.Ident:
		return e.steadyVar(x, body) != nil
	case *ast.CallExpr:
		id, ok := x.Fun.(*ast.Ident)
		if !ok || id.Name != "len" || !e.info.Types[id].IsBuiltin() {
			return false
		}
		switch e.under(x.Args[0]).(type) {
		case *types.Slice, *types.Basic:
			return e.value(x.Args[0]) == nil && e.steadyVar(x.Args[0], body) != nil
		}
	}
	return false
}

// steadyVar returns the local variable without a box that x is, if body does not change it.
func (e *emitter) steadyVar(x ast.Expr, body ast.Node) *types.Var {
	id, ok := ast.Unparen(x).(*ast.Ident)
	if !ok {
		return nil
	}
	v, ok := e.info.ObjectOf(id).(*types.Var)
	if !ok || e.isCellVar(v) || e.fact(v).owner == nil {
		return nil
	}
	if _, global := e.object(v); global || e.fact(v).boxed() || e.changes(body, v) {
		return nil
	}
	return v
}

// brief reports whether body is free of calls, literals, loops and whatever else may take long, wait, or is
// better not emitted twice.
func (e *emitter) brief(body *ast.BlockStmt) bool {
	brief := true
	size := 0
	ast.Inspect(body, func(n ast.Node) bool {
		size++
		switch n := n.(type) {
		case *ast.FuncLit, *ast.GoStmt, *ast.DeferStmt, *ast.SelectStmt, *ast.SendStmt, *ast.RangeStmt, *ast.ForStmt,
			*ast.LabeledStmt, *ast.TypeSwitchStmt, *ast.TypeAssertExpr, *ast.ReturnStmt:
			brief = false
		case *ast.DeclStmt:
			d, ok := n.Decl.(*ast.GenDecl)
			brief = brief && ok && d.Tok == token.VAR
		case *ast.BranchStmt:
			brief = brief && n.Tok != token.GOTO && n.Label == nil
		case *ast.UnaryExpr:
			brief = brief && n.Op != token.ARROW
		case *ast.SelectorExpr:
			sel := e.selection(n)
			brief = brief && sel != nil && sel.Kind() == types.FieldVal
		case *ast.CallExpr:
			tv := e.info.Types[ast.Unparen(n.Fun)]
			id, isIdent := ast.Unparen(n.Fun).(*ast.Ident)
			switch {
			case tv.IsType():
				brief = brief && isBasic(e.typeOf(n)) && isBasic(e.typeOf(n.Args[0]))
			case tv.IsBuiltin():
				brief = brief && isIdent && strings.Contains(" len cap append min max ", " "+id.Name+" ")
			default:
				brief = false
			}
		}
		return brief
	})
	return brief && size < 200
}

// indices are the index expressions of a loop and what makes them certainly right.
type indices struct {
	e     *emitter
	c     *counter
	brief bool
	list  []*ast.IndexExpr
	tests map[*ast.IndexExpr][]string // what must hold; nothing if it always does
	rows  []ast.Expr                  // what the loop does not change and is worth a variable
}

func (e *emitter) indices(c *counter) *indices {
	in := &indices{e: e, c: c, tests: map[*ast.IndexExpr][]string{}}
	if !types.Identical(c.typ, types.Typ[types.Int]) {
		return in
	}
	in.brief = e.brief(c.body)
	stores := !in.brief || e.storesLists(c.body)
	ast.Inspect(c.body, func(n ast.Node) bool {
		if x, ok := n.(*ast.IndexExpr); ok {
			in.add(x, stores)
		}
		return true
	})
	return in
}

// add looks at one index expression.
func (in *indices) add(x *ast.IndexExpr, stores bool) {
	e := in.e
	switch e.under(x.X).(type) {
	case *types.Slice, *types.Basic:
	default:
		return
	}
	if e.value(x.X) != nil {
		return
	}
	base := ast.Unparen(x.X)
	var tests []string
	text := ""
	if v := e.steadyVar(base, in.c.body); v != nil {
		text = e.use(v)
	} else if row, ok := base.(*ast.IndexExpr); ok && !stores {
		// a row of a table: a[i][k]
		outer := e.steadyVar(row.X, in.c.body)
		if outer == nil || !isSlice(e.varType(outer)) {
			return
		}
		at, ok := in.invariant(row.Index)
		if !ok {
			return
		}
		name := e.use(outer)
		if !e.notNegative(row.Index) {
			tests = append(tests, at+" >= 0")
		}
		tests = append(tests, at+" < len("+name+")")
		text = name + "[" + at + "]"
	} else {
		return
	}
	own, ok := in.within(x.Index, text)
	if !ok {
		return
	}
	tests = append(tests, own...)
	if len(tests) > 3 {
		return
	}
	in.list = append(in.list, x)
	in.tests[x] = tests
	if _, ok := base.(*ast.IndexExpr); ok {
		in.rows = append(in.rows, base)
	}
}

// invariant returns the text of an index that the loop does not change.
func (in *indices) invariant(x ast.Expr) (string, bool) {
	e := in.e
	if c := e.value(x); c != nil {
		return e.constant(constant.ToInt(c), types.Typ[types.Int]).text, true
	}
	if v := e.steadyVar(x, in.c.body); v != nil && v != in.c.v && types.Identical(e.varType(v), types.Typ[types.Int]) {
		return e.use(v), true
	}
	return "", false
}

// within returns the tests that make x an index of a list in all iterations.
func (in *indices) within(x ast.Expr, list string) ([]string, bool) {
	e, c := in.e, in.c
	if id, ok := ast.Unparen(x).(*ast.Ident); ok && c.v != nil && e.info.ObjectOf(id) == c.v {
		if c.op == "<" && (c.limit == "len("+list+")" || c.limit == e.lengths[list]) {
			return nil, true
		}
		return []string{c.below("len(" + list + ")")}, true
	}
	if at, ok := in.invariant(x); ok {
		var tests []string
		if !e.notNegative(x) {
			tests = append(tests, at+" >= 0")
		}
		return append(tests, at+" < len("+list+")"), true
	}
	b, ok := ast.Unparen(x).(*ast.BinaryExpr)
	if !ok || c.v == nil || b.Op != token.ADD && b.Op != token.SUB || e.root(b.X) != c.v || e.value(b.Y) == nil {
		return nil, false
	}
	if _, ok := ast.Unparen(b.X).(*ast.Ident); !ok {
		return nil, false
	}
	k, exact := constant.Int64Val(constant.ToInt(e.value(b.Y)))
	if !exact || k < 0 || k > 1<<30 {
		return nil, false
	}
	if b.Op == token.ADD {
		return []string{c.below(fmt.Sprintf("len(%s) - %d", list, k))}, true
	}
	return []string{fmt.Sprintf("%s >= %d", c.name, k), c.below(fmt.Sprintf("len(%s) + %d", list, k))}, true
}

// below returns the test that what counts stays below n.
func (c *counter) below(n string) string {
	if c.op == "<=" {
		return c.limit + " < " + n
	}
	return c.limit + " <= " + n
}

// proven returns the expressions that need no test.
func (in *indices) proven() (list []*ast.IndexExpr) {
	for _, x := range in.list {
		if _, row := ast.Unparen(x.X).(*ast.IndexExpr); len(in.tests[x]) == 0 && !row {
			list = append(list, x)
		}
	}
	return list
}

// guarded returns the expressions that need one.
func (in *indices) guarded() (list []*ast.IndexExpr) {
	for _, x := range in.list {
		if len(in.tests[x]) > 0 {
			list = append(list, x)
		}
		if row, ok := ast.Unparen(x.X).(*ast.IndexExpr); ok {
			list = append(list, row)
		}
	}
	return list
}

// guards returns the tests, each once, in an order in which none of them fails.
func (in *indices) guards() (list []string) {
	seen := map[string]bool{}
	for _, x := range in.list {
		for _, t := range in.tests[x] {
			if !seen[t] {
				seen[t] = true
				list = append(list, t)
			}
		}
	}
	return list
}

// storesLists reports whether body assigns a slice to anything but a local variable: then a row of a table may change.
func (e *emitter) storesLists(body ast.Node) (found bool) {
	ast.Inspect(body, func(n ast.Node) bool {
		if s, ok := n.(*ast.AssignStmt); ok {
			for _, x := range s.Lhs {
				if _, ident := ast.Unparen(x).(*ast.Ident); !ident && !isBasic(e.typeOf(x)) {
					found = true
				}
			}
		}
		return !found
	})
	return found
}

func isSlice(t types.Type) bool {
	_, ok := t.Underlying().(*types.Slice)
	return ok
}

// lastingLength returns the text of x if it is a constant or a variable without a box that nothing changes.
func (e *emitter) lastingLength(x ast.Expr, text string) string {
	if e.value(x) != nil {
		return text
	}
	id, ok := ast.Unparen(x).(*ast.Ident)
	if !ok {
		return ""
	}
	v, ok := e.info.ObjectOf(id).(*types.Var)
	if !ok || e.isCellVar(v) || e.fact(v).owner == nil || !e.unchanged(v) || e.fact(v).boxed() || !types.Identical(e.varType(v), types.Typ[types.Int]) {
		return ""
	}
	return text
}

// noteLength notes how long a list is that v is from now on.
func (e *emitter) noteLength(v *types.Var, name string, value val) {
	if value.length == "" || !e.unchanged(v) {
		return
	}
	if e.lengths == nil {
		e.lengths = map[string]string{}
	}
	e.lengths[name] = value.length
}
