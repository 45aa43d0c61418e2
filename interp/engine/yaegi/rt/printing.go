package rt

import (
	"context"
	"fmt"
	"io"
	"reflect"
	"strings"
	"sync/atomic"

	"github.com/gobraid/gobraid/concurrency/task"
)

// Print is fmt.Print.
func Print(args ...any) (int, error) { return task.Print(joined(args)...) }

// joined is Show for functions that put spaces between operands that are no strings: whether a V is one, only we know.
func joined(args []any) []any {
	strange := false
	for _, a := range args {
		v, ok := Any(a).(V)
		strange = strange || ok && isString(v)
	}
	shown := Show(args...)
	if !strange {
		return shown
	}
	var b strings.Builder
	last := true
	for i, a := range shown {
		now := a != nil && (reflect.TypeOf(a).Kind() == reflect.String || isString(Any(a)))
		if i > 0 && !now && !last {
			b.WriteByte(' ')
		}
		fmt.Fprint(&b, a)
		last = now
	}
	return []any{b.String()}
}

func isString(a any) bool {
	v, ok := a.(V)
	return ok && reflect.TypeOf(v.X).Kind() == reflect.String
}

// Println is fmt.Println.
func Println(args ...any) (int, error) { return task.Println(Show(args...)...) }

// Printf is fmt.Printf.
func Printf(format string, args ...any) (int, error) {
	format, args = formatted(format, args)
	return task.Printf(format, args...)
}

// Sprint is fmt.Sprint.
func Sprint(args ...any) string { return fmt.Sprint(joined(args)...) }

// Sprintln is fmt.Sprintln.
func Sprintln(args ...any) string { return fmt.Sprintln(Show(args...)...) }

// Sprintf is fmt.Sprintf.
func Sprintf(format string, args ...any) string {
	format, args = formatted(format, args)
	return fmt.Sprintf(format, args...)
}

// Fprint is fmt.Fprint.
func Fprint(w io.Writer, args ...any) (int, error) { return fmt.Fprint(w, joined(args)...) }

// Fprintln is fmt.Fprintln.
func Fprintln(w io.Writer, args ...any) (int, error) { return fmt.Fprintln(w, Show(args...)...) }

// Fprintf is fmt.Fprintf.
func Fprintf(w io.Writer, format string, args ...any) (int, error) {
	format, args = formatted(format, args)
	return fmt.Fprintf(w, format, args...)
}

// Append is fmt.Append.
func Append(b []byte, args ...any) []byte { return fmt.Append(b, joined(args)...) }

// Appendln is fmt.Appendln.
func Appendln(b []byte, args ...any) []byte { return fmt.Appendln(b, Show(args...)...) }

// Appendf is fmt.Appendf.
func Appendf(b []byte, format string, args ...any) []byte {
	format, args = formatted(format, args)
	return fmt.Appendf(b, format, args...)
}

// Errorf is fmt.Errorf.
func Errorf(format string, args ...any) error {
	format, args = formatted(format, args)
	for i, a := range args {
		if v, ok := a.(V); ok && !v.T.native && v.T.has("Error", "func() string") {
			args[i] = v.asError()
		}
	}
	return fmt.Errorf(format, args...)
}

// Is is errors.Is, which does not compare values of types that cannot be compared.
func Is(err, target error) bool {
	if err == nil || target == nil {
		return err == target
	}
	return isTarget(err, target, canCompare(Any(target)))
}

func canCompare(x any) bool {
	if v, ok := x.(V); ok {
		return reflect.TypeOf(v.X).Comparable()
	}
	return reflect.TypeOf(x).Comparable()
}

func isTarget(err, target error, compares bool) bool {
	for {
		if compares && canCompare(Any(err)) && err == target {
			return true
		}
		if x, ok := err.(interface{ Is(error) bool }); ok && x.Is(target) {
			return true
		}
		switch x := err.(type) {
		case interface{ Unwrap() error }:
			if err = x.Unwrap(); err == nil {
				return false
			}
		case interface{ Unwrap() []error }:
			for _, err := range x.Unwrap() {
				if isTarget(err, target, compares) {
					return true
				}
			}
			return false
		default:
			return false
		}
	}
}

// AsError is errors.As for a target p of a type that reflect cannot name: t is the type that p points to, and boxed is p in
// an interface.
func AsError(err error, t *Type, p, boxed any) bool {
	for err != nil {
		if As(err, t, p) {
			return true
		}
		if x, ok := err.(interface{ As(any) bool }); ok && x.As(boxed) {
			return true
		}
		switch x := err.(type) {
		case interface{ Unwrap() error }:
			err = x.Unwrap()
		case interface{ Unwrap() []error }:
			for _, err := range x.Unwrap() {
				if err != nil && AsError(err, t, p, boxed) {
					return true
				}
			}
			return false
		default:
			return false
		}
	}
	return false
}

// Raw returns what x holds, for functions that work on values of any type without looking at their types' names.
func Raw(x any) any {
	if v, ok := Any(x).(V); ok {
		return v.X
	}
	return x
}

// Outside returns x, which the function with the given name is going to look at. It panics if that function would not see
// the value as the cell does.
func Outside(x any, name string) any {
	if t := heldInside(reflect.ValueOf(x), map[seen]bool{}); t != nil {
		panic(&Unsupported{"a value of type " + t.Name + " in an argument of " + name})
	}
	return x
}

type seen struct {
	p uintptr
	t reflect.Type
}

// heldInside returns the type of a V inside of v.
func heldInside(v reflect.Value, done map[seen]bool) *Type {
	if !v.IsValid() {
		return nil
	}
	if x, ok := holds(v); ok {
		return x.t
	}
	if !mayHold(v.Type(), nil) {
		return nil
	}
	switch v.Kind() {
	case reflect.Interface:
		return heldInside(v.Elem(), done)
	case reflect.Pointer:
		at := seen{v.Pointer(), v.Type()}
		if v.IsNil() || done[at] {
			return nil
		}
		done[at] = true
		return heldInside(v.Elem(), done)
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			if t := heldInside(v.Index(i), done); t != nil {
				return t
			}
		}
	case reflect.Map:
		at := seen{v.Pointer(), v.Type()}
		if done[at] {
			return nil
		}
		done[at] = true
		for it := v.MapRange(); it.Next(); {
			if t := heldInside(it.Key(), done); t != nil {
				return t
			}
			if t := heldInside(it.Value(), done); t != nil {
				return t
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if t := heldInside(v.Field(i), done); t != nil {
				return t
			}
		}
	}
	return nil
}

// AtomicStore is v.Store(x).
func AtomicStore(_ uint64, v *atomic.Value, x any) {
	x = Any(x)
	if old, ok := v.Load().(V); ok {
		if now, ok := x.(V); ok && now.T != old.T {
			panic("sync/atomic: store of inconsistently typed value into Value")
		}
	}
	v.Store(x)
}

// WithValue is context.WithValue.
func WithValue(parent context.Context, key, value any) context.Context {
	if v, ok := Any(key).(V); ok && !reflect.TypeOf(v.X).Comparable() {
		panic("key is not comparable")
	}
	return task.ContextWithValue(parent, key, value)
}
