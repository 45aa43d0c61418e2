package normal

import (
	"fmt"
	"go/types"
	"reflect"
	"unsafe"
)

// The interpreter makes recursive types by filling in one type wherever the recursion was cut, which is another
// type than the user's as soon as two types are in it, or one holds another by value. So a type that mentions
// itself is made here, and given to the interpreter as a type of compiled code. It is made as the interpreter
// makes them: package reflect makes it with a type of the same shape in each place where it mentions what
// is not there yet, and then the right type is put into these places.

// isMade reports whether values of t, a named type of a cell, have a type that is made here: t is a struct that is
// recursive, and not alone, or mentions itself with no struct between.
func (e *emitter) isMade(t *types.Named) bool {
	t = e.own(t)
	if made, ok := e.selfs[t]; ok {
		return made
	}
	if t.Obj().Pkg() == nil || !e.mine(t.Obj()) || isInterface(t) || isSeq(t) || t.TypeParams() != nil && t.TypeArgs() == nil {
		return false
	}
	if e.selfs == nil {
		e.selfs = map[*types.Named]bool{}
	}
	made := false
	if isStruct(t) {
		made = e.recursive(t) && e.mentionsType(t.Underlying(), func(n *types.Named) bool {
			return !types.Identical(n, t) && (isStruct(n) && e.recursive(n) || e.direct(n))
		}, true, nil)
	} else {
		made = e.direct(t)
	}
	e.selfs[t] = made
	return made
}

// own returns t, or the type that stands for t if that is of a package that is emitted from its text.
func (e *emitter) own(t *types.Named) *types.Named {
	if t.TypeArgs() != nil && t.Obj().Pkg() != nil && !ofCell(t.Obj()) {
		if own, ok := e.sourceType(t); ok {
			return own
		}
	}
	return t
}

// recursive reports whether t mentions itself.
func (e *emitter) recursive(t *types.Named) bool {
	return e.mentionsType(t.Underlying(), func(n *types.Named) bool { return types.Identical(n, t) }, true, nil)
}

// direct reports whether t is not a struct, and mentions itself with no struct between.
func (e *emitter) direct(t *types.Named) bool {
	return !isStruct(t) && e.mentionsType(t.Underlying(), func(n *types.Named) bool { return types.Identical(n, t) }, false, nil)
}

// mentionsType reports whether t mentions, at any depth, a named type that is wanted; with structs also in named structs.
func (e *emitter) mentionsType(t types.Type, wanted func(*types.Named) bool, structs bool, seen []*types.Named) bool {
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		t = e.own(t)
		if t.Obj().Pkg() == nil || isInterface(t) {
			return false
		}
		if wanted(t) {
			return true
		}
		if !e.mine(t.Obj()) && !isSeq(t) || !structs && isStruct(t) {
			return false
		}
		for _, s := range seen {
			if types.Identical(s, t) {
				return false
			}
		}
		if len(seen) > 50 {
			return false // a type that grows without end; it is refused elsewhere
		}
		return e.mentionsType(t.Underlying(), wanted, structs, append(seen[:len(seen):len(seen)], t))
	case *types.Pointer:
		return e.mentionsType(t.Elem(), wanted, structs, seen)
	case *types.Slice:
		return e.mentionsType(t.Elem(), wanted, structs, seen)
	case *types.Array:
		return e.mentionsType(t.Elem(), wanted, structs, seen)
	case *types.Chan:
		return e.mentionsType(t.Elem(), wanted, structs, seen)
	case *types.Map:
		return e.mentionsType(t.Key(), wanted, structs, seen) || e.mentionsType(t.Elem(), wanted, structs, seen)
	case *types.Signature:
		return e.mentionsType(t.Params(), wanted, structs, seen) || e.mentionsType(t.Results(), wanted, structs, seen)
	case *types.Tuple:
		for v := range t.Variables() {
			if e.mentionsType(v.Type(), wanted, structs, seen) {
				return true
			}
		}
	case *types.Struct:
		for f := range t.Fields() {
			if e.mentionsType(f.Type(), wanted, structs, seen) {
				return true
			}
		}
	}
	return false
}

// A making is a type that is being made.
type making struct {
	t     *types.Named
	rtype reflect.Type // nil before it is made
}

// A hole is a place in a type where the right type has to be put.
type hole struct {
	in     reflect.Type
	offset uintptr
	filled reflect.Type // what is there now
	t      types.Type
}

