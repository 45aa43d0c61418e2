package toolchain

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// A Go is a Go toolchain.
type Go struct {
	Command string // the path of the go command
	Version string // such as "go1.26.8"
	ToolDir string // where compiler and linker are
	CC      string // the name of the C compiler
	Cgo     bool   // whether cgo is on and the C compiler is there

	// Experiments are what GOEXPERIMENT is for all that the toolchain builds.
	Experiments string
}

// FindGo finds the go command and asks it about itself, in the folder dir, "" being the process's own. It
// blocks until the command has answered; the end of ctx ends it.
func FindGo(ctx context.Context, dir string) (*Go, error) {
	command, err := exec.LookPath("go")
	if err != nil {
		return nil, errors.New("no go command is in PATH: install Go from https://go.dev/dl")
	}
	cmd := exec.CommandContext(ctx, command, "env", "-json", "GOVERSION", "GOTOOLDIR", "CC", "CGO_ENABLED")
	cmd.Dir = dir
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go env: %w", err)
	}
	var env struct{ GOVERSION, GOTOOLDIR, CC, CGO_ENABLED string }
	if err := json.Unmarshal(out, &env); err != nil {
		return nil, fmt.Errorf("go env: %w", err)
	}
	cc, _, _ := strings.Cut(env.CC, " ")
	_, missing := exec.LookPath(cc)
	return &Go{
		Command: command, Version: env.GOVERSION, ToolDir: env.GOTOOLDIR,
		CC: cc, Cgo: env.CGO_ENABLED == "1" && missing == nil,
	}, nil
}

// List has the go command compile what is missing of the given packages and of all they import, and returns
// where they lie, as lines of an import configuration. It runs in the folder of a module. progress, which
// may be nil, gets the go command's messages.
func (g *Go) List(ctx context.Context, module string, flags, patterns []string, progress func(string)) ([]byte, error) {
	args := append([]string{"list", "-export", "-deps", "-f", "{{if .Export}}packagefile {{.ImportPath}}={{.Export}}{{end}}"}, flags...)
	if progress != nil {
		args = append(args, "-v")
	}
	cmd := exec.CommandContext(ctx, g.Command, append(args, patterns...)...)
	cmd.Dir = module
	cmd.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off", "GOEXPERIMENT="+g.Experiments)
	var stdout bytes.Buffer
	cmd.Stdout = &stdout
	stderr, err := cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	var last []string
	for s := bufio.NewScanner(stderr); s.Scan(); {
		if progress != nil {
			progress(s.Text())
		}
		if last = append(last, s.Text()); len(last) > 20 {
			last = last[1:]
		}
	}
	if err := cmd.Wait(); err != nil {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		return nil, fmt.Errorf("go list -export: %w\n%s", err, strings.Join(last, "\n"))
	}
	return stdout.Bytes(), nil
}

// A ToolError is what a tool said as it failed.
type ToolError struct {
	Tool   string
	Output string
}

// Error returns the tool's words.
func (e *ToolError) Error() string { return e.Tool + ": " + strings.TrimSpace(e.Output) }

// Tool runs the compiler ("compile") or the linker ("link") in the folder dir, with what env adds to the
// environment. It blocks until it has ended; the end of ctx kills it, and the error is ctx's cause. If it
// fails the error is a *[ToolError].
func (g *Go) Tool(ctx context.Context, dir string, env []string, tool string, args ...string) error {
	cmd := exec.CommandContext(ctx, filepath.Join(g.ToolDir, tool), args...)
	cmd.Dir = dir
	cmd.Env = append(append(os.Environ(), "PWD="+dir, "GOEXPERIMENT="+g.Experiments), env...)
	out, err := cmd.CombinedOutput()
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case len(out) == 0:
		return fmt.Errorf("%s: %w", tool, err)
	}
	return &ToolError{Tool: tool, Output: string(out)}
}
