package task

import (
	"fmt"
	"reflect"
	"sync"
	"sync/atomic"
)

var (
	bound      sync.Map // from key to pointer
	registered sync.Map // from key to func() []any

	withoutVariables atomic.Bool
)

// Bind makes the session variable that ptr points to known as key, in the place of what was known so.
func Bind(key string, ptr any) { bound.Store(key, ptr) }

// Unbind forgets key.
func Unbind(key string) { bound.Delete(key) }

// WithoutVariables says that this process has none of the session's variables: it is a worker. From then on Bound returns nil where there
// is none, so that to touch such a variable is a panic.
func WithoutVariables() { withoutVariables.Store(true) }

// Bound returns the pointer that was bound to key. It panics when there is none, or one of another type:
// the engines name variables, not users.
func Bound[T any](key string) *T {
	v, ok := bound.Load(key)
	if !ok && withoutVariables.Load() {
		return nil
	}
	if !ok {
		panic(fmt.Sprintf("task: Bound: no variable %s", key))
	}
	if p, ok := v.(*T); ok {
		return p
	}
	// A type that reflect made, for an engine that interprets, before the plugin that asks brought its
	// own is a type apart to the runtime, though it is the same type. An unnamed type is what it is
	// written as, so a pointer to the one points to the other too.
	have, want := reflect.TypeOf(v).Elem(), reflect.TypeFor[T]()
	if have.Name() == "" && have.String() == want.String() && have.Size() == want.Size() {
		return (*T)(reflect.ValueOf(v).UnsafePointer())
	}
	panic(fmt.Sprintf("task: Bound: variable %s is a %s, not a %s", key, have, want))
}

// Register makes run, the body of a compiled cell, known as key. A cell calls it when its plugin is
// loaded. What run returns are the values of the cell's trailing expression.
func Register(key string, run func() []any) { registered.Store(key, run) }

// Registered returns the body that was registered as key.
func Registered(key string) (run func() []any, ok bool) {
	v, ok := registered.Load(key)
	if !ok {
		return nil, false
	}
	return v.(func() []any), true
}