// A maker makes the types of a cell that mention themselves.
type maker struct {
	e      *emitter
	lookup func(text string) reflect.Type
	all    []*making
	holes  []hole
}

// makeType names obj, which stands for t, a type that has to be made.
func (e *emitter) makeType(obj types.Object, t *types.Named) {
	name := fmt.Sprintf("T%d_%s", e.env.Fresh(), t.Obj().Name())
	e.out.Names[obj] = "v." + name
	e.pending = append(e.pending, pendingType{name, t})
}

// nameReached names the recursive types that those to be made mention.
func (e *emitter) nameReached() {
	for i := 0; i < len(e.pending); i++ { // it grows
		e.mentionsType(e.pending[i].t.Underlying(), func(n *types.Named) bool {
			if e.isMade(n) || e.alone(n) {
				e.named(n)
			}
			return false
		}, true, nil)
	}
}

// Make makes recursive types, which other types of the cell mention as symbols of the package v. lookup returns the
// recursive types that are there already, by their text.
func (o *Output) Make(lookup func(text string) reflect.Type) (made map[string]reflect.Type, err error) {
	defer func() {
		if r := recover(); r != nil {
			refusal, ok := r.(*Refusal)
			if !ok {
				panic(r)
			}
			err = refusal
		}
	}()
	return o.make(lookup), nil
}

type pendingType struct {
	symbol string
	t      *types.Named
}

// madeName returns the text of a type that mentions itself.
func (e *emitter) madeName(t *types.Named) string {
	var obj types.Object = t.Obj()
	if t.TypeArgs() != nil || fromSource(obj) {
		obj = e.typeInstance(t).obj
	}
	name, ok := e.object(obj)
	if !ok {
		e.refuse(nil, "the type "+obj.Name()+" of an earlier cell that another engine ran")
	}
	return name
}

// makeTypes makes the types that were asked for.
func (e *emitter) makeTypes(lookup func(string) reflect.Type) map[string]reflect.Type {
	m := &maker{e: e, lookup: lookup}
	for i := 0; i < len(e.pending); i++ { // it may grow
		m.making(e.pending[i].t)
	}
	for i := 0; i < len(m.all); i++ { // it grows
		m.build(m.all[i])
	}
	for i := 0; i < len(m.holes); i++ {
		h := m.holes[i]
		m.fill(h, m.real(h.t))
	}
	made := map[string]reflect.Type{}
	for _, p := range e.pending {
		made[p.symbol] = m.making(p.t).rtype
	}
	return made
}

// making returns what is known of a type that mentions itself.
func (m *maker) making(t *types.Named) *making {
	t = m.e.own(t)
	for _, k := range m.all {
		if types.Identical(k.t, t) {
			return k
		}
	}
	k := &making{t: t, rtype: m.lookup(m.e.named(t))}
	m.all = append(m.all, k)
	return k
}

// build makes k, with holes.
func (m *maker) build(k *making) {
	if k.rtype != nil {
		return
	}
	elem := m.dummy()
	switch u := k.t.Underlying().(type) {
	case *types.Struct:
		k.rtype = m.structOf(u)
	case *types.Pointer:
		k.rtype = reflect.PointerTo(elem)
		m.hole(k.rtype, elemOffset, elem, u.Elem())
	case *types.Slice:
		k.rtype = reflect.SliceOf(elem)
		m.hole(k.rtype, elemOffset, elem, u.Elem())
	case *types.Chan:
		k.rtype = reflect.ChanOf(chanDir(u), elem)
		m.hole(k.rtype, elemOffset, elem, u.Elem())
	case *types.Signature:
		m.buildFunc(k, u)
	case *types.Map:
		key, elem := m.shape(u.Key()), m.shape(u.Elem())
		openKey, openElem := m.open(u.Key()), m.open(u.Elem())
		k.rtype = reflect.MapOf(key, elem)
		if openKey {
			m.hole(k.rtype, keyOffset, key, u.Key())
		}
		if openElem {
			m.hole(k.rtype, keyOffset+word, elem, u.Elem())
		}
	default:
		m.e.refuse(nil, "the recursive type "+k.t.Obj().Name())
	}
}

// dummy returns a type that nobody else has.
func (m *maker) dummy() reflect.Type {
	field := reflect.StructField{Name: fmt.Sprintf("Made%d", m.e.env.Fresh()), Type: reflect.TypeFor[struct{}]()}
	return reflect.StructOf([]reflect.StructField{field})
}

