//go:build unix

package task

import (
	"time"

	"golang.org/x/sys/unix"
)

// cpuTime returns how long processors have worked for the process and for the children it has waited for.
func cpuTime() time.Duration {
	var d time.Duration
	for _, who := range []int{unix.RUSAGE_SELF, unix.RUSAGE_CHILDREN} {
		var u unix.Rusage
		if unix.Getrusage(who, &u) == nil {
			d += time.Duration(u.Utime.Nano() + u.Stime.Nano())
		}
	}
	return d
}
