package iter

import "rt"

// Pull returns the values of seq one by one. They are handed over in a variable.
func Pull[V any](seq Seq[V]) (next func() (V, bool), stop func()) {
	var value V
	pull, stop := rt.Pull(func(yield func() bool) {
		seq(func(v V) bool {
			value = v
			return yield()
		})
	})
	return func() (v V, ok bool) {
		if !pull() {
			return v, false
		}
		return value, true
	}, stop
}

// Pull2 is Pull for pairs.
func Pull2[K, V any](seq Seq2[K, V]) (next func() (K, V, bool), stop func()) {
	var key K
	var value V
	pull, stop := rt.Pull(func(yield func() bool) {
		seq(func(k K, v V) bool {
			key, value = k, v
			return yield()
		})
	})
	return func() (k K, v V, ok bool) {
		if !pull() {
			return k, v, false
		}
		return key, value, true
	}, stop
}
