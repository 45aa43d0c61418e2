package zmtp

import (
	"errors"
	"os"
	"sync/atomic"
)

// Stats counts what ports have turned away. One Stats may serve several ports.
type Stats struct {
	// Refused counts connections that ended in their handshake or found no room.
	Refused atomic.Int64
	// Malformed counts connections ended for a malformed frame.
	Malformed atomic.Int64
	// TooLarge counts connections ended for a message over the limits.
	TooLarge atomic.Int64
	// Stalled counts connections ended because the peer stopped half-way, or did not read.
	Stalled atomic.Int64
}

// count counts the end of a connection.
func (s *Stats) count(err error) {
	switch {
	case errors.Is(err, ErrFrame):
		s.Malformed.Add(1)
	case errors.Is(err, ErrTooLarge), errors.Is(err, ErrBudget):
		s.TooLarge.Add(1)
	case errors.Is(err, os.ErrDeadlineExceeded):
		s.Stalled.Add(1)
	}
}
