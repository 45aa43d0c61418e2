//go:build unix && !linux

package session

import (
	"errors"
	"net"
	"syscall"
)

// killSession kills the process group that the session's leader leads. What a cell has put into a
// group of its own is not found: only Linux says which processes belong to a session.
func killSession(id int) { syscall.Kill(-id, syscall.SIGKILL) }

func preferAsVictim(int) {}

// drainEnd does nothing: closing one's reading end would throw away what has arrived.
func drainEnd(net.Conn) {}

var errNoMemory = errors.New("session: memory is not watched on this system")

func memoryOf(int) (used, mapped int64, err error) { return 0, 0, errNoMemory }

func machineMemory() (int64, error) { return 0, errNoMemory }
