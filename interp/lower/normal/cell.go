package normal

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// cell emits the whole cell: names for what it declares first, so that its declarations may mention
// each other in any order, then types, functions and at last the entry.
func (e *emitter) cell() {
	c := e.checked
	for _, d := range c.Decls {
		e.nameDecl(d)
	}
	for _, v := range c.Vars {
		if v.Name() != "_" {
			e.out.Names[v] = fmt.Sprintf("v.P%d", e.env.Fresh())
		}
	}
	for _, d := range c.Decls {
		e.typeDecl(d)
	}
	e.allocators()
	e.refuseEmbeds()
	level := &ast.BlockStmt{List: c.Stmts}
	e.level = level
	e.out.Mark, e.out.Count = fmt.Sprintf("L%d", e.env.Fresh()), fmt.Sprintf("D%d", e.env.Fresh())
	for _, d := range c.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && !e.isGenericDecl(f) {
			e.scan(f, f)
		}
	}
	for _, s := range c.Stmts {
		e.scan(s, level)
	}
	if c.Program {
		for _, init := range e.info.InitOrder {
			e.scan(init.Rhs, level)
		}
	}
	if c.Result != nil {
		e.scan(c.Result, level)
	}
	inits := e.functions()
	e.entry(level, inits)
	e.stencil()
}

// isGenericDecl reports whether a declared function is emitted as instances only.
func (e *emitter) isGenericDecl(d *ast.FuncDecl) bool {
	f, ok := e.info.Defs[d.Name].(*types.Func)
	return ok && isGeneric(f)
}

// nameDecl gives names to the objects of a declaration.
func (e *emitter) nameDecl(d ast.Decl) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Name.Name == "_" || d.Name.Name == "init" && d.Recv == nil || e.isGenericDecl(d) {
			return
		}
		e.out.Names[e.info.Defs[d.Name]] = fmt.Sprintf("F%d_%s", e.env.Fresh(), d.Name.Name)
	case *ast.GenDecl:
		if d.Tok != token.TYPE {
			return
		}
		for _, s := range d.Specs {
			e.nameType(s.(*ast.TypeSpec))
		}
	}
}

func (e *emitter) nameType(s *ast.TypeSpec) {
	obj := e.declaredType(s)
	if obj == nil || s.TypeParams != nil {
		return
	}
	named, ok := obj.Type().(*types.Named)
	switch {
	case !ok || e.out.Names[obj] != "":
	case e.isMade(named):
		e.makeType(obj, named)
	case !isStruct(named.Underlying()):
	case e.alone(named):
		e.declareAlone(obj, named)
	default:
		e.out.Names[obj] = fmt.Sprintf("T%d_%s", e.env.Fresh(), obj.Name())
	}
}

// typeDecl emits the struct types of a declaration. A type that has no normal form is only refused
// where it is used.
func (e *emitter) typeDecl(d ast.Decl) {
	g, ok := d.(*ast.GenDecl)
	if !ok || g.Tok != token.TYPE {
		return
	}
	for _, s := range g.Specs {
		e.emitType(s.(*ast.TypeSpec))
	}
}

// typeSpec emits a type declared inside a function, at the top level.
func (e *emitter) typeSpec(s *ast.TypeSpec) {
	e.nameType(s)
	e.emitType(s)
}

// declaredType returns the type that a declaration declares, or nil if it is an alias.
func (e *emitter) declaredType(s *ast.TypeSpec) *types.TypeName {
	obj, ok := e.info.Defs[s.Name].(*types.TypeName)
	if !ok || obj.IsAlias() {
		return nil
	}
	if named, ok := e.subst(obj.Type()).(*types.Named); ok {
		return named.Obj()
	}
	return obj
}

func (e *emitter) emitType(s *ast.TypeSpec) {
	e.pos = s.Pos()
	obj := e.declaredType(s)
	if obj == nil || s.TypeParams != nil {
		return
	}
	name, ok := e.out.Names[obj]
	if !ok {
		if !isInterface(obj.Type()) { // of constraints there are no values
			e.typ(obj.Type())
		}
		return
	}
	if named, ok := obj.Type().(*types.Named); ok && (e.isMade(named) || e.alone(named)) {
		return // it is recursive
	}
	e.types = append(e.types, "type "+name+" "+e.structType(obj.Type().Underlying().(*types.Struct)))
}

// allocators emits the functions that allocate the variables of the cell.
func (e *emitter) allocators() {
	for _, v := range e.checked.Vars {
		if v.Name() == "_" {
			continue
		}
		e.pos = v.Pos()
		symbol := strings.TrimPrefix(e.out.Names[v], "v.")
		t := e.typ(e.varType(v))
		e.types = append(e.types, fmt.Sprintf("func N%s() *%s { return new(%s) }", symbol, t, t))
		e.out.Vars = append(e.out.Vars, Var{Object: v, Symbol: symbol, New: "N" + symbol})
	}
}

// functions emits the declared functions and returns the names of the init functions.
func (e *emitter) functions() []string {
	var inits []string
	for _, d := range e.checked.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Name.Name == "_" || e.isGenericDecl(f) {
			continue
		}
		name := e.out.Names[e.info.Defs[f.Name]]
		if name == "" {
			name = fmt.Sprintf("F%d_init", e.env.Fresh())
			inits = append(inits, name)
		}
		e.declare(f, name)
	}
	return inits
}

