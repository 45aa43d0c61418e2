package modules

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A Requirement is a requirement of go.mod.
type Requirement struct {
	Path, Version string
	Indirect      bool
	Replaced      string // by what, "" if it is not
}

// goModFile is what go mod edit -json says of go.mod.
type goModFile struct {
	Require []struct {
		Path, Version string
		Indirect      bool
	}
	Replace []struct {
		Old, New struct{ Path, Version string }
	}
}

// freshMod is the go.mod that Get makes.
const freshMod = "// The modules that notebooks in this folder import; %%get changes this file.\nmodule notebook\n\ngo %s\n"

// Requirements returns go.mod, "" if there is none, and what it requires. It blocks until the go command has answered or ctx
// ends.
func (s *Set) Requirements(ctx context.Context) (file string, all []Requirement, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	file = s.goMod()
	if file == "" {
		return "", nil, nil
	}
	all, err = s.requirements(ctx)
	return file, all, err
}

func (s *Set) requirements(ctx context.Context) ([]Requirement, error) {
	out, said, err := s.run(ctx, "mod", "edit", "-json")
	if err != nil {
		return nil, failed(said, err)
	}
	var f goModFile
	if err := json.Unmarshal(out, &f); err != nil {
		return nil, fmt.Errorf("go mod edit: %w", err)
	}
	var all []Requirement
	for _, r := range f.Require {
		x := Requirement{Path: r.Path, Version: r.Version, Indirect: r.Indirect}
		for _, rep := range f.Replace {
			if rep.Old.Path == r.Path && (rep.Old.Version == "" || rep.Old.Version == r.Version) {
				x.Replaced = strings.TrimSuffix(rep.New.Path+" "+rep.New.Version, " ")
			}
		}
		all = append(all, x)
	}
	return all, nil
}

// failed makes an error of what the go command said.
func failed(said string, err error) error {
	if text := firstLines(said); text != "" {
		return errors.New(text)
	}
	return err
}

// Get adds requirements of modules, or changes their versions: each of the arguments is the path of a module or package,
// which may be followed by @ and a version, as for go get. It makes a go.mod where there is none. A module that the running
// binary holds packages of is taken at the binary's version, as no other can be imported: higher versions of what is needed are lowered
// to it only if that is asked for. Get returns what has changed, a line each. It blocks until the go command has answered, which may download, or
// ctx ends. After an error go.mod is as it was.
func (s *Set) Get(ctx context.Context, args []string) (lines []string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.get(ctx, args)
}

func (s *Set) get(ctx context.Context, args []string) (lines []string, err error) {
	if err := s.find(ctx); err != nil {
		return nil, err
	}
	restore, err := s.ensureMod(&lines)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, restore())
			lines = nil
		}
	}()
	before, err := s.requirements(ctx)
	if err != nil {
		return nil, err
	}
	if s.required(before, args) {
		return lines, nil // go get would ask the network, which a notebook that was packed with its modules does without
	}
	if _, said, err := s.run(ctx, append([]string{"get", "--"}, args...)...); err != nil {
		return nil, failed(said, err)
	}
	aligned, err := s.align(ctx, args)
	if err != nil {
		return nil, err
	}
	if err := s.direct(ctx, args); err != nil {
		return nil, err
	}
	after, err := s.requirements(ctx)
	if err != nil {
		return nil, err
	}
	return append(append(lines, differences(before, after)...), aligned...), nil
}

// required reports whether each argument names a module at the version that is required already, with its hash in go.sum.
func (s *Set) required(all []Requirement, args []string) bool {
	sums, err := os.ReadFile(strings.TrimSuffix(s.goMod(), ".mod") + ".sum")
	return err == nil && !slices.ContainsFunc(args, func(arg string) bool {
		path, version, _ := strings.Cut(arg, "@")
		return !bytes.Contains(sums, []byte(path+" "+version+" h1:")) || !slices.ContainsFunc(all, func(r Requirement) bool {
			return !r.Indirect && r.Replaced == "" && r.Path == path && r.Version == version
		})
	})
}

// ensureMod makes a go.mod if there is none, and returns what puts back what was there.
func (s *Set) ensureMod(lines *[]string) (restore func() error, err error) {
	file := s.goMod()
	if file == "" {
		file = filepath.Join(s.opts.Dir, "go.mod")
		text := fmt.Sprintf(freshMod, strings.TrimPrefix(s.tool.Version, "go"))
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			return nil, err
		}
		*lines = append(*lines, "made "+file)
		return func() error { return os.Remove(file) }, nil
	}
	sum := strings.TrimSuffix(file, ".mod") + ".sum"
	old, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	oldSum, noSum := os.ReadFile(sum)
	return func() error {
		err := os.WriteFile(file, old, 0o644)
		if noSum == nil {
			err = errors.Join(err, os.WriteFile(sum, oldSum, 0o644))
		}
		return err
	}, nil
}

