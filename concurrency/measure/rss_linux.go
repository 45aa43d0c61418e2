package measure

import (
	"bytes"
	"math"
	"os"
	"strconv"
)

// resetPeak makes the peak of the memory of the process begin anew at what it has now. It reports whether that worked.
func resetPeak() bool { return os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) == nil }

// peakRSS returns how many bytes of memory the process has had at most since resetPeak.
func peakRSS() float64 { return status("VmHWM:") }

// rss returns how many bytes of memory the process has.
func rss() float64 { return status("VmRSS:") }

// status returns a field of the process's status that is in kB, in bytes.
func status(field string) float64 {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return math.NaN()
	}
	for line := range bytes.Lines(text) {
		if value, ok := bytes.CutPrefix(line, []byte(field)); ok {
			n, err := strconv.ParseFloat(string(bytes.TrimSpace(bytes.TrimSuffix(bytes.TrimSpace(value), []byte("kB")))), 64)
			if err != nil {
				return math.NaN()
			}
			return n * 1024
		}
	}
	return math.NaN()
}
