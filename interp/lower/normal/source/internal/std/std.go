// Package std reads the text that package source needs from the Go tree.
package std

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// names are the files of the standard library that hold its generic part.
var names = []string{
	"cmp/cmp.go",
	"maps/iter.go", "maps/maps.go",
	"slices/iter.go", "slices/slices.go", "slices/sort.go", "slices/zsortanyfunc.go", "slices/zsortordered.go",
	"sync/oncefunc.go",
}

// A File is a file of the standard library.
type File struct {
	Name string
	Text []byte
}

// Files returns the files as the tree of the installed Go has them. It runs the go command.
func Files() ([]File, error) {
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return nil, err
	}
	var files []File
	for _, name := range names {
		text, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(root)), "src", filepath.FromSlash(name)))
		if err != nil {
			return nil, err
		}
		files = append(files, File{name, text})
	}
	return files, nil
}

// Installed returns the release of the installed Go, such as "go1.26", or "" if there is none. It runs the go command.
func Installed() string {
	v, err := exec.Command("go", "env", "GOVERSION").Output()
	if err != nil {
		return ""
	}
	return Release(strings.TrimSpace(string(v)))
}

// Release returns the release that a version of Go belongs to: "go1.26" for "go1.26.8".
func Release(version string) string {
	v := strings.SplitN(version, ".", 3)
	return strings.Join(v[:min(2, len(v))], ".")
}
