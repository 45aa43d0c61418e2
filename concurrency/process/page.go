package process

import (
	"sync/atomic"
	"unsafe"
)

// A page is memory that a worker shares with its pool, so that the pool knows how far the worker had come when it died: which task
// it was at, and which results it had ready but had not sent.
//
// A task that was sent is the worker's only when it has begun it. Until then the pool can have it back.
type page struct {
	mem []byte
}

const (
	pageHead = 4096
	pageSize = pageHead + outSize
	outSize  = 64 << 10 // of the buffer for what the worker sends
)

// A claim packs two sequence numbers into one word, so that they change together: of the last task that was begun, below, and of
// the last that the pool took back, above.
func (p page) claim() *atomic.Uint64 { return (*atomic.Uint64)(unsafe.Pointer(&p.mem[0])) }

// produced is how many bytes the worker has ready or has sent, sent how many of these were sent, at least. What is between is in
// the buffer, from its beginning.
func (p page) produced() *atomic.Uint64 { return (*atomic.Uint64)(unsafe.Pointer(&p.mem[64])) }
func (p page) sent() *atomic.Uint64     { return (*atomic.Uint64)(unsafe.Pointer(&p.mem[128])) }
func (p page) buffer() []byte           { return p.mem[pageHead:pageSize] }

// begin notes, for the worker, that it begins a task, and reports false if the pool has taken that back.
func (p page) begin(seq uint32) bool {
	c := p.claim()
	for {
		old := c.Load()
		if seq <= uint32(old>>32) {
			return false
		}
		if c.CompareAndSwap(old, old&^0xffffffff|uint64(seq)) {
			return true
		}
	}
}

// begun returns the last task the worker has begun, 0 if none.
func (p page) begun() uint32 { return uint32(p.claim().Load()) }

// recall takes back, for the pool, all tasks up to last that have not begun, and returns the last that has. They are those after it.
func (p page) recall(last uint32) (begun uint32) {
	c := p.claim()
	for {
		old := c.Load()
		if c.CompareAndSwap(old, uint64(last)<<32|old&0xffffffff) {
			return uint32(old)
		}
	}
}

// rest returns what the worker had ready and had not sent when it died, given how much has arrived.
func (p page) rest(arrived uint64) []byte {
	produced, sent := p.produced().Load(), p.sent().Load()
	if arrived < sent || arrived >= produced || produced-sent > outSize {
		return nil // all has arrived, or it died while it sent a large value
	}
	return p.buffer()[arrived-sent : produced-sent]
}
