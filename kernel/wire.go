package kernel

import (
	"encoding/json"
	"time"
)

// ProtocolVersion is the version of the Jupyter messaging protocol that the kernel speaks.
const ProtocolVersion = "5.5"

// A Header is the header of a message.
type Header struct {
	ID       string `json:"msg_id"`
	Session  string `json:"session"`
	Username string `json:"username"`
	Date     string `json:"date"`
	Type     string `json:"msg_type"`
	Version  string `json:"version"`
	Subshell string `json:"subshell_id,omitempty"` // of requests
}

// time returns the sender's date of the message, zero if it gave none that can be read.
func (h Header) time() time.Time {
	t, err := time.Parse(time.RFC3339Nano, h.Date)
	if err != nil {
		return time.Time{}
	}
	return t
}

// A message is one that has arrived and whose signature is right.
type message struct {
	Header
	header   json.RawMessage // as the client wrote it: the parent header of what answers it
	parent   json.RawMessage
	metadata json.RawMessage
	content  json.RawMessage
	buffers  [][]byte
}

// parentID returns the id of the message that this one answers, if it says.
func (m *message) parentID() string {
	var h Header
	if json.Unmarshal(m.parent, &h) != nil {
		return ""
	}
	return h.ID
}

// The five channels.
type channel int

const (
	shellChannel channel = iota
	controlChannel
	stdinChannel
	iopubChannel
	heartbeatChannel
	channels
)

func (c channel) String() string {
	return [...]string{"shell", "control", "stdin", "iopub", "hb"}[c]
}

// A request is a message that wants an answer, and the way the answer goes.
type request struct {
	*message
	channel channel
	peer    peer
	prefix  [][]byte // routing frames to give back
	aborted bool     // an earlier cell failed: do not execute. Guarded by shell.mu
}

// A peer is who sent a request.
type peer interface {
	// Send queues a message for the peer without blocking.
	Send(frames [][]byte) error
	// Identity is the routing id by which the same client is known on other channels.
	Identity() string
	// Trust marks the peer as one that knows the key.
	Trust()
}
