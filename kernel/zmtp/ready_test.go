package zmtp

import (
	"io"
	"net"
	"testing"
	"time"

	"github.com/go-zeromq/zmq4"
)

// A stranger is a connection that delivers fixed bytes and takes all that is written.
type stranger struct {
	script
}

func (*stranger) Write(p []byte) (int, error)  { return len(p), nil }
func (*stranger) SetDeadline(time.Time) error  { return nil }
func (*stranger) Close() error                 { return nil }
func (s *stranger) Read(p []byte) (int, error) { return s.script.Read(p) }

var _ net.Conn = (*stranger)(nil)

func hello(mechanism string) []byte {
	p := make([]byte, greetingSize)
	p[0], p[9], p[10] = 0xff, 0x7f, 3
	copy(p[12:], mechanism)
	return p
}

func shakeWith(data []byte) error {
	pt := newPort(nil, zmq4.Router, Limits{}, nil)
	defer pt.cancel()
	p, err := pt.shake(&stranger{script{data: data, step: 1000}})
	if err == nil {
		_, err = io.ReadAll(p.guard)
	}
	return err
}

var readyTests = []struct {
	properties string
	ok         bool
}{
	{"\x0bSocket-Type\x00\x00\x00\x06DEALER", true},
	{"\x0bSocket-Type\x00\x00\x00\x06DEALER\x08Identity\x00\x00\x00\x03ann", true},
	{"\x0bSocket-Type\x00\x00\x00\x03SUB", false},    // not compatible with a ROUTER
	{"\x0bSocket-Type\x00\x00\x00\x05OTHER", false},  // unknown
	{"\x0bsocket-type\x00\x00\x00\x06DEALER", false}, // zmq4 would not find it
	{"\x08Identity\x00\x00\x00\x03ann", false},       // no type
	{"", false},
	{"\x00", false},
	{"\xc8a", false},
	{"\x01a\x00\x00", false},
	{"\x01a\xff\xff\xff\xff", false},
}

func ready(properties string) []byte {
	return appendFrame(hello("NULL"), flagCommand, []byte("\x05READY"+properties))
}

func TestReady(t *testing.T) {
	for _, test := range readyTests {
		if err := shakeWith(ready(test.properties)); (err == nil) != test.ok {
			t.Errorf("%q: %v", test.properties, err)
		}
	}
	if err := shakeWith(appendFrame(hello("PLAIN"), flagCommand, nil)); err == nil {
		t.Error("shook hands with a PLAIN peer")
	}
}

// FuzzHandshake shakes hands with arbitrary peers: the library under the guard must not panic.
func FuzzHandshake(f *testing.F) {
	for _, test := range readyTests {
		f.Add(ready(test.properties))
	}
	f.Fuzz(func(t *testing.T, data []byte) { shakeWith(data) })
}
