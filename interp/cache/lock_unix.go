//go:build unix && !solaris && !illumos && !aix

package cache

import (
	"errors"
	"io"
	"os"
	"syscall"
)

// tryLock locks a file until the result is closed or the process ends. The error is errLocked if it is
// locked already.
func tryLock(file string) (io.Closer, error) {
	f, err := os.OpenFile(file, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		if errors.Is(err, syscall.EWOULDBLOCK) {
			err = errLocked
		}
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}
