package task_test

import (
	"bytes"
	"fmt"
	"os"
)

// zombie reports whether a process has ended and only waits to be collected by a parent. Outside Linux it
// cannot tell.
func zombie(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return false
	}
	_, rest, _ := bytes.Cut(stat, []byte(") "))
	return bytes.HasPrefix(rest, []byte("Z"))
}
