package kernel

import (
	"context"
	"errors"
	"net"
	"sync"

	"github.com/gobraid/gobraid/kernel/zmtp"
)

// sockets are the kernel's side of its channels. Tests put others in the place of ZeroMQ's.
type sockets interface {
	// open begins to deliver what arrives, by calls from several goroutines. welcome makes the message
	// a new subscriber gets.
	open(receive func(c channel, p peer, frames [][]byte), welcome func(topic string) [][]byte)
	// publish sends to the subscribers, the first frame being the topic. It blocks while one of them
	// lags. It is called from one goroutine only.
	publish(ctx context.Context, frames [][]byte) error
	// ask sends on the stdin channel, and reports whether anybody is there.
	ask(identity string, frames [][]byte) bool
	// close ends everything and gives the peers until ctx ends to take what they were sent.
	close(ctx context.Context) error
}

// network is sockets over ZeroMQ.
type network struct {
	limits    zmtp.Limits
	stats     *zmtp.Stats
	listeners [channels]net.Listener

	shell, control, stdin *zmtp.Router
	iopub                 *zmtp.Publisher
	heartbeat             *zmtp.Echo
}

// bind listens on all five ports and puts those that the system chose into info.
func bind(info *ConnectionInfo, limits zmtp.Limits, stats *zmtp.Stats) (*network, error) {
	n := &network{limits: limits, stats: stats}
	for c, port := range info.ports() {
		ln, err := zmtp.Listen(info.Transport, info.addr(*port))
		if err != nil {
			return nil, errors.Join(err, n.unbind())
		}
		n.listeners[c] = ln
		if tcp, ok := ln.Addr().(*net.TCPAddr); ok {
			*port = tcp.Port
		}
	}
	return n, nil
}

// unbind closes the listeners of a network that was never opened.
func (n *network) unbind() (err error) {
	for _, ln := range n.listeners {
		if ln != nil {
			err = errors.Join(err, ln.Close())
		}
	}
	return err
}

func (n *network) open(receive func(channel, peer, [][]byte), welcome func(string) [][]byte) {
	router := func(c channel) *zmtp.Router {
		return zmtp.NewRouter(n.listeners[c], n.limits, n.stats, func(p *zmtp.Peer, frames [][]byte) {
			receive(c, p, frames)
		})
	}
	// iopub first: a client that has connected to the others finds it there.
	n.iopub = zmtp.NewPublisher(n.listeners[iopubChannel], n.limits, n.stats, welcome)
	n.heartbeat = zmtp.NewEcho(n.listeners[heartbeatChannel], n.limits, n.stats)
	n.stdin = router(stdinChannel)
	n.control = router(controlChannel)
	n.shell = router(shellChannel)
}

func (n *network) publish(ctx context.Context, frames [][]byte) error {
	return n.iopub.Send(ctx, frames)
}

func (n *network) ask(identity string, frames [][]byte) bool {
	return n.stdin.SendTo(identity, frames) > 0
}

func (n *network) close(ctx context.Context) error {
	var wg sync.WaitGroup
	errs := make([]error, channels)
	ports := []interface{ Close(context.Context) error }{n.shell, n.control, n.stdin, n.iopub, n.heartbeat}
	for i, p := range ports {
		wg.Go(func() { errs[i] = p.Close(ctx) })
	}
	wg.Wait()
	return errors.Join(errs...)
}
