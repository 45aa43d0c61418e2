//go:build !unix

package task

import "time"

func cpuTime() time.Duration { return 0 }
