package zmtp_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/go-zeromq/zmq4"
	"github.com/gobraid/gobraid/kernel/zmtp"
)

func publisher(t *testing.T, limits zmtp.Limits, stats *zmtp.Stats) (*zmtp.Publisher, func(string) client) {
	ln := listen(t)
	pub := zmtp.NewPublisher(ln, limits, stats, func(topic string) [][]byte {
		return [][]byte{[]byte("welcome"), []byte(topic)}
	})
	closing(t, pub)
	return pub, func(topic string) client {
		c := connect(t, ln.Addr(), zmq4.Sub, "")
		c.send(t, "\x01"+topic)
		c.want(t, "welcome", topic)
		return c
	}
}

func publish(t *testing.T, pub *zmtp.Publisher, frames ...string) {
	t.Helper()
	if err := pub.Send(context.Background(), zmq4.NewMsgFromString(frames).Frames); err != nil {
		t.Fatal(err)
	}
}

func TestPublisherTopics(t *testing.T) {
	pub, subscribe := publisher(t, zmtp.Limits{}, nil)
	all, some := subscribe(""), subscribe("a")
	publish(t, pub, "apple", "1")
	publish(t, pub, "pear", "2")
	publish(t, pub, "avocado", "3")
	all.want(t, "apple", "1")
	all.want(t, "pear", "2")
	all.want(t, "avocado", "3")
	some.want(t, "apple", "1")
	some.want(t, "avocado", "3")
}

// Peers of ZMTP 3.1 may subscribe with commands, and send PING between messages.
func TestPublisherCommands(t *testing.T) {
	ln := listen(t)
	pub := zmtp.NewPublisher(ln, zmtp.Limits{}, nil, func(topic string) [][]byte {
		return [][]byte{[]byte("welcome"), []byte(topic)}
	})
	closing(t, pub)
	c := connect(t, ln.Addr(), zmq4.Sub, "")
	command := func(name, data string) {
		t.Helper()
		if err := c.SendCmd(name, []byte(data)); err != nil {
			t.Fatal(err)
		}
	}
	command(zmq4.CmdSubscribe, "a")
	c.want(t, "welcome", "a")
	command(zmq4.CmdSubscribe, "b")
	c.want(t, "welcome", "b")
	command(zmq4.CmdCancel, "a")
	command(zmq4.CmdPing, "\x00\x00context")
	pong, err := c.RecvCmd()
	if err != nil || pong.Name != zmq4.CmdPong || string(pong.Body) != "context" {
		t.Fatalf("got %+v, %v, want PONG with the context", pong, err)
	}
	publish(t, pub, "a", "cancelled before the pong")
	publish(t, pub, "b", "2")
	c.want(t, "b", "2")
}

// A PING between the frames of a message neither breaks the message nor the answer.
func TestPingInsideMessage(t *testing.T) {
	c := connect(t, echoRouter(t, zmtp.Limits{}, nil), zmq4.Dealer, "")
	fmt.Fprint(c.raw, "\x01\x05first", "\x04\x07\x04PING\x00\x00", "\x00\x04last")
	pong, err := c.RecvCmd()
	if err != nil || pong.Name != zmq4.CmdPong {
		t.Fatalf("got %+v, %v, want PONG", pong, err)
	}
	c.want(t, "first", "last")
}

// A subscriber that stops reading is disconnected; until then it holds the source up, and the one that
// reads misses nothing.
func TestStalledSubscriber(t *testing.T) {
	stats := new(zmtp.Stats)
	limits := zmtp.Limits{Stall: 100 * time.Millisecond, Queue: 8, QueueBytes: 256 << 10}
	pub, subscribe := publisher(t, limits, stats)
	good, stalled := subscribe(""), subscribe("")
	body := string(make([]byte, 64<<10))
	sent := make(chan int)
	go func() {
		n := 0
		for ; stats.Stalled.Load() == 0; n++ {
			if pub.Send(t.Context(), [][]byte{fmt.Append(nil, n), []byte(body)}) != nil {
				break
			}
		}
		pub.Send(t.Context(), [][]byte{[]byte("end")})
		sent <- n
	}()
	for n := 0; ; n++ {
		msg, err := good.RecvMsg()
		if err != nil {
			t.Fatal(err)
		}
		if string(msg.Frames[0]) == "end" {
			if want := <-sent; n != want {
				t.Errorf("the reading subscriber got %d messages of %d", n, want)
			}
			break
		}
		if string(msg.Frames[0]) != fmt.Sprint(n) {
			t.Fatalf("got message %s, want %d", msg.Frames[0], n)
		}
	}
	gone(t, stalled.raw)
}

// A peer that sends requests and leaves the replies unread is disconnected, and costs no more than its queue.
func TestUnreadReplies(t *testing.T) {
	stats := new(zmtp.Stats)
	addr := echoRouter(t, zmtp.Limits{Stall: 100 * time.Millisecond, Queue: 8}, stats)
	c := connect(t, addr, zmq4.Dealer, "")
	body := string(make([]byte, 64<<10))
	for stats.Stalled.Load() == 0 {
		if err := c.SendMsg(zmq4.NewMsgString(body)); err != nil {
			break
		}
	}
	gone(t, c.raw)
}

func TestSubscriptionLimit(t *testing.T) {
	pub, subscribe := publisher(t, zmtp.Limits{}, nil)
	c := subscribe("t0")
	for i := 1; i < 64; i++ {
		c.send(t, fmt.Sprintf("\x01t%d", i))
		c.want(t, "welcome", fmt.Sprintf("t%d", i))
	}
	c.send(t, "\x01over the limit")
	c.send(t, "\x00t0")
	c.send(t, "\x01room again")
	c.want(t, "welcome", "room again")
	publish(t, pub, "over the limit", "1")
	publish(t, pub, "room again", "2")
	c.want(t, "room again", "2")
}
