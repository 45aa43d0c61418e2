//go:build !unix

package yaegi_test

import "time"

var start = time.Now()

// cpuTime stands for the time this process has worked.
func cpuTime() time.Duration { return time.Since(start) }
