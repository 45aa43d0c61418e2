package modules

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/gobraid/gobraid/interp/check/stdtypes"
	"github.com/gobraid/gobraid/interp/engine/compiled/thin"
)

// A listed is what the go command says of a package.
type listed struct {
	ImportPath, Name, Export string
	Standard                 bool
	Module                   *module
	CgoFiles                 []string
	Imports                  []string
	ImportMap                map[string]string
	Error                    *struct{ Pos, Err string }
	DepsErrors               []*struct{ Pos, Err string }
}

type module struct {
	Path, Version, Dir string
	Main               bool
	Replace            *module
}

// fields are the fields of listed that the go command is asked for.
const fields = "ImportPath,Name,Export,Standard,Module,CgoFiles,Imports,ImportMap,Error,DepsErrors"

// version returns the version of a module's text, "" for a folder.
func (m *module) version() string {
	if m.Replace != nil {
		return m.Replace.version()
	}
	return m.Version
}

// Resolve finds the packages with the given import paths, less those of the standard library and gobraid's own, and has the go command
// compile them and what they need. What cannot be imported is an error of [Set.Import]; the error is that of ctx. It
// blocks until the go command has answered or ctx ends; a first import may download and compile for minutes. waiting, which
// may be nil, is called before that. A package of a required module may need modules of which go.mod and go.sum say nothing yet: they are added, at
// the versions that the requirements imply, and Resolve returns a line about each.
func (s *Set) Resolve(ctx context.Context, paths []string, waiting func(paths []string)) (lines []string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.changed {
		delete(s.failed, p)
		s.known[p] = s.imported[p]
	}
	s.changed = nil
	if stamp := s.stamp(); stamp != s.state {
		clear(s.failed)
		clear(s.known)
		s.state = stamp
	}
	var ask []string
	for _, p := range paths {
		if stdtypes.Has(p) || p == "C" || slices.Contains(ask, p) {
			continue
		}
		if k := s.known[p]; k == nil || k.anyLocal() {
			ask = append(ask, p)
		}
	}
	for _, p := range ask {
		delete(s.failed, p)
		delete(s.known, p)
	}
	ask = slices.DeleteFunc(ask, func(p string) bool { return !s.plausible(p) })
	if len(ask) == 0 {
		return nil, nil
	}
	if waiting != nil {
		waiting(ask)
	}
	lines, err = s.resolve(ctx, ask)
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if err != nil {
		for _, p := range ask {
			s.failed[p] = &ImportError{Path: p, Msg: err.Error()}
			if s.imported[p] != nil {
				s.changed = append(s.changed, p)
			}
		}
	}
	return lines, nil
}

// resolve finds packages that are not known.
func (s *Set) resolve(ctx context.Context, ask []string) (lines []string, err error) {
	all, err := s.list(ctx, ask)
	if err != nil {
		return nil, err
	}
	if lines, err = s.complete(ctx, all, ask); err != nil {
		return nil, err
	}
	if len(lines) > 0 {
		s.state = s.stamp()
		if all, err = s.list(ctx, ask); err != nil {
			return nil, err
		}
	}
	for _, p := range ask {
		if pkg, e := s.accept(all, p); e != nil {
			s.failed[p] = e
			if s.imported[p] != nil {
				s.changed = append(s.changed, p)
			}
		} else {
			s.known[p] = pkg
		}
	}
	return lines, nil
}

// complete adds to go.mod and go.sum what packages of required modules need.
func (s *Set) complete(ctx context.Context, all map[string]*listed, paths []string) (lines []string, err error) {
	var args []string
	for _, p := range paths {
		if x := all[p]; x != nil && x.Module != nil && x.Module.Replace == nil && x.Module.Version != "" && lacks(all, p, map[string]bool{}) {
			args = append(args, p+"@"+x.Module.Version)
		}
	}
	if len(args) == 0 {
		return nil, nil
	}
	more, err := s.get(ctx, args)
	for _, line := range more {
		lines = append(lines, "go.mod: "+line)
	}
	if len(lines) == 0 && err == nil {
		lines = append(lines, "go.sum: completed for "+strings.Join(paths, ", "))
	}
	return lines, err
}

