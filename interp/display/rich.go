package display

import (
	"go/types"
	"image"
	"reflect"

	"github.com/gobraid/gobraid/concurrency/display/form"
)

// rich adds the richer forms of a value to mime, and returns the metadata that go with them. A method that fails
// adds nothing.
func (s *show) rich(mime map[string]any, v reflect.Value, t types.Type) map[string]any {
	if v.IsValid() && v.Kind() == reflect.Interface {
		v, t = v.Elem(), nil
	}
	v, t = s.unpack(v, t)
	if !v.IsValid() || !v.CanInterface() || v.Kind() == reflect.Pointer && v.IsNil() {
		return nil
	}
	if v = readable(v); v.Kind() != reflect.Pointer && v.CanAddr() { // a method of the pointer does as well
		v = v.Addr()
	}
	for _, m := range form.Methods() {
		if out, ok := s.ask(v, t, m.Name, m.Result); ok {
			form.Add(mime, m.MIME, out)
		}
	}
	if img, ok := v.Interface().(image.Image); ok && mime["image/png"] == nil {
		var data []byte
		if s.guard(func() { data = form.Image(img) }) == nil && data != nil {
			form.Add(mime, "image/png", data)
		}
	}
	holder := map[string]any{}
	if out, ok := s.ask(v, t, form.Metadata, reflect.TypeFor[map[string]any]()); ok {
		form.Add(holder, "metadata", out)
	}
	metadata, _ := holder["metadata"].(map[string]any)
	return metadata
}

// ask calls a method of a value, if it has that one.
func (s *show) ask(v reflect.Value, t types.Type, name string, result reflect.Type) (out any, ok bool) {
	m := s.method(v, t, name, result)
	if !m.IsValid() {
		return nil, false
	}
	if s.guard(func() { out = m.Call(nil)[0].Interface() }) != nil {
		return nil, false // and out may be written to at any time
	}
	return out, true
}
