package zmtp

import "time"

// flushSize is how much a guard gathers before it sends by itself.
const flushSize = 64 << 10

// Write gathers what zmq4 writes: it writes twice per frame, and each write would be a packet.
func (g *guard) Write(p []byte) (int, error) {
	if g.phase != traffic {
		return g.Conn.Write(p)
	}
	if len(g.out)+len(p) > flushSize {
		if err := g.flush(); err != nil {
			return 0, err
		}
	}
	if len(p) > flushSize {
		return len(p), g.send(p)
	}
	g.out = append(g.out, p...)
	return len(p), nil
}

// flush sends what was gathered.
func (g *guard) flush() error {
	if len(g.out) == 0 {
		return nil
	}
	err := g.send(g.out)
	g.out = g.out[:0]
	return err
}

// send writes p in chunks, each of which the peer must take within the stall limit.
func (g *guard) send(p []byte) error {
	for len(p) > 0 {
		n := min(len(p), chunk)
		if err := g.SetWriteDeadline(time.Now().Add(g.limits.Stall)); err != nil {
			return err
		}
		if _, err := g.Conn.Write(p[:n]); err != nil {
			return err
		}
		p = p[n:]
	}
	return nil
}
