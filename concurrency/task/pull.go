package task

import "iter"

// Pull is what iter.Pull(seq) is lowered to. The coroutine of seq counts as the calling task: what it prints
// and waits for is the task's, and a kill ends it.
func Pull[V any](seq iter.Seq[V]) (next func() (V, bool), stop func()) {
	t := here()
	if t == nil || t.visitor {
		return iter.Pull(seq)
	}
	return iter.Pull(func(yield func(V) bool) {
		defer t.alias()()
		seq(yield)
	})
}

// Pull2 is what iter.Pull2(seq) is lowered to. See [Pull].
func Pull2[K, V any](seq iter.Seq2[K, V]) (next func() (K, V, bool), stop func()) {
	t := here()
	if t == nil || t.visitor {
		return iter.Pull2(seq)
	}
	return iter.Pull2(func(yield func(K, V) bool) {
		defer t.alias()()
		seq(yield)
	})
}

// alias makes the calling goroutine count as t until the returned function is called. It must only run while t's own
// goroutine waits for it.
func (t *Task) alias() (undo func()) {
	return t.insert().remove
}
