package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/gobraid/gobraid/conformance/generate"
)

// An ending is how a program ended.
type ending struct {
	Exit    int    // the exit status; -1 if it was killed
	Timeout bool   // whether it was killed because its time was up
	Stdout  []byte // at most maxOutput bytes
	Stderr  []byte // the same
}

// maxOutput is what is kept of each output of a program.
const maxOutput = 8 << 20

// execute runs a program in a process group of its own, in a directory, until it ends or its time is up.
func execute(ctx context.Context, timeout time.Duration, dir, name string, args ...string) (ending, error) {
	limited, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	cmd := exec.CommandContext(limited, name, args...)
	var stdout, stderr capture
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &stdout, &stderr
	cmd.WaitDelay = time.Second
	ownGroup(cmd)
	err := cmd.Run()
	var exit *exec.ExitError
	if ctx.Err() != nil {
		return ending{}, ctx.Err()
	}
	if err != nil && !errors.As(err, &exit) && limited.Err() == nil && !errors.Is(err, exec.ErrWaitDelay) {
		return ending{}, err
	}
	e := ending{Exit: -1, Timeout: limited.Err() != nil, Stdout: stdout.Bytes(), Stderr: stderr.Bytes()}
	if cmd.ProcessState != nil {
		e.Exit = cmd.ProcessState.ExitCode()
	}
	return e, nil
}

// A capture keeps the beginning of what is written to it.
type capture struct{ bytes.Buffer }

func (c *capture) Write(p []byte) (int, error) {
	c.Buffer.Write(p[:min(len(p), maxOutput-c.Len())])
	return len(p), nil
}

// A native runs tests with the Go toolchain.
type native struct {
	cache   string // the directory of earlier answers; none are kept if it is empty
	timeout time.Duration
}

// cacheDir returns the directory for the answers of a Go release.
func cacheDir(version string) string {
	return filepath.Join(os.TempDir(), "gobraid-conformance-"+version)
}

// run builds and runs a test, unless it has done so before.
func (n native) run(ctx context.Context, t test) (ending, error) {
	source, err := os.ReadFile(t.File)
	if err != nil {
		return ending{}, err
	}
	kept := filepath.Join(n.cache, fmt.Sprintf("%x.json", sha256.Sum256([]byte(t.Name+"\x00"+string(source)))))
	var e ending
	if data, err := os.ReadFile(kept); n.cache != "" && err == nil && json.Unmarshal(data, &e) == nil {
		return e, nil
	}
	if e, err = n.build(ctx, t.File); err != nil || n.cache == "" {
		return e, err
	}
	data, err := json.Marshal(e)
	if err != nil {
		return e, err
	}
	if err := os.MkdirAll(n.cache, 0o700); err != nil {
		return e, err
	}
	return e, os.WriteFile(kept, data, 0o600)
}

// build builds and runs a program. One that does not build ends as the go command did.
func (n native) build(ctx context.Context, path string) (ending, error) {
	dir, err := os.MkdirTemp("", "conformance")
	if err != nil {
		return ending{}, err
	}
	defer os.RemoveAll(dir)
	program := filepath.Join(dir, "test")
	e, err := execute(ctx, 5*time.Minute, filepath.Dir(path), "go", "build", "-o", program, filepath.Base(path))
	if err != nil || e.Exit != 0 {
		return e, err
	}
	return execute(ctx, n.timeout, filepath.Dir(path), program)
}

// A gobraid runs tests with gobraid.
type gobraid struct {
	program, engine string
	timeout         time.Duration
}

// run runs a test.
func (g gobraid) run(ctx context.Context, t test) (ending, error) {
	args := []string{"exec", "--engine", g.engine}
	if !t.Session {
		return execute(ctx, g.timeout, filepath.Dir(t.File), g.program, append(args, filepath.Base(t.File))...)
	}
	source, err := os.ReadFile(t.File)
	if err != nil {
		return ending{}, err
	}
	dir, err := os.MkdirTemp("", "conformance")
	if err != nil {
		return ending{}, err
	}
	defer os.RemoveAll(dir)
	cells := generate.Cells(string(source))
	if g.engine == mixed {
		return g.alternate(ctx, t.Name, dir, cells)
	}
	for i, cell := range cells {
		name := fmt.Sprintf("cell%03d.go", i+1)
		if err := os.WriteFile(filepath.Join(dir, name), []byte(cell), 0o600); err != nil {
			return ending{}, err
		}
		args = append(args, name)
	}
	return execute(ctx, g.timeout, dir, g.program, args...)
}
