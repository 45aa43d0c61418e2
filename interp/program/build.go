package program

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"go/version"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gobraid/gobraid/interp/cache"
	"github.com/gobraid/gobraid/interp/check"
	"github.com/gobraid/gobraid/interp/toolchain"
)

// A Builder builds programs. Its methods may be called from several goroutines; they take turns.
type Builder struct {
	// Sources are gobraid's own sources, for a binary that was built with -trimpath.
	Sources fs.FS
	// Cache is the folder for what is built, by default gobraid's in the user's cache folder.
	Cache string
	// Modules gives the packages of modules. It may be nil: then programs import none.
	Modules interface {
		Has(path string) bool
		Archives(ctx context.Context, paths, flags []string) ([]byte, error)
	}

	mu     sync.Mutex
	tool   *toolchain.Go
	module string
	id     string                       // a hash of all that decides what a build gives
	pkgs   map[bool]*toolchain.Packages // with the race detector, and without
}

// A BuildError is what the compiler says of a program.
type BuildError struct {
	Errors []check.Error
	Output string
}

// Error returns the first message.
func (e *BuildError) Error() string {
	if len(e.Errors) > 0 {
		return e.Errors[0].Error()
	}
	return strings.TrimSpace(e.Output)
}

// Build builds a program and returns its executable file, which belongs to the cache. It blocks until the
// program is built or ctx ends; its error is then the cause of that. The first program that needs a package
// waits until the go command has compiled it; progress, which may be nil, is told of that. The error is a
// *[BuildError] for what the compiler rejects.
func (b *Builder) Build(ctx context.Context, p *Program, race bool, progress func(string)) (string, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.find(ctx); err != nil {
		return "", err
	}
	if race && !b.tool.Cgo {
		return "", fmt.Errorf("the race detector needs cgo and a C compiler, and %s was not found: install one (apt-get install gcc, xcode-select --install), and do not set CGO_ENABLED=0", b.tool.CC)
	}
	own, more, err := b.moduleArchives(ctx, p.Imports, race)
	if err != nil {
		return "", err
	}
	h := sha256.New()
	fmt.Fprintln(h, b.id, race, p.Source, string(more)) // the names of the archives are hashes of what is in them
	exe := filepath.Join(b.Cache, "cells-programs-"+b.id, hex.EncodeToString(h.Sum(nil))[:20])
	now := time.Now()
	if os.Chtimes(exe, now, now) == nil {
		return exe, nil
	}
	config, err := b.packages(ctx, own, race, progress)
	if err != nil {
		return "", err
	}
	if more != nil {
		config = merge(toolchain.ParsePackages(more), toolchain.ParsePackages([]byte(config))).Text
	}
	if err := b.build(ctx, p, race, config, exe); err != nil {
		return "", err
	}
	if cache.Due(b.Cache, now) {
		limit, _ := cache.Limit() // doctor tells what is wrong with it
		cache.Prune(b.Cache, limit, now)
	}
	return exe, nil
}

// usual are the packages that programs of cells are likely to import.
var usual = []string{
	"fmt", "testing", "testing/internal/testdeps",
	"github.com/gobraid/gobraid/concurrency", "github.com/gobraid/gobraid/concurrency/display", "github.com/gobraid/gobraid/concurrency/exercise",
	"github.com/gobraid/gobraid/concurrency/loop",
	"github.com/gobraid/gobraid/concurrency/web", "github.com/gobraid/gobraid/concurrency/webtest",
}

// Warm has the go command compile the packages that programs usually need, with the race detector too where there
// is a C compiler, so that no cell waits for it. It blocks until that is done or ctx ends.
func (b *Builder) Warm(ctx context.Context, progress func(string)) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.find(ctx); err != nil {
		return err
	}
	for _, race := range []bool{false, true} {
		if race && !b.tool.Cgo {
			continue
		}
		if _, err := b.packages(ctx, usual, race, progress); err != nil {
			return err
		}
	}
	return nil
}

// find finds the toolchain and the module, once.
func (b *Builder) find(ctx context.Context) error {
	if b.tool != nil {
		return nil
	}
	if b.Cache == "" {
		b.Cache = toolchain.Cache()
	}
	module, err := toolchain.Module(toolchain.Trimmed(), b.Sources, b.Cache)
	if err != nil {
		return err
	}
	tool, err := toolchain.FindGo(ctx, module)
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case err != nil:
		return err
	case version.IsValid(tool.Version) && version.Compare(tool.Version, check.GoVersion) < 0:
		return fmt.Errorf("the go command is %s, and cells need %s or later: install it from https://go.dev/dl", tool.Version, check.GoVersion)
	}
	sum, err := toolchain.HashFS(os.DirFS(filepath.Join(module, "concurrency")))
	if err != nil {
		return err
	}
	h := sha256.New()
	fmt.Fprintln(h, tool.Version, tool.ToolDir, tool.CC, tool.Cgo, runtime.GOARCH, module, sum)
	b.tool, b.module, b.id, b.pkgs = tool, module, hex.EncodeToString(h.Sum(nil))[:16], map[bool]*toolchain.Packages{}
	return nil
}

