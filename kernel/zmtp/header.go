package zmtp

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// The bits of a frame's first byte.
const (
	flagMore    = 1 << 0
	flagLong    = 1 << 1
	flagCommand = 1 << 2
	flagsKnown  = flagMore | flagLong | flagCommand
)

// maxHeader is the length of the longest frame header: flags and an eight-byte size.
const maxHeader = 9

// Errors that end a connection. Each is wrapped with what the peer sent.
var (
	ErrFrame    = errors.New("zmtp: malformed frame")
	ErrTooLarge = errors.New("zmtp: message larger than the limit")
	ErrBudget   = errors.New("zmtp: half-received messages of the port exceed the limit")
	ErrReady    = errors.New("zmtp: malformed READY command")
)

// A header is the parsed start of a frame.
type header struct {
	flags byte
	size  uint64 // of the body, as the peer declares it
}

func (h header) more() bool    { return h.flags&flagMore != 0 }
func (h header) command() bool { return h.flags&flagCommand != 0 }

// headerSize returns how many bytes a header has whose first byte is flags.
func headerSize(flags byte) int {
	if flags&flagLong != 0 {
		return maxHeader
	}
	return 2
}

// parseHeader parses p, which holds exactly the headerSize(p[0]) bytes of a header.
func parseHeader(p []byte) (header, error) {
	h := header{flags: p[0]}
	switch {
	case h.flags&^byte(flagsKnown) != 0:
		return h, fmt.Errorf("%w: reserved flags %#x", ErrFrame, h.flags)
	case h.command() && h.more():
		return h, fmt.Errorf("%w: command in several frames", ErrFrame)
	case h.flags&flagLong != 0:
		h.size = binary.BigEndian.Uint64(p[1:])
	default:
		h.size = uint64(p[1])
	}
	return h, nil
}

// appendFrame appends a frame to p.
func appendFrame(p []byte, flags byte, body []byte) []byte {
	if len(body) > 255 {
		p = append(p, flags|flagLong)
		p = binary.BigEndian.AppendUint64(p, uint64(len(body)))
	} else {
		p = append(p, flags, byte(len(body)))
	}
	return append(p, body...)
}

// splitCommand splits the body of a command into its name and data.
func splitCommand(body []byte) (name string, data []byte, err error) {
	if len(body) == 0 || int(body[0]) > len(body)-1 {
		return "", nil, fmt.Errorf("%w: command without a name", ErrFrame)
	}
	n := 1 + int(body[0])
	return string(body[1:n]), body[n:], nil
}
