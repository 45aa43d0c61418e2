package toolchain

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
)

// Trimmed tells whether this binary was built with -trimpath: it does not know where its sources were.
func Trimmed() bool {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return true
	}
	for _, s := range info.Settings {
		if s.Key == "-trimpath" {
			return s.Value == "true"
		}
	}
	return false
}

// Module returns the folder of gobraid's module: the one this binary was built in, or, if it was built with
// -trimpath, one in the cache folder that its own sources are unpacked to.
func Module(trimmed bool, sources fs.FS, cache string) (string, error) {
	if !trimmed {
		_, file, _, _ := runtime.Caller(0)
		dir := filepath.Join(filepath.Dir(file), "..", "..")
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err != nil {
			return "", fmt.Errorf("the folder gobraid was built in is gone (%w): build it with -trimpath", err)
		}
		return dir, nil
	}
	if sources == nil {
		return "", errors.New("this binary was built with -trimpath and holds no sources")
	}
	sum, err := HashFS(sources)
	if err != nil {
		return "", err
	}
	dir := filepath.Join(cache, "module-"+sum)
	return dir, unpack(sources, dir)
}

// Cache returns the folder for what gobraid builds.
func Cache() string {
	dir, err := os.UserCacheDir()
	if err != nil {
		dir = os.TempDir()
	}
	return filepath.Join(dir, "gobraid")
}

// HashFS returns a hash of the files in fsys, tests apart.
func HashFS(fsys fs.FS) (string, error) {
	h := sha256.New()
	err := fs.WalkDir(fsys, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, "_test.go") {
			return err
		}
		b, err := fs.ReadFile(fsys, path)
		fmt.Fprintf(h, "%s %d\n", path, len(b))
		h.Write(b)
		return err
	})
	return hex.EncodeToString(h.Sum(nil))[:16], err
}

// unpack writes fsys into dir, unless that has been done.
func unpack(fsys fs.FS, dir string) error {
	if _, err := os.Stat(dir); err == nil {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return err
	}
	tmp, err := os.MkdirTemp(filepath.Dir(dir), "unpack")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	if err := os.CopyFS(filepath.Join(tmp, "m"), fsys); err != nil {
		return err
	}
	if err := os.Rename(filepath.Join(tmp, "m"), dir); err != nil && !errors.Is(err, fs.ErrExist) {
		if _, stat := os.Stat(dir); stat != nil {
			return err
		}
	}
	return nil
}

// WriteFile writes a file whole or not at all, and the folders it needs.
func WriteFile(name string, b []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name))
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}
