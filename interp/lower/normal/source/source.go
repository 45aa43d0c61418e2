package source

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/gobraid/gobraid/interp/lower/normal/source/internal/std"
)

//go:embed all:_std
var kept embed.FS

//go:embed all:_own
var own embed.FS

// A File is a file of a package.
type File struct {
	Name string
	Text []byte
	Own  bool // its declarations take the place of others of the same name
}

// Files returns the files that hold the generic part of a package, or nil if there are none. The first call may run the go
// command: see the package's text.
func Files(importPath string) []File { return all()[importPath] }

var all = sync.OnceValue(func() map[string][]File {
	m := map[string][]File{}
	for _, f := range goTree() {
		m[path.Dir(f.Name)] = append(m[path.Dir(f.Name)], File{Name: f.Name, Text: f.Text})
	}
	for name, text := range texts(own, "_own") {
		m[path.Dir(name)] = append(m[path.Dir(name)], File{Name: name, Text: text, Own: true})
	}
	for _, files := range m {
		slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	}
	return m
})

// goTree returns the text of Go's own packages, of the release that this program was built with: what is embedded, or that of the
// installed Go, or nothing.
func goTree() []std.File {
	release := std.Release(runtime.Version())
	var files []std.File
	embedded := texts(kept, "_std")
	if string(embedded["VERSION"]) == release {
		for name, text := range embedded {
			if strings.HasSuffix(name, ".go") {
				files = append(files, std.File{Name: name, Text: text})
			}
		}
		return files
	}
	if std.Installed() != release {
		return nil
	}
	files, err := std.Files()
	if err != nil {
		return nil
	}
	return files
}

// texts returns the files below a folder by their names in it.
func texts(fsys fs.FS, dir string) map[string][]byte {
	m := map[string][]byte{}
	err := fs.WalkDir(fsys, dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(fsys, name)
		m[strings.TrimPrefix(name, dir+"/")] = text
		return err
	})
	if err != nil {
		panic(fmt.Sprintf("source: embedded files: %v", err))
	}
	return m
}
