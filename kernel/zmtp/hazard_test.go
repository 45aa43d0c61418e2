package zmtp_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"net"
	"runtime"
	"testing"
	"time"

	"github.com/go-zeromq/zmq4"
	"github.com/gobraid/gobraid/kernel/zmtp"
)

// A site is one port of each kind, with a client that must keep working on each.
type site struct {
	addrs map[zmq4.SocketType]net.Addr
	stats zmtp.Stats
	pub   *zmtp.Publisher
	good  map[zmq4.SocketType]client
}

// The client's socket type stands for the port it fits.
var kinds = []zmq4.SocketType{zmq4.Dealer, zmq4.Sub, zmq4.Req}

func newSite(t *testing.T, limits zmtp.Limits) *site {
	s := &site{addrs: map[zmq4.SocketType]net.Addr{}, good: map[zmq4.SocketType]client{}}
	s.addrs[zmq4.Dealer] = echoRouter(t, limits, &s.stats)
	ln := listen(t)
	s.addrs[zmq4.Sub] = ln.Addr()
	s.pub = zmtp.NewPublisher(ln, limits, &s.stats, func(string) [][]byte { return [][]byte{[]byte("welcome")} })
	closing(t, s.pub)
	ln = listen(t)
	s.addrs[zmq4.Req] = ln.Addr()
	closing(t, zmtp.NewEcho(ln, limits, &s.stats))
	return s
}

// use makes a round trip on each port, on connections made at the first use, and on new ones.
func (s *site) use(t *testing.T) {
	t.Helper()
	for _, kind := range kinds {
		fresh := connect(t, s.addrs[kind], kind, "")
		s.roundTrip(t, kind, fresh, true)
		if s.good[kind].Conn == nil {
			s.good[kind] = fresh
			continue
		}
		s.roundTrip(t, kind, s.good[kind], false)
		fresh.raw.Close()
	}
}

func (s *site) roundTrip(t *testing.T, kind zmq4.SocketType, c client, fresh bool) {
	t.Helper()
	if kind != zmq4.Sub {
		c.send(t, "", "ping")
		c.want(t, "", "ping")
		return
	}
	if fresh {
		c.send(t, "\x01news")
		c.want(t, "welcome")
	}
	if err := s.pub.Send(context.Background(), [][]byte{[]byte("news")}); err != nil {
		t.Fatal(err)
	}
	c.want(t, "news")
	if other := s.good[zmq4.Sub]; fresh && other.Conn != nil {
		other.want(t, "news")
	}
	if fresh {
		c.send(t, "\x00news") // nobody reads the later ones
		c.send(t, "\x01x")
		c.want(t, "welcome")
	}
	if fresh && s.good[zmq4.Sub].Conn == nil {
		c.send(t, "\x01news")
		c.want(t, "welcome")
	}
}

// silent opens a connection on each port and says nothing.
func (s *site) silent(t *testing.T) (conns []net.Conn) {
	for _, kind := range kinds {
		conns = append(conns, raw(t, s.addrs[kind]))
	}
	return conns
}

func TestSilentConnection(t *testing.T) {
	s := newSite(t, zmtp.Limits{Handshake: 100 * time.Millisecond})
	conns := s.silent(t)
	s.use(t)
	for _, conn := range conns {
		gone(t, conn)
	}
	s.use(t)
}

func TestManySilentConnections(t *testing.T) {
	s := newSite(t, zmtp.Limits{Handshake: time.Hour, Pending: 4})
	s.use(t)
	var conns []net.Conn
	for range 20 {
		conns = append(conns, s.silent(t)...)
	}
	s.use(t)
	for _, conn := range conns[:3] {
		gone(t, conn) // the oldest made room
	}
}

func TestManyConnections(t *testing.T) {
	s := newSite(t, zmtp.Limits{Conns: 4})
	s.use(t)
	for _, kind := range []zmq4.SocketType{zmq4.Dealer, zmq4.Req} {
		for range 20 { // without trust each is driven out by a later one
			c := connect(t, s.addrs[kind], kind, "")
			s.roundTrip(t, kind, c, true)
		}
	}
	for range 20 { // subscribers cannot earn trust, so those who are there stay
		connect(t, s.addrs[zmq4.Sub], zmq4.Sub, "")
	}
	s.roundTrip(t, zmq4.Sub, s.good[zmq4.Sub], false)
}

// A trusted peer is never driven out.
func TestTrust(t *testing.T) {
	ln := listen(t)
	closing(t, zmtp.NewRouter(ln, zmtp.Limits{Conns: 2}, nil, func(p *zmtp.Peer, frames [][]byte) {
		if string(frames[0]) == "key" {
			p.Trust()
		}
		p.Send(frames)
	}))
	c := connect(t, ln.Addr(), zmq4.Dealer, "")
	c.send(t, "key")
	c.want(t, "key")
	for range 10 {
		other := connect(t, ln.Addr(), zmq4.Dealer, "")
		other.send(t, "hello")
		other.want(t, "hello")
	}
	c.send(t, "still here")
	c.want(t, "still here")
}

