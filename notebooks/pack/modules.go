package pack

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/modfile"

	"github.com/gobraid/gobraid/notebooks"
	"github.com/gobraid/gobraid/notebooks/internal/lazy"
)

// own is the module of the packages that gobraid itself brings.
const own = "github.com/gobraid/gobraid"

// modules adds what the packages need that cells import from modules, and sets the archive's folder to that of go.mod.
func (c *collection) modules(ctx context.Context) error {
	name, mod, err := findMod(c.dir)
	if err != nil {
		return err
	}
	paths := c.foreign(mod)
	if len(paths) == 0 {
		return nil
	}
	if mod == nil {
		return fmt.Errorf("pack: cells import %s, but there is no go.mod beside the notebook or above it: %%get adds one", paths[0])
	}
	c.root = filepath.Dir(name)
	if work, err := c.goCommand(ctx, c.dir, "env", "GOWORK"); err != nil {
		return err
	} else if w := strings.TrimSpace(string(work)); w != "" && w != "off" {
		return fmt.Errorf("pack: the notebook is in a workspace (%s), which an archive does not carry: set GOWORK=off, and use replace directives in go.mod", w)
	}
	packages, err := c.packages(ctx, paths)
	if err != nil {
		return err
	}
	moved, err := c.replaced(mod)
	if err != nil {
		return err
	}
	for _, p := range packages {
		if err := c.addPackage(p, moved); err != nil {
			return err
		}
	}
	text, err := mod.Format()
	if err != nil {
		return fmt.Errorf("pack: %w", err)
	}
	c.addText("go.mod", text, RoleModule)
	if sum := strings.TrimSuffix(name, ".mod") + ".sum"; isFile(sum) {
		if err := c.addAs("go.sum", sum, RoleModule, ""); err != nil {
			return err
		}
	}
	if c.opts.Vendor {
		return c.vendor(ctx, paths)
	}
	return nil
}

// findMod reads the nearest go.mod from a folder upwards; without one it returns none.
func findMod(dir string) (name string, mod *modfile.File, err error) {
	for {
		name = filepath.Join(dir, "go.mod")
		if b, err := os.ReadFile(name); err == nil {
			mod, err := modfile.Parse(name, b, nil)
			if err != nil {
				return "", nil, fmt.Errorf("pack: %w", err)
			}
			return name, mod, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", nil, nil
		}
		dir = up
	}
}

// foreign are the packages that cells import from modules: neither the standard library's nor gobraid's own.
func (c *collection) foreign(mod *modfile.File) []string {
	var paths []string
	for _, p := range c.nb.Imports() {
		first, _, _ := strings.Cut(p, "/")
		local := mod != nil && mod.Module != nil && within(p, mod.Module.Mod.Path)
		if !within(p, own) && (strings.Contains(first, ".") || local) {
			paths = append(paths, p)
		}
	}
	return paths
}

func within(pkg, module string) bool { return pkg == module || strings.HasPrefix(pkg, module+"/") }

// A goPackage is what the go command says of a package.
type goPackage struct {
	ImportPath, Dir string
	Standard        bool
	EmbedFiles      []string
	Module          *struct {
		Path, Dir string
		Main      bool
		Replace   *struct{ Version, Dir string }
	}
	Error *struct{ Err string }
}

// packages asks the go command for packages and all that they import.
func (c *collection) packages(ctx context.Context, paths []string) ([]goPackage, error) {
	out, err := c.goCommand(ctx, c.dir, append([]string{"list", "-e", "-deps", "-json=ImportPath,Dir,Standard,EmbedFiles,Module,Error", "--"}, paths...)...)
	if err != nil {
		return nil, err
	}
	var all []goPackage
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p goPackage
		if err := d.Decode(&p); err == io.EOF {
			return all, nil
		} else if err != nil {
			return nil, fmt.Errorf("pack: go list: %w", err)
		}
		if p.Error != nil {
			return nil, fmt.Errorf("pack: package %s: %s", p.ImportPath, p.Error.Err)
		}
		all = append(all, p)
	}
}

// replaced gives modules that go.mod takes from folders outside of the archive's a place in it, and changes go.mod accordingly. It returns
// the places by folder.
func (c *collection) replaced(mod *modfile.File) (map[string]string, error) {
	moved := map[string]string{}
	for _, r := range slices.Clone(mod.Replace) {
		if r.New.Version != "" {
			continue
		}
		from := filepath.FromSlash(r.New.Path)
		if !filepath.IsAbs(from) {
			from = filepath.Join(c.root, from)
		}
		place := "replaced/" + strconv.Itoa(len(moved)+1)
		if rel, err := c.inside(from); err == nil {
			place = rel
		}
		moved[filepath.Clean(from)] = place
		for _, name := range []string{"go.mod", "go.sum"} {
			if file := filepath.Join(from, name); isFile(file) {
				if err := c.addAs(path.Join(place, name), file, RoleModule, ""); err != nil {
					return nil, err
				}
			}
		}
		if err := mod.AddReplace(r.Old.Path, r.Old.Version, "./"+place, ""); err != nil {
			return nil, fmt.Errorf("pack: %w", err)
		}
	}
	return moved, nil
}

