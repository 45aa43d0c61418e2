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
func peakRSS() float64 { return field("/proc/self/status", "VmHWM:") }

// rss returns how many bytes of memory the process has, counted page by page.
func rss() float64 { return field("/proc/self/smaps_rollup", "Rss:") }

// field returns a field of a file of the kernel's that is in kB, in bytes.
func field(file, name string) float64 {
	text, err := os.ReadFile(file)
	if err != nil {
		return math.NaN()
	}
	for line := range bytes.Lines(text) {
		if value, ok := bytes.CutPrefix(line, []byte(name)); ok {
			n, err := strconv.ParseFloat(string(bytes.TrimSpace(bytes.TrimSuffix(bytes.TrimSpace(value), []byte("kB")))), 64)
			if err != nil {
				return math.NaN()
			}
			return n * 1024
		}
	}
	return math.NaN()
}
