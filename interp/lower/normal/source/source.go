package source

import (
	"archive/zip"
	"bytes"
	"embed"
	"fmt"
	"io"
	"io/fs"
	"path"
	"sync"
)

//go:embed std.zip
var stdZip []byte

//go:embed all:_own
var own embed.FS

// A File is a file of a package.
type File struct {
	Name string
	Text []byte
	Own  bool // its declarations take the place of others of the same name
}

// Files returns the files that hold the generic part of a package, or nil if there are none.
func Files(importPath string) []File {
	return all()[importPath]
}

var all = sync.OnceValue(func() map[string][]File {
	m := map[string][]File{}
	r, err := zip.NewReader(bytes.NewReader(stdZip), int64(len(stdZip)))
	if err != nil {
		panic(fmt.Sprintf("source: embedded archive: %v", err))
	}
	for _, f := range r.File {
		m[path.Dir(f.Name)] = append(m[path.Dir(f.Name)], File{Name: f.Name, Text: read(f)})
	}
	err = fs.WalkDir(own, "_own", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := own.ReadFile(name)
		at := path.Dir(name)[len("_own/"):]
		m[at] = append(m[at], File{Name: path.Join(at, d.Name()), Text: text, Own: true})
		return err
	})
	if err != nil {
		panic(fmt.Sprintf("source: embedded files: %v", err))
	}
	return m
})

func read(f *zip.File) []byte {
	r, err := f.Open()
	if err == nil {
		defer r.Close()
		var text []byte
		if text, err = io.ReadAll(r); err == nil {
			return text
		}
	}
	panic(fmt.Sprintf("source: embedded archive: %v", err))
}
