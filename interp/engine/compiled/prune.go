package compiled

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"
)

const (
	// keepFor is how long a built cell that no session uses stays in the cache.
	keepFor = 3 * 24 * time.Hour
	// inUse is how long one stays whatever the size of the cache: a running session may need it.
	inUse = 12 * time.Hour
	// keepBytes is the size the cache is cut down to.
	keepBytes = 1 << 30
)

// prune removes from the cache what no session has used for long, and, when it is large, what has been
// used longest ago. It looks at the cells of all builds of gobraid. What cannot be removed stays.
func prune(cache string, now time.Time) {
	type built struct {
		path string
		size int64
		age  time.Duration
	}
	var all []built
	var total int64
	dirs, _ := filepath.Glob(filepath.Join(cache, "cells-*")) // the pattern is a good one
	for _, dir := range dirs {
		_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return nil
			}
			if info, err := d.Info(); err == nil {
				all = append(all, built{path, info.Size(), now.Sub(info.ModTime())})
				total += info.Size()
			}
			return nil
		})
	}
	slices.SortFunc(all, func(a, b built) int { return int(b.age - a.age) })
	for _, x := range all {
		if x.age < inUse || x.age < keepFor && total <= keepBytes {
			break
		}
		if os.Remove(x.path) == nil {
			total -= x.size
		}
	}
	for _, dir := range dirs {
		_ = os.Remove(dir) // only if it is empty
	}
}
