package task_test

import "time"

// busy keeps the processor busy. Its lines are known to a test.
func busy(d time.Duration) {
	n := 0
	for from := time.Now(); time.Since(from) < d; {
		n++
	}
	_ = n
}

func busyElsewhere(d time.Duration) {
	for from := time.Now(); time.Since(from) < d; {
	}
}
