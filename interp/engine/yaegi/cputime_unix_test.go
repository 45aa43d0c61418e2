//go:build unix

package yaegi_test

import (
	"syscall"
	"time"
)

// cpuTime returns how long this process has worked, which does not depend on what else the machine does.
func cpuTime() time.Duration {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		return 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}
