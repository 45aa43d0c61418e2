package loop

// An entry is what the loop is to do: a step of a coroutine, or a call.
type entry struct {
	c *coroutine
	h *Handle
}

// A queue is what is ready, first in, first out, in a ring.
type queue struct {
	ring []entry // of a length that is a power of two
	head int
	n    int
}

func (q *queue) len() int { return q.n }

func (q *queue) push(e entry) {
	if q.n == len(q.ring) {
		q.grow()
	}
	q.ring[(q.head+q.n)&(len(q.ring)-1)] = e
	q.n++
}

func (q *queue) grow() {
	ring := make([]entry, max(16, 2*len(q.ring)))
	n := copy(ring, q.ring[q.head:])
	copy(ring[n:], q.ring[:q.head])
	q.ring, q.head = ring, 0
}

// peek returns the first, or the zero entry.
func (q *queue) peek() entry {
	if q.n == 0 {
		return entry{}
	}
	return q.ring[q.head]
}

func (q *queue) pop() entry {
	e := q.ring[q.head]
	q.ring[q.head] = entry{}
	q.head = (q.head + 1) & (len(q.ring) - 1)
	q.n--
	return e
}

// A list holds the coroutines that have not ended, in order of their creation.
type list struct {
	first, last *coroutine
	n           int
}

func (l *list) add(c *coroutine) {
	c.before = l.last
	if l.last != nil {
		l.last.after = c
	} else {
		l.first = c
	}
	l.last = c
	l.n++
}

// remove takes c out of the list. c keeps its after, so that who walks the list goes on.
func (l *list) remove(c *coroutine) {
	if c.before != nil {
		c.before.after = c.after
	} else if l.first == c {
		l.first = c.after
	} else {
		return // it is out
	}
	if c.after != nil {
		c.after.before = c.before
	} else {
		l.last = c.before
	}
	c.before = nil
	l.n--
}
