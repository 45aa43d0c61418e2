package notebooks

import (
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/modfile"

	"github.com/gobraid/gobraid/interp/magic"
	"github.com/gobraid/gobraid/interp/split"
)

// usedModules returns the modules that cells of the notebook import packages of, as the go.mod says that holds in the folder.
func usedModules(nb *Notebook, dir string) []RunModule {
	mods := []RunModule{}
	paths := nb.Imports()
	if len(paths) == 0 {
		return mods
	}
	file := goMod(dir)
	if file == nil {
		return mods
	}
	for _, req := range file.Require {
		if !slices.ContainsFunc(paths, func(p string) bool { return within(p, req.Mod.Path) }) {
			continue
		}
		m := RunModule{Path: req.Mod.Path, Version: req.Mod.Version}
		for _, r := range file.Replace {
			if r.Old.Path == m.Path && (r.Old.Version == "" || r.Old.Version == m.Version) {
				m.Replace = strings.TrimSpace(r.New.Path + " " + r.New.Version)
			}
		}
		mods = append(mods, m)
	}
	slices.SortFunc(mods, func(a, b RunModule) int { return strings.Compare(a.Path, b.Path) })
	return mods
}

func within(pkg, module string) bool { return pkg == module || strings.HasPrefix(pkg, module+"/") }

// Imports returns the paths that cells import, sorted. Cells that cannot be read, and fail when they are run, have none.
func (nb *Notebook) Imports() []string {
	var paths []string
	for _, c := range nb.Cells {
		if c.Type != Code {
			continue
		}
		_, text := magic.Parse(c.Source)
		for _, d := range split.Declarations(text) {
			piece := text[d.Start:d.End]
			if !strings.HasPrefix(strings.TrimSpace(piece), "import") {
				continue
			}
			f, err := parser.ParseFile(token.NewFileSet(), "", "package p;"+piece, parser.ImportsOnly)
			if err != nil {
				continue // the cell fails when it is run
			}
			for _, s := range f.Imports {
				p, err := strconv.Unquote(s.Path.Value)
				if err == nil {
					paths = append(paths, p)
				}
			}
		}
	}
	slices.Sort(paths)
	return slices.Compact(paths)
}

// goMod returns the go.mod of the folder or of the nearest above it, nil if there is none that can be read.
func goMod(dir string) *modfile.File {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil
	}
	for {
		path := filepath.Join(dir, "go.mod")
		if b, err := os.ReadFile(path); err == nil {
			f, err := modfile.ParseLax(path, b, nil)
			if err != nil {
				return nil
			}
			return f
		}
		up := filepath.Dir(dir)
		if up == dir {
			return nil
		}
		dir = up
	}
}
