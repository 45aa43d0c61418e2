package kernel

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"strconv"
)

// A ConnectionInfo says where the kernel's five sockets are and with what key its messages are signed.
// It is what Jupyter writes into the connection file.
type ConnectionInfo struct {
	Transport       string `json:"transport"` // "tcp" or "ipc"
	IP              string `json:"ip"`        // an address for tcp, the start of a path for ipc
	ShellPort       int    `json:"shell_port"`
	IOPubPort       int    `json:"iopub_port"`
	StdinPort       int    `json:"stdin_port"`
	ControlPort     int    `json:"control_port"`
	HeartbeatPort   int    `json:"hb_port"`
	Key             string `json:"key"` // empty: messages are not signed
	SignatureScheme string `json:"signature_scheme"`
	KernelName      string `json:"kernel_name,omitempty"`
}

// scheme is the only signature scheme in use; the protocol allows others.
const scheme = "hmac-sha256"

// ReadConnectionFile reads a connection file. Keys it does not know are ignored.
func ReadConnectionFile(path string) (ConnectionInfo, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return ConnectionInfo{}, err
	}
	info, err := ParseConnection(text)
	if err != nil {
		return info, fmt.Errorf("%s: %w", path, err)
	}
	return info, nil
}

// ParseConnection parses the text of a connection file and fills in the protocol's defaults.
func ParseConnection(text []byte) (ConnectionInfo, error) {
	info := ConnectionInfo{Transport: "tcp", IP: "127.0.0.1", SignatureScheme: scheme}
	if err := json.Unmarshal(text, &info); err != nil {
		return info, fmt.Errorf("kernel: connection file: %w", err)
	}
	return info, info.check()
}

func (c ConnectionInfo) check() error {
	switch {
	case c.Transport != "tcp" && c.Transport != "ipc":
		return fmt.Errorf("kernel: connection file: unknown transport %q", c.Transport)
	case c.Key != "" && c.SignatureScheme != scheme:
		return fmt.Errorf("kernel: connection file: signature scheme %q, only %s is supported", c.SignatureScheme, scheme)
	}
	for _, port := range c.ports() {
		if *port < 0 || *port > 65535 && c.Transport == "tcp" {
			return fmt.Errorf("kernel: connection file: no such port: %d", *port)
		}
	}
	return nil
}

// ports lists the ports in the order of the channels.
func (c *ConnectionInfo) ports() [channels]*int {
	return [channels]*int{
		shellChannel:     &c.ShellPort,
		controlChannel:   &c.ControlPort,
		stdinChannel:     &c.StdinPort,
		iopubChannel:     &c.IOPubPort,
		heartbeatChannel: &c.HeartbeatPort,
	}
}

// addr is the address of a port in the form zmtp.Listen takes.
func (c ConnectionInfo) addr(port int) string {
	if c.Transport == "ipc" {
		return c.IP + "-" + strconv.Itoa(port)
	}
	host := c.IP
	if host == "*" { // ZeroMQ's word for every interface
		host = ""
	}
	return net.JoinHostPort(host, strconv.Itoa(port))
}
