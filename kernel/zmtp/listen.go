package zmtp

import (
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"
)

// Listen announces on a ZeroMQ transport: "tcp" with "host:port", or "ipc" with a path. A socket file
// that a dead process left behind is replaced, one that is served is not. The socket file of ipc can be
// reached by its owner only.
func Listen(transport, addr string) (net.Listener, error) {
	switch transport {
	case "tcp":
		return net.Listen("tcp", addr)
	case "ipc":
		return listenUnix(addr)
	}
	return nil, fmt.Errorf("zmtp: unknown transport %q", transport)
}

func listenUnix(path string) (net.Listener, error) {
	ln, err := net.Listen("unix", path)
	if errors.Is(err, syscall.EADDRINUSE) && abandoned(path) {
		if err := os.Remove(path); err != nil {
			return nil, err
		}
		ln, err = net.Listen("unix", path)
	}
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(path, 0o600); err != nil {
		ln.Close()
		return nil, err
	}
	return ln, nil
}

// abandoned tells whether path is a socket that nobody serves.
func abandoned(path string) bool {
	info, err := os.Lstat(path)
	if err != nil || info.Mode()&os.ModeSocket == 0 {
		return false
	}
	conn, err := net.Dial("unix", path)
	if err == nil {
		conn.Close()
	}
	return errors.Is(err, syscall.ECONNREFUSED)
}