func (m *maker) buildFunc(k *making, sig *types.Signature) {
	var in, out, all []reflect.Type
	var ts []types.Type
	for i, tuple := range []*types.Tuple{sig.Params(), sig.Results()} {
		for v := range tuple.Variables() {
			p := m.dummy()
			ts = append(ts, v.Type())
			all = append(all, p)
			if i == 0 {
				in = append(in, p)
			} else {
				out = append(out, p)
			}
		}
	}
	k.rtype = reflect.FuncOf(in, out, false)
	for i, t := range ts {
		m.hole(k.rtype, argsOffset+uintptr(i)*word, all[i], t)
	}
}

// structOf makes a struct type with holes.
func (m *maker) structOf(u *types.Struct) reflect.Type {
	var fields []reflect.StructField
	var open []int
	for i := range u.NumFields() {
		f := u.Field(i)
		name := fmt.Sprintf("X_%d", i)
		if f.Name() != "_" {
			name = m.e.field(f)
		}
		if name[0] < 'A' || name[0] > 'Z' && name[0] < 0x80 {
			m.e.refuse(nil, "a struct of another package in a recursive type")
		}
		fields = append(fields, reflect.StructField{Name: name, Type: m.shape(f.Type())})
		if m.open(f.Type()) {
			open = append(open, i)
		}
	}
	t := reflect.StructOf(fields)
	for _, i := range open {
		m.hole(t, uintptr(i), fields[i].Type, u.Field(i).Type())
	}
	return t
}

func (m *maker) hole(in reflect.Type, offset uintptr, filled reflect.Type, t types.Type) {
	m.holes = append(m.holes, hole{in, offset, filled, t})
}

// open reports whether t mentions a type that is not made yet.
func (m *maker) open(t types.Type) bool {
	return m.e.mentionsType(t, func(n *types.Named) bool { return m.e.isMade(n) && m.making(n).rtype == nil }, true, nil)
}

// shape returns a type of the shape of t: t itself if nothing is missing in it.
func (m *maker) shape(t types.Type) reflect.Type {
	t = types.Unalias(t)
	if n, ok := t.(*types.Named); ok && m.e.isMade(n) {
		k := m.making(n)
		if _, isStruct := n.Underlying().(*types.Struct); isStruct {
			m.build(k) // held by value, so it cannot be one that is being built
		}
		if k.rtype != nil {
			return k.rtype
		}
		return m.placeholder(t)
	}
	if !m.open(t) {
		return m.real(t)
	}
	switch u := t.Underlying().(type) {
	case *types.Array:
		return reflect.ArrayOf(int(u.Len()), m.shape(u.Elem()))
	case *types.Struct:
		var fields []reflect.StructField
		for i := range u.NumFields() {
			name := fmt.Sprintf("X_%d", i)
			if f := u.Field(i); f.Name() != "_" {
				name = m.e.field(f)
			}
			fields = append(fields, reflect.StructField{Name: name, Type: m.shape(u.Field(i).Type())})
		}
		return reflect.StructOf(fields)
	}
	return m.placeholder(t)
}

// placeholder returns a type of the kind of t that nobody else has.
func (m *maker) placeholder(t types.Type) reflect.Type {
	dummy := m.dummy()
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		return reflect.PointerTo(dummy)
	case *types.Slice:
		return reflect.SliceOf(dummy)
	case *types.Map:
		return reflect.MapOf(reflect.TypeFor[string](), dummy)
	case *types.Chan:
		return reflect.ChanOf(chanDir(u), dummy)
	case *types.Signature:
		return reflect.FuncOf([]reflect.Type{dummy}, nil, false)
	}
	m.e.refuse(nil, "this recursive type")
	return nil
}

func chanDir(c *types.Chan) reflect.ChanDir {
	switch c.Dir() {
	case types.SendOnly:
		return reflect.SendDir
	case types.RecvOnly:
		return reflect.RecvDir
	}
	return reflect.BothDir
}

