package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"

	"github.com/gobraid/gobraid/conformance/generate"
)

// defect is what gobraid says when the interpreter itself fails.
const defect = "failed inside the interpreter"

// late is what it says when the interpreter does not take what was written for it, which should have been refused before.
const late = "the interpreter fails on it"

// mostTries is how many programs making one small may run.
const mostTries = 600

// minimise makes the programs that are wrong, or that the interpreter did not take, small and writes them to a directory.
func (s suite) minimise(ctx context.Context, dir string, tests []test, results []result) error {
	for i, r := range results {
		if r.Verdict != wrongVerdict && !strings.Contains(r.Why, late) {
			continue
		}
		source, err := os.ReadFile(tests[i].File)
		if err != nil {
			return err
		}
		small := generate.Minimise(string(source), mostTries, func(source string) bool { return s.wrong(ctx, tests[i], source) })
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
		name := s.gobraid.engine + "-" + strings.ReplaceAll(r.Test, "/", "-") + ".go"
		if err := os.WriteFile(filepath.Join(dir, name), []byte(small), 0o644); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// wrong reports whether a program ends wrong, and so each time.
func (s suite) wrong(ctx context.Context, t test, source string) bool {
	dir, err := os.MkdirTemp("", "minimise")
	if err != nil {
		return false
	}
	defer os.RemoveAll(dir)
	t.File = filepath.Join(dir, "main.go")
	if err := os.WriteFile(t.File, []byte(source), 0o600); err != nil {
		return false
	}
	got, err := s.gobraid.run(ctx, t)
	if err == nil && got.Exit == refusedExit && bytes.Contains(got.Stderr, []byte(late)) {
		return true
	}
	if err != nil || got.Exit == refusedExit {
		return false
	}
	if bytes.Contains(got.Stdout, []byte(defect)) || bytes.Contains(got.Stderr, []byte(defect)) {
		return true // whatever the program means, and building it takes much longer
	}
	want, err := native{timeout: s.native.timeout}.run(ctx, t)
	if err != nil || want.Exit != 0 || want.Timeout {
		return false
	}
	if v, _ := judge(t, got, want); v != wrongVerdict {
		return false
	}
	again, err := s.gobraid.run(ctx, t)
	return err == nil && again.Exit == got.Exit && bytes.Equal(again.Stdout, got.Stdout)
}
