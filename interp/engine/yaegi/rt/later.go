package rt

import (
	"reflect"
	"sync"
)

// Later returns a function that calls f, a compiled function, with the arguments as they are now. The common ones are called without
// reflection.
func Later(f any, args ...any) func() {
	if len(args) == 2 {
		site, isSite := args[0].(int)
		switch x := args[1].(type) {
		case *sync.Mutex:
			if g, ok := f.(func(uint64, *sync.Mutex)); ok && isSite {
				return func() { g(uint64(site), x) }
			}
		case *sync.RWMutex:
			if g, ok := f.(func(uint64, *sync.RWMutex)); ok && isSite {
				return func() { g(uint64(site), x) }
			}
		case *sync.WaitGroup:
			if g, ok := f.(func(uint64, *sync.WaitGroup)); ok && isSite {
				return func() { g(uint64(site), x) }
			}
		}
	}
	fn := reflect.ValueOf(f)
	in := make([]reflect.Value, len(args))
	for i, a := range args {
		t := fn.Type().In(i)
		v := reflect.ValueOf(a)
		if t.Kind() != reflect.Interface && v.Type() != t {
			v = v.Convert(t) // a constant
		}
		in[i] = v
	}
	return func() { fn.Call(in) }
}
