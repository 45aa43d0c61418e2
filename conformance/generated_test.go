package main

import (
	"context"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

var (
	firstSeed    = flag.Uint64("seeds", 1, "the seed of the first random program")
	programCount = flag.Int("programs", 4, "how many random programs each engine runs")
)

// program returns the path of gobraid: what the environment variable GOBRAID names, or a fresh build.
func program(t *testing.T) string {
	t.Helper()
	if path := os.Getenv("GOBRAID"); path != "" {
		return path
	}
	path := filepath.Join(t.TempDir(), "gobraid")
	build := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-o", path, "github.com/gobraid/gobraid")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return path
}

// TestGenerated runs the first random programs and sessions through both engines. The compiled engine refuses nothing. The
// interpreter is given programs without features too, which it does not refuse.
func TestGenerated(t *testing.T) {
	if testing.Short() {
		t.Skip("needs the Go toolchain and some seconds")
	}
	path, dir := program(t), t.TempDir()
	if out, err := exec.CommandContext(t.Context(), path, "prebuild").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, c := range []struct {
		engine   string
		features []string
		refuses  bool
	}{{"compiled", nil, false}, {"yaegi", nil, true}, {"yaegi", []string{"closure", "label"}, false}} {
		corpus := generatedCorpus{dir: dir, seed: *firstSeed, count: *programCount, features: c.features}
		tests, err := corpus.tests("")
		if err != nil {
			t.Fatal(err)
		}
		s := suite{native: native{timeout: time.Minute}, gobraid: gobraid{path, c.engine, 2 * time.Minute}, jobs: 2}
		results, err := s.run(context.Background(), tests)
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range results {
			if r.Verdict == wrongVerdict || r.Verdict == refusedVerdict && !c.refuses {
				source, _ := os.ReadFile(tests[i].File)
				t.Errorf("engine %s: %s\n%s", c.engine, r, source)
			}
		}
	}
}
