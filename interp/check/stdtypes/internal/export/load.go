// Package export reads the type data of packages from the Go toolchain: what the generator of package
// stdtypes embeds and what its tests compare the embedded data with.
package export

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"strings"

	"golang.org/x/tools/go/gcexportdata"
)

// Concurrency is the pattern of gobraid's own packages that cells use.
const Concurrency = "github.com/gobraid/gobraid/concurrency/..."

// A Set is a set of packages with the type data of everything they import.
type Set struct {
	// Paths are the import paths that the patterns matched, without those no program can import.
	Paths []string

	files    map[string]string         // import path to file of export data, dependencies included
	packages map[string]*types.Package // what has been read
}

// Load asks the go command for the packages that match the patterns, building them if needed. Patterns
// that match nothing are an error of the go command.
func Load(patterns ...string) (*Set, error) {
	args := append([]string{"list", "-export", "-deps", "-json=ImportPath,Export,DepOnly"}, patterns...)
	cmd := exec.Command("go", args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("export: go list: %w\n%s", err, stderr.Bytes())
	}
	s := &Set{files: map[string]string{}, packages: map[string]*types.Package{}}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p struct {
			ImportPath, Export string
			DepOnly            bool
		}
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return s, nil
		} else if err != nil {
			return nil, fmt.Errorf("export: go list: %w", err)
		}
		s.files[p.ImportPath] = p.Export
		if !p.DepOnly && Importable(p.ImportPath) {
			s.Paths = append(s.Paths, p.ImportPath)
		}
	}
}

// Importable reports whether a program outside the package's own tree may import path.
func Importable(path string) bool {
	if path == "unsafe" { // known to go/types without data
		return false
	}
	for elem := range strings.SplitSeq(path, "/") {
		if elem == "internal" || elem == "vendor" || elem == "cmd" {
			return false
		}
	}
	return true
}

// Package reads the type data of one package of the set, or of one of its dependencies.
func (s *Set) Package(path string) (*types.Package, error) {
	if p := s.packages[path]; p != nil && p.Complete() {
		return p, nil
	}
	file := s.files[path]
	if file == "" {
		return nil, fmt.Errorf("export: no type data for %q", path)
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r, err := gcexportdata.NewReader(f) //lint:ignore SA1019 go.mod's Go writes archives; Read takes over with Go 1.28
	if err != nil {
		return nil, fmt.Errorf("export: %s: %w", path, err)
	}
	return gcexportdata.Read(r, token.NewFileSet(), s.packages, path)
}

// Encode returns the type data of one package, and of all it refers to, without positions.
func (s *Set) Encode(path string) ([]byte, error) {
	p, err := s.Package(path)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := gcexportdata.Write(&b, token.NewFileSet(), p); err != nil {
		return nil, fmt.Errorf("export: %s: %w", path, err)
	}
	return b.Bytes(), nil
}
