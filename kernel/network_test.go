package kernel

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"net"
	"path/filepath"
	"testing"
	"time"

	"github.com/go-zeromq/zmq4"
	"github.com/go-zeromq/zmq4/security/null"
	"github.com/gobraid/gobraid/kernel/internal/toy"
)

// A wire is a client's connection to one port of a kernel.
type wire struct {
	*zmq4.Conn
	t     testing.TB
	codec *codec
	raw   net.Conn
}

func dial(t testing.TB, info ConnectionInfo, c channel, kind zmq4.SocketType) wire {
	t.Helper()
	network := map[string]string{"tcp": "tcp", "ipc": "unix"}[info.Transport]
	conn, err := net.Dial(network, info.addr(*info.ports()[c]))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(waiting))
	zc, err := zmq4.Open(conn, null.Security(), kind, zmq4.SocketIdentity("client"), false, nil)
	if err != nil {
		t.Fatal(err)
	}
	return wire{zc, t, newCodec(info.Key), conn}
}

// request sends a request with this id.
func (w wire) request(id, kind, content string) {
	w.t.Helper()
	h := Header{ID: id, Session: "client", Username: "u", Date: w.codec.date(), Type: kind, Version: "5.3"}
	parts := [][]byte{mustEncode(h), []byte("{}"), []byte("{}"), []byte(content)}
	frames := append([][]byte{delimiter, []byte(hex.EncodeToString(w.codec.sign(parts)))}, parts...)
	w.send(frames...)
}

func (w wire) send(frames ...[]byte) {
	w.t.Helper()
	if err := w.SendMsg(zmq4.NewMsgFrom(frames...)); err != nil {
		w.t.Fatal(err)
	}
}

// next returns the next message, whose shape it checks.
func (w wire) next() (h, parent Header, content map[string]any) {
	w.t.Helper()
	msg, err := w.RecvMsg()
	if err != nil {
		w.t.Fatal(err)
	}
	frames := msg.Frames
	for len(frames) > 6 {
		frames = frames[1:] // the topic
	}
	if t, ok := w.t.(*testing.T); ok {
		h, parent, _, content = checkParts(t, w.codec, frames)
		return h, parent, content
	}
	json.Unmarshal(frames[2], &h)
	json.Unmarshal(frames[3], &parent)
	return h, parent, nil
}

// want waits for a message of a type that answers id.
func (w wire) want(kind, id string) map[string]any {
	w.t.Helper()
	for {
		h, parent, content := w.next()
		if h.Type == kind && parent.ID == id {
			return content
		}
	}
}

// idle waits for the end of a request.
func (w wire) idle(id string) {
	w.t.Helper()
	for {
		h, parent, content := w.next()
		if h.Type == "status" && parent.ID == id && (content == nil || content["execution_state"] == "idle") {
			return
		}
	}
}

