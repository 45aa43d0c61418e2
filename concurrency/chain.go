package concurrency

import "github.com/gobraid/gobraid/concurrency/task"

// A node is a call in the queue of a pool, and who has submitted it. It is a part of the call, so that to queue it allocates nothing.
type node struct {
	call Call
	from task.Client
}

func (n *node) entry() *node { return n }

// nodeOf returns the node of a call.
func nodeOf(c Call) *node {
	if e, ok := c.(interface{ entry() *node }); ok {
		return e.entry()
	}
	return &node{}
}

// A chain is a queue of nodes, in blocks, so that to grow it copies nothing.
type chain struct {
	first, last *link
	n           int
}

// A link is a block of a chain. Of its nodes those from next to end are in the queue.
type link struct {
	next, end int
	after     *link
	nodes     [linkSize]*node
}

const linkSize = 128

// push puts e at the end. spare is a link that may be used for it, or nil; push reports whether it was.
func (q *chain) push(e *node, spare *link) (used bool) {
	l := q.last
	if l == nil || l.end == linkSize {
		l, used = q.extend(spare)
	}
	l.nodes[l.end] = e
	l.end++
	q.n++
	return used
}

func (q *chain) extend(spare *link) (l *link, used bool) {
	if used = spare != nil; !used {
		spare = &link{}
	}
	if q.last == nil {
		q.first = spare
	} else {
		q.last.after = spare
	}
	q.last = spare
	return spare, used
}

// pop takes the first node out; there must be one. It also returns a link that is not needed any more, or nil.
func (q *chain) pop() (e *node, spare *link) {
	l := q.first
	e = l.nodes[l.next]
	l.nodes[l.next] = nil
	l.next++
	q.n--
	if q.n > 0 && l.next < linkSize {
		return e, nil
	}
	if q.first = l.after; q.first == nil {
		q.last = nil
	}
	l.next, l.end, l.after = 0, 0, nil
	return e, l
}

// all returns what is in the queue.
func (q *chain) all() []*node {
	all := make([]*node, 0, q.n)
	for l := q.first; l != nil; l = l.after {
		all = append(all, l.nodes[l.next:l.end]...)
	}
	return all
}
