package pack

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/gobraid/gobraid/notebooks"
)

// Options say what is packed. The zero value packs what the notebook needs but the packages of modules.
type Options struct {
	// Data are files, folders and patterns that go in as well. They are below the notebook's folder, and named from it or
	// absolutely.
	Data []string
	// Vendor puts the packages of modules into the archive. It asks the go command, which may fetch them.
	Vendor bool
	// Version is gobraid's version, for the manifest.
	Version string
	// Keep is a file that is not packed: the archive itself, if it is in the notebook's folder.
	Keep string
}

// A collection is a manifest that is being made.
type collection struct {
	nb    *notebooks.Notebook
	opts  Options
	root  string // the folder of the archive's files
	dir   string // the notebook's folder
	path  string // the notebook
	files map[string]File
	warn  []string
}

// Collect looks for what a notebook needs, and reads all of it to know its hashes. It blocks until that is done, and with modules until
// the go command has answered, or ctx ends.
func Collect(ctx context.Context, path string, opts Options) (*Manifest, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	nb, err := notebooks.Read(path)
	if err != nil {
		return nil, err
	}
	c := &collection{nb: nb, opts: opts, path: path, dir: filepath.Dir(path), files: map[string]File{}}
	c.root = c.dir
	if err := c.modules(ctx); err != nil {
		return nil, err
	}
	if err := c.add(path, RoleNotebook, ""); err != nil {
		return nil, err
	}
	if record := notebooks.RecordPath(path); isFile(record) {
		if err := c.add(record, RoleRecord, ""); err != nil {
			return nil, err
		}
	}
	if err := c.data(); err != nil {
		return nil, err
	}
	if opts.Vendor {
		c.warn = append(c.warn, c.unvendored()...)
	}
	return c.manifest()
}

func (c *collection) manifest() (*Manifest, error) {
	m := &Manifest{Format: format, Gobraid: c.opts.Version, Go: runtime.Version(), Vendored: c.opts.Vendor, Warnings: c.warn}
	for _, f := range c.files {
		m.Files = append(m.Files, f)
		if f.Role == RoleNotebook {
			m.Notebook = f.Path
		}
	}
	slices.SortFunc(m.Files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	if _, err := parseManifest(m.JSON()); err != nil {
		return nil, fmt.Errorf("pack: %w", err)
	}
	return m, nil
}

// inside returns the path in the archive of a file below its folder.
func (c *collection) inside(name string) (string, error) {
	rel, err := filepath.Rel(c.root, name)
	if err != nil || !filepath.IsLocal(rel) {
		return "", fmt.Errorf("pack: %s is not below %s: an archive holds the notebook's folder; copy or move it there", name, c.root)
	}
	return filepath.ToSlash(rel), nil
}

// add puts a file that is below the archive's folder into it, under its own path.
func (c *collection) add(name, role, why string) error {
	to, err := c.inside(name)
	if err != nil {
		return err
	}
	return c.addAs(to, name, role, why)
}

// addAs puts a file into the archive under another path.
func (c *collection) addAs(to, name, role, why string) error {
	if _, ok := c.files[to]; ok {
		return nil
	}
	f, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("pack: %w", err)
	}
	defer f.Close()
	hash := sha256.New()
	n, err := io.Copy(hash, f)
	if err != nil {
		return fmt.Errorf("pack: %w", err)
	}
	c.files[to] = File{Path: to, Size: n, SHA256: hex.EncodeToString(hash.Sum(nil)), Role: role, Why: why, source: name}
	return nil
}

// addText puts a file into the archive that is nowhere else.
func (c *collection) addText(to string, text []byte, role string) {
	sum := sha256.Sum256(text)
	c.files[to] = File{Path: to, Size: int64(len(text)), SHA256: hex.EncodeToString(sum[:]), Role: role, text: text}
}

// addTree puts a file or all files of a folder into the archive. Hidden folders, the archive itself and what is no regular file are
// left out.
func (c *collection) addTree(name, role, why string) error {
	return filepath.WalkDir(name, func(file string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return fmt.Errorf("pack: %w", err)
		case d.IsDir():
			if file != name && strings.HasPrefix(d.Name(), ".") {
				return filepath.SkipDir
			}
			return nil
		case file == c.path || c.isKept(file):
			return nil
		case d.Type()&fs.ModeSymlink != 0:
			return c.addLink(file, role, why)
		case !d.Type().IsRegular():
			c.warn = append(c.warn, fmt.Sprintf("%s is no file and is left out", file))
			return nil
		}
		return c.add(file, role, why)
	})
}

// addLink puts the file that a link names into the archive, if it is below its folder: a link out of it would carry what nobody named.
func (c *collection) addLink(file, role, why string) error {
	real, err := filepath.EvalSymlinks(file)
	if err == nil {
		var root string
		if root, err = filepath.EvalSymlinks(c.root); err == nil {
			if rel, rerr := filepath.Rel(root, real); rerr != nil || !filepath.IsLocal(rel) {
				err = errors.New("it leads out of the folder")
			} else if !isFile(real) {
				err = errors.New("it leads to no file")
			}
		}
	}
	if err != nil {
		c.warn = append(c.warn, fmt.Sprintf("the link %s is left out: %v", file, err))
		return nil
	}
	return c.add(file, role, why)
}

func (c *collection) isKept(file string) bool {
	kept, err := filepath.Abs(c.opts.Keep)
	return err == nil && c.opts.Keep != "" && kept == file
}

func isFile(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.Mode().IsRegular()
}
