package normal

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"strings"
)

// statements emits a list of statements.
func (e *emitter) statements(list []ast.Stmt) {
	for _, s := range list {
		e.statement(s, "")
	}
}

// statement emits one statement; label is the user's label of it.
func (e *emitter) statement(s ast.Stmt, label string) {
	e.pos = s.Pos()
	e.mark(s)
	switch s := s.(type) {
	case *ast.EmptyStmt:
	case *ast.ExprStmt:
		e.exprStmt(s.X)
	case *ast.AssignStmt:
		e.assign(s)
	case *ast.IncDecStmt:
		op := token.ADD
		if s.Tok == token.DEC {
			op = token.SUB
		}
		e.update(s.X, op, nil, s)
	case *ast.DeclStmt:
		e.declStmt(s)
	case *ast.BlockStmt:
		e.statements(s.List)
	case *ast.IfStmt:
		e.ifStmt(s)
	case *ast.ForStmt:
		e.forStmt(s, label)
	case *ast.RangeStmt:
		e.rangeStmt(s, label)
	case *ast.SwitchStmt:
		e.switchStmt(s, label)
	case *ast.TypeSwitchStmt:
		e.typeSwitch(s, label)
	case *ast.SelectStmt:
		e.selectStmt(s, label)
	case *ast.LabeledStmt:
		e.labeled(s)
	case *ast.BranchStmt:
		e.branch(s)
	case *ast.ReturnStmt:
		e.returnStmt(s)
	case *ast.GoStmt:
		e.goStmt(s)
	case *ast.DeferStmt:
		e.deferStmt(s)
	case *ast.SendStmt:
		e.send(s)
	default:
		e.refuse(s, "this statement")
	}
}

// mark notes at run time which statement of the cell runs, for the traceback of a panic: statements
// at the top, and further in those that call something.
func (e *emitter) mark(s ast.Stmt) {
	if e.fn.node != e.level {
		return
	}
	top := false
	for _, t := range e.level.List {
		top = top || t == s
	}
	switch s := s.(type) {
	case *ast.ExprStmt, *ast.AssignStmt, *ast.SendStmt, *ast.GoStmt, *ast.DeferStmt, *ast.ReturnStmt:
		top = top || hasCall(s)
	}
	if top {
		e.emit("*v.%s = %s", e.out.Mark, e.site(s))
	}
}

// boxOf leaves v in a new variable and returns the pointer to it: the helpers of channels move
// values through pointers.
func (e *emitter) boxOf(v val, t types.Type) string {
	text := e.flush(v)
	p := e.temp()
	e.emit("%s := new(%s)", p, e.typ(t))
	e.emit("*%s = %s", p, text)
	return p
}

func (e *emitter) exprStmt(x ast.Expr) {
	switch x := ast.Unparen(x).(type) {
	case *ast.CallExpr:
		e.callStmt(x)
	case *ast.UnaryExpr:
		if x.Op != token.ARROW {
			e.refuse(x, "this statement")
		}
		e.receiveOne(x)
	default:
		e.refuse(x, "this statement")
	}
}

func (e *emitter) declStmt(s *ast.DeclStmt) {
	d := s.Decl.(*ast.GenDecl)
	switch d.Tok {
	case token.VAR:
		for _, spec := range d.Specs {
			e.varSpec(spec.(*ast.ValueSpec))
		}
	case token.TYPE:
		for _, spec := range d.Specs {
			e.typeSpec(spec.(*ast.TypeSpec))
		}
	}
}

func (e *emitter) varSpec(s *ast.ValueSpec) {
	e.pos = s.Pos()
	if len(s.Values) == 0 {
		for _, id := range s.Names {
			if v, ok := e.info.Defs[id].(*types.Var); ok && id.Name != "_" {
				e.define(v, e.embedded(v))
			}
		}
		return
	}
	var lhs []ast.Expr
	for _, id := range s.Names {
		lhs = append(lhs, id)
	}
	e.assignAll(lhs, s.Values, true)
}

