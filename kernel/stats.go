package kernel

import (
	"errors"
	"sync/atomic"

	"github.com/gobraid/gobraid/kernel/zmtp"
)

// counters are the live form of [Stats].
type counters struct {
	signatures, replays, malformed, unknown atomic.Int64
	ports                                   zmtp.Stats
}

// count counts a message that was refused.
func (c *counters) count(err error) {
	switch {
	case errors.Is(err, ErrSignature):
		c.signatures.Add(1)
	case errors.Is(err, ErrReplay):
		c.replays.Add(1)
	default:
		c.malformed.Add(1)
	}
}

func (c *counters) snapshot() Stats {
	return Stats{
		Signatures: c.signatures.Load(),
		Replays:    c.replays.Load(),
		Malformed:  c.malformed.Load(),
		Unknown:    c.unknown.Load(),
		Refused:    c.ports.Refused.Load(),
		Hostile:    c.ports.Malformed.Load() + c.ports.TooLarge.Load(),
		Stalled:    c.ports.Stalled.Load(),
	}
}
