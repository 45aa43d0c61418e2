package parcel

// A Queue holds things in order.
type Queue[T any] struct {
	items []T
	head  int
}

// Len returns how many it holds.
func (q *Queue[T]) Len() int { return len(q.items) - q.head }

// Items returns what it holds, the first first. The slice is the queue's own.
func (q *Queue[T]) Items() []T { return q.items[q.head:] }

// Push adds a thing at the end.
func (q *Queue[T]) Push(v T) { q.items = append(q.items, v) }

// Peek returns the first. There must be one.
func (q *Queue[T]) Peek() T { return q.items[q.head] }

// Pop removes the first, and returns it. There must be one.
func (q *Queue[T]) Pop() T {
	v := q.items[q.head]
	clear(q.items[q.head : q.head+1])
	q.head++
	if q.head == len(q.items) {
		q.items, q.head = q.items[:0], 0
	}
	if q.head > 1024 && q.head > len(q.items)/2 {
		n := copy(q.items, q.items[q.head:])
		clear(q.items[n:])
		q.items, q.head = q.items[:n], 0
	}
	return v
}

// Cut removes all from the i-th on, and returns them.
func (q *Queue[T]) Cut(i int) []T {
	out := append([]T(nil), q.items[q.head+i:]...)
	clear(q.items[q.head+i:])
	q.items = q.items[:q.head+i]
	if q.head == len(q.items) {
		q.items, q.head = q.items[:0], 0
	}
	return out
}

// Unshift puts things in front.
func (q *Queue[T]) Unshift(first ...T) {
	if n := len(first); n <= q.head {
		q.head -= n
		copy(q.items[q.head:], first)
		return
	}
	q.items = append(append([]T(nil), first...), q.items[q.head:]...)
	q.head = 0
}

// Remove removes what f wants removed, and returns it.
func (q *Queue[T]) Remove(f func(T) bool) (out []T) {
	kept := q.items[:q.head]
	for _, v := range q.items[q.head:] {
		if f(v) {
			out = append(out, v)
		} else {
			kept = append(kept, v)
		}
	}
	clear(q.items[len(kept):])
	q.items = kept
	return out
}
