package kernel

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
)

// Reasons for which a message is refused.
var (
	ErrMalformed = errors.New("kernel: malformed message")
	ErrSignature = errors.New("kernel: wrong signature")
	ErrReplay    = errors.New("kernel: message seen before")
)

// delimiter stands between the routing frames and the signature.
var delimiter = []byte("<IDS|MSG>")

// A codec puts messages into signed frames and takes them out. It may be used from many goroutines.
type codec struct {
	key     []byte // empty: neither sign nor check
	session string
	count   atomic.Uint64
	seen    replays
	now     func() time.Time
}

func newCodec(key string) *codec {
	return &codec{key: []byte(key), session: uuid.NewString(), now: time.Now}
}

// sign returns the signature of the four parts of a message.
func (c *codec) sign(parts [][]byte) []byte {
	if len(c.key) == 0 {
		return nil
	}
	mac := hmac.New(sha256.New, c.key)
	for _, p := range parts {
		mac.Write(p)
	}
	return mac.Sum(nil)
}

// encode makes the frames of a new message, from the delimiter on. The parent may be nil.
func (c *codec) encode(kind string, parent, metadata, content json.RawMessage) (frames [][]byte, id string) {
	h := Header{
		ID:       c.session + "_" + strconv.FormatUint(c.count.Add(1), 10),
		Session:  c.session,
		Username: "gobraid",
		Date:     c.date(),
		Type:     kind,
		Version:  ProtocolVersion,
	}
	parts := [][]byte{mustEncode(h), orEmpty(parent), orEmpty(metadata), orEmpty(content)}
	signature := []byte(hex.EncodeToString(c.sign(parts)))
	return append([][]byte{delimiter, signature}, parts...), h.ID
}

// date is the present in the form headers carry.
func (c *codec) date() string { return c.now().UTC().Format("2006-01-02T15:04:05.000000Z") }

func orEmpty(part json.RawMessage) []byte {
	if len(part) == 0 {
		return []byte("{}")
	}
	return part
}

// decode takes the message out of frames, after checking its signature, and that it was not seen before.
func (c *codec) decode(frames [][]byte) (prefix [][]byte, m *message, err error) {
	at := 0
	for at < len(frames) && !bytes.Equal(frames[at], delimiter) {
		at++
	}
	if len(frames) < at+6 {
		return nil, nil, fmt.Errorf("%w: %d frames", ErrMalformed, len(frames))
	}
	prefix = frames[:at]
	parts := frames[at+2 : at+6]
	if err := c.verify(frames[at+1], parts); err != nil {
		return nil, nil, err
	}
	m = &message{header: parts[0], parent: parts[1], metadata: parts[2], content: parts[3], buffers: frames[at+6:]}
	for _, p := range parts {
		if !json.Valid(p) {
			return nil, nil, fmt.Errorf("%w: not JSON", ErrMalformed)
		}
	}
	if err := json.Unmarshal(m.header, &m.Header); err != nil {
		return nil, nil, fmt.Errorf("%w: header: %w", ErrMalformed, err)
	}
	if m.ID == "" || m.Type == "" {
		return nil, nil, fmt.Errorf("%w: header without msg_id or msg_type", ErrMalformed)
	}
	return prefix, m, nil
}

// verify checks a signature and remembers it.
func (c *codec) verify(signature []byte, parts [][]byte) error {
	if len(c.key) == 0 {
		return nil
	}
	given, err := hex.DecodeString(string(signature))
	if err != nil || !hmac.Equal(given, c.sign(parts)) {
		return ErrSignature
	}
	if !c.seen.add([sha256.Size]byte(given)) {
		return ErrReplay
	}
	return nil
}

// mustEncode encodes what cannot fail to encode: the package's own types.
func mustEncode(v any) []byte {
	p, err := encodeJSON(v)
	if err != nil {
		panic("kernel: encoding a message: " + err.Error())
	}
	return p
}

// encodeJSON encodes without the escapes that HTML pages need and messages do not.
func encodeJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
