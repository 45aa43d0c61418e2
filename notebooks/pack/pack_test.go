package pack_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/gobraid/gobraid/notebooks"
	"github.com/gobraid/gobraid/notebooks/pack"
)

// tree writes the files of a txtar archive below a folder.
func tree(t *testing.T, text string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for _, f := range txtar.Parse([]byte(text)).Files {
		put(t, filepath.Join(dir, f.Name), string(f.Data))
	}
	return dir
}

func put(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// notebook writes a notebook of code cells; those that begin with # are text.
func notebook(t *testing.T, name string, metadata map[string]any, cells ...string) string {
	t.Helper()
	nb := &notebooks.Notebook{Metadata: metadata}
	for i, source := range cells {
		kind := notebooks.Code
		if strings.HasPrefix(source, "#") {
			kind = notebooks.Markdown
		}
		nb.Cells = append(nb.Cells, &notebooks.Cell{ID: fmt.Sprint("c", i), Type: kind, Source: source})
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := nb.Write(name); err != nil {
		t.Fatal(err)
	}
	return name
}

// list is what a manifest lists, a line for each file.
func list(m *pack.Manifest) []string {
	var lines []string
	for _, f := range m.Files {
		lines = append(lines, strings.TrimSuffix(f.Role+" "+f.Path+": "+f.Why, ": "))
	}
	return lines
}

// TestCollect packs a notebook with data, and nothing that it has nothing to do with.
func TestCollect(t *testing.T) {
	dir := tree(t, `
-- data/a.csv --
1
-- data/deep/b.csv --
2
-- data/.hidden/x --
-- listed.txt --
-- given-1.txt --
-- given-2.txt --
-- page.tmpl --
-- pictures/a b.svg --
-- .env --
TOKEN=secret
-- other.ipynb --
-- unrelated.txt --
-- report.run.json --
{}
`)
	if err := os.Symlink("/etc/hostname", filepath.Join(dir, "data", "link")); err != nil {
		t.Fatal(err)
	}
	path := notebook(t, filepath.Join(dir, "report.ipynb"), map[string]any{"gobraid": map[string]any{"data": []any{"listed.txt"}}},
		"# Title\n![x](<pictures/a%20b.svg>) ![y](https://example.com/unrelated.txt)",
		"%%timeline\nf, _ := os.Open(\"data\")\n_ = `no\\nfile`\n// \"unrelated.txt\"", "//go:embed page.tmpl\nvar page string", `"../outside"`, `"/etc/passwd"`, `"."`, `"report.ipynb"`)
	m, err := pack.Collect(t.Context(), path, pack.Options{Data: []string{"given-*.txt"}, Keep: filepath.Join(dir, "data", "a.tar.gz")})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"data data/a.csv: cell c1 mentions it", "data data/deep/b.csv: cell c1 mentions it", "data given-1.txt: --data given-*.txt", "data given-2.txt: --data given-*.txt",
		"data listed.txt: the notebook's metadata list it", "data page.tmpl: cell c2 mentions it", "data pictures/a b.svg: cell c0 mentions it",
		"notebook report.ipynb", "record report.run.json",
	}
	if got := list(m); !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if len(m.Warnings) != 2 || !strings.Contains(m.Warnings[0]+m.Warnings[1], "/etc/passwd") || !strings.Contains(m.Warnings[0]+m.Warnings[1], "leads out of the folder") {
		t.Error(m.Warnings)
	}
	for _, bad := range []string{"nowhere.txt", "../x", "/etc/hostname"} {
		if _, err := pack.Collect(t.Context(), path, pack.Options{Data: []string{bad}}); err == nil {
			t.Errorf("--data %s is packed", bad)
		}
	}
}

// TestArchive writes archives and takes them out again: the same files, byte for byte, and the same archive each time.
func TestArchive(t *testing.T) {
	dir := tree(t, "-- data/a.csv --\n1,2\n-- empty --\n")
	path := notebook(t, filepath.Join(dir, "a.ipynb"), nil, `_ = []string{"data/a.csv", "empty"}`)
	for _, kind := range []pack.Kind{pack.TarGz, pack.Zip} {
		var archives [2]bytes.Buffer
		var m *pack.Manifest
		for i := range archives {
			var err error
			if m, err = pack.Collect(t.Context(), path, pack.Options{}); err == nil {
				err = m.Write(&archives[i], kind)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(archives[0].Bytes(), archives[1].Bytes()) {
			t.Errorf("%s: two archives of the same files differ", kind)
		}
		name := filepath.Join(t.TempDir(), "a"+string(kind))
		put(t, name, archives[0].String())
		to := filepath.Join(t.TempDir(), "new", "folder")
		got, err := pack.Extract(name, to, m.Digest())
		if err != nil {
			t.Fatal(err)
		}
		if got.Digest() != m.Digest() || got.Notebook != "a.ipynb" {
			t.Errorf("%s: %s", kind, got.JSON())
		}
		for _, f := range []string{"a.ipynb", "data/a.csv", "empty"} {
			was, _ := os.ReadFile(filepath.Join(dir, f))
			if is, err := os.ReadFile(filepath.Join(to, f)); err != nil || !bytes.Equal(is, was) {
				t.Errorf("%s: %s: %q, %v", kind, f, is, err)
			}
		}
		if _, err := pack.Extract(name, to, ""); err == nil {
			t.Errorf("%s: it is unpacked over what is there", kind)
		}
	}
}

// TestChanged has the data change while it is packed.
func TestChanged(t *testing.T) {
	dir := tree(t, "-- data --\n1\n")
	m, err := pack.Collect(t.Context(), notebook(t, filepath.Join(dir, "a.ipynb"), nil, `"data"`), pack.Options{})
	if err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(dir, "data"), "2\n")
	if err := m.Write(&bytes.Buffer{}, pack.TarGz); !errors.Is(err, pack.ErrArchive) {
		t.Error(err)
	}
}

// files lists all that is below a folder.
func files(t *testing.T, dir string) (all []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err == nil && name != dir {
			all = append(all, strings.TrimPrefix(name, dir+string(filepath.Separator)))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func ExampleCollect() {
	dir, err := os.MkdirTemp("", "example-")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	nb := &notebooks.Notebook{Cells: []*notebooks.Cell{{ID: "a", Type: notebooks.Code, Source: `os.ReadFile("words.txt")`}}}
	if err := errors.Join(nb.Write(filepath.Join(dir, "a.ipynb")), os.WriteFile(filepath.Join(dir, "words.txt"), []byte("one two"), 0o644)); err != nil {
		log.Fatal(err)
	}
	m, err := pack.Collect(context.Background(), filepath.Join(dir, "a.ipynb"), pack.Options{})
	if err != nil {
		log.Fatal(err)
	}
	for _, f := range m.Files {
		fmt.Printf("%s %s: %q\n", f.Role, f.Path, f.Why)
	}
	// Output:
	// notebook a.ipynb: ""
	// data words.txt: "cell a mentions it"
}
