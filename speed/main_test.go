package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestPrograms asserts that every program of Python has one of Go beside it, and that a program measures itself.
func TestPrograms(t *testing.T) {
	names, err := programs(filepath.Join("testdata", "programs"), nil)
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, n := range names {
		known[n+".py"] = true
	}
	files, err := filepath.Glob(filepath.Join("testdata", "programs", "*.py"))
	if err != nil || len(files) == 0 {
		t.Fatal("no programs of Python", err)
	}
	for _, f := range files {
		if !known[filepath.Base(f)] {
			t.Errorf("%s has no program of Go", f)
		}
	}
	file := filepath.Join(t.TempDir(), "seconds")
	if err := os.WriteFile(file, []byte("#!/bin/sh\necho 0.25\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	if s, err := measure(t.Context(), time.Minute, []string{"/bin/sh", file}); err != nil || s != 0.25 {
		t.Errorf("%v seconds, %v", s, err)
	}
	if got := ratio(1, 0) + " " + ratio(3, 2) + " " + seconds(0.5); got != "– 1.50 0.5000" {
		t.Error(got)
	}
}
