package live

import (
	"cmp"
	"go/token"
	"go/types"
	"reflect"
	"slices"
	"sync/atomic"
	"unsafe"

	"github.com/gobraid/gobraid/concurrency/task"
	"github.com/gobraid/gobraid/interp/engine"
)

// A variable is a variable of the session: something a task waits on may be in it, under whatever name the task knows it.
type variable struct {
	name    string
	at      task.Site
	typ     reflect.Type
	named   types.Type // the same with the fields' names as they are written
	address unsafe.Pointer
}

// bind notes the variables that a cell is about to define, or to define again.
func (p *places) bind(fset *token.FileSet, bindings map[types.Object]*engine.Binding) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for obj, b := range bindings {
		v, ok := obj.(*types.Var)
		if !ok || !b.Pointer.IsValid() || b.Pointer.Kind() != reflect.Pointer || b.Pointer.IsNil() || v.Name() == "_" {
			continue
		}
		typ := b.Pointer.Type().Elem()
		if !holds(typ, 0) {
			delete(p.vars, v.Name())
			continue
		}
		at := fset.Position(obj.Pos())
		id, _ := task.ParseCellFile(at.Filename)
		p.vars[v.Name()] = variable{v.Name(), task.At(id, at.Line, 0), typ, v.Type(), b.Pointer.UnsafePointer()}
	}
}

// derefs is how many pointers are followed from a variable, nested how deep its fields are looked at.
const (
	derefs = 2
	nested = 4
)

// holds tells whether something that tasks wait on may be found in a variable of a type: whether it has a channel or
// something of another package in it.
func holds(t reflect.Type, depth int) bool {
	switch t.Kind() {
	case reflect.Chan:
		return true
	case reflect.Pointer:
		return depth <= nested && holds(t.Elem(), depth+1)
	case reflect.Struct:
		if t.PkgPath() != "" && t.PkgPath() != "main" {
			return true
		}
		for i := range t.NumField() {
			if depth <= nested && holds(t.Field(i).Type, depth+1) {
				return true
			}
		}
	}
	return false
}

// held returns the variable that holds an object, with the way to it: "jobs", "p.mu".
func (p *places) held(object any) (thing, bool) {
	v := reflect.ValueOf(object)
	if v.Kind() != reflect.Chan && v.Kind() != reflect.Pointer || v.IsNil() {
		return thing{}, false
	}
	want := sought{address: v.Pointer(), channel: v.Kind() == reflect.Chan}
	if !want.channel {
		want.typ = v.Type().Elem()
	}
	return p.seek(want)
}

// seek returns the variable that holds what is sought.
func (p *places) seek(want sought) (thing, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	all := make([]variable, 0, len(p.vars))
	for _, v := range p.vars {
		all = append(all, v)
	}
	slices.SortFunc(all, func(a, b variable) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.name, b.name)) })
	for _, v := range all {
		if path, ok := want.in(v.address, v.typ, v.named, 0, 0); ok {
			return thing{text: v.name + path, at: v.at}, true
		}
	}
	return thing{}, false
}

// sought is a channel, or something else of a type, that is looked for in variables. Variables may change meanwhile:
// only single words are read, atomically.
type sought struct {
	address uintptr
	channel bool
	typ     reflect.Type // nil for whatever of a library is there
}

// in tells whether it is in the memory of a variable, and as which part.
func (s sought) in(at unsafe.Pointer, t reflect.Type, named types.Type, depth, followed int) (string, bool) {
	if at == nil || depth > nested {
		return "", false
	}
	foreign := t.Kind() == reflect.Struct && t.PkgPath() != "" && t.PkgPath() != "main"
	if uintptr(at) == s.address && !s.channel && (t == s.typ || s.typ == nil && foreign) {
		return "", true
	}
	switch t.Kind() {
	case reflect.Chan:
		return "", s.channel && uintptr(atomic.LoadPointer((*unsafe.Pointer)(at))) == s.address
	case reflect.Pointer:
		if followed < derefs {
			return s.in(atomic.LoadPointer((*unsafe.Pointer)(at)), t.Elem(), elem(named), depth+1, followed+1)
		}
	case reflect.Struct:
		if foreign {
			return "", false // what is inside a library's value has no name for the reader
		}
		for i := range t.NumField() {
			f := t.Field(i)
			name, typ := field(named, i)
			if path, ok := s.in(unsafe.Add(at, f.Offset), f.Type, typ, depth+1, followed); ok {
				if f.Anonymous {
					return path, true
				}
				return "." + cmp.Or(name, f.Name) + path, true
			}
		}
	}
	return "", false
}

// elem returns what a type points to, nil if it is not known.
func elem(t types.Type) types.Type {
	if p, ok := under(t).(*types.Pointer); ok {
		return p.Elem()
	}
	return nil
}

// field returns the name and type of a field of a struct, "" and nil if they are not known.
func field(t types.Type, i int) (string, types.Type) {
	if s, ok := under(t).(*types.Struct); ok && i < s.NumFields() {
		return s.Field(i).Name(), s.Field(i).Type()
	}
	return "", nil
}
