package display

import (
	"errors"
	"fmt"
	"go/types"
	"image"
	"reflect"
	"strings"
	"time"
)

var (
	stringType  = reflect.TypeFor[string]()
	timeType    = reflect.TypeFor[time.Time]()
	reflectType = reflect.TypeFor[reflect.Value]()
)

// errTimeout is why a method that blocks is given up.
var errTimeout = errors.New("does not return")

// message shows at the top what speaks for itself, an error or a Stringer, as plain text of any number
// of lines.
func (s *show) message(v reflect.Value, t types.Type) (string, bool) {
	if t != nil && types.IsInterface(t) {
		t = nil
	}
	if v.IsValid() && v.Kind() == reflect.Interface && !v.IsNil() {
		v = v.Elem()
	}
	if v, t = s.unpack(v, t); !v.IsValid() || v.Kind() == reflect.Interface || v.Type() == reflectType {
		return "", false
	}
	text, isError, ok := s.speak(v, t)
	if !ok {
		return "", false
	}
	head, more := s.cut(text)
	if isError {
		head = typeName(v, t) + ": " + head
	}
	return head + more, true
}

// special shows the values whose fields are not what a reader wants to see.
func (s *show) special(v reflect.Value, t types.Type, at place) (node, bool) {
	if !v.CanInterface() {
		return node{}, false
	}
	switch v.Type() {
	case timeType:
		return leaf(v.Interface().(time.Time).Round(0).String()), true
	case reflectType:
		if r := v.Interface().(reflect.Value); r.IsValid() {
			at.known = nothing
			n := s.node(r, nil, at)
			return node{open: "reflect.ValueOf(", close: ")", items: []item{{value: n}}}, true
		}
	}
	if img, ok := v.Interface().(image.Image); ok && v.Kind() == reflect.Pointer && foreign(v.Type().Elem()) && !v.IsNil() {
		size := img.Bounds().Size()
		return leaf(fmt.Sprintf("%s (%d×%d)", typeName(v, t), size.X, size.Y)), true
	}
	if v.Type().PkgPath() == "sync/atomic" && v.Kind() == reflect.Struct && v.CanAddr() {
		if load := v.Addr().MethodByName("Load"); load.IsValid() {
			at.known = basic
			n := s.node(load.Call(nil)[0], nil, at)
			return node{open: typeName(v, t) + "(", close: ")", items: []item{{value: n}}}, true
		}
	}
	text, isError, ok := s.speak(v, t)
	if !ok {
		return node{}, false
	}
	head, more := s.cut(text)
	if isError || strings.ContainsAny(head, "\n\r") {
		return leaf(fmt.Sprintf("%s(%q%s)", typeName(v, t), head, more)), true
	}
	return leaf(head + more), true
}

// speak returns what the value's Error or String method says.
func (s *show) speak(v reflect.Value, t types.Type) (text string, isError, ok bool) {
	if v.Kind() == reflect.Pointer && (v.IsNil() || v.Type().Elem() == timeType) || v.Type() == timeType || !v.CanInterface() {
		return "", false, false // a time is shown without its monotonic reading, which String has
	}
	for _, name := range []string{"Error", "String"} {
		m := s.method(v, t, name, stringType)
		if !m.IsValid() {
			continue
		}
		var out string
		if err := s.guard(func() { out = m.Call(nil)[0].String() }); err != nil {
			return fmt.Sprintf("%s (its %s method %v)", typeName(v, t), name, err), false, true
		}
		return out, name == "Error", true
	}
	return "", false, false
}

// method returns the method of v with the given name if it takes nothing and returns one result.
func (s *show) method(v reflect.Value, t types.Type, name string, result reflect.Type) reflect.Value {
	m := v.MethodByName(name)
	if !m.IsValid() && t != nil && s.carrier != nil {
		if obj, _, _ := types.LookupFieldOrMethod(t, false, nil, name); obj != nil {
			if _, ok := obj.(*types.Func); ok {
				m = s.carrier.CarriedMethod(v, t, name)
			}
		}
	}
	if !m.IsValid() || m.Type().NumIn() != 0 || m.Type().NumOut() != 1 || m.Type().Out(0) != result {
		return reflect.Value{}
	}
	return m
}

// guard calls f, which calls a method of the user's, on a goroutine of its own. That is given up when
// it does not return in time; f must then write to nothing that is still used. All calls of a show
// share the time.
func (s *show) guard(f func()) error {
	if s.deadline.IsZero() {
		s.deadline = time.Now().Add(s.Timeout)
	}
	done := make(chan error, 1)
	start := s.Go
	if start == nil {
		start = func(f func()) { go f() }
	}
	start(func() {
		err := errors.New("ends its goroutine")
		defer func() {
			if r := recover(); r != nil {
				err = fmt.Errorf("panics: %v", r)
			}
			done <- err
		}()
		f()
		err = nil
	})
	timer := time.NewTimer(time.Until(s.deadline))
	defer timer.Stop()
	select {
	case err := <-done:
		return err
	case <-timer.C:
		return errTimeout
	}
}
