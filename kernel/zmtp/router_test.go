package zmtp_test

import (
	"context"
	"runtime"
	"strings"
	"testing"

	"github.com/go-zeromq/zmq4"
	"github.com/gobraid/gobraid/kernel/zmtp"
)

func TestRouterAnswersTheConnection(t *testing.T) {
	addr := echoRouter(t, zmtp.Limits{}, nil)
	a := connect(t, addr, zmq4.Dealer, "same")
	b := connect(t, addr, zmq4.Dealer, "same")
	big := strings.Repeat("x", 1<<20)
	a.send(t, "from a", "", big)
	b.send(t, "from b")
	b.want(t, "from b")
	a.want(t, "from a", "", big)
}

func TestRouterReachesAllOfAnIdentity(t *testing.T) {
	ln := listen(t)
	got := make(chan string)
	r := zmtp.NewRouter(ln, zmtp.Limits{}, nil, func(p *zmtp.Peer, frames [][]byte) {
		got <- p.Identity() + ":" + string(frames[0])
	})
	closing(t, r)
	a := connect(t, ln.Addr(), zmq4.Dealer, "ann")
	b := connect(t, ln.Addr(), zmq4.Dealer, "bob")
	thief := connect(t, ln.Addr(), zmq4.Dealer, "ann")
	for _, c := range []client{a, b, thief} {
		c.send(t, "hello")
		<-got
	}
	if n := r.SendTo("ann", [][]byte{[]byte("question")}); n != 2 {
		t.Errorf("sent to %d peers, want 2", n)
	}
	a.want(t, "question")
	thief.want(t, "question")
	if n := r.SendTo("carl", [][]byte{[]byte("question")}); n != 0 {
		t.Errorf("sent to %d peers, want 0", n)
	}
}

// A client whose connection broke, and who came back under the same identity, gets its late reply.
func TestRouterFollowsAnIdentity(t *testing.T) {
	ln := listen(t)
	peers := make(chan *zmtp.Peer)
	closing(t, zmtp.NewRouter(ln, zmtp.Limits{}, nil, func(p *zmtp.Peer, frames [][]byte) { peers <- p }))
	a := connect(t, ln.Addr(), zmq4.Dealer, "ann")
	a.send(t, "request")
	asked := <-peers
	again := connect(t, ln.Addr(), zmq4.Dealer, "ann")
	again.send(t, "hello")
	<-peers
	a.raw.Close()
	arrived := make(chan error)
	go func() {
		_, err := again.RecvMsg()
		arrived <- err
	}()
	for { // until the port has noticed, replies still go to the dead connection
		_ = asked.Send([][]byte{[]byte("reply")})
		select {
		case err := <-arrived:
			if err != nil {
				t.Fatal(err)
			}
			return
		default:
			runtime.Gosched()
		}
	}
}

func TestCloseDrains(t *testing.T) {
	ln := listen(t)
	peers := make(chan *zmtp.Peer, 1)
	r := zmtp.NewRouter(ln, zmtp.Limits{}, nil, func(p *zmtp.Peer, frames [][]byte) { peers <- p })
	c := connect(t, ln.Addr(), zmq4.Dealer, "")
	c.send(t, "request")
	p := <-peers
	const n = 200
	big := []byte(strings.Repeat("x", 20_000))
	for range n {
		if err := p.Send([][]byte{big}); err != nil {
			t.Fatal(err)
		}
	}
	closed := make(chan error)
	go func() { closed <- r.Close(context.Background()) }()
	for range n {
		c.want(t, string(big))
	}
	gone(t, c.raw)
	c.raw.Close()
	if err := <-closed; err != nil {
		t.Error(err)
	}
	if err := p.Send([][]byte{big}); err != zmtp.ErrGone {
		t.Errorf("send after close: %v, want %v", err, zmtp.ErrGone)
	}
}

func TestEcho(t *testing.T) {
	ln := listen(t)
	closing(t, zmtp.NewEcho(ln, zmtp.Limits{}, nil))
	c := connect(t, ln.Addr(), zmq4.Req, "")
	for range 3 {
		c.send(t, "", "ping")
		c.want(t, "", "ping")
	}
}
