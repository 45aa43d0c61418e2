package normal

import (
	"fmt"
	"go/types"
	"slices"
)

// The interpreter builds wrong types, whose fields may even lie elsewhere, of structs that are recursive by way of
// another struct, and of structs with two recursive ones in them. So recursive structs have files of their own.
//
// One that has to do with no other recursive struct is declared there, and the interpreter builds it before
// it sees anything else. Others are not declared in the normal form: the engine builds them, and they are
// symbols of the package v. The text of such a struct has the types rt.D0, rt.D1 … in the place of
// those of its group, where they do not matter to how the struct lies in memory; the engine then puts the true
// ones there. (That code which uses such types takes twice as long is why not all are built so.)
//
// Structs that are not recursive are written out in these files.

// A Struct is a recursive struct type.
type Struct struct {
	Symbol string // its name in package v, or "" if Text declares it
	New    string // the function of Text that allocates one
	Text   string // a file
}

// maxGroup is the number of placeholders there are.
const maxGroup = 16

// A structGroup is a group of structs while it is written.
type structGroup struct {
	members  []*types.Named
	declared bool // it is declared, and no symbol
	indirect int  // how many pointers, slices and so on are around the type that is written
}

func (g *structGroup) index(t types.Type) int {
	return slices.IndexFunc(g.members, func(m *types.Named) bool { return types.Identical(m, t) })
}

// ownStruct returns t as a struct type that the normal form declares, or nil.
func (e *emitter) ownStruct(t types.Type) *types.Named {
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || !isStruct(n.Underlying()) {
		return nil
	}
	if ofCell(n.Obj()) {
		return n
	}
	if n.TypeArgs() != nil {
		if own, ok := e.sourceType(n); ok {
			return own
		}
	}
	return nil
}

// mentions calls f for the structs of the normal form that t mentions, not looking into them. With
// byValue only for those that lie in it.
func (e *emitter) mentions(t types.Type, byValue bool, seen map[types.Type]bool, f func(*types.Named)) {
	t = types.Unalias(t)
	if n, ok := t.(*types.Named); ok {
		if own := e.ownStruct(n); own != nil {
			f(own)
			return
		}
		if !ofCell(n.Obj()) && n.TypeArgs() == nil || isInterface(n) || seen[n] {
			return
		}
		seen[n] = true
	}
	elems := func(list ...types.Type) {
		for _, t := range list {
			if !byValue {
				e.mentions(t, byValue, seen, f)
			}
		}
	}
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		elems(u.Elem())
	case *types.Slice:
		elems(u.Elem())
	case *types.Chan:
		elems(u.Elem())
	case *types.Map:
		elems(u.Key(), u.Elem())
	case *types.Signature:
		for v := range u.Params().Variables() {
			elems(v.Type())
		}
		for v := range u.Results().Variables() {
			elems(v.Type())
		}
	case *types.Array:
		e.mentions(u.Elem(), byValue, seen, f)
	case *types.Struct:
		for v := range u.Fields() {
			e.mentions(v.Type(), byValue, seen, f)
		}
	}
}

// reached returns the structs that can be reached from t, and t only if it is among them.
func (e *emitter) reached(t *types.Named) []*types.Named {
	var list []*types.Named
	var visit func(*types.Named)
	visit = func(t *types.Named) {
		e.mentions(t.Underlying(), false, map[types.Type]bool{}, func(u *types.Named) {
			if !slices.ContainsFunc(list, func(l *types.Named) bool { return types.Identical(l, u) }) {
				list = append(list, u)
				visit(u)
			}
		})
	}
	visit(t)
	return list
}

// groupOf returns the structs that t is recursive with, t among them, those first that lie in others; nil if t is not
// recursive.
func (e *emitter) groupOf(t *types.Named) []*types.Named {
	contains := func(list []*types.Named, t *types.Named) bool {
		return slices.ContainsFunc(list, func(l *types.Named) bool { return types.Identical(l, t) })
	}
	reached := e.reached(t)
	if !contains(reached, t) {
		return nil
	}
	var group, ordered []*types.Named
	for _, u := range reached {
		if contains(e.reached(u), t) {
			group = append(group, u)
		}
	}
	var place func(*types.Named)
	place = func(u *types.Named) {
		if contains(ordered, u) {
			return
		}
		e.contained(u, func(v *types.Named) {
			if contains(group, v) {
				place(v)
			}
		})
		ordered = append(ordered, u)
	}
	for _, u := range group {
		place(u)
	}
	return ordered
}