// moduleArchives returns which of the packages are of no module, and lines of an import configuration for the others and all they need.
func (b *Builder) moduleArchives(ctx context.Context, paths []string, race bool) (own []string, lines []byte, err error) {
	var of []string
	for _, path := range paths {
		if b.Modules != nil && b.Modules.Has(path) {
			of = append(of, path)
		} else {
			own = append(own, path)
		}
	}
	if len(of) == 0 {
		return own, nil, nil
	}
	lines, err = b.Modules.Archives(ctx, of, buildFlags(race))
	return own, lines, err
}

// buildFlags are the flags of go build that packages of programs are compiled with.
func buildFlags(race bool) []string {
	if race {
		return []string{"-buildvcs=false", "-race"}
	}
	return []string{"-buildvcs=false"}
}

// packages returns the import configuration for packages. What the go command said is kept in a file.
func (b *Builder) packages(ctx context.Context, paths []string, race bool, progress func(string)) (string, error) {
	want := append([]string{"runtime"}, paths...)
	name := "programs-" + b.id
	if race {
		want = append(want, "runtime/race")
		name += "-race"
	}
	file := filepath.Join(b.Cache, name)
	if b.pkgs[race] == nil {
		text, err := os.ReadFile(file)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
		b.pkgs[race] = toolchain.ParsePackages(text)
	}
	known := b.pkgs[race]
	if len(known.Files) > 0 && !known.Complete() {
		known = toolchain.ParsePackages(nil)
	}
	var missing []string
	for _, path := range want {
		if known.Files[path] == "" && path != "unsafe" {
			missing = append(missing, path)
		}
	}
	if len(missing) == 0 {
		return known.Text, nil
	}
	if progress != nil {
		progress("compiling " + strings.Join(missing, ", ") + " and what they import")
	}
	text, err := b.tool.List(ctx, b.module, buildFlags(race), missing, nil)
	if err != nil {
		return "", err
	}
	known = merge(known, toolchain.ParsePackages(text))
	b.pkgs[race] = known
	return known.Text, toolchain.WriteFile(file, []byte(known.Text))
}

// merge joins two sets of packages; the second is newer.
func merge(old, more *toolchain.Packages) *toolchain.Packages {
	var text strings.Builder
	for path, file := range old.Files {
		if more.Files[path] == "" {
			fmt.Fprintf(&text, "packagefile %s=%s\n", path, file)
		}
	}
	text.WriteString(more.Text)
	return toolchain.ParsePackages([]byte(text.String()))
}

// build compiles and links.
func (b *Builder) build(ctx context.Context, p *Program, race bool, config, exe string) error {
	if err := os.MkdirAll(filepath.Dir(exe), 0o755); err != nil {
		return err
	}
	work, err := os.MkdirTemp(filepath.Dir(exe), "build")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	for name, text := range map[string]string{"main.go": p.Source, "importcfg": config} {
		if err := os.WriteFile(filepath.Join(work, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	compile := []string{
		"-o", "main.a", "-trimpath", work + "=>", "-p", "main", "-lang=" + check.GoVersion, "-complete",
		"-goversion", b.tool.Version, "-c=" + strconv.Itoa(min(4, runtime.NumCPU())), "-nolocalimports", "-importcfg", "importcfg", "-pack",
	}
	link := []string{"-o", "main.exe", "-importcfg", "importcfg", "-buildmode=exe", "-s", "-w", "-extld=" + b.tool.CC}
	if race {
		compile = append(compile, "-race", "-installsuffix", "race")
		link = append(link, "-race", "-installsuffix", "race")
	}
	if len(p.Embeds) > 0 {
		if err := toolchain.WriteEmbeds(work, p.Embeds, p.Files); err != nil {
			return err
		}
		compile = append(compile, "-embedcfg", toolchain.EmbedConfig)
	}
	if err := b.tool.Tool(ctx, work, nil, "compile", append(compile, "main.go")...); err != nil {
		return buildError(err)
	}
	if err := b.tool.Tool(ctx, work, nil, "link", append(link, "main.a")...); err != nil {
		return buildError(err)
	}
	return os.Rename(filepath.Join(work, "main.exe"), exe)
}

// compilerMessage is a message of the compiler about a line.
var compilerMessage = regexp.MustCompile(`^(.+?):(\d+)(?::(\d+))?: (.*)$`)

// buildError reads what the compiler says.
func buildError(err error) error {
	var said *toolchain.ToolError
	if !errors.As(err, &said) {
		return err
	}
	e := &BuildError{Output: said.Output}
	for text := range strings.Lines(said.Output) {
		text = strings.TrimRight(text, "\n")
		m := compilerMessage.FindStringSubmatch(text)
		if m == nil {
			if n := len(e.Errors); n > 0 && strings.HasPrefix(text, "\t") {
				e.Errors[n-1].Msg += "\n" + text
			}
			continue
		}
		x := check.Error{Msg: m[4]}
		x.Pos.Filename = m[1]
		x.Pos.Line, _ = strconv.Atoi(m[2]) // digits
		x.Pos.Column, _ = strconv.Atoi(m[3])
		e.Errors = append(e.Errors, x)
	}
	return e
}
