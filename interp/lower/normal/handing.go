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
	written, ok := workers.Written(e.checked, functions[0])
	if len(functions) != 1 || !ok {
		e.refuse(functions[0], "a function that a worker process is to run, and that is not named or written where it is handed over")
	}
	number := uint64(e.env.Fresh())
	if e.out.Handed == nil {
		e.out.Handed = map[uint64]ast.Expr{}
	}
	e.out.Handed[number] = written
	e.emit("rt.Hand(%d)", number)
}

// handingGeneric refuses a call in a generic function that hands a function over.
func (e *emitter) handingGeneric(x *ast.CallExpr) {
	if _, ok := workers.Hands(e.info, x); ok {
		e.refuse(x, "functions handed to worker processes by a generic function")
	}
}

// unsent refuses an instance of a generic function of package process for values that the interpreters of two processes could not hand over. What
// process.Sendable says of types that are no cell's it says when the function is called.
func (e *emitter) unsent(f *types.Func, targs []types.Type, n ast.Node) {
	if f.Pkg() == nil || f.Pkg().Path() != sourcePrefix+concurrencyPath+"/process" || !f.Exported() {
		return
	}
	for _, t := range targs {
		if at, why, unsent := workers.Unsent(t); why != "" && (!unsent || e.ours(t)) {
			e.refuse(n, "values of type "+types.TypeString(t, short)+" for another process: "+at+" "+why)
		}
	}
	if f.Name() == "NewShared" && e.ours(targs[0]) && !isPlain(targs[0]) {
		e.refuse(n, "memory for values of type "+types.TypeString(targs[0], short)+", which is not made of numbers only")
	}
}

// isPlain reports whether values of a type are nothing but numbers.
func isPlain(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return u.Info()&(types.IsNumeric|types.IsBoolean) != 0
	case *types.Array:
		return isPlain(u.Elem())
	case *types.Struct:
		for f := range u.Fields() {
			if !isPlain(f.Type()) {
				return false
			}
		}
		return true
	}
	return false
}
