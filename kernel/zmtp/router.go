package zmtp

import (
	"net"

	"github.com/go-zeromq/zmq4"
)

// A Router is a port of type ROUTER: it receives requests and answers the connection each came from.
type Router struct{ *port }

// NewRouter serves ln. Each message goes to receive on a goroutine of its connection: while receive
// blocks nothing more is read from that peer, and the others are not held up. stats may be nil.
// The Router must be closed.
func NewRouter(ln net.Listener, limits Limits, stats *Stats, receive func(p *Peer, frames [][]byte)) *Router {
	pt := newPort(ln, zmq4.Router, limits, stats)
	pt.receive = receive
	pt.start()
	return &Router{pt}
}

// SendTo queues a message for every peer that gives this identity, without blocking, and returns how
// many there are. libzmq gives an identity to one connection only, the first or the last, and either
// lets a stranger take a client's place by its name. Here all get the message, and it is for the caller
// to tell the right answer by its signature.
func (r *Router) SendTo(identity string, frames [][]byte) int {
	return r.sendIdentity(identity, frames)
}
