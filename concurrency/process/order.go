package process

import "encoding/binary"

// An order says which value a queue gives next.
type order uint32

const (
	inOrder     order = iota // the first that was put in
	lastFirst                // the last
	lowestFirst              // the one with the lowest priority, and the first of these
)

// In queues that are not in order the values lie one after the other from the beginning of the memory, each followed by its priority and
// then by the size of both, so that they can be looked through from the end.

// takeRecord takes the value out that comes next, and returns it. There is one, and the lock is held.
func (s *segment) takeRecord(o order) []byte {
	data := s.data()
	end := int(s.word(wordIn).Load())
	from, to, best := 0, 0, int64(0)
	for at := end; at > 0; {
		size := int(binary.LittleEndian.Uint32(data[at-4:]))
		begin := at - 4 - size
		priority := int64(binary.LittleEndian.Uint64(data[at-12:]))
		if to == 0 || priority <= best { // of equals the one that lies before
			from, to, best = begin, at, priority
		}
		if at = begin; o == lastFirst {
			break
		}
	}
	value := append([]byte(nil), data[from:to-12]...)
	if to < end {
		s.word(wordMoving).Store(1) // who dies now leaves nothing whole
		copy(data[from:], data[to:end])
	}
	s.word(wordIn).Store(uint32(end - (to - from)))
	s.word(wordMoving).Store(0)
	return value
}
