package normal

import (
	"fmt"
	"go/types"
)

// The interpreter builds wrong types, whose fields may even lie elsewhere, of structs that are recursive by way of
// another struct, and of structs with two recursive ones in them. So recursive structs have files of their own.
//
// One that has to do with no other recursive type is declared there, and the interpreter builds it before it sees
// anything else. Structs that are not recursive are written out in these files. All other recursive types are made by
// this package: see made.go. (That code which uses those takes twice as long is why not all are.)

// A Struct is a recursive struct type that the interpreter builds.
type Struct struct {
	Name string
	New  string // the function of Text that allocates one
	Text string // a file
}

// alone reports whether t is a recursive struct that mentions no other recursive type.
func (e *emitter) alone(t *types.Named) bool {
	t = e.own(t)
	return e.mine(t.Obj()) && isStruct(t) && e.recursive(t) && !e.isMade(t)
}

// declareAlone declares a recursive struct.
func (e *emitter) declareAlone(obj types.Object, t *types.Named) {
	name, k := fmt.Sprintf("T%d_%s", e.env.Fresh(), t.Obj().Name()), e.env.Fresh()
	e.out.Names[obj] = name
	saved := e.apart
	e.apart = e.own(t)
	text := e.structType(t.Underlying().(*types.Struct))
	e.apart = saved
	e.out.Structs = append(e.out.Structs, Struct{
		Name: name,
		New:  fmt.Sprintf("R%d", k),
		Text: fmt.Sprintf("package main\ntype %s %s\nfunc R%d() *%s { return new(%s) }\n", name, text, k, name, name),
	})
}

// apartText returns the text of a struct in the text of one that has a file of its own.
func (e *emitter) apartText(t *types.Named) (string, bool) {
	t = e.own(t)
	if !e.mine(t.Obj()) || !isStruct(t) || types.Identical(t, e.apart) {
		return "", false
	}
	return e.structType(t.Underlying().(*types.Struct)), true
}
