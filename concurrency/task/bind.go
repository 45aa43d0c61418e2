package task

import (
	"fmt"
	"sync"
)

var (
	bound      sync.Map // from key to pointer
	registered sync.Map // from key to func() []any
)

// Bind makes the session variable that ptr points to known as key, in the place of what was known so.
func Bind(key string, ptr any) { bound.Store(key, ptr) }

// Unbind forgets key.
func Unbind(key string) { bound.Delete(key) }

// Bound returns the pointer that was bound to key. It panics when there is none, or one of another type:
// the engines name variables, not users.
func Bound[T any](key string) *T {
	v, ok := bound.Load(key)
	if !ok {
		panic(fmt.Sprintf("task: Bound: no variable %s", key))
	}
	p, ok := v.(*T)
	if !ok {
		panic(fmt.Sprintf("task: Bound: variable %s is a %T, not a %T", key, v, p))
	}
	return p
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
