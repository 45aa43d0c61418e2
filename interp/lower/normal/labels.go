package normal

import (
	"fmt"
	"go/ast"
	"go/types"
)

// goto is goto: the interpreter's is an edge between two statements of one function, and the compiler has
// seen to it that no variable is jumped over and no block jumped into. A label that something jumps to gets
// a statement of its own, so that it has a place of its own whatever the labelled statement becomes.

// labeled emits a labelled statement.
func (e *emitter) labeled(s *ast.LabeledStmt) {
	if label, ok := e.info.Defs[s.Label].(*types.Label); ok && e.gotos[label] {
		e.emit("%s:", e.gotoLabel(label))
		t := e.temp()
		e.emit("%s := 0", t)
	}
	switch s.Stmt.(type) {
	case *ast.ForStmt, *ast.RangeStmt, *ast.SwitchStmt, *ast.SelectStmt, *ast.TypeSwitchStmt:
		e.statement(s.Stmt, s.Label.Name)
	default:
		e.statement(s.Stmt, "") // nothing can break out of it
	}
}

// gotoLabel returns the name of a label of the normal form.
func (e *emitter) gotoLabel(l *types.Label) string {
	if e.labels == nil {
		e.labels = map[labelOf]string{}
	}
	key := labelOf{e.fn, l}
	if e.labels[key] == "" {
		e.labels[key] = fmt.Sprintf("G%d", e.env.Fresh())
	}
	return e.labels[key]
}

// A labelOf is a label in a function of the normal form: the instances of a generic function share theirs.
type labelOf struct {
	fn    *function
	label *types.Label
}

// gotoStmt emits a goto.
func (e *emitter) gotoStmt(s *ast.BranchStmt) {
	label, ok := e.info.Uses[s.Label].(*types.Label)
	if !ok {
		e.refuse(s, "this goto")
	}
	if e.fn.rng != nil && !e.fn.contains(e, s) {
		e.leaveRange(s)
		return
	}
	if e.fn.node == e.level && label.Pos() < s.Pos() && len(e.checked.Vars) > 0 && !e.checked.Program {
		// What the cell defines in between would be another variable each time.
		e.refuse(s, "a goto backwards among the statements of a cell that defines variables")
	}
	e.emit("goto %s", e.gotoLabel(label))
}
