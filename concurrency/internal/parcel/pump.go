package parcel

import (
	"slices"
	"sync"
)

// A Pump sees to it that one goroutine at a time gives out what waits, though who does so gives up the mutex now and then, and others call for it
// meanwhile. It is guarded by the pool's mutex.
type Pump struct{ going, again bool }

// Run calls step until nobody has called Run meanwhile. It does nothing but say so if step is being called.
func (p *Pump) Run(step func()) {
	p.again = true
	if p.going {
		return
	}
	p.going = true
	for p.again {
		p.again = false
		step()
	}
	p.going = false
}

// Going reports whether step is being called.
func (p *Pump) Going() bool { return p.going }

// A List is what pools a program has, for listings. Its methods may be called from several goroutines.
type List[T comparable] struct {
	mu  sync.Mutex
	all []T
}

// Add adds a pool, unless it is there.
func (l *List[T]) Add(v T) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !slices.Contains(l.all, v) {
		l.all = append(l.all, v)
	}
}

// Remove removes a pool.
func (l *List[T]) Remove(v T) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all = slices.DeleteFunc(l.all, func(x T) bool { return x == v })
}

// All returns the pools, the oldest first.
func (l *List[T]) All() []T {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.all)
}
