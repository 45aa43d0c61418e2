package pack

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// A Kind is a kind of archive.
type Kind string

// The kinds of archives.
const (
	TarGz Kind = ".tar.gz"
	Zip   Kind = ".zip"
)

// KindOf returns the kind of archive that a file of the name is, and whether it is one.
func KindOf(name string) (kind Kind, ok bool) {
	switch name = strings.ToLower(name); {
	case strings.HasSuffix(name, ".tar.gz"), strings.HasSuffix(name, ".tgz"):
		return TarGz, true
	case strings.HasSuffix(name, ".zip"):
		return Zip, true
	}
	return "", false
}

// epoch is the time of all files in an archive, so that the same files make the same archive; zip knows none earlier.
var epoch = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// Write writes the archive. A file that has changed since the manifest was made is an error.
func (m *Manifest) Write(w io.Writer, kind Kind) error {
	list := append([]File{{Path: ManifestName, text: m.JSON()}}, m.Files...)
	var create func(f File) (io.Writer, error)
	var end func() error
	switch kind {
	case TarGz:
		z := gzip.NewWriter(w)
		t := tar.NewWriter(z)
		create = func(f File) (io.Writer, error) {
			return t, t.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: f.Path, Size: f.size(), Mode: 0o644, ModTime: epoch, Format: tar.FormatPAX})
		}
		end = func() error {
			if err := t.Close(); err != nil {
				return err
			}
			return z.Close()
		}
	case Zip:
		z := zip.NewWriter(w)
		create = func(f File) (io.Writer, error) {
			return z.CreateHeader(&zip.FileHeader{Name: f.Path, Method: zip.Deflate, Modified: epoch})
		}
		end = z.Close
	default:
		return fmt.Errorf("pack: there is no kind of archive %q: it is %s or %s", kind, TarGz, Zip)
	}
	for _, f := range list {
		to, err := create(f)
		if err == nil {
			err = f.write(to)
		}
		if err != nil {
			return fmt.Errorf("pack: %s: %w", f.Path, err)
		}
	}
	return end()
}

func (f *File) size() int64 {
	if f.text != nil {
		return int64(len(f.text))
	}
	return f.Size
}

// write copies the content of a file, and asserts that it is what the manifest says.
func (f *File) write(w io.Writer) error {
	if f.text != nil || f.source == "" {
		_, err := w.Write(f.text)
		return err
	}
	in, err := os.Open(f.source)
	if err != nil {
		return err
	}
	defer in.Close()
	return f.copy(w, in)
}

// copy copies exactly what the manifest says that the file is.
func (f *File) copy(w io.Writer, r io.Reader) error {
	hash := sha256.New()
	n, err := io.Copy(io.MultiWriter(w, hash), io.LimitReader(r, f.Size))
	if err != nil {
		return err
	}
	more, err := r.Read(make([]byte, 1))
	switch {
	case n < f.Size || more > 0:
		return fmt.Errorf("%w: %s is not of the size that the manifest says", ErrArchive, f.Path)
	case err != nil && err != io.EOF:
		return err
	case hex.EncodeToString(hash.Sum(nil)) != f.SHA256:
		return fmt.Errorf("%w: %s is not what the manifest says", ErrArchive, f.Path)
	}
	return nil
}

// copyTo writes the file below a folder.
func (f *File) copyTo(dir string) error {
	to := filepath.Join(dir, filepath.FromSlash(f.Path))
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	var b bytes.Buffer
	if err := f.write(&b); err != nil {
		return err
	}
	return os.WriteFile(to, b.Bytes(), 0o644)
}
