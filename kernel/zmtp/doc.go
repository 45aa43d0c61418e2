// Package zmtp guards ZeroMQ ports. It gives the three kinds of socket that a Jupyter kernel binds,
// [Router], [Publisher] and [Echo], over the ZMTP connections of the zmq4 library, and stands between
// those connections and the network, because a port is open to every process that can reach it, whether
// or not it knows the kernel's key.
//
// # What a peer cannot do
//
//   - Hold the port up by connecting and saying nothing. Each handshake has a goroutine and a deadline
//     of its own; when too many are under way the oldest is given up.
//   - Have memory allocated by declaring a size. Frame headers are read first and held against [Limits];
//     after that memory grows with the bytes that arrive, within a budget that all connections of a
//     port share.
//   - Grow a queue by not reading. Each peer's queue is bounded; a peer that takes nothing for
//     [Limits.Stall] is disconnected.
//   - Take another's place by giving its identity. Replies go to the connection the request came from;
//     see [Router.SendTo] for what is addressed by identity.
//   - Corrupt what it is sent by a PING at the wrong moment. A connection has one writer; a PONG waits
//     its turn there.
//
// Messages are not authenticated here: a peer that sends a well-formed message reaches the receive
// function, which checks signatures and calls [Peer.Trust] for those who pass.
//
// # Why zmq4's connections and not its sockets
//
// zmq4 0.17 reads a handshake inside its accept loop, allocates a frame at the size the peer declares,
// answers PING from its reader, and its PUB queue is either unbounded or drops in silence. Its public
// [zmq4.Open] makes a connection over any net.Conn, and the handshake and the framing behind it are
// right; so those are used, over a net.Conn that lets nothing through that would hurt. The other seam,
// zmq4.RegisterTransport, is a global registry and would leave its queues in place.
//
// # Life
//
// The constructors start serving at once. Close of a port sends what is queued, waits for the peers to
// take it until its context ends, and returns when every goroutine of the port has ended.
//
//	ln, err := zmtp.Listen("tcp", "127.0.0.1:0")
//	…
//	r := zmtp.NewRouter(ln, zmtp.Limits{}, nil, func(p *zmtp.Peer, frames [][]byte) {
//		p.Send(frames)
//	})
//	defer r.Close(ctx)
//
// Protocol: ZMTP 3.0 is announced, so peers of 3.1 speak that; subscriptions are understood as messages
// and as commands.
package zmtp
