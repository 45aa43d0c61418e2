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
	return filepath.Join(lines[0], "test"), lines[1], nil
}

// find returns the run tests below root whose path there begins with under, sorted.
func find(root, under string) ([]string, error) {
	var tests []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, path)
		if err != nil || d.IsDir() || filepath.Ext(path) != ".go" || !strings.HasPrefix(rel, under) {
			return err
		}
		if line, err := firstLine(path); err != nil || line != "// run" {
			return err
		}
		tests = append(tests, rel)
		return nil
	})
	if err == nil && len(tests) == 0 {
		err = fmt.Errorf("no tests in %s", filepath.Join(root, under))
	}
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
func slice(tests []string, part, parts int) []string {
	var some []string
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
