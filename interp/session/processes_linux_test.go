//go:build unix

package session_test

import (
	"bufio"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/interp/session"
	"golang.org/x/sys/unix"
)

func number(t *testing.T, pid string) int {
	t.Helper()
	n, err := strconv.Atoi(strings.TrimSpace(pid))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// watchEnd returns a function that waits until the process has ended.
func watchEnd(t *testing.T, pid string) func() {
	t.Helper()
	fd, err := unix.PidfdOpen(number(t, pid), 0)
	if err != nil {
		t.Fatalf("process %s: %v", pid, err)
	}
	t.Cleanup(func() { unix.Close(fd) })
	return func() {
		t.Helper()
		for {
			n, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, int(patience.Milliseconds()))
			if err == unix.EINTR {
				continue
			}
			if n != 1 {
				t.Fatalf("process %s lives (%v)", pid, err)
			}
			return
		}
	}
}

func killNumber(t *testing.T, pid string) {
	t.Helper()
	ended := watchEnd(t, pid)
	if err := syscall.Kill(number(t, pid), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	ended()
}

func TestProcessesOfADeadSession(t *testing.T) {
	t.Parallel()
	h := start(t, nil)
	ended := watchEnd(t, h.good("spawn"))
	h.bad("kill 9", interp.ErrSession)
	ended()
	ended = watchEnd(t, h.good("spawn"))
	if err := h.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	ended()
	ended = watchEnd(t, h.good("spawn"))
	itself := watchEnd(t, h.good("pid"))
	h.Close()
	ended()
	itself()
}

func TestHostKilled(t *testing.T) {
	t.Parallel()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	host := exec.Command(path)
	host.Env = append(os.Environ(), roleVariable+"=host")
	host.Stderr = os.Stderr
	out, err := host.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := host.Start(); err != nil {
		t.Fatal(err)
	}
	var ended []func()
	for lines := bufio.NewScanner(out); lines.Scan() && lines.Text() != "ready"; {
		ended = append(ended, watchEnd(t, lines.Text()))
	}
	if len(ended) != 2 {
		t.Errorf("%d processes, want 2", len(ended))
	}
	host.Process.Kill()
	host.Wait()
	for _, end := range ended {
		end()
	}
}

func TestDeathBetweenCells(t *testing.T) {
	t.Parallel()
	h := start(t, nil)
	h.good("var x")
	h.good("exit-later 7")
	r := newRecorder()
	// The goroutine of cell 2 ends the process while cell 3 runs or just after it: both happen.
	if o := h.cell("release", r); o.Error == nil {
		t.Fatal("the process survived")
	}
	h.good("var y") // x is gone and that has been told
	pid := strings.TrimSpace(h.good("pid"))
	killNumber(t, pid)
	r = newRecorder()
	if o := h.cell("print on", r); o.Error != nil {
		t.Fatal(o.Error)
	}
	contains(t, r.stderr(), "The session process ended after the previous cell: the session process was ended by a signal: killed",
		"A fresh session process was started", "Lost variables: y.")
	if r.stdout() != "on\n" {
		t.Errorf("printed %q", r.stdout())
	}
}

func TestMemoryLimit(t *testing.T) {
	for _, test := range []struct{ name, cell, value string }{
		{"used", "hog", "the session process used more than 512 MiB of memory"},
		{"untouched", "hog-untouched", "the session process allocated more than 16 GiB of memory"},
	} {
		t.Run(test.name, func(t *testing.T) {
			h := start(t, func(c *session.Config) { c.Memory = 512 << 20 })
			o, _ := h.bad(test.cell, interp.ErrSession)
			if o.Error.Value != test.value {
				t.Errorf("%q, want %q", o.Error.Value, test.value)
			}
			h.good("print on")
		})
	}
}
