package yaegi_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

var (
	programCount = flag.Int("programs", 3, "how many random programs to compare with go run")
	firstSeed    = flag.Uint64("seed", 1, "the seed of the first random program")
)

// TestRandom compares random programs with the Go compiler.
func TestRandom(t *testing.T) {
	if testing.Short() || raceDetector {
		t.Skip("needs the Go toolchain and some seconds")
	}
	for i := range *programCount {
		seed := *firstSeed + uint64(i)
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			text := newGenerator(seed).program(12)
			want, _ := goRun(t, text)
			compare(t, "output", execRun(t, text), want)
			if t.Failed() {
				keepProgram(t, seed, text)
			}
		})
	}
}

// execRun runs a program in a process of its own, which ends with the test at the latest.
func execRun(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "main.go")
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, self, "exec", "--engine", "yaegi", file)
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Errorf("%v\n%s", err, stderr.String())
	}
	return string(out)
}

// keepProgram leaves a failing program where a person finds it.
func keepProgram(t *testing.T, seed uint64, text string) {
	f, err := os.CreateTemp("", fmt.Sprintf("random-%d-*.go", seed))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteString(text); err != nil {
		t.Fatal(err)
	}
	t.Logf("the program is %s", f.Name())
}