// define declares a local variable, or sets a cell-level one, with value v, or zero if v is nil.
func (e *emitter) define(v *types.Var, value *val) {
	typ := e.typ(e.varType(v))
	if p, ok := e.object(v); ok {
		if value == nil {
			z := e.zero(typ)
			value = &z
		}
		e.emit("*%s = %s", p, e.flush(*value))
		e.defined(v)
		return
	}
	name := e.local(v)
	switch {
	case e.fact(v).boxed():
		text := ""
		if value != nil {
			text = e.flush(*value)
		}
		e.emit("%s := new(%s)", name, typ)
		if value != nil {
			e.emit("*%s = %s", name, text)
		}
	case value == nil:
		e.emit("var %s %s", name, typ)
	case isInterface(e.varType(v)):
		e.emit("var %s %s = %s", name, typ, e.flush(*value))
	default:
		text := e.flush(*value)
		e.noteLength(v, name, *value)
		if e.early(name, e.varType(v)) {
			e.emit("%s = %s", name, text)
			return
		}
		e.emit("%s := %s", name, text)
	}
}

// defined notes that the cell has come as far as the definition of v.
func (e *emitter) defined(v *types.Var) {
	if e.fn.node != e.level {
		return
	}
	for i, w := range e.checked.Vars {
		if v == w {
			e.emit("*v.%s = %d", e.out.Count, i+1)
		}
	}
}

func (e *emitter) ifStmt(s *ast.IfStmt) {
	if s.Init != nil {
		e.statement(s.Init, "")
	}
	cond := e.expr(s.Cond)
	e.emit("if %s {", e.flush(cond))
	e.statements(s.Body.List)
	switch els := s.Else.(type) {
	case nil:
	case *ast.BlockStmt:
		e.emit("} else {")
		e.statements(els.List)
	default:
		e.emit("} else {")
		e.statement(els, "")
	}
	e.emit("}")
}

func (e *emitter) returnStmt(s *ast.ReturnStmt) {
	fn := e.fn
	shell := fn.home()
	if shell.sig == nil {
		e.refuse(s, "return outside of a function")
	}
	results := shell.sig.Results()
	var vals []val
	switch {
	case len(s.Results) == 0:
	case len(s.Results) == 1 && results.Len() > 1:
		call := ast.Unparen(s.Results[0]).(*ast.CallExpr)
		tuple := e.typeOf(call).(*types.Tuple)
		for i, v := range e.callValues(call) {
			vals = append(vals, e.convert(v, tuple.At(i).Type(), e.varType(results.At(i)), s))
		}
	default:
		for i, x := range s.Results {
			vals = append(vals, e.to(x, e.varType(results.At(i))))
		}
	}
	e.giveBack(fn, shell, vals)
}

// giveBack emits a return with the given values, or with the named results.
func (e *emitter) giveBack(fn, shell *function, vals []val) {
	if len(vals) > 0 && len(shell.results) > 0 {
		if len(vals) > 1 {
			for i := range vals {
				vals[i] = e.hold(vals[i])
			}
		}
		for i, v := range vals {
			if text, to := e.flush(v), e.resultText(fn, shell, i); text != to {
				e.emit("%s = %s", to, text)
			}
		}
		vals = nil
	}
	if fn.rng != nil {
		e.leaveRange(&ast.ReturnStmt{})
		return
	}
	if fn.inDefer {
		e.emit("return")
		return
	}
	var texts []string
	for i, v := range vals {
		text := e.flush(v)
		if i > 0 && builtinCall.MatchString(text) { // the interpreter would take it for the first result
			text = e.holdText(text).text
		}
		texts = append(texts, text)
	}
	if len(vals) == 0 {
		for i := range shell.results {
			texts = append(texts, e.resultText(fn, shell, i))
		}
	}
	e.emit("%s", strings.TrimSpace("return "+strings.Join(texts, ", ")))
}

// builtinCall matches a call of a built-in function.
var builtinCall = regexp.MustCompile(`^(append|cap|clear|complex|copy|imag|len|make|max|min|new|real)\(`)

