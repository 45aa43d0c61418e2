// Command generate writes the archives that package stdtypes embeds. Run it with go generate.
package main

import (
	"archive/zip"
	"bytes"
	"log"
	"os"
	"runtime"
	"strings"

	"github.com/gobraid/gobraid/interp/check/stdtypes/internal/export"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("generate: ")
	write("std.zip", "std")
	write("gobraid.zip", export.Concurrency)
}

// write makes an archive of the type data of the packages that match pattern.
func write(file, pattern string) {
	s, err := export.Load(pattern)
	check(err)
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, path := range s.Paths {
		data, err := s.Encode(path)
		check(err)
		p, err := s.Package(path)
		check(err)
		e, err := w.CreateHeader(&zip.FileHeader{Name: path, Comment: p.Name(), Method: zip.Deflate})
		check(err)
		_, err = e.Write(data)
		check(err)
	}
	check(w.SetComment(release()))
	check(w.Close())
	if old, err := os.ReadFile(file); err == nil && bytes.Equal(old, b.Bytes()) {
		log.Printf("%s: unchanged, %d packages", file, len(s.Paths))
		return
	}
	check(os.WriteFile(file, b.Bytes(), 0o644))
	log.Printf("%s: %d packages, %d bytes", file, len(s.Paths), b.Len())
}

// release returns the Go release without its patch level, such as "go1.26".
func release() string {
	v := strings.SplitN(runtime.Version(), ".", 3)
	return strings.Join(v[:min(2, len(v))], ".")
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
