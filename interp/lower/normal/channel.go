package normal

import (
	"fmt"
	"go/ast"
	"go/types"
)

// The operations on channels go through compiled helpers, so that the task runtime knows who waits, and can end the wait. For
// elements of common types there are helpers that take and return values; for others values move through pointers, by
// reflection, at several times the cost.

// chanHelper returns the end of the names of the helpers for elements of type t, or "".
func (e *emitter) chanHelper(t types.Type) string {
	t = types.Unalias(t)
	if n, ok := t.(*types.Named); ok {
		if _, isStruct := n.Underlying().(*types.Struct); !e.mine(n.Obj()) || isStruct {
			return ""
		}
		t = n.Underlying()
	}
	switch t := t.(type) {
	case *types.Interface:
		if t.Empty() && !t.IsComparable() {
			return "_any"
		}
	case *types.Basic:
		if t.Kind() != types.UnsafePointer && t.Info()&types.IsUntyped == 0 {
			return "_" + types.Typ[t.Kind()].Name()
		}
	case *types.Struct:
		if t.NumFields() == 0 {
			return "_struct"
		}
	case *types.Slice:
		if b, ok := types.Unalias(t.Elem()).(*types.Basic); ok {
			return map[types.BasicKind]string{types.Uint8: "_bytes", types.Int: "_ints", types.String: "_strings"}[b.Kind()]
		}
	}
	return ""
}

// send emits a send statement.
func (e *emitter) send(s *ast.SendStmt) {
	elem := e.elemOf(s.Chan)
	c := e.steady(e.expr(s.Chan))
	v := e.to(s.Value, elem)
	if h := e.chanHelper(elem); h != "" {
		text := e.flush(c)
		e.emit("rt.Send%s(%s, %s, %s)", h, e.site(s), text, e.flush(v))
		return
	}
	e.emit("rt.Send(%s, %s, %s)", e.site(s), e.flush(c), e.boxOf(v, elem))
}

// receiveOne emits a receive and returns the value.
func (e *emitter) receiveOne(x *ast.UnaryExpr) val {
	elem := e.elemOf(x.X)
	if h := e.chanHelper(elem); h != "" {
		c := e.flush(e.expr(x.X))
		return e.set(elem, "rt.Recv"+h+"("+e.site(x)+", "+c+")")
	}
	v, _ := e.receive(x)
	return v
}

// receive emits a receive and returns the value and whether the channel was open.
func (e *emitter) receive(x *ast.UnaryExpr) (v, ok val) {
	c := e.flush(e.expr(x.X))
	return e.receiveFrom(c, e.elemOf(x.X), x)
}

// receiveFrom is receive for an evaluated channel.
func (e *emitter) receiveFrom(c string, elem types.Type, n ast.Node) (v, ok val) {
	if h := e.chanHelper(elem); h != "" {
		two := e.setAll([]types.Type{elem, types.Typ[types.Bool]}, fmt.Sprintf("rt.Recv2%s(%s, %s)", h, e.site(n), c))
		return two[0], two[1]
	}
	p, b := e.temp(), e.temp()
	e.emit("%s := new(%s)", p, e.typ(elem))
	e.emit("%s := rt.Recv(%s, %s, %s)", b, e.site(n), c, p)
	return e.hold(deref(p)), named(b)
}

// box returns a new variable, made once for all rounds of the loops around: it must not be needed any longer when it is needed
// again.
func (e *emitter) box(t types.Type) string {
	name := e.temp()
	if e.fn.inLoop() {
		e.fn.declared = append(e.fn.declared, declaration{name, "= new(" + e.typ(t) + ")"})
	} else {
		e.emit("%s := new(%s)", name, e.typ(t))
	}
	return name
}

// clauseOf returns what rt.Choose wants to know of a clause of a select statement, and the boxes of what it receives.
func (e *emitter) clauseOf(comm ast.Stmt) (form int, values []string, box, ok string) {
	if s, isSend := comm.(*ast.SendStmt); isSend {
		elem := e.elemOf(s.Chan)
		c := e.flush(e.steady(e.expr(s.Chan)))
		v := e.flush(e.to(s.Value, elem))
		p := e.box(elem)
		e.emit("*%s = %s", p, v)
		return 1 | 2, []string{c, p}, "", ""
	}
	recv := receiveOf(comm)
	values = []string{e.flush(e.steady(e.expr(recv.X)))}
	if s, isAssign := comm.(*ast.AssignStmt); isAssign {
		if !isBlank(s.Lhs[0]) {
			box = e.box(e.elemOf(recv.X))
			form, values = form|2, append(values, box)
		}
		if len(s.Lhs) > 1 && !isBlank(s.Lhs[1]) {
			ok = e.box(types.Typ[types.Bool])
			form, values = form|4, append(values, ok)
		}
	}
	return form, values, box, ok
}

func isBlank(x ast.Expr) bool {
	id, ok := ast.Unparen(x).(*ast.Ident)
	return ok && id.Name == "_"
}
