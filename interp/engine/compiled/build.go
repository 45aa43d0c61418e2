package compiled

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	diskcache "github.com/gobraid/gobraid/interp/cache"
	"github.com/gobraid/gobraid/interp/check"
	"github.com/gobraid/gobraid/interp/lower"
	gotool "github.com/gobraid/gobraid/interp/toolchain"
)

// pathPrefix begins the import paths of cells. It sorts where "main" does; see names.go.
const pathPrefix = "maim.cell/"

// A BuildError is what the compiler says of a cell that the checker let through.
type BuildError struct {
	Errors []check.Error
	Output string // all of it, when none of it is about the cell
}

// Error returns the first message.
func (e *BuildError) Error() string {
	if len(e.Errors) > 0 {
		return e.Errors[0].Error()
	}
	return "go build: " + e.Output
}

// importPath returns the path of a lowered package: a hash of it and of all it is built with.
func (b *builder) importPath(p *lower.Package) string {
	h := sha256.New()
	fmt.Fprintln(h, b.tool.id)
	for _, c := range p.Cells {
		fmt.Fprintln(h, c)
	}
	for _, x := range b.bundlesOf(p, "") {
		fmt.Fprintln(h, x.path)
	}
	h.Write([]byte(p.Source))
	return pathPrefix + hex.EncodeToString(h.Sum(nil))[:20]
}

// A builder builds plugins in a folder.
type builder struct {
	tool *toolchain
	pkgs *gotool.Packages
	dir  string
	hold *diskcache.Hold
	thin *thinLinker // nil where plugins cannot be thin

	bundles *bundles // of packages of modules

	// needs are the packages of cells that a package of a cell imports, directly or not; mu guards it.
	mu    sync.Mutex
	needs map[string][]string
}

// closure returns the packages of cells that p needs, and records them under its path.
func (b *builder) closure(p *lower.Package, path string) []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var all []string
	for _, c := range p.Cells {
		all = append(append(all, c), b.needs[c]...)
	}
	slices.Sort(all)
	b.needs[path] = slices.Compact(all)
	return b.needs[path]
}

// cached returns the name of a file of the package with the given import path.
func (b *builder) cached(path, ext string) string {
	return filepath.Join(b.dir, b.name(path)+ext)
}

// held returns the name of the same file that the session holds.
func (b *builder) held(path, ext string) string {
	return filepath.Join(b.hold.Dir(), b.name(path)+ext)
}

// attempts is how often a cell is built whose files have been taken out of the cache meanwhile.
const attempts = 3

