package process

import (
	"context"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/internal/parcel"
)

// An item is a call on its way through a pool.
type item struct {
	call    Call
	routine *routine
	payload []byte // its argument,
	tail    []byte // and what of that is not copied
	owner   parcel.Owner
	retries int32
	copies  bool // payload begins with them
	// internal is set if nobody has submitted it.
	internal bool

	// Guarded by the pool's mutex.
	gone  bool    // finished
	begun bool    // its call has begun
	w     *worker // that has it, or nil
	seq   uint32  // there
	stop  func() bool
	// progress is its last report in its present worker, or nil.
	progress *concurrency.Progress

	small [16]byte // payload, if it is no longer
}

func (it *item) size() int { return headerSize + len(it.payload) + len(it.tail) }

// begin begins the call, and reports whether it goes on: one that comes back from a worker has begun, and may have been cancelled since.
func (it *item) begin() bool {
	if !it.begun {
		return it.call.Begin()
	}
	ctx := it.call.Context()
	if ctx.Err() == nil {
		return true
	}
	it.finish(nil, context.Cause(ctx))
	return false
}

// finish gives the call its end.
func (it *item) finish(result any, err error) {
	if it.stop != nil {
		it.stop()
	}
	it.call.Finish(result, err)
}
