// Package callsite says where package concurrency and those below it were called.
package callsite

import (
	"fmt"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/gobraid/gobraid/concurrency/task"
)

// own begins the paths of the packages that are passed over.
const own = "github.com/gobraid/gobraid/concurrency"

// Line returns the line that has called them: "cell 3 line 7", or "main.go:12" outside cells.
func Line() string {
	if site := task.Here(); site != 0 {
		return site.String()
	}
	var pcs [32]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs[:])])
	for {
		f, more := frames.Next()
		if !more || !inside(f.Function) {
			return fmt.Sprintf("%s:%d", filepath.Base(f.File), f.Line)
		}
	}
}

// inside reports whether a function is one of those packages', of iter's, which calls them on a coroutine, or of the runtime's.
func inside(function string) bool {
	slash := strings.LastIndexByte(function, '/') + 1
	dot := strings.IndexByte(function[slash:], '.')
	if dot < 0 {
		return false
	}
	path := function[:slash+dot]
	switch {
	case path == "runtime", path == "iter":
		return true
	case strings.HasSuffix(path, "_test"):
		return false
	}
	return path == own || strings.HasPrefix(path, own+"/")
}