// contained calls f for the structs that lie in t, also those in others.
func (e *emitter) contained(t *types.Named, f func(*types.Named)) {
	e.mentions(t.Underlying(), true, map[types.Type]bool{}, func(u *types.Named) {
		e.contained(u, f)
		f(u)
	})
}

// emitGroup names and emits the group of a recursive struct, and reports whether it is recursive.
func (e *emitter) emitGroup(t *types.Named) bool {
	members := e.groupOf(t)
	if members == nil {
		return false
	}
	if len(members) > maxGroup {
		e.refuse(nil, "this many struct types that are recursive together")
	}
	saved := e.group
	defer func() { e.group = saved }()
	declared := len(members) == 1 && !slices.ContainsFunc(e.reached(t), func(u *types.Named) bool {
		return !types.Identical(t, u) && e.groupOf(u) != nil
	})
	prefix := "v."
	if declared {
		prefix = ""
	}
	var objs []types.Object
	for _, m := range members {
		objs = append(objs, e.structObject(m))
		e.out.Names[objs[len(objs)-1]] = fmt.Sprintf("%sT%d_%s", prefix, e.env.Fresh(), m.Obj().Name())
	}
	var structs []Struct
	for i, m := range members {
		e.group = &structGroup{members: members, declared: declared}
		if declared {
			name, k := e.out.Names[objs[i]], e.env.Fresh()
			text := e.structType(m.Underlying().(*types.Struct))
			structs = append(structs, Struct{
				New:  fmt.Sprintf("R%d", k),
				Text: fmt.Sprintf("package main\ntype %s %s\nfunc R%d() *%s { return new(%s) }\n", name, text, k, name, name),
			})
			continue
		}
		k := e.env.Fresh()
		text := e.structType(m.Underlying().(*types.Struct))
		structs = append(structs, Struct{
			Symbol: e.out.Names[objs[i]][len("v."):], New: fmt.Sprintf("R%d", k),
			Text: fmt.Sprintf("package main\ntype S%d %s\nfunc R%d() *S%d { return new(S%d) }\n", k, text, k, k, k),
		})
	}
	e.out.Groups = append(e.out.Groups, structs)
	return true
}

// structObject returns what a struct of the normal form is mapped to its text by.
func (e *emitter) structObject(t *types.Named) types.Object {
	if t.TypeArgs() == nil && !fromSource(t.Obj()) {
		return t.Obj()
	}
	var targs []types.Type
	for a := range t.TypeArgs().Types() {
		targs = append(targs, a)
	}
	if i := e.find(t.Origin().Obj(), targs); i != nil {
		return i.obj
	}
	i := newTypeInstance(t, targs)
	e.out.instances = append(e.out.instances, i)
	return i.obj
}

// groupType returns the text of a struct in the text of a recursive one.
func (e *emitter) groupType(t *types.Named) (string, bool) {
	own := e.ownStruct(t)
	if own == nil {
		return "", false
	}
	g := e.group
	switch i := g.index(own); {
	case i >= 0 && g.indirect > 0 && !g.declared:
		return fmt.Sprintf("rt.D%d", i), true
	case i >= 0:
		return e.out.Names[e.structObject(own)], true
	}
	if name, ok := e.structName(own); ok {
		return name, true
	}
	return e.structType(own.Underlying().(*types.Struct)), true
}

// structName returns the text of a struct that is recursive, apart from the group that is emitted.
func (e *emitter) structName(t *types.Named) (string, bool) {
	if e.groupOf(t) == nil {
		return "", false
	}
	obj := e.structObject(t)
	if name, ok := e.object(obj); ok {
		return name, true
	}
	e.emitGroup(t)
	return e.object(obj)
}