// build makes the plugin of a package, unless it has been made, and returns its file. The file, and the
// archive that later cells need, stay as long as the session does. archived is called when later cells can be built: if
// plugins are thin, their linker looks into this one; otherwise the archive does, which is there before.
func (b *builder) build(ctx context.Context, p *lower.Package, path string, archived func()) (string, error) {
	for range attempts {
		err := b.make(ctx, p, path, archived)
		if err == nil {
			_, err = b.hold.Keep(b.cached(path, ".a"))
		}
		if err == nil {
			var plugin string
			if plugin, err = b.hold.Keep(b.cached(path, ".so")); err == nil {
				archived()
				return plugin, nil
			}
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
	}
	return "", fmt.Errorf("what is built in %s is removed at once: choose a larger cache, with %s=4GB", b.dir, diskcache.Variable)
}

// ownArchive is the name of the archive of a cell in the folder it is built in.
const ownArchive = "cell.a"

// make makes the files of a package in the cache.
func (b *builder) make(ctx context.Context, p *lower.Package, path string, archived func()) error {
	config := b.importConfig(p, path)
	if b.isBuilt(path) {
		return nil
	}
	work, err := os.MkdirTemp(b.hold.Dir(), "build")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	for name, text := range map[string]string{
		"cell.go": p.Source, "register.go": register(p, path), "main.go": b.main(path), "importcfg": config,
	} {
		if err := os.WriteFile(filepath.Join(work, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	if err := writeEmbeds(work, p); err != nil {
		return err
	}
	archive, out := filepath.Join(work, ownArchive), filepath.Join(work, "out.so")
	var flags []string
	if b.isThin(path) {
		err := b.makeThin(ctx, work, path, out, config)
		if err == nil {
			return errors.Join(b.putArchive(archive, b.cached(path, ".a")), rename(out, b.cached(path, ".so")))
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if b.setWhole(path); b.isBuilt(path) {
			return nil
		}
		// The archives of thin plugins define method tables that a whole one has from elsewhere too: they are alike, and the
		// running binary's own is what counts.
		flags = append(flags, "-extldflags=-Wl,--allow-multiple-definition")
	}
	if err := b.compile(ctx, work, path); err != nil {
		return err
	}
	if err := b.putArchive(archive, b.cached(path, ".a")); err != nil {
		return err
	}
	if b.thin == nil {
		archived()
	}
	if err := b.link(ctx, work, path, out, "importcfg", flags...); err != nil {
		return err
	}
	return rename(out, b.cached(path, ".so"))
}

// writeEmbeds writes what a package embeds.
func writeEmbeds(work string, p *lower.Package) error {
	if len(p.Embeds) == 0 {
		return nil
	}
	patterns, files := map[string][]string{}, map[string][]byte{}
	for pattern, list := range p.Embeds {
		for _, f := range list {
			patterns[pattern] = append(patterns[pattern], f.Name)
			files[f.Name] = f.Data
		}
	}
	return gotool.WriteEmbeds(work, patterns, files)
}

// isBuilt tells whether the files of a package are in the cache.
func (b *builder) isBuilt(path string) bool {
	return exists(b.cached(path, ".so")) && exists(b.cached(path, ".a"))
}

// putArchive puts a fresh archive into the cache too, from where the session holds it.
func (b *builder) putArchive(from, to string) error {
	if err := os.MkdirAll(b.dir, 0o755); err != nil {
		return err
	}
	if err := os.Link(from, to); err != nil && !errors.Is(err, fs.ErrExist) {
		text, err := os.ReadFile(from) // no such thing as links
		if err != nil {
			return err
		}
		if err := gotool.WriteFile(to, text); err != nil {
			return err
		}
	}
	_, err := b.hold.Keep(to)
	return err
}

// main writes the main package of a plugin. It imports what the linker brings in by itself: so the linker gets to know
// the hashes of those packages, which the runtime compares. With package plugin it keeps what fills maps that nothing in
// this plugin mentions: a package is initialised once, and a later plugin may mention them.
func (b *builder) main(path string) string {
	text := fmt.Sprintf("package main\nimport _ %q\nimport _ \"runtime\"\nimport _ \"runtime/cgo\"\nimport _ \"plugin\"\n", path)
	if b.tool.race {
		text += "import _ \"runtime/race\"\n"
	}
	return text + "func main() {}\n"
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}

// importConfig tells the compiler where the packages are.
func (b *builder) importConfig(p *lower.Package, path string) string {
	var s strings.Builder
	s.WriteString(b.pkgs.Text)
	fmt.Fprintf(&s, "\npackagefile %s=%s\n", path, ownArchive)
	for _, cell := range b.closure(p, path) {
		fmt.Fprintf(&s, "packagefile %s=%s\n", cell, b.held(cell, ".a"))
	}
	for path, file := range archives(b.bundlesOf(p, path)) {
		fmt.Fprintf(&s, "packagefile %s=%s\n", path, file)
	}
	return s.String()
}

func (b *builder) suffix() string {
	if b.tool.race {
		return "race_dynlink"
	}
	return "dynlink"
}

// compile compiles a cell, and the main package of its plugin.
func (b *builder) compile(ctx context.Context, work, path string, mainFlags ...string) error {
	flags := mainFlags
	if exists(filepath.Join(work, gotool.EmbedConfig)) {
		flags = append(slices.Clone(flags), "-embedcfg", gotool.EmbedConfig)
	}
	args := append(b.compileFlags(work, flags), "-o", ownArchive, "-p", path, "cell.go", "register.go")
	if err := b.run(ctx, work, "compile", args...); err != nil {
		return err
	}
	return b.compileMain(ctx, work, path, mainFlags...)
}

// compileMain compiles the main package of a plugin.
func (b *builder) compileMain(ctx context.Context, work, path string, flags ...string) error {
	return b.run(ctx, work, "compile", append(b.compileFlags(work, flags), "-o", "main.a", "-p", pluginPath(path), "main.go")...)
}

func (b *builder) compileFlags(work string, flags []string) []string {
	args := append([]string{
		"-trimpath", work + "=>", "-lang=" + check.GoVersion, "-complete", "-installsuffix", b.suffix(),
		"-goversion", b.tool.Version, "-c=" + strconv.Itoa(min(4, runtime.NumCPU())), "-dynlink", "-dwarf=false", "-nolocalimports",
		"-importcfg", "importcfg", "-pack",
	}, flags...)
	if b.tool.race {
		args = append(args, "-race")
	}
	return args
}

// pluginPath is the import path of a plugin's main package.
func pluginPath(path string) string { return strings.Replace(path, "cell", "plugin", 1) }

func (b *builder) link(ctx context.Context, work, path, out, cfg string, flags ...string) error {
	args := []string{
		"-o", out, "-importcfg", cfg, "-installsuffix", b.suffix(), "-pluginpath", pluginPath(path),
		"-buildmode=plugin", "-s", "-w", "-extld=" + b.tool.CC,
	}
	if b.tool.race {
		args = append(args, "-race")
	}
	return b.run(ctx, work, "link", append(append(args, flags...), "main.a")...)
}

// run runs a tool of the toolchain.
func (b *builder) run(ctx context.Context, dir, tool string, args ...string) error {
	var env []string
	if b.tool.trimpath {
		env = append(env, "GOROOT=")
	}
	err := b.tool.Tool(ctx, dir, env, tool, args...)
	var said *gotool.ToolError
	if errors.As(err, &said) {
		return buildError(said.Output)
	}
	return err
}

// compilerMessage is a message of the compiler about a line of a cell.
var compilerMessage = regexp.MustCompile(`^(.+\.go):(\d+)(?::(\d+))?: (.*)$`)

func buildError(out string) error {
	out = strings.ReplaceAll(cellPath.ReplaceAllString(out, "main"), lower.Prefix, "")
	e := &BuildError{Output: strings.TrimSpace(out)}
	for line := range strings.Lines(out) {
		m := compilerMessage.FindStringSubmatch(strings.TrimRight(line, "\n"))
		if m == nil {
			continue
		}
		n, _ := strconv.Atoi(m[2])
		x := check.Error{Msg: m[4]}
		x.Pos.Filename, x.Pos.Line, x.Pos.Column = m[1], n, 1
		e.Errors = append(e.Errors, x)
	}
	return e
}

// rename gives the linked plugin its file name, and the names in it those that a program has.
func rename(from, to string) error {
	b, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	renameTypes(b)
	widenFiles(b)
	return gotool.WriteFile(to, b)
}

// register writes the file that makes a loaded package known to the task runtime.
func register(p *lower.Package, path string) string {
	var s strings.Builder
	fmt.Fprintf(&s, "package %s\nimport øtask %q\n", lower.PackageName, lower.TaskPath)
	pointers := []string{"&ꞰDefined"}
	for _, v := range p.Variables {
		pointers = append(pointers, "&"+lower.Prefix+v)
	}
	for _, f := range p.Functions {
		pointers = append(pointers, lower.Prefix+f)
	}
	for _, t := range p.Tables {
		pointers = append(pointers, "&"+t)
	}
	for _, t := range p.Types {
		pointers = append(pointers, "func() (ø *"+t+") { return }()") // the cell may have its own nil
	}
	fmt.Fprintf(&s, "func init() {\nøtask.Register(%q, øcell)\n", path)
	fmt.Fprintf(&s, "øtask.Register(%q, func() []interface{} { return []interface{}{%s} })\n}\n", pointersKey(path), strings.Join(pointers, ", "))
	return s.String()
}

func pointersKey(path string) string { return path + "#" }
