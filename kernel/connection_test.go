package kernel

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const connectionFile = `{"shell_port": 1, "iopub_port": 2, "stdin_port": 3, "control_port": 4, "hb_port": 5,
	"ip": "127.0.0.1", "key": "k", "transport": "tcp", "signature_scheme": "hmac-sha256", "kernel_name": "gobraid",
	"jupyter_session": "unknown keys are ignored", "curve_publickey": "x"}`

func TestReadConnectionFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kernel.json")
	if err := os.WriteFile(path, []byte(connectionFile), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := ReadConnectionFile(path)
	want := ConnectionInfo{"tcp", "127.0.0.1", 1, 2, 3, 4, 5, "k", "hmac-sha256", "gobraid"}
	if err != nil || got != want {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
	if _, err := ReadConnectionFile(path + "x"); err == nil {
		t.Error("read a file that is not there")
	}
}

func TestParseConnection(t *testing.T) {
	for _, test := range []struct{ text, err string }{
		{`{}`, ""},
		{`{"transport": "ipc", "ip": "/tmp/k", "shell_port": 100000}`, ""},
		{`{"transport": "udp"}`, "transport"},
		{`{"key": "k", "signature_scheme": "hmac-md5"}`, "hmac-md5"},
		{`{"signature_scheme": "hmac-md5"}`, ""},
		{`{"shell_port": -1}`, "port"},
		{`{"hb_port": 65536}`, "port"},
		{`{"hb_port": "x"}`, "connection file"},
		{`nonsense`, "connection file"},
	} {
		_, err := ParseConnection([]byte(test.text))
		if (err == nil) != (test.err == "") || err != nil && !strings.Contains(err.Error(), test.err) {
			t.Errorf("%s: %v, want %q", test.text, err, test.err)
		}
	}
}

func TestAddr(t *testing.T) {
	for _, test := range []struct {
		info ConnectionInfo
		want string
	}{
		{ConnectionInfo{Transport: "tcp", IP: "127.0.0.1"}, "127.0.0.1:5"},
		{ConnectionInfo{Transport: "tcp", IP: "::1"}, "[::1]:5"},
		{ConnectionInfo{Transport: "tcp", IP: "*"}, ":5"},
		{ConnectionInfo{Transport: "ipc", IP: "/run/k"}, "/run/k-5"},
	} {
		if got := test.info.addr(5); got != test.want {
			t.Errorf("got %s, want %s", got, test.want)
		}
	}
}
