package modules

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"go/types"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"github.com/gobraid/gobraid/interp/check/stdtypes"
	"github.com/gobraid/gobraid/interp/toolchain"
)

// Options say how packages are found.
type Options struct {
	// Dir is the folder of the notebook, by default the working directory.
	Dir string
	// Importer reads the types of packages.
	Importer *stdtypes.Importer
	// Flags are the flags of go build that the running binary was built with, Experiments its GOEXPERIMENT.
	Flags       []string
	Experiments string
	// Host returns what tells one build of a package from another, if the running binary holds the package. It may be nil.
	Host func(path string) (fingerprint string, ok bool)
	// HostVersion returns the version of a module that the running binary was built with, "" for none. It may be nil.
	HostVersion func(module string) string
}

// A Package is a compiled package of a module.
type Package struct {
	Path    string
	File    string // its archive
	Module  string // "" if that is not known
	Version string // "" for a folder of the user's
	Local   bool   // it lies in a folder of the user's
	Needs   []*Package

	fingerprint string
}

// An ImportError says why a package cannot be imported.
type ImportError struct {
	Path string
	Msg  string
	Hint string // what to do about it
}

// Error returns the message.
func (e *ImportError) Error() string { return e.Msg }

// A Set knows the packages of modules that a session's cells have imported. Its methods may be called from several
// goroutines, except Import, which the type checker calls.
type Set struct {
	opts Options

	mu       sync.Mutex // held while the go command runs
	tool     *toolchain.Go
	known    map[string]*Package // by import path, with all that those need
	failed   map[string]*ImportError
	changed  []string            // failed only for the next cell: later ones go on with what the session has
	imported map[string]*Package // what the type checker has been given: it stays as it is
	state    string              // of go.mod and go.sum when the packages were looked up
}

// New returns a set that knows no package.
func New(opts Options) *Set {
	if opts.Dir == "" {
		opts.Dir, _ = os.Getwd() // without, the go command says what is wrong
	}
	return &Set{opts: opts, known: map[string]*Package{}, failed: map[string]*ImportError{}, imported: map[string]*Package{}}
}

// Import returns the types of a package that has been resolved. The error is an *[ImportError].
func (s *Set) Import(path string) (*types.Package, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e := s.failed[path]; e != nil {
		return nil, e
	}
	p := s.known[path]
	if p == nil {
		p = s.imported[path]
	}
	if p == nil {
		return nil, &ImportError{Path: path, Msg: fmt.Sprintf("package %s is not in std", path)}
	}
	if pkg := s.opts.Importer.Known(path); pkg != nil && s.imported[path] != nil {
		return pkg, nil
	}
	b, err := os.ReadFile(p.File)
	if err != nil {
		delete(s.known, path) // the build cache has been cleaned: it is asked for again
		return nil, &ImportError{Path: path, Msg: err.Error(), Hint: "run the cell again"}
	}
	pkg, err := s.opts.Importer.Read(b, path)
	if err == nil {
		s.keep(p)
		s.imported[path] = p
	}
	return pkg, err
}

// keep notes that the session uses a package.
func (s *Set) keep(p *Package) {
	s.imported[p.Path] = p
	for _, n := range p.Needs {
		if s.imported[n.Path] == nil {
			s.keep(n)
		}
	}
}

// Hint says what to do about a package that cannot be imported, "" if nothing is known.
func (s *Set) Hint(path string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e := s.failed[path]; e != nil {
		return e.Hint
	}
	return ""
}

// Needs returns a package of a module and all it imports that is not of the standard library, each after what it
// imports itself; nil if the session has not imported it.
func (s *Set) Needs(path string) []*Package {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.imported[path]
	if p == nil {
		return nil
	}
	var all []*Package
	seen := map[string]bool{}
	var add func(p *Package)
	add = func(p *Package) {
		if seen[p.Path] {
			return
		}
		seen[p.Path] = true
		for _, n := range p.Needs {
			add(n)
		}
		all = append(all, p)
	}
	add(p)
	return all
}

// File returns the file with the types of a package that the session has imported, "" for all others.
func (s *Set) File(path string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.imported[path]; p != nil {
		return p.File
	}
	return ""
}

// Dir returns the folder in which the go command is to be run to see the modules that cells see.
func (s *Set) Dir() string { return s.opts.Dir }

// goMod returns the go.mod that the go command uses, "" if there is none.
func (s *Set) goMod() string {
	for dir := s.opts.Dir; ; {
		file := filepath.Join(dir, "go.mod")
		if info, err := os.Stat(file); err == nil && info.Mode().IsRegular() {
			return file
		}
		up := filepath.Dir(dir)
		if up == dir {
			return ""
		}
		dir = up
	}
}

// stamp returns what changes when the requirements do.
func (s *Set) stamp() string {
	file := s.goMod()
	mod, _ := os.ReadFile(file)
	sum, _ := os.ReadFile(strings.TrimSuffix(file, ".mod") + ".sum")
	return file + "\n" + string(mod) + "\n" + string(sum)
}

// find finds the go command, once.
func (s *Set) find(ctx context.Context) error {
	if s.tool != nil {
		return nil
	}
	tool, err := toolchain.FindGo(ctx, "")
	if err != nil {
		return fmt.Errorf("modules need the Go toolchain: %w", err)
	}
	if built, _, _ := strings.Cut(runtime.Version(), "-X:"); tool.Version != built {
		return fmt.Errorf("the go command is %s, but gobraid was built with %s, and packages of modules have to be compiled with the same", tool.Version, built)
	}
	s.tool = tool
	return nil
}

// run runs the go command in the folder of the notebook. It may not download another toolchain, which would build other packages.
func (s *Set) run(ctx context.Context, args ...string) (stdout []byte, stderr string, err error) {
	return s.runWith(ctx, s.opts.Experiments, args...)
}

// runWith is run with another GOEXPERIMENT.
func (s *Set) runWith(ctx context.Context, experiments string, args ...string) (stdout []byte, stderr string, err error) {
	if err := s.find(ctx); err != nil {
		return nil, "", err
	}
	cmd := exec.CommandContext(ctx, s.tool.Command, args...)
	cmd.Dir = s.opts.Dir
	cmd.Env = append(os.Environ(), "PWD="+s.opts.Dir, "GOTOOLCHAIN=local", "GOEXPERIMENT="+experiments, "GOFLAGS="+goFlags(os.Getenv("GOFLAGS")))
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	err = cmd.Run()
	if ctx.Err() != nil {
		return nil, "", context.Cause(ctx)
	}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return nil, "", err
	}
	return out.Bytes(), said.String(), err
}

// goFlags returns of the user's flags those that say where modules are and what is built of them. How it is built
// is the running binary's to say.
func goFlags(user string) string {
	var kept []string
	for _, f := range strings.Fields(user) {
		name, _, _ := strings.Cut(strings.TrimLeft(f, "-"), "=")
		switch name {
		case "mod", "modfile", "modcacherw", "tags":
			kept = append(kept, f)
		}
	}
	return strings.Join(kept, " ")
}
