package concurrency

import "github.com/gobraid/gobraid/concurrency/internal/store"

// A keeper keeps the things of a Queue. The queue guards it.
type keeper[T any] interface {
	Len() int
	push(entry[T])
	pop() T // of one that is not empty
}

// An entry is a thing in a queue.
type entry[T any] struct {
	value T
	rank  any // of an ordered one: what it is ordered by
}

// A plain keeper gives out things by when they came.
type plain[T any] struct{ store.Store[T] }

func (s plain[T]) push(e entry[T]) { s.Push(e.value) }

func (s plain[T]) pop() T { return s.Pop() }

// An ordered one gives out what has the lowest rank.
type ordered[T any] struct{ store.Heap[entry[T]] }

func (s *ordered[T]) push(e entry[T]) { s.Push(e) }

func (s *ordered[T]) pop() T { return s.Pop().value }