// addPackage adds the files of a package that is in a folder of the user's.
func (c *collection) addPackage(p goPackage, moved map[string]string) error {
	if p.Standard || p.Module == nil {
		return nil
	}
	base, place := c.root, ""
	switch {
	case p.Module.Main:
	case p.Module.Replace != nil && p.Module.Replace.Version == "":
		base = filepath.Clean(p.Module.Replace.Dir)
		place = moved[base]
	default:
		return nil
	}
	names, err := os.ReadDir(p.Dir)
	if err != nil {
		return fmt.Errorf("pack: %w", err)
	}
	files := slices.Clone(p.EmbedFiles)
	for _, n := range names {
		if n.Type().IsRegular() && !strings.HasSuffix(n.Name(), ".ipynb") && !strings.HasPrefix(n.Name(), ".") && isSource(n.Name()) {
			files = append(files, n.Name())
		}
	}
	for _, f := range files {
		rel, err := filepath.Rel(base, filepath.Join(p.Dir, f))
		if err != nil || !filepath.IsLocal(rel) {
			return fmt.Errorf("pack: package %s: %s is not below %s", p.ImportPath, f, base)
		}
		if err := c.addAs(path.Join(place, filepath.ToSlash(rel)), filepath.Join(p.Dir, f), RolePackage, ""); err != nil {
			return err
		}
	}
	return nil
}

// isSource reports whether a file of a package's folder is part of the package. Embedded ones are listed by the go command.
func isSource(name string) bool {
	switch filepath.Ext(name) {
	case ".go", ".s", ".h", ".syso":
		return !strings.HasSuffix(name, "_test.go")
	}
	return strings.HasPrefix(strings.ToUpper(name), "LICENSE") || strings.HasPrefix(strings.ToUpper(name), "COPYING")
}

// vendor adds the packages of other modules. The go command copies what Go files of the main module import, so it is given a folder that holds the
// archive's files and one such file.
func (c *collection) vendor(ctx context.Context, paths []string) error {
	stage, err := os.MkdirTemp("", "gobraid-pack-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(stage)
	for _, f := range c.files {
		if err := f.copyTo(stage); err != nil {
			return err
		}
	}
	var text strings.Builder
	text.WriteString("package imports\n\nimport (\n")
	for _, p := range paths {
		fmt.Fprintf(&text, "\t_ %q\n", p)
	}
	text.WriteString(")\n")
	imports := filepath.Join(stage, "gobraid-pack-imports")
	if err := os.Mkdir(imports, 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(imports, "imports.go"), []byte(text.String()), 0o644); err != nil {
		return err
	}
	if _, err := c.goCommand(ctx, stage, "mod", "vendor"); err != nil {
		return err
	}
	vendor := filepath.Join(stage, "vendor")
	if !isFile(filepath.Join(vendor, "modules.txt")) {
		return nil // all packages are in folders of the user's
	}
	return filepath.WalkDir(vendor, func(file string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(stage, file)
		if err != nil {
			return err
		}
		b, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		c.addText(filepath.ToSlash(rel), b, RoleVendor)
		return nil
	})
}

// unvendored are the magics of cells that fetch something all the same.
func (c *collection) unvendored() []string {
	var found []string
	for _, cell := range c.nb.Cells {
		if cell.Type != notebooks.Code {
			continue
		}
		for _, line := range getLine.FindAllString(cell.Source, -1) {
			for _, arg := range strings.Fields(line)[1:] {
				if !strings.Contains(arg, "@v") {
					found = append(found, fmt.Sprintf("cell %s says %%get %s without a version, which asks the network: write %[2]s@VERSION", cell.ID, arg))
				}
			}
		}
	}
	return found
}

var getLine = lazy.Regexp(`(?m)^%get .+$`)

// goCommand runs the go command in a folder and returns what it says.
func (c *collection) goCommand(ctx context.Context, dir string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PWD="+dir, "GOTOOLCHAIN=local")
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	err := cmd.Run()
	switch {
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case errors.Is(err, exec.ErrNotFound):
		return nil, fmt.Errorf("pack: cells import packages of modules, which need the go command to be packed: %w", err)
	case err != nil:
		return nil, fmt.Errorf("pack: go %s: %w\n%s", args[0], err, strings.TrimSpace(said.String()))
	}
	return out.Bytes(), nil
}