// lacks tells whether a package needs one of which go.mod or go.sum does not say enough.
func lacks(all map[string]*listed, path string, seen map[string]bool) bool {
	x := all[path]
	if x == nil || x.Standard || seen[path] {
		return false
	}
	seen[path] = true
	if x.Error != nil && incomplete(x.Error.Err) {
		return true
	}
	return slices.ContainsFunc(x.Imports, func(to string) bool { return lacks(all, to, seen) })
}

// incomplete tells whether the go command complains that go.mod or go.sum has to be completed.
func incomplete(text string) bool {
	return strings.Contains(text, "missing go.sum entry") || strings.Contains(text, "updates to go.mod needed")
}

// plausible tells whether a path may be one of a module, and else says why it is not.
func (s *Set) plausible(p string) bool {
	switch {
	case strings.HasPrefix(p, "./") || strings.HasPrefix(p, "../") || p == "." || p == "..":
		s.failed[p] = &ImportError{Path: p, Msg: "a relative import is not supported in module mode",
			Hint: "import the folder by its module: a replace line in go.mod says where it is"}
	case s.goMod() == "" && strings.Contains(strings.Split(p, "/")[0], "."):
		s.failed[p] = &ImportError{Path: p, Msg: "there is no go.mod beside the notebook", Hint: "%get " + p + "@latest makes one"}
	case s.goMod() == "":
		s.failed[p] = &ImportError{Path: p, Msg: fmt.Sprintf("package %s is not in std", p)}
	default:
		return true
	}
	return false
}

// anyLocal tells whether a package, or one it needs, lies in a folder of the user's.
func (p *Package) anyLocal() bool {
	return p.Local || slices.ContainsFunc(p.Needs, (*Package).anyLocal)
}

// list asks the go command about packages and all they need, having it compile them.
func (s *Set) list(ctx context.Context, paths []string) (map[string]*listed, error) {
	args := append([]string{"list", "-e", "-export", "-deps", "-json=" + fields}, s.opts.Flags...)
	out, said, err := s.run(ctx, append(append(args, "--"), paths...)...)
	if len(out) == 0 && err != nil {
		if text := firstLines(said); text != "" {
			return nil, errors.New(text)
		}
		return nil, err
	}
	all := map[string]*listed{}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var x listed
		if err := d.Decode(&x); err == io.EOF {
			return all, nil
		} else if err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		all[x.ImportPath] = &x
	}
}

// firstLines returns what the go command said, less its name.
func firstLines(said string) string {
	return strings.ReplaceAll(strings.TrimPrefix(strings.TrimSpace(said), "go: "), "\ngo: ", "\n")
}

// accept makes a package of what was listed, with all it needs, or says why it cannot be imported.
func (s *Set) accept(all map[string]*listed, path string) (*Package, *ImportError) {
	a := accepting{s: s, all: all, root: path, made: map[string]*Package{}}
	p := a.make(path)
	if a.failed == nil {
		a.failed = s.differs(p, map[*Package]bool{})
	}
	return p, a.failed
}

type accepting struct {
	s      *Set
	all    map[string]*listed
	root   string
	made   map[string]*Package
	failed *ImportError // the first
}

func (a *accepting) fail(format string, args ...any) *ImportError {
	if a.failed == nil {
		a.failed = &ImportError{Path: a.root, Msg: fmt.Sprintf(format, args...)}
		return a.failed
	}
	return &ImportError{}
}

func (a *accepting) make(path string) *Package {
	if p := a.made[path]; p != nil {
		return p
	}
	p := &Package{Path: path}
	a.made[path] = p
	x := a.all[path]
	if x == nil {
		a.fail("the go command says nothing of package %s", path)
		return p
	}
	for _, to := range x.Imports {
		if mapped := x.ImportMap[to]; mapped != "" {
			to = mapped
		}
		if y := a.all[to]; y != nil && y.Standard || stdtypes.Has(to) && (y == nil || y.Error == nil) || to == "C" {
			continue
		}
		p.Needs = append(p.Needs, a.make(to))
	}
	a.judge(p, x)
	return p
}

