package rt

import (
	"reflect"
	"runtime"
	"strings"

	"github.com/gobraid/gobraid/concurrency/task"
)

// ForCompiled returns how compiled cells take part in the panics of interpreted code.
func ForCompiled() *task.Defers {
	return &task.Defers{
		Recovered: Recovered,
		Claim: func() func() any {
			d := Claim()
			if d == nil {
				return nil
			}
			return func() any { return Recover(d) }
		},
		Withdraw:    func() { withdraw() },
		Interpreted: isInterpreted,
		Offer: func(v any, f func()) bool {
			d := &Defers{panicking: true, value: Recovered(v)}
			d.offerTo(f)
			return !d.panicking
		},
	}
}

// isInterpreted reports whether f is a function that the interpreter has made.
func isInterpreted(f any) bool {
	v := reflect.ValueOf(f)
	if v.Kind() != reflect.Func || v.IsNil() {
		return false
	}
	name := runtime.FuncForPC(v.Pointer()).Name()
	return name == "reflect.makeFuncStub" || strings.HasPrefix(name, "github.com/traefik/yaegi/") || strings.Contains(name, "/interp/engine/yaegi/")
}
