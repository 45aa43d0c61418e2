package rt

import "github.com/gobraid/gobraid/concurrency/task"

// Pull is iter.Pull of a sequence without values.
func Pull(seq func(yield func() bool)) (next func() bool, stop func()) {
	pull, stop := task.Pull(func(yield func(struct{}) bool) {
		done := false
		defer func() {
			if done {
				return
			}
			if v := recover(); v != nil { // and not runtime.Goexit
				take() // the coroutine's; the caller of next is left by the panic too
				panic(genuine(v))
			}
		}()
		seq(func() bool { return yield(struct{}{}) })
		done = true
	})
	return func() bool {
		_, ok := pull()
		return ok
	}, stop
}
