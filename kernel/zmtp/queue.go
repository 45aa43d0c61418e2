package zmtp

import "sync"

// A queue holds the messages that wait for one peer: any number of senders, one receiver.
type queue struct {
	limit      int
	limitBytes int64

	mu     sync.Mutex
	items  [][][]byte
	bytes  int64
	pong   []byte // the newest PONG that waits; at most one, so that PINGs cost nothing
	closed bool
	wake   chan struct{} // has a value when the receiver may have something to do
	room   chan struct{} // closed and replaced when room was made; nil when nobody waits
}

func newQueue(limits Limits) *queue {
	return &queue{limit: limits.Queue, limitBytes: limits.QueueBytes, wake: make(chan struct{}, 1)}
}

func size(frames [][]byte) (n int64) {
	for _, f := range frames {
		n += int64(len(f)) + maxHeader
	}
	return n
}

// put adds a message. If there is no room it adds nothing and returns a channel that is closed when
// there may be. It reports false when the queue is closed.
func (q *queue) put(frames [][]byte) (full <-chan struct{}, open bool) {
	n := size(frames)
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return nil, false
	}
	if len(q.items) >= q.limit || len(q.items) > 0 && q.bytes+n > q.limitBytes {
		if q.room == nil {
			q.room = make(chan struct{})
		}
		return q.room, true
	}
	q.items = append(q.items, frames)
	q.bytes += n
	q.signal()
	return nil, true
}

// putPong replaces the PONG that waits.
func (q *queue) putPong(frame []byte) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.closed {
		q.pong = frame
		q.signal()
	}
}

// take removes everything that waits. It reports false when the queue is closed and empty.
func (q *queue) take() (items [][][]byte, pong []byte, open bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	items, pong = q.items, q.pong
	q.items, q.pong, q.bytes = nil, nil, 0
	if q.room != nil {
		close(q.room)
		q.room = nil
	}
	return items, pong, !q.closed || len(items) > 0
}

// close refuses further messages; those that wait may still be taken.
func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	if q.room != nil {
		close(q.room)
		q.room = nil
	}
	q.signal()
}

func (q *queue) signal() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}
