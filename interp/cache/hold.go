package cache

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// lockName is the name of the file that is locked as long as the process of a hold lives.
const lockName = "lock"

// errLocked is the error of a file that another process has locked.
var errLocked = errors.New("cache: locked")

// A Hold is a session's hold on what it uses of a cache. Its methods may be called from several goroutines.
type Hold struct {
	dir  string
	lock io.Closer
}

// NewHold makes a hold on the cache in dir, which is made if it is not there. It must be closed; if the
// process ends before, the next [Prune] does what Close would have done.
func NewHold(dir string) (*Hold, error) {
	sessions := filepath.Join(dir, "sessions")
	if err := os.MkdirAll(sessions, 0o755); err != nil {
		return nil, err
	}
	// The folder gets the name that Prune looks for when it is locked.
	made, err := os.MkdirTemp(sessions, "new-")
	if err != nil {
		return nil, err
	}
	lock, err := tryLock(filepath.Join(made, lockName))
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(made))
	}
	h := &Hold{dir: filepath.Join(sessions, "s-"+filepath.Base(made)[len("new-"):]), lock: lock}
	if err := os.Rename(made, h.dir); err != nil {
		return nil, errors.Join(err, lock.Close(), os.RemoveAll(made))
	}
	return h, nil
}

// Dir returns a folder that belongs to the session and goes with it.
func (h *Hold) Dir() string { return h.dir }

// Keep returns another name for a file of the cache, under which it stays until Close. The error is
// fs.ErrNotExist if the file is not there.
func (h *Hold) Keep(file string) (string, error) {
	name := filepath.Join(h.dir, filepath.Base(file))
	err := os.Link(file, name)
	switch {
	case err == nil || errors.Is(err, fs.ErrExist):
	case errors.Is(err, fs.ErrNotExist):
		return "", err
	default: // no such thing as links
		b, err := os.ReadFile(file)
		if err != nil {
			return "", err
		}
		if err := os.WriteFile(name, b, 0o644); err != nil {
			return "", err
		}
	}
	now := time.Now()
	_ = os.Chtimes(file, now, now) // it only stays in the cache for longer
	return name, nil
}

// Close gives up what is held.
func (h *Hold) Close() error { return errors.Join(os.RemoveAll(h.dir), h.lock.Close()) }

// holds returns the folders of holds.
func holds(dir string) []string {
	all, _ := filepath.Glob(filepath.Join(dir, "sessions", "s-*")) // the pattern is a good one
	return all
}

// removeDead removes the folders of holds whose process has ended.
func removeDead(dir string, now time.Time) {
	for _, folder := range holds(dir) {
		lock, err := tryLock(filepath.Join(folder, lockName))
		if err != nil {
			continue
		}
		_ = os.RemoveAll(folder) // or the next one does
		lock.Close()
	}
	started, _ := filepath.Glob(filepath.Join(dir, "sessions", "new-*"))
	for _, folder := range started {
		if info, err := os.Stat(folder); err == nil && now.Sub(info.ModTime()) > abandoned {
			_ = os.RemoveAll(folder) // or the next one does
		}
	}
}
