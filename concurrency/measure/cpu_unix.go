//go:build unix

package measure

import (
	"math"

	"golang.org/x/sys/unix"
)

// cpuTime returns how many seconds processors have worked for the process.
func cpuTime() float64 {
	var u unix.Rusage
	if unix.Getrusage(unix.RUSAGE_SELF, &u) != nil {
		return math.NaN()
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}
