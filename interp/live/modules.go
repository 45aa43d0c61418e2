package live

import (
	"context"
	"errors"
	"fmt"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/interp/magic"
	"github.com/gobraid/gobraid/interp/split"
)

// resolve finds the packages of modules that the text of a cell imports, and tells out, which may be nil, if that takes long. What
// cannot be found is an error of the check that follows; the error here is that of ctx.
func (s *Session) resolve(ctx context.Context, text string, out interp.Sink) error {
	if s.modules == nil {
		return nil
	}
	paths := s.importsOf(text)
	told := make(chan struct{})
	var timer *time.Timer
	lines, err := s.modules.Resolve(ctx, paths, func(paths []string) {
		timer = time.AfterFunc(patience, func() {
			defer close(told)
			if out != nil {
				out.Output(interp.Stderr, []byte("The go command is asked for "+strings.Join(paths, ", ")+", which it may have to download and compile.\n"))
			}
		})
	})
	if timer != nil && !timer.Stop() {
		<-told
	}
	if len(lines) > 0 && out != nil {
		out.Output(interp.Stderr, []byte(strings.Join(lines, "\n")+"\n"))
	}
	return err
}

// importsOf returns the import paths in the text of a cell, nothing if it is wrong: the check says so.
func (s *Session) importsOf(text string) []string {
	if !strings.Contains(text, "import") {
		return nil
	}
	parts, errs := split.Split(token.NewFileSet(), "", text)
	if len(errs) > 0 {
		return nil
	}
	var paths []string
	for _, spec := range parts.Imports {
		if path, err := strconv.Unquote(spec.Path.Value); err == nil && !s.checker.Preloaded(path) {
			paths = append(paths, path)
		}
	}
	return paths
}

// moduleFile returns the file with the types of a package of a module, "" for all others.
func (s *Session) moduleFile(path string) string {
	if s.modules == nil {
		return ""
	}
	return s.modules.File(path)
}

// registerModules registers the magic for modules.
func (s *Session) registerModules(r *magic.Registry) {
	if s.modules == nil {
		return
	}
	r.Register(magic.Magic{
		Name: "get", Usage: "[MODULE[@VERSION]…]", Run: s.getMagic,
		Help: `Adds modules to go.mod, so that cells can import their packages; without arguments it lists them.
A version is one of the module's, such as v1.2.3, or latest, or none, which removes the module; without a version it is the
latest. go.mod is the nearest one from the notebook's folder upwards, made in the notebook's folder if there is none. It
pins the versions, so keep it with the notebook, and go.sum too. replace lines in it, for folders of your own, go.work and
GOPROXY mean what they mean to the go command.
Packages that need cgo cannot be imported.`,
	})
}

func (s *Session) getMagic(ctx context.Context, call magic.Call, env magic.Env) error {
	args := strings.Fields(call.Args)
	if len(args) == 0 {
		return s.listModules(ctx, env)
	}
	if i := slices.IndexFunc(args, func(a string) bool { return strings.HasPrefix(a, "-") }); i >= 0 {
		return fmt.Errorf("%%get knows no flags: %s; !go get has them", args[i])
	}
	lines, err := s.modules.Get(ctx, args)
	if err != nil {
		if ctx.Err() != nil {
			return err
		}
		return errors.New(strings.TrimSpace(err.Error()))
	}
	for _, line := range lines {
		env.Printf("%s\n", line)
	}
	return nil
}

// listModules lists what go.mod requires.
func (s *Session) listModules(ctx context.Context, env magic.Env) error {
	file, all, err := s.modules.Requirements(ctx)
	if err != nil {
		return err
	}
	if file == "" {
		env.Printf("there is no go.mod: %%get MODULE@VERSION makes one\n")
		return nil
	}
	env.Printf("%s\n", file)
	width, others := 0, 0
	for _, r := range all {
		if r.Indirect {
			others++
			continue
		}
		width = max(width, len(r.Path))
	}
	for _, r := range all {
		switch {
		case r.Indirect:
		case r.Replaced != "":
			env.Printf("  %-*s  %s => %s\n", width, r.Path, r.Version, r.Replaced)
		default:
			env.Printf("  %-*s  %s\n", width, r.Path, r.Version)
		}
	}
	if others > 0 {
		env.Printf("  and %s that these need\n", many(others, "module"))
	}
	return nil
}
