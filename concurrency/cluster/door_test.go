package cluster_test

import (
	"context"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// hold tells the test, at a socket, that it runs, and where, and returns when the test lets it, or its context ends: the result is what the test says.
func hold(ctx context.Context, socket string) (string, error) {
	c, err := net.Dial("unix", socket)
	if err != nil {
		return "", err
	}
	defer c.Close()
	defer context.AfterFunc(ctx, func() { c.Close() })()
	if _, err := c.Write([]byte(strconv.Itoa(os.Getpid()) + " " + strconv.Itoa(os.Getppid()) + "\n")); err != nil {
		return "", err
	}
	b, err := io.ReadAll(c)
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return string(b), err
}

// deaf is hold that does not listen to its context.
func deaf(_ context.Context, socket string) (string, error) { return hold(background, socket) }

// A door is where functions wait for the test.
type door struct{ net.Listener }

func newDoor(t testing.TB) door {
	t.Helper()
	dir, err := os.MkdirTemp("", "door") // the name of a socket must be short
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("unix", filepath.Join(dir, "s"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close(); os.RemoveAll(dir) })
	return door{l}
}

func (d door) path() string { return d.Addr().String() }

// A held function runs in a process of a worker, and waits for the test.
type held struct {
	net.Conn
	process, worker int
}

// next waits until a function runs.
func (d door) next(t testing.TB) held {
	t.Helper()
	_ = d.Listener.(*net.UnixListener).SetDeadline(time.Now().Add(limit))
	c, err := d.Accept()
	if err != nil {
		t.Fatalf("no function has begun: %v", err)
	}
	t.Cleanup(func() { c.Close() })
	var buf [64]byte
	n, err := c.Read(buf[:])
	if err != nil {
		t.Fatal(err)
	}
	ids := strings.Fields(string(buf[:n]))
	h := held{Conn: c}
	h.process, _ = strconv.Atoi(ids[0])
	h.worker, _ = strconv.Atoi(ids[1])
	return h
}

// let has the function return.
func (h held) let(t testing.TB, result string) {
	t.Helper()
	if _, err := h.Write([]byte(result)); err != nil {
		t.Fatal(err)
	}
	h.Close()
}

// alive reports whether a process runs.
func alive(pid int) bool {
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	_, rest, _ := strings.Cut(string(stat), ") ")
	return err == nil && rest != "" && rest[0] != 'Z' && rest[0] != 'X'
}
