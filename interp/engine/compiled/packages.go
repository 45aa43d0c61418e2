package compiled

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// packages knows where the compiled packages lie that a cell may import.
type packages struct {
	files map[string]string // import path → archive
	list  string            // the same as lines of an import configuration
}

// ownPackages are gobraid's packages that cells may import.
const ownPackages = "github.com/gobraid/gobraid/concurrency/..."

// loadPackages returns the compiled standard library and gobraid's own packages. What the go command
// said is kept in a file; it is asked again, which compiles what is missing, when a listed archive
// has gone. progress, which may be nil, gets the go command's messages.
func loadPackages(ctx context.Context, t *toolchain, cache string, progress func(string)) (*packages, error) {
	file := filepath.Join(cache, "packages-"+t.id)
	if b, err := os.ReadFile(file); err == nil {
		if p := parsePackages(b); p.complete() {
			return p, nil
		}
	}
	b, err := t.listPackages(ctx, progress)
	if err != nil {
		return nil, err
	}
	if err := writeFile(file, b); err != nil {
		return nil, err
	}
	return parsePackages(b), nil
}

// buildFlags are the flags the host was built with.
func (t *toolchain) buildFlags() []string {
	flags := []string{"-buildmode=plugin", "-buildvcs=false"}
	if t.trimpath {
		flags = append(flags, "-trimpath")
	}
	if t.race {
		flags = append(flags, "-race")
	}
	if t.tags != "" {
		flags = append(flags, "-tags="+t.tags)
	}
	return flags
}

func (t *toolchain) listPackages(ctx context.Context, progress func(string)) ([]byte, error) {
	args := append([]string{"list", "-export", "-deps", "-f", "{{if .Export}}packagefile {{.ImportPath}}={{.Export}}{{end}}"}, t.buildFlags()...)
	if progress != nil {
		progress("compiling the standard library for plugins (once on a machine)")
		args = append(args, "-v")
	}
	cmd := exec.CommandContext(ctx, t.goCommand, append(args, "std", ownPackages)...)
	cmd.Dir = t.module
	cmd.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off")
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
		return nil, fmt.Errorf("go list -export: %w\n%s", err, strings.Join(last, "\n"))
	}
	return stdout.Bytes(), nil
}

func parsePackages(b []byte) *packages {
	p := &packages{files: map[string]string{}, list: string(b)}
	for line := range strings.Lines(p.list) {
		spec, ok := strings.CutPrefix(strings.TrimSpace(line), "packagefile ")
		if path, file, cut := strings.Cut(spec, "="); ok && cut {
			p.files[path] = file
		}
	}
	return p
}

// complete tells whether all archives exist.
func (p *packages) complete() bool {
	for _, file := range p.files {
		if _, err := os.Stat(file); err != nil {
			return false
		}
	}
	return len(p.files) > 0
}

// writeFile writes a file whole or not at all.
func writeFile(name string, b []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name))
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}