// pathOf returns an argument without its version.
func pathOf(arg string) string {
	path, _, _ := strings.Cut(arg, "@")
	return path
}

// align takes modules at the version that the running binary was built with, if a package is needed that it holds.
func (s *Set) align(ctx context.Context, args []string) (lines []string, err error) {
	if s.opts.Host == nil || s.opts.HostVersion == nil {
		return nil, nil
	}
	var want, exact []string
	wrong, err := s.differing(ctx, args)
	if err != nil || len(wrong) == 0 {
		return nil, err
	}
	for _, arg := range args {
		if _, version, _ := strings.Cut(arg, "@"); version != "" && version != "latest" && version != "upgrade" {
			exact = append(exact, arg)
		}
	}
	for _, m := range wrong {
		want = append(want, m.Path+"@"+m.Version)
		lines = append(lines, fmt.Sprintf("%s is what gobraid itself is built with: a process holds a package only once", at(m.Path, m.Version)))
	}
	if _, said, err := s.run(ctx, append(append([]string{"get", "--"}, exact...), want...)...); err != nil {
		return nil, fmt.Errorf("%w\n%s", failed(said, err), strings.Join(lines, "\n"))
	}
	return lines, nil
}

// differing returns the modules, at the binary's versions, that are required at others: all but those whose versions were asked for,
// and of these the ones of which the packages asked for need a package that the binary holds.
func (s *Set) differing(ctx context.Context, args []string) ([]Requirement, error) {
	all, err := s.requirements(ctx)
	if err != nil {
		return nil, err
	}
	var out []Requirement
	add := func(path, version string) {
		own := s.opts.HostVersion(path)
		if own != "" && own != version && !slices.ContainsFunc(out, func(r Requirement) bool { return r.Path == path }) {
			out = append(out, Requirement{Path: path, Version: own})
		}
	}
	for _, r := range all {
		if r.Replaced == "" && !slices.ContainsFunc(args, func(arg string) bool { return of(arg, r.Path) && strings.Contains(arg, "@v") }) {
			add(r.Path, r.Version)
		}
	}
	for _, arg := range args {
		if strings.HasSuffix(arg, "@none") {
			continue
		}
		needs, err := s.needed(ctx, pathOf(arg))
		if err != nil {
			return nil, err
		}
		for _, n := range needs {
			if _, held := s.opts.Host(n.ImportPath); held && n.Module != nil && !n.Module.Main {
				add(n.Module.Path, n.Module.version())
			}
		}
	}
	return out, nil
}

// needed lists a package and all it needs, nothing if there is no such package.
func (s *Set) needed(ctx context.Context, path string) ([]listed, error) {
	args := append([]string{"list", "-e", "-deps", "-json=ImportPath,Module"}, s.opts.Flags...)
	out, said, err := s.run(ctx, append(args, "--", path)...)
	if err != nil && len(out) == 0 {
		return nil, failed(said, err)
	}
	var all []listed
	for d := json.NewDecoder(bytes.NewReader(out)); d.More(); {
		var n listed
		if err := d.Decode(&n); err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		all = append(all, n)
	}
	return all, nil
}

// of tells whether an argument is about a module.
func of(arg, module string) bool {
	p := pathOf(arg)
	return p == module || strings.HasPrefix(p, module+"/")
}

// direct takes the mark off the requirements that were asked for that no Go file of the module imports them. No go command sees
// the cells that do.
func (s *Set) direct(ctx context.Context, args []string) error {
	all, err := s.requirements(ctx)
	if err != nil {
		return err
	}
	var edit []string
	for _, arg := range args {
		var best *Requirement
		for i, r := range all {
			if of(arg, r.Path) && (best == nil || len(r.Path) > len(best.Path)) {
				best = &all[i]
			}
		}
		if best != nil && best.Indirect {
			edit = append(edit, "-droprequire="+best.Path, "-require="+at(best.Path, best.Version))
		}
	}
	if len(edit) == 0 {
		return nil
	}
	_, said, err := s.run(ctx, append([]string{"mod", "edit"}, edit...)...)
	if err != nil {
		return failed(said, err)
	}
	return nil
}

// differences says how requirements have changed.
func differences(before, after []Requirement) []string {
	old := map[string]Requirement{}
	for _, r := range before {
		old[r.Path] = r
	}
	var lines []string
	for _, r := range after {
		was, ok := old[r.Path]
		delete(old, r.Path)
		switch {
		case ok && was.Version == r.Version, !ok && r.Indirect:
		case !ok:
			lines = append(lines, "added "+at(r.Path, r.Version))
		default:
			lines = append(lines, fmt.Sprintf("%s, was %s", at(r.Path, r.Version), was.Version))
		}
	}
	for _, r := range before {
		if _, gone := old[r.Path]; gone {
			lines = append(lines, "removed "+r.Path)
		}
	}
	return lines
}