// resultText returns the text of the i-th result variable.
func (e *emitter) resultText(fn, shell *function, i int) string {
	name := shell.results[i]
	for f := fn; f != shell; f = f.outer {
		f.capture(name, "*"+e.typ(e.varType(shell.sig.Results().At(i))))
	}
	if shell.boxedResult[i] {
		return "*" + name
	}
	return name
}

func (e *emitter) goStmt(s *ast.GoStmt) {
	t := e.kept(s.Call, "")
	e.emit("rt.Go(%s, %s)", e.site(s), t)
}

func (e *emitter) deferStmt(s *ast.DeferStmt) {
	d := e.fn.captureText(e.fn.defers, "*rt.Defers")
	if e.isRecover(s.Call) {
		e.emit("rt.Push(%s, %s)", d, e.deferRecover(s.Call))
		return
	}
	t := e.kept(s.Call, d)
	if e.mayRecover(s.Call) {
		e.emit("rt.Offer(%s, %s)", d, t)
		return
	}
	e.emit("rt.Push(%s, %s)", d, t)
}

// kept evaluates the operands of a call that is made later, and returns it as a func().
func (e *emitter) kept(x *ast.CallExpr, defers string) string {
	if lit, ok := ast.Unparen(x.Fun).(*ast.FuncLit); ok && len(x.Args) == 0 && e.typeOf(lit).(*types.Signature).Results().Len() == 0 {
		return e.literal(lit, defers).text
	}
	if tv := e.tv(ast.Unparen(x.Fun)); tv.IsBuiltin() || tv.IsType() {
		return e.thunk(e.keptBuiltin(x))
	}
	if lit, ok := ast.Unparen(x.Fun).(*ast.FuncLit); ok && defers != "" {
		v := e.literal(lit, defers)
		sig := e.typeOf(lit).(*types.Signature)
		c := &invocation{results: sig.Results(), recv: v.text, recvType: func() string { return e.typ(sig) }}
		e.arguments(x, c, sig, false, nil, true)
		e.flush(val{checks: c.checks})
		e.keep(c)
		return e.thunk(c)
	}
	return e.thunk(e.invoke(x, true))
}

// A target is a statement that break or continue may mean.
type target struct {
	label string // the user's
	name  string // in the normal form
	loop  bool
	used  bool // the normal form needs the label
	fall  string
	chunk bool // the loop is inside another that tests the stop word, which break leaves too
	left  bool // and does
}

// enter puts a target on the stack while f emits its inside, and returns it.
func (e *emitter) enter(label string, loop bool, f func(t *target)) (*target, []line) {
	t := &target{label: label, name: fmt.Sprintf("L%d", e.env.Fresh()), loop: loop}
	e.fn.targets = append(e.fn.targets, t)
	lines := e.capture(func() { f(t) })
	e.fn.targets = e.fn.targets[:len(e.fn.targets)-1]
	return t, lines
}

func (e *emitter) branch(s *ast.BranchStmt) {
	label := ""
	if s.Label != nil {
		label = s.Label.Name
	}
	switch s.Tok {
	case token.BREAK, token.CONTINUE:
		e.jump(s, label)
	case token.FALLTHROUGH:
		e.emit("%s", e.fn.targets[len(e.fn.targets)-1].fall)
	default:
		e.gotoStmt(s)
	}
}

// jump emits break and continue: with a label whenever a switch or another loop stands between.
func (e *emitter) jump(s *ast.BranchStmt, label string) {
	targets := e.fn.targets
	for i := len(targets) - 1; i >= 0; i-- {
		t := targets[i]
		if label != "" && t.label != label || label == "" && s.Tok == token.CONTINUE && !t.loop {
			continue
		}
		if t.chunk && s.Tok == token.BREAK {
			t.left = true
			e.emit("break %so", t.name)
			return
		}
		if i == len(targets)-1 && t.loop {
			e.emit("%s", s.Tok.String())
			return
		}
		t.used = true
		e.emit("%s %s", s.Tok, t.name)
		return
	}
	if e.fn.rng != nil {
		e.leaveRange(s)
		return
	}
	e.refuse(s, "this branch")
}
