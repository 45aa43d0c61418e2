//go:build !unix || solaris || illumos || aix

package cache

import (
	"io"
	"os"
	"time"
)

// forgotten is how old a lock has to be to be one of a process that ended.
const forgotten = 48 * time.Hour

// tryLock locks a file until the result is closed. Here, where there is no lock that ends with its
// process, one that is very old counts as none.
func tryLock(file string) (io.Closer, error) {
	if info, err := os.Stat(file); err == nil && time.Since(info.ModTime()) > forgotten {
		_ = os.Remove(file) // or it is still locked
	}
	f, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o644)
	if os.IsExist(err) {
		return nil, errLocked
	}
	if err != nil {
		return nil, err
	}
	return unlock{f}, nil
}

// An unlock is an open file that goes when it is closed.
type unlock struct{ *os.File }

// Close closes and removes the file.
func (u unlock) Close() error {
	name := u.Name()
	err := u.File.Close()
	_ = os.Remove(name) // its folder may have gone
	return err
}
