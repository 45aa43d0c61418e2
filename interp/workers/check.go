package workers

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"github.com/gobraid/gobraid/interp/check"
)

const (
	words     = "github.com/gobraid/gobraid/concurrency"
	processes = words + "/process"
	clusters  = words + "/cluster"
)

// Uses tells whether a cell hands functions to a pool of worker processes, or may do so: to a concurrency.Executor of which it is not known
// what it is.
func Uses(c *check.Cell) bool {
	found := false
	inspect(c, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			functions, ok := hands(c.Info, call, func(x ast.Expr) bool { return isPool(c.Info, x) || isNamed(c.Info, x, words, "Executor") })
			found = found || ok && len(functions) > 0
		}
		return !found
	})
	return found
}

// Check returns an error for each function that a cell hands to a pool of worker processes and that cannot run there.
func (b *Book) Check(c *check.Cell) (errs []check.Error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, d := range c.Decls {
		b.add(c, d) // what it declares itself; it is added again when it runs
	}
	eachCall(c, func(call *ast.CallExpr, functions []ast.Expr) {
		for _, f := range functions {
			if e := b.checkFunction(c, f); e != nil {
				errs = append(errs, *e)
			}
		}
	})
	return errs
}

func (b *Book) checkFunction(c *check.Cell, x ast.Expr) *check.Error {
	if sel, ok := ast.Unparen(x).(*ast.SelectorExpr); ok {
		if s := c.Info.Selections[sel]; s != nil && s.Kind() == types.MethodVal {
			return &check.Error{
				Pos:  c.Fset.Position(x.Pos()),
				Msg:  fmt.Sprintf("%s is a method together with the value it is called on, which a worker process does not have", types.ExprString(x)),
				Hint: "give the value as the argument of a function that calls the method",
			}
		}
	}
	if e := unsendable(c, x); e != nil {
		return e
	}
	hit := b.search(c, x)
	if hit == nil {
		return nil
	}
	name := "this function"
	_, literal := ast.Unparen(x).(*ast.FuncLit)
	if id := functionName(c.Info, x); id != nil {
		name = id.Name
	}
	e := &check.Error{Pos: hit.pos, Msg: hit.message(name), Hint: hit.remedy(literal)}
	if call := c.Fset.Position(x.Pos()); call.Filename != hit.pos.Filename {
		e.Pos = call
		e.Msg += " (line " + fmt.Sprint(hit.pos.Line) + " of an earlier cell)"
	}
	return e
}

// unsendable returns an error for an argument or a result of a function that cannot be sent.
func unsendable(c *check.Cell, x ast.Expr) *check.Error {
	sig, ok := types.Unalias(c.Info.TypeOf(x)).Underlying().(*types.Signature)
	if !ok {
		return nil
	}
	for what, t := range map[string]*types.Tuple{"argument": sig.Params(), "result": sig.Results()} {
		for v := range t.Variables() {
			if path := v.Type().String(); path == "context.Context" || path == "error" {
				continue
			}
			if path, why := refused(v.Type(), typeName(v.Type()), map[types.Type]bool{}); why != "" {
				return &check.Error{
					Pos:  c.Fset.Position(x.Pos()),
					Msg:  fmt.Sprintf("the function's %s cannot go to another process: %s %s", what, path, why),
					Hint: "export the field, leave it out, or give the type methods GobEncode and GobDecode",
				}
			}
		}
	}
	return nil
}

func typeName(t types.Type) string {
	return types.TypeString(t, func(p *types.Package) string {
		if p.Path() == "main" {
			return ""
		}
		return p.Name()
	})
}

// refused is process.Sendable, for types that the checker knows.
func refused(t types.Type, path string, seen map[types.Type]bool) (_, why string) {
	if seen[t] || encodes(t) {
		return "", ""
	}
	seen[t] = true
	switch u := t.Underlying().(type) {
	case *types.Basic:
		if u.Kind() == types.UnsafePointer || u.Kind() == types.Uintptr {
			return path, "is an address"
		}
	case *types.Chan:
		return path, "is a channel"
	case *types.Signature:
		return path, "is a function"
	case *types.Array:
		return refused(u.Elem(), path, seen)
	case *types.Slice:
		return refused(u.Elem(), path, seen)
	case *types.Pointer:
		return refused(u.Elem(), path, seen)
	case *types.Map:
		if p, why := refused(u.Key(), path, seen); why != "" {
			return p, why
		}
		return refused(u.Elem(), path, seen)
	case *types.Struct:
		for f := range u.Fields() {
			at := path + "." + f.Name()
			if !f.Exported() && f.Name() != "_" {
				return at, "is not exported"
			}
			if p, why := refused(f.Type(), at, seen); why != "" {
				return p, why
			}
		}
	}
	return "", ""
}

// encodes tells whether values of the type encode themselves, for gob.
func encodes(t types.Type) bool {
	if types.IsInterface(t) {
		return false
	}
	for _, name := range []string{"GobEncode", "MarshalBinary", "MarshalText"} {
		if obj, _, _ := types.LookupFieldOrMethod(t, true, nil, name); obj != nil {
			if _, ok := obj.(*types.Func); ok {
				return true
			}
		}
	}
	return false
}

