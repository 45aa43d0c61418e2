//go:build !linux

package process

import (
	"errors"
	"os"
	"syscall"
)

const (
	executable  = ""
	deathSignal = syscall.SIGTERM
)

var errSystem = errors.New("process: worker processes need Linux: memfd_create, PR_SET_PDEATHSIG and /proc")

func systemError() error                                   { return errSystem }
func attributes() *syscall.SysProcAttr                     { return nil }
func commandAttributes() *syscall.SysProcAttr              { return nil }
func socketPair() (ours, theirs *os.File, err error)       { return nil, nil, errSystem }
func memoryFile(name string, size int64) (*os.File, error) { return nil, errSystem }
func share(f *os.File, size int) (mem []byte, err error)   { return nil, errSystem }
func unshare(mem []byte)                                   {}
func await(pid int)                                        {}
func killGroup(pid int)                                    {}
func leaveGroup() bool                                     { return false }
func inherited(fd uintptr)                                 {}
func preferAsVictim(pid int)                               {}
func resident(pid int) int64                               { return 0 }
func readNow(f *os.File, buf []byte) int                   { return 0 }

func writePatiently(f *os.File, b []byte) { _, _ = f.Write(b) }
