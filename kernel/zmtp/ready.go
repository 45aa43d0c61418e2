package zmtp

import (
	"encoding/binary"
	"fmt"
	"strings"

	"github.com/go-zeromq/zmq4"
)

const socketType = "Socket-Type"

// socketTypes are the types zmq4 knows; it panics on others.
var socketTypes = map[zmq4.SocketType]bool{
	zmq4.Pair: true, zmq4.Pub: true, zmq4.Sub: true, zmq4.Req: true, zmq4.Rep: true, zmq4.Dealer: true,
	zmq4.Router: true, zmq4.Pull: true, zmq4.Push: true, zmq4.XPub: true, zmq4.XSub: true,
}

// checkReady tells whether the properties of a READY command are well formed and name a socket type.
// zmq4 0.17 slices by the lengths in them without looking, and panics on a peer that lies, or gives no
// socket type, or one it does not know.
func checkReady(data []byte) error {
	typed := false
	for len(data) > 0 {
		name, value, rest, err := cutProperty(data)
		if err != nil {
			return err
		}
		if strings.EqualFold(name, socketType) {
			if name != socketType || !socketTypes[zmq4.SocketType(value)] {
				return fmt.Errorf("%w: %s %q", ErrReady, name, value)
			}
			typed = true
		}
		data = rest
	}
	if !typed {
		return fmt.Errorf("%w: no socket type", ErrReady)
	}
	return nil
}

// cutProperty takes the first property off data.
func cutProperty(data []byte) (name, value string, rest []byte, err error) {
	n := 1 + int(data[0])
	if n == 1 || len(data) < n+4 {
		return "", "", nil, fmt.Errorf("%w: property name cut off", ErrReady)
	}
	name = string(data[1:n])
	size := uint64(binary.BigEndian.Uint32(data[n:]))
	rest = data[n+4:]
	if size > uint64(len(rest)) {
		return "", "", nil, fmt.Errorf("%w: property value cut off", ErrReady)
	}
	return name, string(rest[:size]), rest[size:], nil
}
