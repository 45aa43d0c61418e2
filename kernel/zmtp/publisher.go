package zmtp

import (
	"context"
	"net"
	"strings"
	"sync"

	"github.com/go-zeromq/zmq4"
)

// What one subscriber may subscribe to.
const (
	maxTopics = 64
	maxTopic  = 256
)

// A Publisher is a port of type XPUB: it sends messages to all who subscribed to their topic.
type Publisher struct {
	*port
	welcome func(topic string) [][]byte

	subs sync.Mutex // guards the topics of all peers, and that a welcome comes before what follows it
}

// NewPublisher serves ln. If welcome is not nil, what it returns is sent to each peer that subscribes,
// before anything that is published later. stats may be nil. The Publisher must be closed.
func NewPublisher(ln net.Listener, limits Limits, stats *Stats, welcome func(topic string) [][]byte) *Publisher {
	p := &Publisher{port: newPort(ln, zmq4.XPub, limits, stats), welcome: welcome}
	p.receive = p.subscribe
	p.start()
	return p
}

// subscribe handles what subscribers send: one frame, 1 to subscribe or 0 to cancel, then the topic.
func (pub *Publisher) subscribe(p *Peer, frames [][]byte) {
	if len(frames) != 1 || len(frames[0]) == 0 || len(frames[0]) > 1+maxTopic {
		return
	}
	topic := string(frames[0][1:])
	pub.subs.Lock()
	defer pub.subs.Unlock()
	switch frames[0][0] {
	case 0:
		if p.topics[topic]--; p.topics[topic] <= 0 {
			delete(p.topics, topic)
		}
	case 1:
		if p.topics[topic] == 0 && len(p.topics) >= maxTopics {
			return
		}
		p.topics[topic]++
		if pub.welcome != nil {
			_ = p.send(pub.welcome(topic))
		}
	}
}

// Send publishes a message; its first frame is its topic. It blocks while the queue of a subscriber is
// full: that is the back-pressure on the source, and it lasts as long as the subscriber makes progress.
// One that makes none for the stall limit is disconnected. Send is not to be called from several
// goroutines at a time. It returns early only when ctx ends.
func (pub *Publisher) Send(ctx context.Context, frames [][]byte) error {
	for _, p := range pub.subscribers(string(frames[0])) {
		for {
			full, _ := p.queue.put(frames)
			if full == nil {
				break
			}
			select {
			case <-full:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}
	return nil
}

// subscribers returns the peers that want a topic.
func (pub *Publisher) subscribers(topic string) (wanting []*Peer) {
	peers := pub.snapshot()
	pub.subs.Lock()
	defer pub.subs.Unlock()
	for _, p := range peers {
		for prefix := range p.topics {
			if strings.HasPrefix(topic, prefix) {
				wanting = append(wanting, p)
				break
			}
		}
	}
	return wanting
}