// real returns the type that t is in the interpreter. All types in it that mention themselves are made.
func (m *maker) real(t types.Type) reflect.Type {
	switch t := types.Unalias(m.e.subst(t)).(type) {
	case *types.Basic:
		m.e.basic(t)
		return basicTypes[t.Kind()]
	case *types.Named:
		return m.realNamed(t)
	case *types.Pointer:
		return reflect.PointerTo(m.real(t.Elem()))
	case *types.Slice:
		return reflect.SliceOf(m.real(t.Elem()))
	case *types.Array:
		return reflect.ArrayOf(int(t.Len()), m.real(t.Elem()))
	case *types.Map:
		m.e.rehash(t)
		return reflect.MapOf(m.real(t.Key()), m.real(t.Elem()))
	case *types.Chan:
		return reflect.ChanOf(chanDir(t), m.real(t.Elem()))
	case *types.Signature:
		return reflect.FuncOf(m.tuple(t.Params()), m.tuple(t.Results()), false)
	case *types.Struct:
		return m.structOf(t)
	case *types.Interface:
		return reflect.TypeFor[any]()
	}
	m.e.refuse(nil, "a type parameter")
	return nil
}

func (m *maker) tuple(t *types.Tuple) []reflect.Type {
	var list []reflect.Type
	for v := range t.Variables() {
		list = append(list, m.real(v.Type()))
	}
	return list
}

func (m *maker) realNamed(t *types.Named) reflect.Type {
	t = m.e.own(t)
	obj := t.Obj()
	switch {
	case obj.Pkg() == nil:
		return reflect.TypeFor[error]()
	case m.e.isMade(t):
		k := m.making(t)
		if k.rtype == nil {
			m.build(k)
		}
		return k.rtype
	case m.e.alone(t):
		done := m.lookup(m.e.named(t))
		if done == nil {
			m.e.refuse(nil, "the recursive type "+obj.Name()+" in another one")
		}
		return done
	case t.TypeArgs() == nil && m.e.foreign(obj):
		r, _ := m.e.env.Real(obj)
		return r.Type
	case !ofCell(obj) && !isSeq(t):
		m.e.named(t) // which refuses what cannot be
		_, v, _ := m.e.env.Symbol(obj.Pkg().Path(), obj.Name())
		return v.Type().Elem()
	}
	return m.real(t.Underlying())
}

var basicTypes = map[types.BasicKind]reflect.Type{
	types.Bool: reflect.TypeFor[bool](), types.String: reflect.TypeFor[string](),
	types.Int: reflect.TypeFor[int](), types.Int8: reflect.TypeFor[int8](), types.Int16: reflect.TypeFor[int16](),
	types.Int32: reflect.TypeFor[int32](), types.Int64: reflect.TypeFor[int64](),
	types.Uint: reflect.TypeFor[uint](), types.Uint8: reflect.TypeFor[uint8](), types.Uint16: reflect.TypeFor[uint16](),
	types.Uint32: reflect.TypeFor[uint32](), types.Uint64: reflect.TypeFor[uint64](), types.Uintptr: reflect.TypeFor[uintptr](),
	types.Float32: reflect.TypeFor[float32](), types.Float64: reflect.TypeFor[float64](),
	types.Complex64: reflect.TypeFor[complex64](), types.Complex128: reflect.TypeFor[complex128](),
}

// Where the types of parts stand in the descriptors of package internal/abi. Nothing is written where the expected
// type does not stand.
const (
	word       = unsafe.Sizeof(uintptr(0))
	typeSize   = 2*word + 16 + 2*word
	elemOffset = typeSize
	keyOffset  = typeSize
	argsOffset = typeSize + word // after the numbers of parameters and results
)

// A structField is the descriptor of a field: its name, type and offset.
type structField struct {
	_   unsafe.Pointer
	typ unsafe.Pointer
	_   uintptr
}

// fill puts t into a hole.
func (m *maker) fill(h hole, t reflect.Type) {
	if t == h.filled {
		return
	}
	var place *unsafe.Pointer
	if h.in.Kind() == reflect.Struct {
		fields := *(*[]structField)(unsafe.Add(descriptor(h.in), typeSize+word))
		if len(fields) == h.in.NumField() {
			place = &fields[h.offset].typ
		}
	} else {
		place = (*unsafe.Pointer)(unsafe.Add(descriptor(h.in), h.offset))
	}
	if place == nil || *place != descriptor(h.filled) || t.Size() != h.filled.Size() && (h.in.Kind() == reflect.Struct || h.in.Kind() == reflect.Map) {
		m.e.refuse(nil, "a recursive type, with this version of Go")
	}
	*place = descriptor(t)
}

// descriptor returns the address of the descriptor of t.
func descriptor(t reflect.Type) unsafe.Pointer {
	return (*[2]unsafe.Pointer)(unsafe.Pointer(&t))[1]
}