// eachCall calls f with each call of a cell that has a pool of processes and functions among its arguments, of a function of package
// concurrency or one below it; or functions only, if the function is one of package process.
func eachCall(c *check.Cell, f func(*ast.CallExpr, []ast.Expr)) {
	inspect(c, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			if functions, ok := Hands(c.Info, call); ok {
				f(call, functions)
			}
		}
		return true
	})
}

// inspect visits all that a cell does.
func inspect(c *check.Cell, visit func(ast.Node) bool) {
	for _, d := range c.Decls {
		ast.Inspect(d, visit)
	}
	for _, s := range c.Stmts {
		ast.Inspect(s, visit)
	}
	if c.Result != nil {
		ast.Inspect(c.Result, visit)
	}
}

// Package reports whether a path is that of a package whose functions hand others to worker processes: package concurrency and those below
// it. A prefix is not counted.
func Package(path, prefix string) bool {
	path = strings.TrimPrefix(path, prefix)
	return path == words || strings.HasPrefix(path, words+"/")
}

// Hands returns the functions that a call hands to worker processes, and reports whether it does so.
func Hands(info *types.Info, call *ast.CallExpr) (functions []ast.Expr, ok bool) {
	return hands(info, call, func(x ast.Expr) bool { return isPool(info, x) })
}

func hands(info *types.Info, call *ast.CallExpr, isPool func(ast.Expr) bool) (functions []ast.Expr, ok bool) {
	id := functionName(info, call.Fun)
	if id == nil {
		return nil, false
	}
	if p := info.Uses[id].Pkg(); p == nil || !Package(p.Path(), "") {
		return nil, false
	}
	pool := isPool(receiverOf(info, call.Fun)) || info.Uses[id].Pkg().Path() == processes // process.New
	for _, a := range call.Args {
		if isPool(a) {
			pool = true
		} else if t := info.TypeOf(a); t != nil {
			if s, ok := t.Underlying().(*types.Signature); ok && isTask(s) {
				functions = append(functions, a)
			}
		}
	}
	return functions, pool && len(functions) > 0
}

// isTask tells whether a function is one to be run, by its type: others are options, and sequences.
func isTask(s *types.Signature) bool {
	n := s.Results().Len()
	return s.Params().Len() > 0 && s.Params().At(0).Type().String() == "context.Context" && n > 0 && s.Results().At(n-1).Type().String() == "error"
}

// Named tells whether an expression says itself which function it is: a literal, or the name of one.
func Named(info *types.Info, x ast.Expr) bool {
	x = ast.Unparen(x)
	if _, ok := x.(*ast.FuncLit); ok {
		return true
	}
	id := functionName(info, x)
	return id != nil && info.Uses[id].(*types.Func).Signature().Recv() == nil
}

// receiverOf returns what a method is called on, or nil.
func receiverOf(info *types.Info, fun ast.Expr) ast.Expr {
	sel, ok := ast.Unparen(fun).(*ast.SelectorExpr)
	if !ok || info.Selections[sel] == nil {
		return nil
	}
	return sel.X
}

// isPool tells whether an expression is a pool of processes, here or elsewhere.
func isPool(info *types.Info, x ast.Expr) bool {
	return isNamed(info, x, processes, "Pool") || isNamed(info, x, clusters, "Pool")
}

// isNamed tells whether an expression is of a declared type, or a pointer to it.
func isNamed(info *types.Info, x ast.Expr, path, name string) bool {
	if x == nil {
		return false
	}
	t := info.TypeOf(x)
	if t == nil {
		return false
	}
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == path && n.Obj().Name() == name
}

// Refuse returns why a function must not run in a worker process, or nil: the function that begins at a line of a file. If several do, each
// has to be fit for it.
func (b *Book) Refuse(name, file string, line int) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range b.cells[file] {
		for _, n := range functionsAt(c, line) {
			s := &search{book: b, seen: map[ast.Node]bool{}}
			switch n := n.(type) {
			case *ast.FuncLit:
				s.look(c, n, n)
			default:
				s.look(c, n, nil)
			}
			if s.hit != nil {
				return fmt.Errorf("%s; %s", s.hit.message("the function"), remedy)
			}
		}
	}
	return nil
}

// functionsAt returns the functions of a cell that begin on a line.
func functionsAt(c *check.Cell, line int) (out []ast.Node) {
	at := func(p token.Pos) bool { return c.Fset.Position(p).Line == line }
	visit := func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if at(n.Pos()) || at(n.Name.Pos()) {
				out = append(out, n)
			}
		case *ast.FuncLit:
			if at(n.Pos()) {
				out = append(out, n)
			}
		case *ast.Ident: // a wrapper of a function that is mentioned there
			if f, ok := c.Info.Uses[n].(*types.Func); ok && f.Pkg() != nil && f.Pkg().Path() == "main" && at(n.Pos()) {
				out = append(out, n)
			}
		}
		return true
	}
	for _, d := range c.Decls {
		ast.Inspect(d, visit)
	}
	for _, s := range c.Stmts {
		ast.Inspect(s, visit)
	}
	return out
}