// long is the header of a frame with an eight-byte size.
func long(flags byte, size uint64) []byte {
	return binary.BigEndian.AppendUint64([]byte{flags | 2}, size)
}

var hostile = []struct {
	name string
	data []byte
}{
	{"2^62 bytes", long(0, 1<<62)},
	{"2^63 bytes and more", long(0, 1<<64-1)},
	{"2^46 bytes", long(0, 1<<46)},
	{"a large second frame", append([]byte{1, 0}, long(0, 1<<40)...)},
	{"a large command", long(4, 1<<30)},
	{"reserved flags", []byte{0xf8, 0}},
	{"a command in parts", []byte{5, 1, 0}},
	{"a command without a name", []byte{4, 0}},
	{"a command name cut off", []byte{4, 2, 200, 'x'}},
	{"frames without end", bytes.Repeat([]byte{1, 0}, 1025)},
	{"noise", bytes.Repeat([]byte{0xde, 0xad, 0xbe, 0xef}, 1000)},
}

// After a handshake that went well a peer sends something bad: it is disconnected, the others are not,
// and no memory is taken for what it declared.
func TestHostileFrames(t *testing.T) {
	s := newSite(t, zmtp.Limits{})
	s.use(t)
	for _, test := range hostile {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for _, kind := range kinds {
			c := connect(t, s.addrs[kind], kind, "")
			c.raw.Write(test.data)
			gone(t, c.raw)
		}
		runtime.ReadMemStats(&after)
		if got := after.TotalAlloc - before.TotalAlloc; got > 16<<20 {
			t.Errorf("%s: %d bytes allocated", test.name, got)
		}
		s.use(t)
	}
}

// greetings that are none, and READY commands that lie about their lengths, on which zmq4 alone panics.
var badHandshakes = []struct {
	name  string
	ready []byte // nil: greeting only
}{
	{"property without a name", []byte{0}},
	{"name longer than the command", []byte{200, 'a'}},
	{"value cut off", []byte{1, 'a', 0, 0}},
	{"value longer than the command", []byte{1, 'a', 0xff, 0xff, 0xff, 0xff}},
	{"nothing", []byte{}},
}

func TestHostileHandshakes(t *testing.T) {
	s := newSite(t, zmtp.Limits{})
	s.use(t)
	hello := make([]byte, 64)
	hello[0], hello[9], hello[10] = 0xff, 0x7f, 3
	copy(hello[12:], "NULL")
	for _, test := range badHandshakes {
		for _, kind := range kinds {
			conn := raw(t, s.addrs[kind])
			conn.Write(hello)
			conn.Write(append([]byte{4, byte(6 + len(test.ready)), 5}, "READY"+string(test.ready)...))
			gone(t, conn)
		}
		s.use(t)
	}
	for _, garbage := range []string{"GET / HTTP/1.1\r\n\r\n" + string(make([]byte, 64)), string(bytes.Repeat([]byte{0xff}, 200))} {
		for _, kind := range kinds {
			conn := raw(t, s.addrs[kind])
			conn.Write([]byte(garbage))
			gone(t, conn)
		}
	}
	s.use(t)
	for _, ready := range [][]byte{long(4, 1<<62), long(0, 1<<62), {0, 1, 'x'}} {
		conn := raw(t, s.addrs[zmq4.Dealer])
		conn.Write(append(bytes.Clone(hello), ready...))
		gone(t, conn)
	}
	s.use(t)
	if s.stats.Refused.Load() == 0 {
		t.Error("no refused handshake was counted")
	}
}

// A peer that stops in the middle of a message is disconnected; one that is merely silent is not.
func TestHalfMessage(t *testing.T) {
	s := newSite(t, zmtp.Limits{Stall: 50 * time.Millisecond})
	s.use(t)
	for _, data := range [][]byte{{1, 1, 'x'}, {0}, long(0, 1<<20), {0, 5, 'a'}} {
		c := connect(t, s.addrs[zmq4.Dealer], zmq4.Dealer, "")
		c.raw.Write(data)
		gone(t, c.raw)
	}
	s.use(t)
	if got := s.stats.Stalled.Load(); got != 4 {
		t.Errorf("%d stalls counted, want 4", got)
	}
}

// Half-received messages share a budget, which is given back.
func TestBudget(t *testing.T) {
	stats := new(zmtp.Stats)
	addr := echoRouter(t, zmtp.Limits{Buffered: 1 << 20, Stall: time.Hour}, stats)
	for range 3 {
		c := connect(t, addr, zmq4.Dealer, "")
		c.raw.Write(long(0, 4<<20))
		go c.raw.Write(make([]byte, 4<<20))
		gone(t, c.raw)
	}
	if got := stats.TooLarge.Load(); got != 3 {
		t.Errorf("%d counted, want 3", got)
	}
	c := connect(t, addr, zmq4.Dealer, "")
	body := string(make([]byte, 900<<10))
	c.send(t, body)
	c.want(t, body)
}
