package zmtp

import (
	"net"

	"github.com/go-zeromq/zmq4"
)

// An Echo is a port of type REP that sends every message back as it is: Jupyter's heartbeat.
type Echo struct{ *port }

// NewEcho serves ln. stats may be nil. The Echo must be closed.
func NewEcho(ln net.Listener, limits Limits, stats *Stats) *Echo {
	pt := newPort(ln, zmq4.Rep, limits, stats)
	// The frames before the empty one are the way back; sending all of them again is right.
	pt.receive = func(p *Peer, frames [][]byte) { _ = p.send(frames) }
	pt.start()
	return &Echo{pt}
}
