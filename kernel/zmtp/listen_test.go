package zmtp_test

import (
	"net"
	"os"
	"path/filepath"
	"testing"

	"github.com/go-zeromq/zmq4"
	"github.com/gobraid/gobraid/kernel/zmtp"
)

func TestListenIPC(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kernel-1")
	// A process that was killed leaves its socket file behind.
	dead, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	dead.(*net.UnixListener).SetUnlinkOnClose(false)
	dead.Close()

	ln, err := zmtp.Listen("ipc", path)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v, want 0600", info.Mode(), err)
	}
	closing(t, zmtp.NewEcho(ln, zmtp.Limits{}, nil))
	if _, err := zmtp.Listen("ipc", path); err == nil {
		t.Error("took the place of a port that is served")
	}
	c := connect(t, ln.Addr(), zmq4.Req, "")
	c.send(t, "", "ping")
	c.want(t, "", "ping")
}

func TestListenErrors(t *testing.T) {
	file := filepath.Join(t.TempDir(), "notes.txt")
	if err := os.WriteFile(file, []byte("keep"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ transport, addr string }{
		{"ipc", file},
		{"ipc", filepath.Join(file, "below")},
		{"udp", "127.0.0.1:0"},
		{"tcp", "no port"},
	} {
		if ln, err := zmtp.Listen(test.transport, test.addr); err == nil {
			ln.Close()
			t.Errorf("listening on %s %s", test.transport, test.addr)
		}
	}
	if got, _ := os.ReadFile(file); string(got) != "keep" {
		t.Error("a plain file was removed")
	}
}
