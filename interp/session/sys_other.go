//go:build !unix

package session

import (
	"errors"
	"net"
	"os"
	"syscall"
)

func socketPair() (net.Conn, *os.File, error) {
	return nil, nil, errors.New("session: session processes need a Unix system")
}

func processAttributes() *syscall.SysProcAttr { return nil }

func readNow(uintptr, []byte) (int, bool) { return 0, true }

func signalOf(*os.ProcessState) (name string, kill, ok bool) { return "", false, false }

func killSession(int) {}

func preferAsVictim(int) {}

func drainEnd(net.Conn) {}

var errNoMemory = errors.New("session: memory is not watched on this system")

func memoryOf(int) (used, mapped int64, err error) { return 0, 0, errNoMemory }

func machineMemory() (int64, error) { return 0, errNoMemory }