// serve serves a toy kernel on real ports until the end of the test.
func serve(t testing.TB, info ConnectionInfo) *Kernel {
	t.Helper()
	k, err := New(info, toy.New(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- k.Serve(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return k
}

func transports(t *testing.T) map[string]ConnectionInfo {
	return map[string]ConnectionInfo{
		"tcp": {Transport: "tcp", IP: "127.0.0.1", Key: testKey},
		"ipc": {Transport: "ipc", IP: filepath.Join(t.TempDir(), "k"), Key: testKey,
			ShellPort: 1, IOPubPort: 2, StdinPort: 3, ControlPort: 4, HeartbeatPort: 5},
	}
}

// A cell that asks, prints and has a value, over real sockets of both transports.
func TestNetwork(t *testing.T) {
	for name, info := range transports(t) {
		t.Run(name, func(t *testing.T) {
			info := serve(t, info).Connection()
			iopub := dial(t, info, iopubChannel, zmq4.Sub)
			iopub.send([]byte("\x01"))
			if h, _, content := iopub.next(); h.Type != "iopub_welcome" || content["subscription"] != "" {
				t.Fatalf("first came %+v %v", h, content)
			}
			shell := dial(t, info, shellChannel, zmq4.Dealer)
			stdin := dial(t, info, stdinChannel, zmq4.Dealer)
			control := dial(t, info, controlChannel, zmq4.Dealer)
			beat := dial(t, info, heartbeatChannel, zmq4.Req)

			shell.request("r1", "execute_request", `{"code": "input name?\nresult 7"}`)
			if q := stdin.want("input_request", "r1"); q["prompt"] != "name?" {
				t.Errorf("asked %v", q)
			}
			beat.send(nil, []byte("ping"))
			if msg, err := beat.RecvMsg(); err != nil || string(msg.Frames[1]) != "ping" {
				t.Errorf("heartbeat %v, %v", msg, err)
			}
			control.request("k1", "kernel_info_request", `{}`)
			control.want("kernel_info_reply", "k1")
			stdin.request("a1", "input_reply", `{"value": "Gopher"}`)
			if r := shell.want("execute_reply", "r1"); r["status"] != "ok" {
				t.Errorf("reply %v", r)
			}
			if s := iopub.want("stream", "r1"); s["text"] != "got Gopher\n" {
				t.Errorf("printed %v", s)
			}
			iopub.want("execute_result", "r1")
			iopub.idle("r1")

			control.request("s1", "shutdown_request", `{"restart": false}`)
			control.want("shutdown_reply", "s1")
			iopub.want("shutdown_reply", "s1")
			iopub.idle("s1")
			if _, err := iopub.RecvMsg(); err == nil {
				t.Error("a message after the end")
			}
		})
	}
}

// Strangers without the key change nothing for the client who has it.
func TestForgedMessages(t *testing.T) {
	k := serve(t, ConnectionInfo{Transport: "tcp", IP: "127.0.0.1", Key: testKey})
	info := k.Connection()
	forged := info
	forged.Key = "guessed"
	shell := dial(t, info, shellChannel, zmq4.Dealer)
	stranger := dial(t, forged, shellChannel, zmq4.Dealer)
	stranger.request("f1", "execute_request", `{"code": "print forged"}`)
	stranger.request("f2", "shutdown_request", `{"restart": false}`)
	stranger.send([]byte("nonsense"))
	replayed := signed(shell.codec, head, "{}", "{}", "{}")
	stranger.send(replayed...)
	stranger.send(replayed...)
	unknown := info
	other := dial(t, unknown, shellChannel, zmq4.Dealer)
	other.request("u1", "unheard_of_request", `{}`)
	other.request("k0", "kernel_info_request", `{}`)
	other.want("kernel_info_reply", "k0")
	// The stranger's connection is alive: with the key it would be answered, after all that came before.
	known := wire{stranger.Conn, t, shell.codec, stranger.raw}
	known.request("k1", "kernel_info_request", `{}`)
	known.want("kernel_info_reply", "k1")
	shell.request("r1", "execute_request", `{"code": "1+2"}`)
	shell.want("execute_reply", "r1")
	want := Stats{Signatures: 2, Replays: 1, Malformed: 1, Unknown: 2}
	if got := k.Stats(); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// A cell that prints for ever, with a subscriber that reads nothing: the kernel keeps answering, the
// subscriber is dropped, and the cell can be interrupted.
func TestFlood(t *testing.T) {
	info := serve(t, ConnectionInfo{Transport: "tcp", IP: "127.0.0.1", Key: testKey}).Connection()
	iopub := dial(t, info, iopubChannel, zmq4.Sub)
	iopub.send([]byte("\x01"))
	iopub.next()
	deaf := dial(t, info, iopubChannel, zmq4.Sub)
	deaf.send([]byte("\x01"))
	shell := dial(t, info, shellChannel, zmq4.Dealer)
	control := dial(t, info, controlChannel, zmq4.Dealer)
	shell.request("r1", "execute_request", `{"code": "flood"}`)
	iopub.want("stream", "r1")
	shell.request("c1", "complete_request", `{"code": "", "cursor_pos": 0}`)
	shell.want("complete_reply", "c1")
	control.request("i1", "interrupt_request", `{}`)
	control.want("interrupt_reply", "i1")
	ended := make(chan struct{})
	go func() { // read on, or the flood would wait for this subscriber too
		defer close(ended)
		iopub.idle("r1")
	}()
	if r := shell.want("execute_reply", "r1"); r["ename"] != "Interrupted" {
		t.Errorf("reply %v", r)
	}
	<-ended
}

// 100,000 lines arrive complete and in order, in few messages.
func TestManyLines(t *testing.T) {
	info := serve(t, ConnectionInfo{Transport: "tcp", IP: "127.0.0.1", Key: testKey}).Connection()
	iopub := dial(t, info, iopubChannel, zmq4.Sub)
	iopub.send([]byte("\x01"))
	iopub.next()
	shell := dial(t, info, shellChannel, zmq4.Dealer)
	shell.request("r1", "execute_request", `{"code": "lines 100000"}`)
	size, messages := 0, 0
	for {
		h, parent, content := iopub.next()
		if h.Type == "status" && parent.ID == "r1" && content["execution_state"] == "idle" {
			break
		}
		if h.Type == "stream" {
			checkLines(t, size, content["text"].(string))
			size += len(content["text"].(string))
			messages++
		}
	}
	if want := 100_000 * lineSize; size != want {
		t.Errorf("%d bytes arrived, want %d", size, want)
	}
	if messages > 100 {
		t.Errorf("%d messages", messages)
	}
}

const lineSize = len("line 000000 abcdefghijklmnopqrstuvwxyz0\n")

// checkLines checks the numbers of the lines that begin in text, which begins at a byte of the whole.
func checkLines(t *testing.T, at int, text string) {
	t.Helper()
	for i := (lineSize - at%lineSize) % lineSize; i+lineSize <= len(text); i += lineSize {
		n := 0
		for _, digit := range text[i+5 : i+11] {
			n = 10*n + int(digit-'0')
		}
		if n != (at+i)/lineSize {
			t.Fatalf("line %d at the place of line %d", n, (at+i)/lineSize)
		}
	}
}

// A port that is taken is an error that says so, and leaves no other port bound.
func TestPortTaken(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	info := ConnectionInfo{Transport: "tcp", IP: "127.0.0.1", HeartbeatPort: ln.Addr().(*net.TCPAddr).Port}
	if _, err := New(info, toy.New(), Options{}); err == nil {
		t.Fatal("bound a port that is taken")
	}
	if _, err := New(ConnectionInfo{Transport: "carrier pigeon"}, toy.New(), Options{}); err == nil {
		t.Fatal("bound an unknown transport")
	}
}
