package task

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"
)

// childrenAlive returns how many children the process has that have not ended. What cannot be found out counts as
// many.
func childrenAlive() int {
	lists, err := filepath.Glob("/proc/self/task/*/children")
	if err != nil || len(lists) == 0 {
		return math.MaxInt
	}
	n := 0
	for _, list := range lists {
		pids, err := os.ReadFile(list)
		if err != nil {
			continue // the thread has ended; its children are another's now
		}
		for pid := range bytes.FieldsSeq(pids) {
			if !ended(string(pid)) {
				n++
			}
		}
	}
	return n
}

// ended reports whether a process has ended, and only waits for its parent to take note.
func ended(pid string) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%s/stat", pid))
	if err != nil {
		return true
	}
	_, rest, _ := bytes.Cut(stat, []byte(") "))
	return len(rest) > 0 && (rest[0] == 'Z' || rest[0] == 'X')
}
