// Package std reads what package source embeds from the Go tree.
package std

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// names are the files of the standard library whose text is embedded.
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

// Files returns the files as the Go tree has them.
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