// entry emits the function that runs the statements of the cell and returns its result.
func (e *emitter) entry(level *ast.BlockStmt, inits []string) {
	e.out.Entry = fmt.Sprintf("C%d", e.env.Fresh())
	sig := types.NewSignatureType(nil, nil, nil, nil, e.resultTuple(), false)
	fn := &function{node: level, label: "main", sig: sig}
	e.fn = fn
	withDefer := hasDefer(level)
	lines := e.finished(fn, e.capture(func() {
		if withDefer {
			fn.shell = true
			e.declareResults(fn, true)
			e.deferredBody(fn, func() { e.run(inits) })
			return
		}
		e.run(inits)
	}))
	head := line{fmt.Sprintf("func %s()%s {", e.out.Entry, e.results(sig)), token.NoPos}
	e.out.Sites[e.out.Entry] = Func{Name: "main", Pos: level.Pos()}
	e.funcs = append(e.funcs, append(append([]line{head}, lines...), line{"}", token.NoPos}))
}

// resultTuple returns the types of the cell's result.
func (e *emitter) resultTuple() *types.Tuple {
	x := e.checked.Result
	if x == nil {
		return nil
	}
	t := e.typeOf(x)
	if tuple, ok := t.(*types.Tuple); ok {
		var vars []*types.Var
		for v := range tuple.Variables() {
			vars = append(vars, e.resultVar(v.Type()))
		}
		return types.NewTuple(vars...)
	}
	if tv := e.tv(x); tv.IsVoid() || tv.IsType() || tv.IsNil() {
		return nil
	}
	return types.NewTuple(e.resultVar(types.Default(t)))
}

// resultVar returns the variable for a result of type t. What the display cannot show by its static type goes into an interface, where
// it has its type and methods with it.
func (e *emitter) resultVar(t types.Type) *types.Var {
	if !isInterface(t) && !e.shown(t, nil) {
		t = types.Universe.Lookup("any").Type()
	}
	return types.NewVar(token.NoPos, nil, "", t)
}

// showMethods are the methods that change how a result looks.
var showMethods = []string{"String", "Error", "Format", "GoString", "HTML", "SVG", "Markdown", "LaTeX", "PNG", "JPEG", "MIMEBundle"}

// shown reports whether the display, which knows the static type, shows the interpreter's value of type
// t as it would show the user's: there are no methods to call, and no recursive types, which the
// interpreter leaves incomplete.
func (e *emitter) shown(t types.Type, inside []types.Type) bool {
	if !e.ours(t) {
		return true
	}
	t = types.Unalias(t)
	for _, s := range inside {
		if s == t {
			return false
		}
	}
	inside = append(inside, t)
	if named, ok := t.(*types.Named); ok {
		for m := range named.Methods() {
			if slices.Contains(showMethods, m.Name()) {
				return false
			}
		}
	}
	switch u := t.Underlying().(type) {
	case *types.Basic, *types.Signature:
		return true
	case *types.Pointer:
		return e.shown(u.Elem(), inside)
	case *types.Slice:
		return e.shown(u.Elem(), inside)
	case *types.Array:
		return e.shown(u.Elem(), inside)
	case *types.Chan:
		return e.shown(u.Elem(), inside)
	case *types.Map:
		return e.shown(u.Key(), inside) && e.shown(u.Elem(), inside)
	case *types.Struct:
		for f := range u.Fields() {
			if f.Embedded() || !e.shown(f.Type(), inside) {
				return false
			}
		}
		return true
	}
	return false
}

// run emits the statements of the cell in their order; a whole program's variables in the order
// in which they depend on each other, its init functions and main.
func (e *emitter) run(inits []string) {
	if e.checked.Program {
		e.program(inits)
		return
	}
	e.statements(e.checked.Stmts)
	x := e.checked.Result
	if x == nil {
		return
	}
	e.pos = x.Pos()
	e.emit("*v.%s = %s", e.out.Mark, e.site(x))
	fn := e.fn
	shell := fn
	if fn.inDefer {
		shell = fn.outer
	}
	var vals []val
	switch results := shell.sig.Results(); results.Len() {
	case 0:
		if e.tv(x).IsNil() || e.tv(x).IsType() {
			e.refuse(x, "this result")
		}
		e.exprStmt(x)
		return
	case 1:
		vals = []val{e.to(x, results.At(0).Type())}
	default:
		vals = e.callValues(ast.Unparen(x).(*ast.CallExpr))
		from := e.typeOf(x).(*types.Tuple)
		for i := range vals {
			vals[i] = e.convert(vals[i], from.At(i).Type(), results.At(i).Type(), x)
		}
	}
	e.giveBack(fn, shell, vals)
}

func (e *emitter) program(inits []string) {
	for _, init := range e.info.InitOrder {
		e.pos = init.Rhs.Pos()
		if len(init.Lhs) == 1 {
			v := init.Lhs[0]
			val := e.to(init.Rhs, v.Type())
			if v.Name() == "_" {
				e.hold(val)
				continue
			}
			e.define(v, &val)
			continue
		}
		vals, from := e.tuple(ast.Unparen(init.Rhs))
		for i, v := range init.Lhs {
			if v.Name() != "_" {
				x := e.convert(vals[i], from[i], v.Type(), init.Rhs)
				e.define(v, &x)
			}
		}
	}
	for _, name := range inits {
		e.emit("%s()", name)
	}
	if main := e.checked.Pkg.Scope().Lookup("main"); main != nil {
		e.emit("%s()", e.out.Names[main])
	}
}
