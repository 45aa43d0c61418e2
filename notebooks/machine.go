package notebooks

import (
	"os"
	"runtime"
	"strconv"
	"strings"
)

// A Machine is where a notebook was run. What the system does not tell is empty.
type Machine struct {
	OS         string `json:"os"`     // as Go calls it
	Arch       string `json:"arch"`   // as Go calls it
	Kernel     string `json:"kernel"` // the release of the system's kernel
	CPU        string `json:"cpu"`    // the name of the processor
	Cores      int    `json:"cores"`  // logical processors that the process may use
	GOMAXPROCS int    `json:"gomaxprocs"`
	Memory     int64  `json:"memory"` // of the machine, in bytes
}

// thisMachine describes the machine that the process runs on, and its GOMAXPROCS.
func thisMachine() Machine {
	m := Machine{OS: runtime.GOOS, Arch: runtime.GOARCH, Cores: runtime.NumCPU(), GOMAXPROCS: runtime.GOMAXPROCS(0)}
	// Linux tells the rest in files; elsewhere there are none.
	if b, err := os.ReadFile("/proc/sys/kernel/osrelease"); err == nil {
		m.Kernel = strings.TrimSpace(string(b))
	}
	m.CPU = field("/proc/cpuinfo", "model name")
	if kb, ok := strings.CutSuffix(field("/proc/meminfo", "MemTotal"), " kB"); ok {
		if n, err := strconv.ParseInt(kb, 10, 64); err == nil {
			m.Memory = n << 10
		}
	}
	return m
}

// field returns what a file has after a name and a colon on a line.
func field(file, name string) string {
	b, err := os.ReadFile(file)
	if err != nil {
		return ""
	}
	for l := range strings.Lines(string(b)) {
		key, value, ok := strings.Cut(l, ":")
		if ok && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return ""
}
