// Command generate copies the files of the Go tree that package source embeds. Run it with go generate.
package main

import (
	"bytes"
	"log"
	"os"
	"path/filepath"
	"runtime"

	"github.com/gobraid/gobraid/interp/lower/normal/source/internal/std"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("generate: ")
	files, err := std.Files()
	check(err)
	for _, f := range append(files, std.File{Name: "VERSION", Text: []byte(std.Release(runtime.Version()))}) {
		name := filepath.Join("_std", filepath.FromSlash(f.Name))
		if have, err := os.ReadFile(name); err == nil && bytes.Equal(have, f.Text) {
			continue
		}
		check(os.MkdirAll(filepath.Dir(name), 0o755))
		check(os.WriteFile(name, f.Text, 0o644))
	}
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
