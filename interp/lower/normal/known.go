package normal

import (
	"go/ast"
	"go/types"
	"slices"
)

// A type that is not declared, such as map[string]chan int, is made by reflect when only interpreted
// code mentions it. If a compiled cell mentions it too, its plugin brings one of its own, and to the
// runtime the two are different types: an assertion in the compiled cell fails on an interface value
// that the interpreter made. So only types that gobraid itself was compiled with go into interfaces;
// package rt holds them. Where the value only gets printed it does not matter.

// refuseInInterface refuses a value of type t in an interface unless it is the same to both engines.
func (e *emitter) refuseInInterface(t types.Type, n ast.Node) {
	switch {
	case isInterface(t):
	case e.ours(t), !e.printing && !inHost(t, 2):
		e.refuse(n, "a value of type "+types.TypeString(t, short)+" in an interface")
	}
}

// inHost tells whether the program holds type t, at most depth slices, maps, pointers and channels
// round a basic type: exactly what rt.Known lists, and declared types.
func inHost(t types.Type, depth int) bool {
	switch t := types.Unalias(t).(type) {
	case *types.Basic, *types.Named:
		return true
	case *types.Interface:
		return t.Empty()
	case *types.Pointer:
		if _, ok := types.Unalias(t.Elem()).(*types.Named); ok {
			return depth == 2 // package symbols names the declared types by their pointers
		}
		return isKnown(t.Elem())
	case *types.Slice:
		if inner, ok := t.Elem().(*types.Slice); ok && depth == 2 {
			return isKnown(inner.Elem())
		}
		return isKnown(t.Elem())
	case *types.Chan:
		return isKnown(t.Elem())
	case *types.Map:
		key, ok := t.Key().(*types.Basic)
		if !ok || key.Kind() != types.String && key.Kind() != types.Int {
			return false
		}
		if inner, ok := t.Elem().(*types.Slice); ok {
			return isKnown(inner.Elem())
		}
		return isKnown(t.Elem())
	}
	return false
}

// isKnown tells whether t is one of the types that rt.Known builds on.
func isKnown(t types.Type) bool {
	switch t := types.Unalias(t).(type) {
	case *types.Basic:
		return t.Kind() != types.UnsafePointer && t.Info()&types.IsUntyped == 0
	case *types.Interface:
		return t.Empty()
	case *types.Named:
		return types.Identical(t, types.Universe.Lookup("error").Type())
	}
	return false
}

// printers are the packages that do not keep what they are given in interfaces.
var printers = []string{"fmt", "log", "log/slog", "errors", "testing", "encoding/json", "strings"}

// prints tells whether f only looks at what it is given.
func prints(f *types.Func) bool {
	return f != nil && f.Pkg() != nil && slices.Contains(printers, f.Pkg().Path())
}
