package lower

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"
)

// A deferred call may cross from one engine to the other while a panic is under way, and recover means something to the function
// that is called only if a defer statement calls it itself. The interpreter has no defer of Go's, so it offers the panic to
// what it calls (see package rt of the engine): a function of a cell in which recover is called asks at its entry, by task.Claim, whether
// that is for it. Whatever else is entered before withdraws the offer at its safepoint. The other way, what a cell defers
// that is a function value of interpreted code is called by task.Offer.

// isRecover tells whether a call is of the built-in function recover.
func (e *emitter) isRecover(call *ast.CallExpr) bool {
	id, ok := ast.Unparen(call.Fun).(*ast.Ident)
	if !ok {
		return false
	}
	b, ok := e.cell.Info.Uses[id].(*types.Builtin)
	return ok && b.Name() == "recover"
}

// recoverCall writes recover(). What comes from interpreted code is not always what Go would have panicked with.
func (e *emitter) recoverCall(n *ast.CallExpr) string {
	if e.claiming[n] {
		return "øtask.RecoveredBy(" + e.copy(n) + ", øclaim)"
	}
	return "øtask.Recovered(" + e.copy(n) + ")"
}

// claim writes what a function that recovers does at its entry, before its safepoint. In the body of a range over a
// function recover returns nil.
func (e *emitter) claim(body *ast.BlockStmt) string {
	if e.cell.Program {
		return "" // all of it is compiled
	}
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.RangeStmt:
			if _, ok := e.cell.Info.Types[n.X].Type.Underlying().(*types.Signature); ok {
				return false
			}
		case *ast.DeferStmt:
			return !e.isRecover(n.Call)
		case *ast.CallExpr:
			if e.isRecover(n) {
				found = true
				if e.claiming == nil {
					e.claiming = map[*ast.CallExpr]bool{}
				}
				e.claiming[n] = true
			}
		}
		return true
	})
	if !found {
		return ""
	}
	return "øclaim := øtask.Claim(); "
}

// handsOn tells whether a body calls a function of a compiled package that may call back: it has a parameter that is a
// function or an interface, or is a method.
func (e *emitter) handsOn(body ast.Node) bool {
	if e.cell.Program {
		return false
	}
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && !found {
			tv := e.cell.Info.Types[call.Fun]
			if sig, ok := tv.Type.(*types.Signature); ok && !tv.IsBuiltin() {
				found = callsBack(sig)
			}
			if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok {
				found = found || e.cell.Info.Selections[sel] != nil
			}
		}
		_, lit := n.(*ast.FuncLit)
		return !found && !lit
	})
	return found
}

func callsBack(sig *types.Signature) bool {
	for p := range sig.Params().Variables() {
		t := p.Type()
		if s, ok := t.Underlying().(*types.Slice); ok {
			t = s.Elem()
		}
		switch t.Underlying().(type) {
		case *types.Basic:
		default:
			return true
		}
	}
	return false
}

// deferStmt writes a defer statement.
func (e *emitter) deferStmt(n *ast.DeferStmt) string {
	call := n.Call
	tv := e.cell.Info.Types[call.Fun]
	switch {
	case e.isRecover(call):
		return "defer recover()"
	case e.cell.Program, tv.IsBuiltin(), tv.IsType(), e.callee(call) != nil:
		return e.copy(n)
	}
	if _, ok := ast.Unparen(call.Fun).(*ast.FuncLit); ok {
		return e.copy(n)
	}
	var b strings.Builder
	b.WriteString("{ ")
	f := e.temp()
	fmt.Fprintf(&b, "%s := %s; ", f, e.node(call.Fun))
	args := strings.Join(e.goArguments(&b, call), ", ")
	if call.Ellipsis.IsValid() {
		args += "..."
	}
	fmt.Fprintf(&b, "if øtask.Interpreted(%s) { defer øtask.Offer(func() { %s(%s) }) } else { defer %s(%s) } }", f, f, args, f, args)
	return b.String()
}
