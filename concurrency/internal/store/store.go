// Package store has what queues keep their things in. None of it is safe for use by several goroutines at once: the queue guards it.
package store

// A Store is what a queue keeps things in.
type Store[T any] interface {
	Len() int
	Push(v T)
	Pop() T // of one that is not empty
}

// A FIFO gives out what came first. It is a ring. The zero FIFO is empty.
type FIFO[T any] struct {
	ring    []T // of a length that is a power of two
	head, n int
}

// Len returns how many things are in it.
func (s *FIFO[T]) Len() int { return s.n }

// Push puts a thing in.
func (s *FIFO[T]) Push(v T) {
	if s.n == len(s.ring) {
		ring := make([]T, max(2*s.n, 8))
		copy(ring[copy(ring, s.ring[s.head:]):], s.ring[:s.head])
		s.ring, s.head = ring, 0
	}
	s.ring[(s.head+s.n)&(len(s.ring)-1)] = v
	s.n++
}

// Pop takes a thing out.
func (s *FIFO[T]) Pop() (v T) {
	v, s.ring[s.head] = s.ring[s.head], v
	s.head = (s.head + 1) & (len(s.ring) - 1)
	s.n--
	return v
}

// A LIFO gives out what came last. The zero LIFO is empty.
type LIFO[T any] struct{ list []T }

// Len returns how many things are in it.
func (s *LIFO[T]) Len() int { return len(s.list) }

// Push puts a thing in.
func (s *LIFO[T]) Push(v T) { s.list = append(s.list, v) }

// Pop takes a thing out.
func (s *LIFO[T]) Pop() (v T) {
	last := len(s.list) - 1
	v, s.list[last] = s.list[last], v
	s.list = s.list[:last]
	return v
}
