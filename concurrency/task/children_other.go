//go:build !linux

package task

import "math"

// childrenAlive returns how many children the process has that have not ended. Here that cannot be found out, so no deadlock
// is proved.
func childrenAlive() int { return math.MaxInt }
