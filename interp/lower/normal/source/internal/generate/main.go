// Command generate writes the archive that package source embeds. Run it with go generate.
package main

import (
	"archive/zip"
	"bytes"
	"log"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/gobraid/gobraid/interp/lower/normal/source/internal/std"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("generate: ")
	files, err := std.Files()
	check(err)
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range files {
		e, err := w.CreateHeader(&zip.FileHeader{Name: filepath.ToSlash(f.Name), Method: zip.Deflate})
		check(err)
		_, err = e.Write(f.Text)
		check(err)
	}
	v := strings.SplitN(runtime.Version(), ".", 3)
	check(w.SetComment(strings.Join(v[:min(2, len(v))], ".")))
	check(w.Close())
	check(os.WriteFile("std.zip", b.Bytes(), 0o644))
	log.Printf("std.zip: %d files, %d bytes", len(files), b.Len())
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
