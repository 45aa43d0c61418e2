//go:build unix

package server

import (
	"errors"
	"os"
	"syscall"
)

// lock makes this process the only one with a store. It ends with the file, and so with the process.
func lock(name string) (*os.File, error) {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, errors.New("another server has it: end that one, or give another folder")
		}
		return nil, err
	}
	return f, nil
}
