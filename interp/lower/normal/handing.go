package normal

import (
	"go/ast"
	"go/types"

	"github.com/gobraid/gobraid/interp/workers"
)

// handing emits, before a call that hands a function to worker processes, the number by which the helper finds the text of that function: a
// worker has an interpreter of its own, and nothing of this one's.
func (e *emitter) handing(f *types.Func, x *ast.CallExpr) {
	if e.std || f == nil || f.Pkg() == nil || !workers.Package(f.Pkg().Path(), sourcePrefix) {
		return
	}
	if e.tenv != nil {
		e.handingGeneric(x)
		return
	}
	functions, ok := workers.Hands(e.info, x)
	if !ok {
		return
	}
	if len(functions) != 1 || !workers.Named(e.info, functions[0]) {
		e.refuse(functions[0], "a function that a worker process is to run, and that is not named or written where it is handed over")
	}
	number := uint64(e.env.Fresh())
	if e.out.Handed == nil {
		e.out.Handed = map[uint64]ast.Expr{}
	}
	e.out.Handed[number] = functions[0]
	e.emit("rt.Hand(%d)", number)
}

// handingGeneric refuses a call in a generic function that hands a function over.
func (e *emitter) handingGeneric(x *ast.CallExpr) {
	if _, ok := workers.Hands(e.info, x); ok {
		e.refuse(x, "functions handed to worker processes by a generic function")
	}
}
