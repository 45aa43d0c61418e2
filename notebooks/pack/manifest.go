package pack

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"strings"
)

// ManifestName is the name of the manifest in an archive, its first file.
const ManifestName = "gobraid-pack.json"

// format is the version of the manifest that this package writes and reads.
const format = 1

// ErrArchive is what the errors of an archive wrap that is damaged, was changed, or is none.
var ErrArchive = errors.New("the archive is not as it was packed")

// The roles of files.
const (
	RoleNotebook = "notebook"
	RoleRecord   = "record"  // the run record
	RoleData     = "data"    // what cells read
	RoleModule   = "module"  // go.mod and go.sum
	RolePackage  = "package" // of the main module, or of one that is replaced by a folder
	RoleVendor   = "vendor"  // of another module
)

// A Manifest says what is in an archive.
type Manifest struct {
	Format   int    `json:"format"`
	Gobraid  string `json:"gobraid"`  // the version that packed it
	Go       string `json:"go"`       // the version of Go that gobraid was built with
	Notebook string `json:"notebook"` // the path of the notebook in the archive
	Vendored bool   `json:"vendored"` // the packages of all modules are in it
	Files    []File `json:"files"`    // sorted by path

	// Warnings are what may be missing elsewhere. They are not in the archive.
	Warnings []string `json:"-"`
}

// A File is a file of an archive.
type File struct {
	Path   string `json:"path"` // with slashes, below the archive's folder
	Size   int64  `json:"size"` // in bytes
	SHA256 string `json:"sha256"`
	Role   string `json:"role"`
	Why    string `json:"why,omitempty"` // why a data file is in it

	source string // where its content is
	text   []byte // or what it is
}

// JSON returns the manifest as it is in the archive.
func (m *Manifest) JSON() []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(m); err != nil {
		panic("pack: " + err.Error()) // texts and numbers cannot fail
	}
	return b.Bytes()
}

// Digest returns the SHA-256 of the manifest, as sha256:hex. As the manifest has those of all files, it stands for the whole archive.
func (m *Manifest) Digest() string { return digest(m.JSON()) }

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// Size returns the size of all files together, in bytes.
func (m *Manifest) Size() int64 {
	var n int64
	for _, f := range m.Files {
		n += f.Size
	}
	return n
}

// parseManifest reads a manifest and asserts that it could have been packed.
func parseManifest(b []byte) (*Manifest, error) {
	m := &Manifest{}
	if err := json.Unmarshal(b, m); err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrArchive, ManifestName, err)
	}
	if m.Format != format {
		return nil, fmt.Errorf("the archive has format %d, which this gobraid does not know: it was packed by gobraid %s", m.Format, m.Gobraid)
	}
	seen := map[string]bool{}
	for _, f := range m.Files {
		switch {
		case !safe(f.Path):
			return nil, fmt.Errorf("%w: %q is no path below the archive's folder", ErrArchive, f.Path)
		case seen[strings.ToLower(f.Path)]:
			return nil, fmt.Errorf("%w: %s is listed twice", ErrArchive, f.Path)
		case f.Size < 0 || f.Size > sizeLimit:
			return nil, fmt.Errorf("%w: the size of %s is %d", ErrArchive, f.Path, f.Size)
		}
		seen[strings.ToLower(f.Path)] = true
	}
	if !seen[strings.ToLower(m.Notebook)] {
		return nil, fmt.Errorf("%w: it lists no notebook", ErrArchive)
	}
	return m, nil
}

// safe reports whether a path of an archive stays below the folder it is put into, on every system.
func safe(p string) bool {
	return p != "" && p == path.Clean(p) && filepath.IsLocal(filepath.FromSlash(p)) && !strings.ContainsAny(p, "\\:\x00") && p != "." && p != ManifestName
}
