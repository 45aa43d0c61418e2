package concurrency

// A store is what a Queue keeps things in. The queue guards it.
type store[T any] interface {
	len() int
	push(entry[T])
	pop() T // of one that is not empty
}

// An entry is a thing in a queue.
type entry[T any] struct {
	value T
	rank  any    // of an ordered one: what it is ordered by
	n     uint64 // and when it came
}

// A fifo gives out what came first. It is a ring.
type fifo[T any] struct {
	ring    []T
	head, n int
}

func (s *fifo[T]) len() int { return s.n }

func (s *fifo[T]) push(e entry[T]) {
	if s.n == len(s.ring) {
		ring := make([]T, max(2*s.n, 8))
		copy(ring[copy(ring, s.ring[s.head:]):], s.ring[:s.head])
		s.ring, s.head = ring, 0
	}
	s.ring[(s.head+s.n)&(len(s.ring)-1)] = e.value
	s.n++
}

func (s *fifo[T]) pop() (v T) {
	v, s.ring[s.head] = s.ring[s.head], v
	s.head = (s.head + 1) & (len(s.ring) - 1)
	s.n--
	return v
}

// A lifo gives out what came last.
type lifo[T any] struct{ list []T }

func (s *lifo[T]) len() int { return len(s.list) }

func (s *lifo[T]) push(e entry[T]) { s.list = append(s.list, e.value) }

func (s *lifo[T]) pop() (v T) {
	last := len(s.list) - 1
	v, s.list[last] = s.list[last], v
	s.list = s.list[:last]
	return v
}

// An ordered gives out what has the lowest rank. It is a heap.
type ordered[T any] struct {
	less func(a, b any) bool
	heap []entry[T]
	n    uint64
}

func (s *ordered[T]) len() int { return len(s.heap) }

// before reports whether the entry at i goes before that at j.
func (s *ordered[T]) before(i, j int) bool {
	a, b := &s.heap[i], &s.heap[j]
	return s.less(a.rank, b.rank) || !s.less(b.rank, a.rank) && a.n < b.n
}

func (s *ordered[T]) swap(i, j int) { s.heap[i], s.heap[j] = s.heap[j], s.heap[i] }

func (s *ordered[T]) push(e entry[T]) {
	e.n = s.n
	s.n++
	s.heap = append(s.heap, e)
	for i := len(s.heap) - 1; i > 0 && s.before(i, (i-1)/2); i = (i - 1) / 2 {
		s.swap(i, (i-1)/2)
	}
}

func (s *ordered[T]) pop() T {
	v, last := s.heap[0].value, len(s.heap)-1
	s.swap(0, last)
	s.heap[last] = entry[T]{}
	s.heap = s.heap[:last]
	for i := 0; ; {
		least := i
		for child := 2*i + 1; child <= 2*i+2 && child < last; child++ {
			if s.before(child, least) {
				least = child
			}
		}
		if least == i {
			return v
		}
		s.swap(i, least)
		i = least
	}
}
