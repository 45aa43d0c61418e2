package main

import (
	"bytes"
	"cmp"
	"fmt"
	"go/ast"
	"go/doc"
	"go/format"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// An exampleCorpus is the examples of packages that say what they print. Each becomes a program of its own, as the
// documentation server makes one for its playground: with what the file declares and the example needs. An example that
// needs more, such as a declaration of another file, is none.
type exampleCorpus struct {
	src string // the directory of the packages, such as $(go env GOROOT)/src
	dir string // where the programs are written
}

func (c exampleCorpus) tests(under string) ([]test, error) {
	var tests []test
	err := filepath.WalkDir(c.src, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		switch d.Name() {
		case "testdata", "vendor", "internal", "cmd":
			return filepath.SkipDir
		}
		some, err := c.pkg(path)
		tests = append(tests, some...)
		return err
	})
	tests = slices.DeleteFunc(tests, func(t test) bool { return !strings.HasPrefix(t.Name, under) })
	slices.SortFunc(tests, func(a, b test) int { return cmp.Compare(a.Name, b.Name) })
	return tests, err
}

// pkg makes programs of the examples of the package in a directory.
func (c exampleCorpus) pkg(dir string) ([]test, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil {
		return nil, err
	}
	rel, err := filepath.Rel(c.src, dir)
	if err != nil {
		return nil, err
	}
	var tests []test
	for _, file := range files {
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, file, nil, parser.ParseComments)
		if err != nil {
			return nil, err
		}
		for _, e := range doc.Examples(f) {
			if e.Play == nil || e.Output == "" && !e.EmptyOutput {
				continue
			}
			t := test{Name: filepath.ToSlash(rel) + "/Example" + e.Name, Group: filepath.ToSlash(rel), Says: []byte(e.Output), Unordered: e.Unordered}
			if t.File, err = c.write(t.Name, dir, fset, e.Play); err != nil {
				return nil, fmt.Errorf("%s: %w", t.Name, err)
			}
			tests = append(tests, t)
		}
	}
	return tests, nil
}

// write writes a program, beside the test data of its package.
func (c exampleCorpus) write(name, pkg string, fset *token.FileSet, program *ast.File) (string, error) {
	dir := filepath.Join(c.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	if data := filepath.Join(pkg, "testdata"); exists(data) && !exists(filepath.Join(dir, "testdata")) {
		if err := os.Symlink(data, filepath.Join(dir, "testdata")); err != nil {
			return "", err
		}
	}
	var b bytes.Buffer
	if err := format.Node(&b, fset, program); err != nil {
		return "", err
	}
	file := filepath.Join(dir, "main.go")
	return file, os.WriteFile(file, b.Bytes(), 0o644)
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}
