package zmtp_test

import (
	"context"
	"net"
	"testing"
	"time"

	"github.com/go-zeromq/zmq4"
	"github.com/go-zeromq/zmq4/security/null"
	"github.com/gobraid/gobraid/kernel/zmtp"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience ends a test that would otherwise hang; nothing is expected to come near it.
const patience = 30 * time.Second

func listen(t *testing.T) net.Listener {
	t.Helper()
	ln, err := zmtp.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return ln
}

type closer interface{ Close(context.Context) error }

// closing closes a port at the end of the test, and all its connections at once.
func closing(t *testing.T, c closer) {
	t.Cleanup(func() {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		if err := c.Close(ctx); err != nil {
			t.Error(err)
		}
	})
}

// echoRouter is a Router that sends back what it gets.
func echoRouter(t *testing.T, limits zmtp.Limits, stats *zmtp.Stats) net.Addr {
	ln := listen(t)
	closing(t, zmtp.NewRouter(ln, limits, stats, func(p *zmtp.Peer, frames [][]byte) { p.Send(frames) }))
	return ln.Addr()
}

// raw opens a connection that has said nothing yet.
func raw(t *testing.T, addr net.Addr) net.Conn {
	t.Helper()
	conn, err := net.Dial(addr.Network(), addr.String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(patience))
	return conn
}

// A client is the other end of a connection: zmq4's framing, with the bare connection at hand.
type client struct {
	*zmq4.Conn
	raw net.Conn
}

func connect(t *testing.T, addr net.Addr, kind zmq4.SocketType, identity string) client {
	t.Helper()
	conn := raw(t, addr)
	zc, err := zmq4.Open(conn, null.Security(), kind, zmq4.SocketIdentity(identity), false, nil)
	if err != nil {
		t.Fatal(err)
	}
	return client{zc, conn}
}

func (c client) send(t *testing.T, frames ...string) {
	t.Helper()
	if err := c.SendMsg(zmq4.NewMsgFromString(frames)); err != nil {
		t.Fatal(err)
	}
}

func (c client) want(t *testing.T, frames ...string) {
	t.Helper()
	msg, err := c.RecvMsg()
	if err != nil {
		t.Fatalf("waiting for %q: %v", frames, err)
	}
	if got, want := msg.String(), zmq4.NewMsgFromString(frames).String(); got != want {
		t.Fatalf("got %s, want %s", got, want)
	}
}

// gone waits for the port to end the connection.
func gone(t *testing.T, conn net.Conn) {
	t.Helper()
	buf := make([]byte, 4096)
	for {
		if _, err := conn.Read(buf); err != nil {
			if e, ok := err.(net.Error); ok && e.Timeout() {
				t.Fatal("the connection is still there")
			}
			return
		}
	}
}
