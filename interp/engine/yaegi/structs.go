package yaegi

import (
	"reflect"

	"github.com/gobraid/gobraid/interp/engine/yaegi/rt"
	"github.com/gobraid/gobraid/interp/lower/normal"
	"github.com/traefik/yaegi/interp"
)

// buildGroup makes the types of structs that are recursive together, and gives them to the interpreter
// as those of a compiled package.
func (e *Engine) buildGroup(group []normal.Struct) error {
	b := &groupBuilder{built: e.built}
	for _, s := range group {
		if err := e.eval("types", s.Text, nil); err != nil {
			return err
		}
		alloc, err := e.function(s.New)
		if err != nil {
			return err
		}
		t := alloc.Call(nil)[0].Type().Elem()
		e.built[t] = true
		if s.Symbol == "" {
			return nil // the interpreter has built it
		}
		b.types = append(b.types, t)
		if err := e.vm.Use(interp.Exports{"v/v": {s.Symbol: reflect.Zero(reflect.PointerTo(t))}}); err != nil {
			return err
		}
	}
	for _, t := range b.types {
		for i := range t.NumField() {
			old := t.Field(i).Type
			if own := b.true(old); own != old && !rt.SetField(t, i, own) {
				return &defect{text: "a recursive type cannot be built"}
			}
		}
	}
	return nil
}

// A groupBuilder knows the types that placeholders stand for, and the structs that have none.
type groupBuilder struct {
	types []reflect.Type
	built map[reflect.Type]bool
}

// true returns t with the types in the place of the placeholders, and t itself if it has none.
func (b *groupBuilder) true(t reflect.Type) reflect.Type {
	for i, own := range b.types {
		if t == rt.Placeholders[i] {
			return own
		}
	}
	if b.built[t] || t.Name() != "" {
		return t
	}
	switch t.Kind() {
	case reflect.Pointer:
		if own := b.true(t.Elem()); own != t.Elem() {
			return reflect.PointerTo(own)
		}
	case reflect.Slice:
		if own := b.true(t.Elem()); own != t.Elem() {
			return reflect.SliceOf(own)
		}
	case reflect.Array:
		if own := b.true(t.Elem()); own != t.Elem() {
			return reflect.ArrayOf(t.Len(), own)
		}
	case reflect.Chan:
		if own := b.true(t.Elem()); own != t.Elem() {
			return reflect.ChanOf(t.ChanDir(), own)
		}
	case reflect.Map:
		key, elem := b.true(t.Key()), b.true(t.Elem())
		if key != t.Key() || elem != t.Elem() {
			return reflect.MapOf(key, elem)
		}
	case reflect.Func:
		return b.function(t)
	case reflect.Struct:
		return b.structure(t)
	}
	return t
}

func (b *groupBuilder) function(t reflect.Type) reflect.Type {
	var in, out []reflect.Type
	changed := false
	for i := range t.NumIn() {
		in = append(in, b.true(t.In(i)))
		changed = changed || in[i] != t.In(i)
	}
	for i := range t.NumOut() {
		out = append(out, b.true(t.Out(i)))
		changed = changed || out[i] != t.Out(i)
	}
	if !changed {
		return t
	}
	return reflect.FuncOf(in, out, t.IsVariadic())
}

func (b *groupBuilder) structure(t reflect.Type) reflect.Type {
	var fields []reflect.StructField
	changed := false
	for i := range t.NumField() {
		f := t.Field(i)
		own := b.true(f.Type)
		changed = changed || own != f.Type
		f.Type, f.Offset, f.Index = own, 0, nil
		fields = append(fields, f)
	}
	if !changed {
		return t
	}
	return reflect.StructOf(fields)
}
