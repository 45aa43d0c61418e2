package compiled

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"go/token"
	"go/types"
	"io"
	"maps"
	"os"
	"path/filepath"
	"plugin"
	"slices"
	"strings"
	"sync"

	"github.com/gobraid/gobraid/interp/check"
	"github.com/gobraid/gobraid/interp/engine"
	"github.com/gobraid/gobraid/interp/engine/compiled/thin"
	"github.com/gobraid/gobraid/interp/lower"
	"github.com/gobraid/gobraid/interp/modules"
	gotool "github.com/gobraid/gobraid/interp/toolchain"
)

// A package of a module that a cell imports gets a plugin of its own, a bundle, which is loaded before the cell's: it holds the package
// and all it needs that this binary does not hold. So later cells have thin plugins as if the package were part of this
// binary. The bundle of a package depends on nothing but the package, not on what the session has loaded before, so that
// it, and the cells that import it, fit into any session. A package that two bundles hold exists once all the same: Go's
// plugins refer to all their functions, variables and types by name, and the dynamic linker takes the first it has.

// A bundle is the plugin of a package of a module.
type bundle struct {
	path    string // of the plugin's package
	of      *modules.Package
	needs   []*modules.Package // all it needs, and itself
	archive map[string]string  // their archives, which the session holds
	types   *types.Package
}

// bundles are those of a session.
type bundles struct {
	mu     sync.Mutex
	byRoot map[string]*bundle  // by the import path of the package
	of     map[string][]string // the packages that cells need of modules, by the import path of the cell
	sums   map[string]string   // hashes of files
}

func newBundles() *bundles {
	return &bundles{byRoot: map[string]*bundle{}, of: map[string][]string{}, sums: map[string]string{}}
}

// moduleImports returns the packages of modules among import paths.
func (e *Engine) moduleImports(paths []string) []string {
	var roots []string
	for _, path := range paths {
		if _, ok := e.build.pkgs.Files[path]; !ok && path != "unsafe" {
			roots = append(roots, path)
		}
	}
	return roots
}

// gatherBundles makes the bundles known that a lowered cell needs. The error is a refusal for a package that is of no module.
func (e *Engine) gatherBundles(c *check.Cell, p *lower.Package) error {
	for _, root := range e.moduleImports(p.Imports) {
		var needs []*modules.Package
		if e.opts.Modules != nil {
			needs = e.opts.Modules.Needs(root)
		}
		if len(needs) == 0 {
			return &engine.Refusal{
				Engine: Name, Construct: fmt.Sprintf("the import of %q", root), Pos: importPos(c, root),
				Remedy: "import packages of the standard library, of gobraid or of the modules in go.mod",
			}
		}
		imported, err := c.Importer.Import(root)
		if err != nil {
			return err
		}
		if err := e.build.addBundle(root, needs, imported); err != nil {
			return err
		}
	}
	return nil
}

// importPos returns where a cell imports a package, or first mentions it.
func importPos(c *check.Cell, path string) token.Position {
	for _, s := range c.Imports {
		if strings.Trim(s.Path.Value, "\"`") == path {
			return c.Fset.Position(s.Pos())
		}
	}
	at := token.NoPos
	for id, obj := range c.Info.Uses {
		if p, ok := obj.(*types.PkgName); ok && p.Imported().Path() == path && (at == token.NoPos || id.Pos() < at) {
			at = id.Pos()
		}
	}
	return c.Fset.Position(at)
}

// addBundle makes the bundle of a package known.
func (b *builder) addBundle(root string, needs []*modules.Package, imported *types.Package) error {
	b.bundles.mu.Lock()
	defer b.bundles.mu.Unlock()
	if b.bundles.byRoot[root] != nil {
		return nil // what is loaded stays as it is
	}
	x := &bundle{of: needs[len(needs)-1], needs: needs, archive: map[string]string{}, types: imported}
	h := sha256.New()
	fmt.Fprintln(h, "bundle 1", b.tool.id, root)
	for _, p := range needs {
		sum, err := b.bundles.sum(p.File)
		if err != nil {
			return err
		}
		fmt.Fprintln(h, p.Path, sum)
		kept := filepath.Join(b.dir, "module-"+sum+".a")
		if err := b.putArchive(p.File, kept); err != nil {
			return err
		}
		x.archive[p.Path] = filepath.Join(b.hold.Dir(), filepath.Base(kept))
	}
	x.path = pathPrefix + hex.EncodeToString(h.Sum(nil))[:20]
	b.bundles.byRoot[root] = x
	return nil
}

// sum returns a hash of a file, whose content does not change.
func (b *bundles) sum(file string) (string, error) {
	if sum := b.sums[file]; sum != "" {
		return sum, nil
	}
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	b.sums[file] = hex.EncodeToString(h.Sum(nil))[:20]
	return b.sums[file], nil
}

// bundlesOf records which packages of modules the package of a cell needs, those of earlier cells that it imports included, and
// returns their bundles.
func (b *builder) bundlesOf(p *lower.Package, path string) []*bundle {
	b.bundles.mu.Lock()
	defer b.bundles.mu.Unlock()
	var roots []string
	for _, i := range p.Imports {
		if b.bundles.byRoot[i] != nil {
			roots = append(roots, i)
		}
	}
	for _, c := range p.Cells {
		roots = append(roots, b.bundles.of[c]...)
	}
	slices.Sort(roots)
	roots = slices.Compact(roots)
	if path != "" {
		b.bundles.of[path] = roots
	}
	var all []*bundle
	for _, r := range roots {
		all = append(all, b.bundles.byRoot[r])
	}
	return all
}

