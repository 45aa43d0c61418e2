package main

import (
	"bufio"
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// toolchain asks the go command for its root and version.
func toolchain(ctx context.Context) (root, version string, err error) {
	out, err := exec.CommandContext(ctx, "go", "env", "GOROOT", "GOVERSION").Output()
	if err != nil {
		return "", "", fmt.Errorf("go env: %w", err)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(lines) != 2 {
		return "", "", fmt.Errorf("go env says %q", out)
	}
	return lines[0], lines[1], nil
}

// A runCorpus is a directory with Go's own run tests: files whose first line is exactly "// run".
type runCorpus struct{ root string }

func (c runCorpus) tests(under string) ([]test, error) {
	var tests []test
	err := filepath.WalkDir(c.root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(c.root, path)
		name := filepath.ToSlash(rel)
		if err != nil || d.IsDir() || filepath.Ext(path) != ".go" || !strings.HasPrefix(name, under) {
			return err
		}
		if line, err := firstLine(path); err != nil || line != "// run" {
			return err
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		tests = append(tests, test{Name: name, Group: directory(name), File: path, Internal: internals(name, source)})
		return nil
	})
	return tests, err
}

func firstLine(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	s := bufio.NewScanner(f)
	s.Scan()
	return s.Text(), nil
}

// slice returns every parts-th test from the one at index part on.
func slice[T any](tests []T, part, parts int) []T {
	var some []T
	for i := part; i < len(tests); i += parts {
		some = append(some, tests[i])
	}
	return some
}

// absolute returns a path that holds in any directory.
func absolute(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		return abs
	}
	return path
}
