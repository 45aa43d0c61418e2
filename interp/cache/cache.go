package cache

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Variable is the environment variable that sets the size of the cache: "500MB", "4GB", "1.5G", or
// "none".
const Variable = "GOBRAID_CACHE"

// defaultLimit is the size without the variable.
const defaultLimit = 4 << 30

const (
	// unused is how long what no session uses stays in the cache.
	unused = 30 * 24 * time.Hour
	// fresh is how long it stays whatever the size: somebody may be about to use it.
	fresh = time.Minute
	// abandoned is how long a folder for building may be there before it is one of a process that ended.
	abandoned = time.Hour
	// between is the time between two looks at the cache that are not asked for.
	between = time.Minute
)

// Limit returns the size the cache is kept within, in bytes, 0 for no limit. A value of the variable that
// is no size is an error, and the limit is the default.
func Limit() (int64, error) {
	text := strings.TrimSpace(os.Getenv(Variable))
	if text == "" {
		return defaultLimit, nil
	}
	if text == "none" {
		return 0, nil
	}
	upper := strings.ToUpper(text)
	number := strings.TrimRight(upper, "KMGTIB ")
	shift, ok := map[string]uint{"": 0, "K": 10, "M": 20, "G": 30, "T": 40}[strings.TrimSuffix(strings.TrimSuffix(strings.TrimSpace(upper[len(number):]), "B"), "I")]
	n, err := strconv.ParseFloat(number, 64)
	if err != nil || !ok || n <= 0 || n > 1<<20 && shift == 40 {
		return defaultLimit, fmt.Errorf("%s=%s is not a size: set it to one such as 500MB or 4GB, or to none", Variable, text)
	}
	return max(int64(n*float64(int64(1)<<shift)), 1), nil
}

// A built is a file in the cache.
type built struct {
	path string
	size int64
	used time.Time
}

// Usage says what a cache holds.
type Usage struct {
	Bytes    int64 // the size of all built cells and programs
	Files    int
	Sessions int // running sessions that hold some of it
}

// Look returns what the cache in dir holds. It removes nothing.
func Look(dir string) Usage {
	all, bytes := list(dir)
	u := Usage{Bytes: bytes, Files: len(all)}
	for _, s := range holds(dir) {
		if l, err := tryLock(filepath.Join(s, lockName)); err == nil {
			l.Close()
		} else if errors.Is(err, errLocked) {
			u.Sessions++
		}
	}
	return u
}

// list returns the built files, those used longest ago first, and their size.
func list(dir string) (all []built, bytes int64) {
	folders, _ := filepath.Glob(filepath.Join(dir, "cells-*")) // the pattern is a good one
	for _, folder := range folders {
		// What cannot be read is not counted, and stays.
		_ = filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return nil
			}
			if info, err := d.Info(); err == nil {
				all = append(all, built{path, info.Size(), info.ModTime()})
				bytes += info.Size()
			}
			return nil
		})
	}
	slices.SortFunc(all, func(a, b built) int { return cmp.Or(a.used.Compare(b.used), cmp.Compare(a.path, b.path)) })
	return all, bytes
}

// Prune removes from the cache in dir what no session has used for a month and, where more than limit
// bytes are left, what has been used longest ago, until a fifth of the limit is free. A limit of 0 is none, and a
// negative one leaves nothing. It looks at what all versions of gobraid have built, and returns how much
// it has removed. What cannot be removed stays. One process at a time prunes; for another there is
// nothing to do.
func Prune(dir string, limit int64, now time.Time) (removed int64) {
	mutex, err := tryLock(filepath.Join(dir, "prune.lock"))
	if err != nil {
		return 0
	}
	defer mutex.Close()
	stamp := filepath.Join(dir, "pruned")
	if f, err := os.Create(stamp); err == nil {
		f.Close()
		_ = os.Chtimes(stamp, now, now) // it only saves a later look
	}
	removeDead(dir, now)
	all, bytes := list(dir)
	goal := limit
	for _, x := range all {
		age, left := now.Sub(x.used), bytes-removed
		switch {
		case limit < 0 || age >= unused:
		case limit == 0 || left <= goal || age < fresh:
			removeOld(dir, now)
			return removed
		default:
			goal = limit - limit/5
		}
		if os.Remove(x.path) == nil {
			removed += x.size
		}
	}
	removeOld(dir, now)
	return removed
}

// Due tells whether nobody has pruned the cache in dir for a moment.
func Due(dir string, now time.Time) bool {
	info, err := os.Stat(filepath.Join(dir, "pruned"))
	return err != nil || now.Sub(info.ModTime()).Abs() > between
}

// removeOld removes empty folders, folders that a build left behind, and lists of packages and sources
// of gobraid that have not been used for long.
func removeOld(dir string, now time.Time) {
	age := func(path string) time.Duration {
		info, err := os.Stat(path)
		if err != nil {
			return 0
		}
		return now.Sub(info.ModTime())
	}
	remove := func(pattern string, after time.Duration) {
		paths, _ := filepath.Glob(filepath.Join(dir, pattern)) // the patterns are good ones
		for _, path := range paths {
			if age(path) > after {
				_ = os.RemoveAll(path) // or it stays
			}
		}
	}
	remove(filepath.Join("cells-*", "build*"), abandoned)
	for _, pattern := range []string{"packages-*", "programs-*", "module-*", "modules-*"} {
		remove(pattern, 3*unused)
	}
	folders, _ := filepath.Glob(filepath.Join(dir, "cells-*"))
	for _, folder := range folders {
		_ = os.Remove(folder) // only if it is empty
	}
}
