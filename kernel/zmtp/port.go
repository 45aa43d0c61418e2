package zmtp

import (
	"context"
	"errors"
	"net"
	"slices"
	"sync"
	"time"

	"github.com/go-zeromq/zmq4"
)

// A port is a listening socket and the connections made to it: what [Router], [Publisher] and [Echo]
// have in common.
type port struct {
	kind    zmq4.SocketType
	limits  Limits
	stats   *Stats
	budget  budget
	receive func(p *Peer, frames [][]byte) // called on the peer's reader; blocking holds the peer up

	ln     net.Listener
	ctx    context.Context // ends when the port closes
	cancel context.CancelFunc
	wg     sync.WaitGroup // accept loop, handshakes, readers, writers

	mu      sync.Mutex
	pending []net.Conn // in their handshake, oldest first
	peers   []*Peer    // after it, oldest first
	closing bool
}

func newPort(ln net.Listener, kind zmq4.SocketType, limits Limits, stats *Stats) *port {
	if stats == nil {
		stats = new(Stats)
	}
	pt := &port{kind: kind, limits: limits.filled(), stats: stats, ln: ln}
	pt.budget.free.Store(pt.limits.Buffered)
	pt.ctx, pt.cancel = context.WithCancel(context.Background())
	return pt
}

// start begins to accept.
func (pt *port) start() { pt.wg.Go(pt.accept) }

// accept takes connections until the listener closes. Other errors, such as running out of
// descriptors, are waited out.
func (pt *port) accept() {
	delay := 5 * time.Millisecond
	for {
		conn, err := pt.ln.Accept()
		switch {
		case err == nil:
			delay = 5 * time.Millisecond
			pt.admit(conn)
		case errors.Is(err, net.ErrClosed):
			return
		default:
			select {
			case <-pt.ctx.Done():
				return
			case <-time.After(delay):
				delay = min(2*delay, time.Second)
			}
		}
	}
}

// admit starts a handshake. When too many are under way the oldest is given up: a client that means
// well is done in a millisecond, so the oldest is the most likely to be one that does not.
func (pt *port) admit(conn net.Conn) {
	pt.mu.Lock()
	defer pt.mu.Unlock()
	if pt.closing {
		conn.Close()
		return
	}
	if len(pt.pending) >= pt.limits.Pending {
		pt.pending[0].Close()
		pt.pending = slices.Delete(pt.pending, 0, 1)
	}
	pt.pending = append(pt.pending, conn)
	pt.wg.Go(func() { pt.serve(conn) })
}

// serve sees one connection through, from its handshake to its end.
func (pt *port) serve(conn net.Conn) {
	defer conn.Close()
	p, err := pt.shake(conn)
	if !pt.join(conn, p, err) {
		pt.stats.Refused.Add(1)
		return
	}
	pt.wg.Go(func() {
		if err := p.write(); err != nil {
			pt.stats.count(err)
			p.close()
		}
	})
	pt.stats.count(p.read())
	pt.leave(p)
	p.close()
	<-p.written
}

// join makes a peer of a connection whose handshake went well, if there is room.
func (pt *port) join(conn net.Conn, p *Peer, err error) bool {
	pt.mu.Lock()
	defer pt.mu.Unlock()
	if i := slices.Index(pt.pending, conn); i >= 0 {
		pt.pending = slices.Delete(pt.pending, i, i+1)
	}
	if err != nil || pt.closing || !pt.makeRoom() {
		return false
	}
	pt.peers = append(pt.peers, p)
	return true
}

// makeRoom disconnects the oldest peer without trust when the port is full. Subscribers have no way to
// earn trust, so there it is the newcomer that is refused and those who are there stay.
func (pt *port) makeRoom() bool {
	if len(pt.peers) < pt.limits.Conns {
		return true
	}
	if pt.kind == zmq4.XPub {
		return false
	}
	i := slices.IndexFunc(pt.peers, func(p *Peer) bool { return !p.trusted.Load() })
	if i < 0 {
		return false
	}
	pt.peers[i].close()
	pt.peers = slices.Delete(pt.peers, i, i+1)
	return true
}

func (pt *port) leave(p *Peer) {
	pt.mu.Lock()
	defer pt.mu.Unlock()
	if i := slices.Index(pt.peers, p); i >= 0 {
		pt.peers = slices.Delete(pt.peers, i, i+1)
	}
}

// snapshot returns the peers of the moment.
func (pt *port) snapshot() []*Peer {
	pt.mu.Lock()
	defer pt.mu.Unlock()
	return slices.Clone(pt.peers)
}

// sendIdentity queues a message for every peer that gives this identity and returns how many took it.
// No identity is nobody's.
func (pt *port) sendIdentity(identity string, frames [][]byte) (sent int) {
	if identity == "" {
		return 0
	}
	for _, p := range pt.snapshot() {
		if p.identity == identity && p.send(frames) == nil {
			sent++
		}
	}
	return sent
}

// Close stops accepting, sends what is queued, and ends the connections. It waits for the peers to take
// what they have been sent, but no longer than ctx. When Close returns, every goroutine of the port has
// ended.
func (pt *port) Close(ctx context.Context) error {
	pt.cancel()
	err := pt.ln.Close()
	pt.mu.Lock()
	pt.closing = true
	for _, conn := range pt.pending {
		conn.Close()
	}
	peers := slices.Clone(pt.peers)
	pt.mu.Unlock()
	for _, p := range peers {
		p.queue.close()
	}
	stop := context.AfterFunc(ctx, func() {
		for _, p := range peers {
			p.guard.Close()
		}
	})
	pt.wg.Wait()
	stop()
	return err
}
