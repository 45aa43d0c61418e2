package pack_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gobraid/gobraid/notebooks/pack"
)

// An item is a file of an archive that is made by hand.
type item struct {
	name, text string
	link       string
}

func tarball(t *testing.T, items []item) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	for _, i := range items {
		h := &tar.Header{Typeflag: tar.TypeReg, Name: i.name, Size: int64(len(i.text)), Mode: 0o644}
		if i.link != "" {
			h = &tar.Header{Typeflag: tar.TypeSymlink, Name: i.name, Linkname: i.link}
		}
		if err := w.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, i.text); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(w.Close(), z.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func zipped(t *testing.T, items []item) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, i := range items {
		h := &zip.FileHeader{Name: i.name, Method: zip.Deflate}
		text := i.text
		if i.link != "" {
			h.SetMode(os.ModeSymlink | 0o777)
			text = i.link
		}
		f, err := w.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(f, text); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// packed is an archive as it should be, as items, and its digest.
func packed(t *testing.T) ([]item, string) {
	t.Helper()
	dir := tree(t, "-- data.txt --\n12\n")
	m, err := pack.Collect(t.Context(), notebook(t, filepath.Join(dir, "a.ipynb"), nil, `"data.txt"`), pack.Options{})
	if err != nil {
		t.Fatal(err)
	}
	items := []item{{name: pack.ManifestName, text: string(m.JSON())}}
	for _, f := range m.Files {
		b, err := os.ReadFile(filepath.Join(dir, f.Path))
		if err != nil {
			t.Fatal(err)
		}
		items = append(items, item{name: f.Path, text: string(b)})
	}
	return items, m.Digest()
}

// refused asserts that an archive is not unpacked and leaves nothing behind, in its folder or beside it.
func refused(t *testing.T, kind pack.Kind, archive []byte, digest string) {
	t.Helper()
	dir := t.TempDir()
	name, to := filepath.Join(dir, "a"+string(kind)), filepath.Join(dir, "to")
	put(t, name, string(archive))
	if _, err := pack.Extract(name, to, digest); !errors.Is(err, pack.ErrArchive) {
		t.Errorf("%s: %v", kind, err)
	}
	if left := files(t, dir); len(left) != 2 {
		t.Errorf("%s: it leaves %q", kind, left)
	}
}

// TestTampered changes archives.
func TestTampered(t *testing.T) {
	const other = "sha256:0000000000000000000000000000000000000000000000000000000000000000"
	for _, test := range []struct {
		name   string
		change func(items []item) []item
		digest string
	}{
		{"content", func(i []item) []item { i[2].text = "13\n"; return i }, ""},
		{"longer", func(i []item) []item { i[2].text += "3"; return i }, ""},
		{"shorter", func(i []item) []item { i[2].text = "1"; return i }, ""},
		{"missing", func(i []item) []item { return i[:2] }, ""},
		{"more", func(i []item) []item { return append(i, item{name: "more.txt"}) }, ""},
		{"twice", func(i []item) []item { return append(i, i[2]) }, ""},
		{"manifest twice", func(i []item) []item { return append(i, i[0]) }, ""},
		{"renamed", func(i []item) []item { i[2].name = "Data.txt"; return i }, ""},
		{"up", func(i []item) []item { i[2].name = "../data.txt"; return i }, ""},
		{"link", func(i []item) []item { i[2] = item{name: "data.txt", link: "/etc/passwd"}; return i }, ""},
		{"order", func(i []item) []item { i[0], i[1] = i[1], i[0]; return i }, ""},
		{"empty", func([]item) []item { return nil }, ""},
		{"digest", func(i []item) []item { return i }, other},
		{"no JSON", func(i []item) []item { i[0].text = "{"; return i }, ""},
		{"no notebook", func(i []item) []item {
			i[0].text = strings.Replace(i[0].text, `"notebook": "a.ipynb"`, `"notebook": "b.ipynb"`, 1)
			return i
		}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			items, _ := packed(t)
			items = test.change(items)
			refused(t, pack.TarGz, tarball(t, items), test.digest)
			refused(t, pack.Zip, zipped(t, items), test.digest)
		})
	}
}

// TestTraversal has manifests themselves name files outside of the folder.
func TestTraversal(t *testing.T) {
	for _, name := range []string{"../a.txt", "/tmp/a.txt", "x/../../a.txt", "x/../a.txt", "./a.txt", "x//a.txt", `..\a.txt`, `C:\a.txt`, "C:a.txt", "", ".", "..", "a\x00b", "x/", "A.IPYNB", pack.ManifestName} {
		t.Run(name, func(t *testing.T) {
			items, _ := packed(t)
			quoted := strings.NewReplacer(`\`, `\\`, "\x00", `\u0000`).Replace(name)
			items[0].text = strings.Replace(items[0].text, `"data.txt"`, `"`+quoted+`"`, 1)
			items[2].name = strings.TrimSuffix(strings.ReplaceAll(name, "\x00", "0"), "/")
			refused(t, pack.TarGz, tarball(t, items), "")
			refused(t, pack.Zip, zipped(t, items), "")
		})
	}
}

// TestTruncated cuts archives short and flips bytes of them, at every fifth place: it is refused, or it is still what was packed.
func TestTruncated(t *testing.T) {
	items, digest := packed(t)
	for kind, whole := range map[pack.Kind][]byte{pack.TarGz: tarball(t, items), pack.Zip: zipped(t, items)} {
		for n := 0; n < len(whole); n += 5 {
			try(t, kind, whole[:n], digest, true)
			flipped := bytes.Clone(whole)
			flipped[n] ^= 0x10
			try(t, kind, flipped, digest, false)
		}
	}
}

func try(t *testing.T, kind pack.Kind, archive []byte, digest string, must bool) {
	t.Helper()
	dir := t.TempDir()
	name, to := filepath.Join(dir, "a"+string(kind)), filepath.Join(dir, "to")
	put(t, name, string(archive))
	m, err := pack.Extract(name, to, digest)
	switch {
	case err != nil && !errors.Is(err, pack.ErrArchive):
		t.Errorf("%s: %v", kind, err)
	case err != nil && len(files(t, to)) > 0:
		t.Errorf("%s: it leaves %q", kind, files(t, to))
	case err == nil && (must || m.Digest() != digest):
		t.Errorf("%s of %d bytes is unpacked", kind, len(archive))
	case err == nil:
		if b, err := os.ReadFile(filepath.Join(to, "data.txt")); string(b) != "12\n" {
			t.Errorf("%s: %q %v", kind, b, err)
		}
	}
}

// TestNewer says of an archive of another format that it is newer.
func TestNewer(t *testing.T) {
	items, _ := packed(t)
	items[0].text = strings.Replace(items[0].text, `"format": 1`, `"format": 2`, 1)
	name := filepath.Join(t.TempDir(), "a.zip")
	put(t, name, string(zipped(t, items)))
	if _, err := pack.Extract(name, t.TempDir(), ""); err == nil || !strings.Contains(err.Error(), "format 2") {
		t.Error(err)
	}
}
