package pack

import (
	"archive/tar"
	"archive/zip"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
)

const (
	manifestLimit = 64 << 20 // how large a manifest may be
	sizeLimit     = 16 << 30 // and all files together, in bytes
)

// Extract writes the files of an archive below a folder, which is made if it is not there and has to be empty, and returns the manifest. With
// a digest the manifest has to be the one of that digest. An archive that is not as its manifest says is an error that wraps
// [ErrArchive]; what has been written until then is removed.
func Extract(archive, dir, digest string) (_ *Manifest, err error) {
	kind, ok := KindOf(archive)
	if !ok {
		return nil, fmt.Errorf("%w: %s is neither a .tar.gz nor a .zip", ErrArchive, archive)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	if there, err := os.ReadDir(dir); err != nil {
		return nil, err
	} else if len(there) > 0 {
		return nil, fmt.Errorf("%s is not empty: an archive is unpacked into a folder of its own", dir)
	}
	root, err := os.OpenRoot(dir) // follows nothing out of it
	if err != nil {
		return nil, err
	}
	defer root.Close()
	x := &extraction{root: root, digest: digest}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("%s: %w", archive, err), x.remove(dir))
		}
	}()
	f, err := os.Open(archive)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if kind == Zip {
		err = x.zip(f)
	} else {
		err = x.tar(f)
	}
	if err != nil {
		return nil, err
	}
	for name := range x.missing {
		return nil, fmt.Errorf("%w: %s is missing", ErrArchive, name)
	}
	if x.manifest == nil {
		return nil, fmt.Errorf("%w: it is empty", ErrArchive)
	}
	return x.manifest, nil
}

// An extraction is an archive that is being unpacked.
type extraction struct {
	root     *os.Root
	digest   string
	manifest *Manifest
	missing  map[string]*File // what has not come yet
}

// remove takes away what was unpacked of an archive that is refused.
func (x *extraction) remove(dir string) error {
	there, err := os.ReadDir(dir)
	for _, e := range there {
		err = errors.Join(err, os.RemoveAll(filepath.Join(dir, e.Name())))
	}
	return err
}

func (x *extraction) tar(r io.Reader) error {
	z, err := gzip.NewReader(r)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrArchive, err)
	}
	t := tar.NewReader(z)
	for {
		h, err := t.Next()
		if err == io.EOF {
			_, err := io.Copy(io.Discard, io.LimitReader(z, 1<<20)) // to the checksum at the end
			if err != nil {
				return fmt.Errorf("%w: %w", ErrArchive, err)
			}
			return nil
		}
		if err != nil {
			return fmt.Errorf("%w: %w", ErrArchive, err)
		}
		if h.Typeflag != tar.TypeReg {
			return fmt.Errorf("%w: %s is no regular file", ErrArchive, h.Name)
		}
		if err := x.file(h.Name, t); err != nil {
			return err
		}
	}
}

func (x *extraction) zip(f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	z, err := zip.NewReader(f, info.Size())
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return fmt.Errorf("%w: %w", ErrArchive, err)
	}
	for _, e := range z.File {
		if !e.Mode().IsRegular() {
			return fmt.Errorf("%w: %s is no regular file", ErrArchive, e.Name)
		}
		r, err := e.Open()
		if err != nil {
			return fmt.Errorf("%w: %s: %w", ErrArchive, e.Name, err)
		}
		err = x.file(e.Name, r)
		r.Close()
		if err != nil {
			return err
		}
	}
	return nil
}

// file takes the next file of the archive.
func (x *extraction) file(name string, r io.Reader) error {
	if x.manifest == nil {
		return x.first(name, r)
	}
	f := x.missing[name]
	if f == nil {
		return fmt.Errorf("%w: the manifest does not list %q, or it is there twice", ErrArchive, name)
	}
	delete(x.missing, name)
	to := filepath.FromSlash(name)
	if err := x.root.MkdirAll(filepath.FromSlash(path.Dir(name)), 0o755); err != nil {
		return err
	}
	out, err := x.root.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	err = f.copy(out, r)
	if cerr := out.Close(); err == nil {
		err = cerr
	}
	if err != nil && !errors.Is(err, ErrArchive) {
		err = fmt.Errorf("%w: %s: %w", ErrArchive, name, err)
	}
	return err
}

// first takes the manifest, which comes first.
func (x *extraction) first(name string, r io.Reader) error {
	if name != ManifestName {
		return fmt.Errorf("%w: it begins with %q and not with %s, so `gobraid pack` has not made it", ErrArchive, name, ManifestName)
	}
	b, err := io.ReadAll(io.LimitReader(r, manifestLimit))
	if err != nil {
		return fmt.Errorf("%w: %w", ErrArchive, err)
	}
	if got := digest(b); x.digest != "" && x.digest != got {
		return fmt.Errorf("%w: its digest is %s, and %s is asked for", ErrArchive, got, x.digest)
	}
	m, err := parseManifest(b)
	if err != nil {
		return err
	}
	if m.Size() > sizeLimit {
		return fmt.Errorf("%w: its files take %d bytes, and %d are the most", ErrArchive, m.Size(), int64(sizeLimit))
	}
	x.manifest, x.missing = m, map[string]*File{}
	for i := range m.Files {
		x.missing[m.Files[i].Path] = &m.Files[i]
	}
	return nil
}
