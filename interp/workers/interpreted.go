package workers

import (
	"fmt"
	"go/ast"
	"go/types"

	"github.com/gobraid/gobraid/interp/check"
)

// Reached returns the functions of cells that the functions need which a cell hands to workers.
func (b *Book) Reached(c *check.Cell) (all []*types.Func) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, d := range c.Decls {
		b.add(c, d)
	}
	eachCall(c, func(_ *ast.CallExpr, functions []ast.Expr) {
		for _, x := range functions {
			s := &search{book: b, seen: map[ast.Node]bool{}, reached: &all}
			s.expression(c, x)
		}
	})
	return all
}

// Name returns what to call a function that a cell hands over.
func Name(c *check.Cell, x ast.Expr) string {
	if id := functionName(c.Info, x); id != nil {
		return "main." + id.Name
	}
	return "main.func1"
}

// Uninterpreted returns what keeps a function from being interpreted in a worker, "" if nothing does. Its argument and its result pass between two
// interpreters that share no types, and methods of theirs are unknown to what encodes them.
func Uninterpreted(c *check.Cell, x ast.Expr) string {
	sig, ok := types.Unalias(c.Info.TypeOf(x)).Underlying().(*types.Signature)
	if !ok {
		return "this function"
	}
	for what, t := range map[string]*types.Tuple{"argument": sig.Params(), "result": sig.Results()} {
		for v := range t.Variables() {
			if path := v.Type().String(); path == "context.Context" || path == "error" {
				continue
			}
			if at, why := strange(v.Type(), typeName(v.Type()), map[types.Type]bool{}); why != "" {
				return fmt.Sprintf("the %s of a function for worker processes: %s %s", what, at, why)
			}
		}
	}
	return ""
}

// Unsent returns what in a type keeps its values from passing between two interpreters, by way of package process, and why; why is "" if nothing does.
// unsent tells that no value of the type can be sent at all, as process.Sendable says.
func Unsent(t types.Type) (at, why string, unsent bool) {
	if at, why := refused(t, typeName(t), map[types.Type]bool{}); why != "" {
		return at, why, true
	}
	at, why = strange(t, typeName(t), map[types.Type]bool{})
	return at, why, false
}

// strange returns what in a type two interpreters would not understand of each other, and why.
func strange(t types.Type, path string, seen map[types.Type]bool) (_, why string) {
	n, named := types.Unalias(t).(*types.Named)
	if seen[t] {
		if named && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "main" {
			return path, "contains itself"
		}
		return "", ""
	}
	seen[t] = true
	defer delete(seen, t)
	if named && n.Obj().Pkg() != nil {
		p := n.Obj().Pkg().Path()
		switch {
		case p == "main" && encodes(t):
			return path, "encodes itself"
		case p == processes && n.TypeArgs() != nil:
			for arg := range n.TypeArgs().Types() {
				if at, why := strange(arg, typeName(arg), seen); why != "" {
					return at, why
				}
			}
			return "", ""
		case p != "main" && encodes(t):
			return "", ""
		case p != "main" && n.TypeArgs() != nil:
			return path, "is generic"
		}
	}
	switch u := t.Underlying().(type) {
	case *types.Interface:
		return path, "is an interface"
	case *types.Array:
		return strange(u.Elem(), path, seen)
	case *types.Slice:
		return strange(u.Elem(), path, seen)
	case *types.Pointer:
		return strange(u.Elem(), path, seen)
	case *types.Map:
		if p, why := strange(u.Key(), path, seen); why != "" {
			return p, why
		}
		return strange(u.Elem(), path, seen)
	case *types.Struct:
		for f := range u.Fields() {
			if f.Name() == "_" {
				return path + "._", "has no name"
			}
			if p, why := strange(f.Type(), path+"."+f.Name(), seen); why != "" {
				return p, why
			}
		}
	}
	return "", ""
}
