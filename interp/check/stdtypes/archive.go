package stdtypes

import (
	"archive/zip"
	"bytes"
	_ "embed" // for the archives
	"fmt"
	"io"
	"sync"
)

//go:embed std.zip
var stdZip []byte

//go:embed gobraid.zip
var gobraidZip []byte

// entries maps import paths to the archive entries of their type data. The comment of an entry is the
// name of the package.
var entries = sync.OnceValue(func() map[string]*zip.File {
	m := make(map[string]*zip.File)
	for _, data := range [][]byte{stdZip, gobraidZip} {
		for _, f := range open(data).File {
			m[f.Name] = f
		}
	}
	return m
})

// open opens an embedded archive. It panics when the archive is broken, as the binary is then.
func open(data []byte) *zip.Reader {
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		panic(fmt.Sprintf("stdtypes: embedded archive: %v", err))
	}
	return r
}

// read returns the type data of one entry.
func read(f *zip.File) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	data := make([]byte, f.UncompressedSize64)
	_, err = io.ReadFull(r, data)
	return data, err
}