// judge says whether a package can be part of a session.
func (a *accepting) judge(p *Package, x *listed) {
	if x.Module != nil {
		p.Module, p.Version = x.Module.Path, x.Module.version()
		p.Local = p.Version == ""
	}
	by := ""
	if p.Path != a.root {
		by = ", which " + a.root + " needs,"
	}
	switch {
	case len(x.CgoFiles) > 0:
		a.fail("package %s%s needs cgo, and cells are built without", p.Path, by).Hint =
			"use a module that is all Go, or a program of its own: !go run"
	case x.Error != nil:
		a.listError(p, x)
	case x.Name == "main":
		a.fail("import %q is a program, not an importable package", p.Path)
	case p.Path == a.root && internal(p.Path) && !(x.Module != nil && x.Module.Main):
		a.fail("use of internal package %s not allowed", p.Path)
	case x.Export == "":
		a.fail("package %s%s does not compile%s", p.Path, by, depsErrors(x))
	default:
		p.File = x.Export
		a.s.compare(p, a)
	}
}

func depsErrors(x *listed) string {
	for _, e := range x.DepsErrors {
		return ": " + strings.TrimSpace(e.Err)
	}
	return ""
}

// listError makes an error of the go command's.
func (a *accepting) listError(p *Package, x *listed) {
	text := strings.TrimSpace(x.Error.Err)
	if _, built, ok := strings.Cut(text, "\n"); ok && strings.HasPrefix(text, "# ") {
		a.fail("package %s does not compile: %s", p.Path, built) // in the compiler's words
		return
	}
	short, _, _ := strings.Cut(text, "; to add")
	e := a.fail("%s", short)
	switch {
	case strings.Contains(text, "no required module provides"):
		e.Hint = "%get " + p.Path + "@latest"
	case incomplete(text):
		e.Hint = "%get " + a.root
	case strings.Contains(text, "is not in std"), strings.Contains(text, "import lookup disabled"):
	case x.Error.Pos != "":
		e.Msg = fmt.Sprintf("package %s does not compile: %s: %s", p.Path, x.Error.Pos, short)
	}
}

func internal(p string) bool {
	return slices.Contains(strings.Split(p, "/"), "internal")
}

// compare compares a package with the one that the running binary holds.
func (s *Set) compare(p *Package, a *accepting) {
	fingerprint, err := thin.Fingerprint(p.File)
	if err != nil {
		a.fail("%v", err)
		return
	}
	p.fingerprint = fingerprint
	if s.opts.Host == nil {
		return
	}
	own, ok := s.opts.Host(p.Path)
	if !ok || own == p.fingerprint {
		return
	}
	by := ""
	if p.Path != a.root {
		by = " needs " + p.Path + " and"
	}
	version := ""
	if s.opts.HostVersion != nil {
		version = s.opts.HostVersion(p.Module)
	}
	e := a.fail("package %s%s is %s here, and gobraid itself is built with %s: a process holds a package only once",
		a.root, by, at(p.Module, p.Version), at(p.Module, version))
	if version != "" && version != p.Version {
		e.Hint = "%get " + p.Module + "@" + version
	}
}

func at(module, version string) string {
	if version == "" {
		return module + " from a folder"
	}
	return module + "@" + version
}

// differs says that a package is another than the one the session has.
func (s *Set) differs(p *Package, seen map[*Package]bool) *ImportError {
	if seen[p] {
		return nil
	}
	seen[p] = true
	if old := s.imported[p.Path]; old != nil && old.File != p.File {
		e := &ImportError{Path: p.Path, Hint: "restart the kernel to use it as it is now: what is loaded cannot be replaced"}
		if old.Version != p.Version {
			e.Msg = fmt.Sprintf("the session uses %s, and go.mod now says %s", at(old.Module, old.Version), at(p.Module, p.Version))
		} else {
			e.Msg = fmt.Sprintf("package %s has changed since the session first imported it", path.Clean(p.Path))
		}
		return e
	}
	for _, n := range p.Needs {
		if e := s.differs(n, seen); e != nil {
			return e
		}
	}
	return nil
}
