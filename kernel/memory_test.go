package kernel

import (
	"context"
	"encoding/hex"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/kernel/internal/toy"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if serveToy() {
		return
	}
	goleak.VerifyTestMain(m)
}

// waiting ends a test that would otherwise hang; nothing is expected to come near it.
const waiting = 30 * time.Second

const testKey = "the key of the tests"

// memory are sockets without a network: what the kernel sends is kept, by the request it belongs to.
type memory struct {
	t       *testing.T
	codec   *codec // of the clients
	receive func(channel, peer, [][]byte)
	welcome func(string) [][]byte
	nobody  string // the identity that has no stdin

	mu      sync.Mutex
	arrived sync.Cond
	kept    map[string][]captured // by id of the parent
	ended   bool
}

// captured is a message that the kernel has sent, after its shape was checked.
type captured struct {
	channel  string
	header   Header
	metadata map[string]any
	content  map[string]any
}

func (c captured) is(kind string) bool { return c.header.Type == kind }

func (c captured) idle() bool { return c.is("status") && c.content["execution_state"] == "idle" }

func (c captured) busy() bool { return c.is("status") && c.content["execution_state"] == "busy" }

func newMemory(t *testing.T) *memory {
	m := &memory{t: t, codec: newCodec(testKey), kept: map[string][]captured{}}
	m.arrived.L = &m.mu
	return m
}

func (m *memory) open(receive func(channel, peer, [][]byte), welcome func(string) [][]byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.receive, m.welcome = receive, welcome
	m.arrived.Broadcast()
}

func (m *memory) publish(_ context.Context, frames [][]byte) error {
	m.keep("iopub", frames[1:])
	return nil
}

func (m *memory) ask(identity string, frames [][]byte) bool {
	if identity == m.nobody {
		return false
	}
	m.keep("stdin", frames)
	return true
}

func (m *memory) close(context.Context) error { return nil }

func (m *memory) keep(channel string, frames [][]byte) {
	h, parent, metadata, content := checkParts(m.t, m.codec, frames)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.kept[parent.ID] = append(m.kept[parent.ID], captured{channel, h, metadata, content})
	m.arrived.Broadcast()
}

// wait waits until the messages that belong to a request satisfy ready, and returns them.
func (m *memory) wait(id, what string, ready func([]captured) bool) []captured {
	m.t.Helper()
	late := time.AfterFunc(waiting, func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.ended = true
		m.arrived.Broadcast()
	})
	defer late.Stop()
	m.mu.Lock()
	defer m.mu.Unlock()
	for !ready(m.kept[id]) {
		if m.ended {
			m.t.Fatalf("waiting for %s of %s, got %+v", what, id, m.kept[id])
		}
		m.arrived.Wait()
	}
	return append([]captured(nil), m.kept[id]...)
}

// A caller is a client of the kernel on memory sockets.
type caller struct {
	*memory
	channel channel
	name    string
}

func (c caller) Send(frames [][]byte) error {
	if string(frames[0]) != "route of "+c.name {
		c.t.Errorf("the reply goes to %q, want the route of %s", frames[0], c.name)
	}
	c.keep(c.channel.String(), frames[1:])
	return nil
}

func (c caller) Identity() string { return c.name }
func (c caller) Trust()           {}

// send sends a request; its id is given by the test.
func (c caller) send(id, kind string, parent Header, content string) {
	c.sendTo("", id, kind, parent, content)
}

// sendTo sends a request for a subshell.
func (c caller) sendTo(subshell, id, kind string, parent Header, content string) {
	h := Header{Subshell: subshell, ID: id, Session: c.name, Username: "user", Date: c.codec.date(), Type: kind, Version: "5.3"}
	c.deliver(c.frames(h, parent, content))
}

func (c caller) frames(h, parent Header, content string) [][]byte {
	parentJSON := []byte("{}")
	if parent.ID != "" {
		parentJSON = mustEncode(parent)
	}
	parts := [][]byte{mustEncode(h), parentJSON, []byte("{}"), []byte(content)}
	signature := []byte(hex.EncodeToString(c.codec.sign(parts)))
	return append([][]byte{[]byte("route of " + c.name), delimiter, signature}, parts...)
}

func (c caller) deliver(frames [][]byte) { c.receive(c.channel, c, frames) }

// start serves a kernel over memory sockets and a toy session until the end of the test.
func start(t *testing.T, opts Options) (*Kernel, *memory, func() error) {
	return startWith(t, toy.New(), opts)
}

func startWith(t *testing.T, runner interp.Runner, opts Options) (*Kernel, *memory, func() error) {
	m := newMemory(t)
	info := ConnectionInfo{Key: testKey, ShellPort: 1, ControlPort: 2, StdinPort: 3, IOPubPort: 4, HeartbeatPort: 5}
	k := newKernel(info, runner, opts, m, new(counters))
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- k.Serve(ctx) }()
	m.wait("", "starting", func(got []captured) bool { return len(got) > 0 })
	stop := sync.OnceValue(func() error {
		cancel()
		return <-done
	})
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Errorf("Serve: %v", err)
		}
	})
	return k, m, stop
}

// done tells whether a request has been answered in full.
func done(kind string) func([]captured) bool {
	return func(got []captured) bool {
		idle, replied := false, !answered(kind)
		for _, c := range got {
			idle = idle || c.idle()
			replied = replied || c.channel != "iopub" && c.is(replyType(kind))
		}
		return idle && replied
	}
}

// answered tells whether a type of message is one that gets a reply.
func answered(kind string) bool {
	return replyType(kind) != kind+"_reply"
}

func (c captured) String() string {
	if _, ok := c.metadata["started"]; ok {
		c.metadata["started"] = "DATE"
	}
	s := c.channel + " " + c.header.Type + " " + canonical(c.content)
	if len(c.metadata) > 0 {
		s += " " + canonical(c.metadata)
	}
	return s
}

// canonical is JSON with its keys sorted.
func canonical(v any) string {
	text, err := encodeJSON(v)
	if err != nil {
		return fmt.Sprint(err)
	}
	return string(text)
}