// archives returns the archives of bundles by import path.
func archives(all []*bundle) map[string]string {
	files := map[string]string{}
	for _, x := range all {
		maps.Copy(files, x.archive)
	}
	return files
}

// loadBundles builds and loads the bundles that a cell needs.
func (e *Engine) loadBundles(ctx context.Context, p *lower.Package, path string) error {
	for _, x := range e.build.bundlesOf(p, path) {
		if err := e.loadBundle(ctx, x); err != nil {
			return err
		}
	}
	return nil
}

func (e *Engine) loadBundle(ctx context.Context, x *bundle) error {
	if e.isLoaded(x.path) {
		return nil
	}
	file, err := e.build.buildBundle(ctx, x)
	if err != nil {
		return err
	}
	if e.isLoaded(x.path) {
		return nil
	}
	if _, err := plugin.Open(file); err != nil {
		return fmt.Errorf("package %s cannot be loaded: %w", x.of.Path, err)
	}
	e.setLoaded(x.path)
	return nil
}

// buildBundle makes the plugin of a bundle, unless it has been made, and returns its file, which stays as long as the session does.
func (b *builder) buildBundle(ctx context.Context, x *bundle) (string, error) {
	if file, err := b.hold.Keep(b.cached(x.path, ".so")); err == nil {
		return file, nil
	}
	err := b.makeBundle(ctx, x, b.isThin(x.path))
	if err != nil && ctx.Err() == nil && b.isThin(x.path) {
		b.setWhole(x.path)
		err = b.makeBundle(ctx, x, false)
	}
	if ctx.Err() != nil {
		return "", context.Cause(ctx)
	}
	var said *BuildError
	if errors.As(err, &said) {
		return "", fmt.Errorf("package %s cannot be linked: %s", x.of.Path, said.Output)
	}
	if err != nil {
		return "", err
	}
	return b.hold.Keep(b.cached(x.path, ".so"))
}

func (b *builder) makeBundle(ctx context.Context, x *bundle, isThin bool) error {
	work, err := os.MkdirTemp(b.hold.Dir(), "build")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	config := b.pkgs.Text
	for path, file := range x.archive {
		config += fmt.Sprintf("\npackagefile %s=%s", path, file)
	}
	for name, text := range map[string]string{"main.go": b.bundleMain(x), "importcfg": config + "\n"} {
		if err := os.WriteFile(filepath.Join(work, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	out := filepath.Join(work, "out.so")
	if !isThin {
		if err := b.compileMain(ctx, work, x.path); err != nil {
			return err
		}
		if err := b.link(ctx, work, x.path, out, "importcfg"); err != nil {
			return err
		}
	} else if err := b.linkThinBundle(ctx, work, x, out, config); err != nil {
		return err
	}
	text, err := os.ReadFile(out)
	if err != nil {
		return err
	}
	return gotool.WriteFile(b.cached(x.path, ".so"), text)
}

// linkThinBundle links a bundle that holds only what this binary does not.
func (b *builder) linkThinBundle(ctx context.Context, work string, x *bundle, out, config string) error {
	if err := b.compileMain(ctx, work, x.path, "-linkshared"); err != nil {
		return err
	}
	in := thin.Input{Archives: []string{filepath.Join(work, "main.a")}, Packages: maps.Clone(b.pkgs.Files)}
	maps.Copy(in.Packages, x.archive)
	for _, p := range x.needs {
		in.Own = append(in.Own, p.Path)
	}
	return b.linkThin(ctx, work, x.path, out, config, in)
}

// bundleMain writes the main package of a bundle. It mentions all that the package exports, so that the linker keeps it.
func (b *builder) bundleMain(x *bundle) string {
	var s strings.Builder
	s.WriteString(b.main(x.of.Path))
	scope := x.types.Scope()
	var lines []string
	for _, name := range scope.Names() {
		obj := scope.Lookup(name)
		if !obj.Exported() {
			continue
		}
		switch obj := obj.(type) {
		case *types.Var:
			lines = append(lines, "&p."+name)
		case *types.Func:
			if obj.Signature().TypeParams() == nil {
				lines = append(lines, "p."+name)
			}
		case *types.TypeName:
			if !generic(obj.Type()) {
				lines = append(lines, "(*p."+name+")(nil)")
			}
		}
	}
	if len(lines) == 0 {
		return s.String()
	}
	text := strings.Replace(s.String(), "\nfunc main", fmt.Sprintf("\nimport p %q\nfunc main", x.of.Path), 1)
	return text + "func Keep() []interface{} {\nreturn []interface{}{\n" + strings.Join(lines, ",\n") + ",\n}\n}\n"
}

// generic tells whether a declared type, or alias, has type parameters.
func generic(t types.Type) bool {
	switch t := t.(type) {
	case *types.Named:
		return t.TypeParams().Len() > 0
	case *types.Alias:
		return t.TypeParams().Len() > 0 || generic(types.Unalias(t))
	}
	_, union := t.Underlying().(*types.Interface)
	return union
}

// bundleImages returns the loaded plugins of the bundles that the package of a cell needs, and adds their archives to packages.
func (b *builder) bundleImages(path string, packages map[string]string) ([]*thin.Image, error) {
	b.bundles.mu.Lock()
	defer b.bundles.mu.Unlock()
	var all []*thin.Image
	for _, root := range b.bundles.of[path] {
		x := b.bundles.byRoot[root]
		maps.Copy(packages, x.archive)
		im, err := b.image(x.path)
		if err != nil {
			return nil, err
		}
		all = append(all, im)
	}
	return all, nil
}
