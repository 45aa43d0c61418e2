package zmtp

import (
	"errors"
	"net"
	"sync/atomic"
	"time"

	"github.com/go-zeromq/zmq4"
	"github.com/go-zeromq/zmq4/security/null"
)

// ErrGone is returned for a message whose peer is no longer connected.
var ErrGone = errors.New("zmtp: the peer is gone")

// A Peer is one connection to a port, after its handshake. Its methods may be called from any goroutine.
type Peer struct {
	port     *port
	identity string
	conn     *zmq4.Conn
	guard    *guard
	queue    *queue
	trusted  atomic.Bool
	written  chan struct{} // closed when the writer has ended
	topics   map[string]int
}

// Identity returns the routing id the peer gave itself, possibly empty. It is the peer's word: nothing
// keeps two peers from giving the same one.
func (p *Peer) Identity() string { return p.identity }

// Trust marks the peer as one that has proved who it is. When a port is full, peers without the mark
// make room first.
func (p *Peer) Trust() { p.trusted.Store(true) }

// Send queues a message for the peer and never blocks. A peer that has left its queue to fill up is
// disconnected. If the peer is gone, the message goes to those that give the same identity: a client
// that lost its connection and made another.
func (p *Peer) Send(frames [][]byte) error {
	err := p.send(frames)
	if err != nil && p.port.sendIdentity(p.identity, frames) > 0 {
		return nil
	}
	return err
}

func (p *Peer) send(frames [][]byte) error {
	full, open := p.queue.put(frames)
	if !open {
		return ErrGone
	}
	if full != nil {
		p.port.stats.Stalled.Add(1)
		p.close()
		return ErrGone
	}
	return nil
}

// close ends the connection at once.
func (p *Peer) close() {
	p.queue.close()
	p.guard.Close()
}

// shake performs the handshake on conn as a socket of the port's type.
func (pt *port) shake(conn net.Conn) (*Peer, error) {
	g := newGuard(conn, pt.limits, &pt.budget)
	defer func() {
		if g.phase != traffic {
			g.release()
		}
	}()
	if err := g.SetDeadline(time.Now().Add(pt.limits.Handshake)); err != nil {
		return nil, err
	}
	zc, err := zmq4.Open(g, null.Security(), pt.kind, nil, true, nil)
	if err != nil {
		return nil, err
	}
	if err := g.SetDeadline(time.Time{}); err != nil {
		return nil, err
	}
	p := &Peer{
		port:     pt,
		identity: zc.Peer.Meta["Identity"],
		conn:     zc,
		guard:    g,
		queue:    newQueue(pt.limits),
		written:  make(chan struct{}),
		topics:   map[string]int{},
	}
	if len(p.identity) > 255 {
		return nil, ErrReady
	}
	g.command = p.command
	g.phase = traffic
	return p, nil
}

// read hands what the peer sends to the port until the connection ends.
func (p *Peer) read() error {
	defer p.guard.release()
	for {
		msg, err := p.conn.RecvMsg()
		if err != nil {
			return err
		}
		if len(msg.Frames) > 0 {
			p.port.receive(p, msg.Frames)
		}
	}
}

// command is called by the guard for each command of the peer.
func (p *Peer) command(name string, data []byte) {
	switch name {
	case zmq4.CmdPing:
		if len(data) >= 2 && len(data) <= 2+16 { // a time to live, then a context to send back
			p.queue.putPong(appendFrame(nil, flagCommand, append([]byte("\x04PONG"), data[2:]...)))
		}
	case zmq4.CmdSubscribe:
		p.port.receive(p, [][]byte{append([]byte{1}, data...)})
	case zmq4.CmdCancel:
		p.port.receive(p, [][]byte{append([]byte{0}, data...)})
	}
}

// write sends what is queued until the queue is closed and empty, then tells the peer that no more
// will come. It is the connection's only writer.
func (p *Peer) write() error {
	defer close(p.written)
	for {
		items, pong, open := p.queue.take()
		if len(pong) > 0 {
			if _, err := p.guard.Write(pong); err != nil {
				return err
			}
		}
		for _, frames := range items {
			if err := p.conn.SendMsg(zmq4.NewMsgFrom(frames...)); err != nil {
				return err
			}
		}
		if err := p.guard.flush(); err != nil {
			return err
		}
		if !open {
			return p.closeWrite()
		}
		if len(items) == 0 {
			<-p.queue.wake
		}
	}
}

// closeWrite ends the sending half only: closing both would reset the connection if the peer has sent
// something unread, and a reset takes with it what the peer has not read yet.
func (p *Peer) closeWrite() error {
	if half, ok := p.guard.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}
