// Package after keeps the functions that contexts call when they have ended.
package after

import (
	"slices"
	"sync"
)

// A List holds functions that are to be called when something ends. What ends has a mutex, which guards the list too.
type List struct{ fs []*func() }

// Add adds f. mu, the mutex, is held. stop takes f out, and reports whether it was there; it takes the mutex.
func (l *List) Add(mu *sync.Mutex, f func()) (stop func() bool) {
	p := &f
	l.fs = append(l.fs, p)
	return func() bool {
		mu.Lock()
		defer mu.Unlock()
		i := slices.Index(l.fs, p)
		if i >= 0 {
			l.fs = slices.Delete(l.fs, i, i+1)
		}
		return i >= 0
	}
}

// Take empties the list, and returns what is to be called, without the mutex, which is held.
func (l *List) Take() (call func()) {
	fs := l.fs
	l.fs = nil
	return func() {
		for _, f := range fs {
			(*f)()
		}
	}
}
