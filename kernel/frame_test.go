package kernel

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"testing"
)

// signed makes the frames of a message with these parts.
func signed(c *codec, parts ...string) [][]byte {
	frames := [][]byte{[]byte("route"), delimiter, nil}
	for _, p := range parts {
		frames = append(frames, []byte(p))
	}
	frames[1+1] = []byte(hex.EncodeToString(c.sign(frames[3:])))
	return frames
}

const head = `{"msg_id": "1", "msg_type": "x_request", "session": "s", "username": "u", "date": "", "version": "5.3"}`

func TestDecode(t *testing.T) {
	c := newCodec("key")
	frames := signed(c, head, "{}", "{}", `{"a": 1}`)
	frames = append(frames, []byte("buffer"))
	prefix, m, err := c.decode(frames)
	if err != nil {
		t.Fatal(err)
	}
	if len(prefix) != 1 || m.ID != "1" || m.Type != "x_request" || string(m.header) != head || len(m.buffers) != 1 {
		t.Errorf("got %q %+v", prefix, m)
	}
}

func TestDecodeRefuses(t *testing.T) {
	good := func(c *codec) [][]byte { return signed(c, head, "{}", "{}", "{}") }
	for _, test := range []struct {
		name   string
		frames func(c *codec) [][]byte
		err    error
	}{
		{"another key", func(*codec) [][]byte { return good(newCodec("other")) }, ErrSignature},
		{"no signature", func(c *codec) [][]byte { f := good(c); f[2] = nil; return f }, ErrSignature},
		{"half a signature", func(c *codec) [][]byte { f := good(c); f[2] = f[2][:10]; return f }, ErrSignature},
		{"not hex", func(c *codec) [][]byte { f := good(c); f[2] = bytes.Repeat([]byte("z"), 64); return f }, ErrSignature},
		{"changed content", func(c *codec) [][]byte { f := good(c); f[6] = []byte(`{"x":1}`); return f }, ErrSignature},
		{"seen before", func(c *codec) [][]byte { f := good(c); c.decode(f); return f }, ErrReplay},
		{"no delimiter", func(c *codec) [][]byte { return good(c)[3:] }, ErrMalformed},
		{"too few frames", func(c *codec) [][]byte { return good(c)[:6] }, ErrMalformed},
		{"nothing", func(*codec) [][]byte { return nil }, ErrMalformed},
		{"header not JSON", func(c *codec) [][]byte { return signed(c, "x", "{}", "{}", "{}") }, ErrMalformed},
		{"header a list", func(c *codec) [][]byte { return signed(c, "[]", "{}", "{}", "{}") }, ErrMalformed},
		{"content not JSON", func(c *codec) [][]byte { return signed(c, head, "{}", "{}", "{") }, ErrMalformed},
		{"no id", func(c *codec) [][]byte { return signed(c, `{"msg_type": "x"}`, "{}", "{}", "{}") }, ErrMalformed},
	} {
		c := newCodec("key")
		if _, m, err := c.decode(test.frames(c)); !errors.Is(err, test.err) {
			t.Errorf("%s: %+v, %v, want %v", test.name, m, err, test.err)
		}
	}
}

// Without a key nothing is signed and nothing checked.
func TestNoKey(t *testing.T) {
	c := newCodec("")
	frames, _ := c.encode("status", nil, nil, nil)
	if len(frames[1]) != 0 {
		t.Errorf("signature %q", frames[1])
	}
	for range 2 {
		if _, _, err := c.decode(signed(c, head, "{}", "{}", "{}")); err != nil {
			t.Error(err)
		}
	}
}

func TestEncode(t *testing.T) {
	c := newCodec("key")
	content := json.RawMessage(mustEncode(map[string]string{"text": "<b> & é\u2028"}))
	one, id1 := c.encode("stream", json.RawMessage(head), nil, content)
	_, id2 := c.encode("stream", nil, nil, nil)
	if id1 == id2 {
		t.Error("two messages of one id")
	}
	h, parent, _, got := checkPartsAny(t, c, one)
	if h.Type != "stream" || h.Session != c.session || parent.ID != "1" || got["text"] != "<b> & é\u2028" {
		t.Errorf("got %+v %+v %+v", h, parent, got)
	}
}

// checkPartsAny decodes what encode has made, by the way a client would.
func checkPartsAny(t *testing.T, c *codec, frames [][]byte) (h, parent Header, metadata, content map[string]any) {
	t.Helper()
	_, m, err := newCodec(string(c.key)).decode(frames)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []struct {
		from json.RawMessage
		to   any
	}{{m.parent, &parent}, {m.metadata, &metadata}, {m.content, &content}} {
		if err := json.Unmarshal(p.from, p.to); err != nil {
			t.Fatal(err)
		}
	}
	return m.Header, parent, metadata, content
}

// What is remembered is bounded, and the last 65,536 are always among it.
func TestReplaysForget(t *testing.T) {
	var r replays
	number := func(n int) (s [sha256.Size]byte) {
		binary.BigEndian.PutUint64(s[:], uint64(n))
		return s
	}
	const n = 5*remembered + 100
	for i := range n {
		if !r.add(number(i)) {
			t.Fatalf("%d was said to be known", i)
		}
	}
	if kept := len(r.new) + len(r.old); kept > 2*remembered {
		t.Errorf("%d are kept", kept)
	}
	for i := n - remembered; i < n; i++ {
		if r.add(number(i)) {
			t.Fatalf("%d was forgotten", i)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(head), []byte("{}"), []byte("{}"))
	f.Fuzz(func(t *testing.T, header, parent, content []byte) {
		c := newCodec("key")
		_, m, err := c.decode(signed(c, string(header), string(parent), "{}", string(content)))
		if err == nil && (m.ID == "" || !json.Valid(m.content)) {
			t.Errorf("passed %q", m.header)
		}
		if err == nil {
			m.parentID()
		}
	})
}
