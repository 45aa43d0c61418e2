package store

// A Heap gives out what is least, and of equal things what came first. Less is set before the first Push.
type Heap[T any] struct {
	Less func(a, b T) bool

	heap []numbered[T]
	n    uint64
}

// numbered is a thing and the number that it came as.
type numbered[T any] struct {
	v T
	n uint64
}

// Len returns how many things are in it.
func (s *Heap[T]) Len() int { return len(s.heap) }

// before reports whether the thing at i goes before that at j.
func (s *Heap[T]) before(i, j int) bool {
	a, b := &s.heap[i], &s.heap[j]
	return s.Less(a.v, b.v) || !s.Less(b.v, a.v) && a.n < b.n
}

func (s *Heap[T]) swap(i, j int) { s.heap[i], s.heap[j] = s.heap[j], s.heap[i] }

// Push puts a thing in.
func (s *Heap[T]) Push(v T) {
	s.heap = append(s.heap, numbered[T]{v, s.n})
	s.n++
	for i := len(s.heap) - 1; i > 0 && s.before(i, (i-1)/2); i = (i - 1) / 2 {
		s.swap(i, (i-1)/2)
	}
}

// Pop takes a thing out.
func (s *Heap[T]) Pop() T {
	v, last := s.heap[0].v, len(s.heap)-1
	s.swap(0, last)
	s.heap[last] = numbered[T]{}
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
