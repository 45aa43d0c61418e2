package source

import (
	"archive/zip"
	"bytes"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"github.com/gobraid/gobraid/interp/lower/normal/source/internal/std"
)

// The embedded text must be that of the Go tree.
func TestTextIsCurrent(t *testing.T) {
	r, err := zip.NewReader(bytes.NewReader(stdZip), int64(len(stdZip)))
	if err != nil {
		t.Fatal(err)
	}
	if v := runtime.Version(); v != r.Comment && !strings.HasPrefix(v, r.Comment+".") {
		t.Skipf("the text is of %s, the toolchain is %s", r.Comment, v)
	}
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("no Go toolchain")
	}
	files, err := std.Files()
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != len(r.File) {
		t.Fatalf("%d files, want %d", len(r.File), len(files))
	}
	for i, f := range files {
		if f.Name != r.File[i].Name || !bytes.Equal(f.Text, read(r.File[i])) {
			t.Errorf("%s has changed; run: go generate ./interp/lower/normal/source", f.Name)
		}
	}
}

func TestFiles(t *testing.T) {
	if len(Files("slices")) < 5 || len(Files("cmp")) != 1 {
		t.Error("files are missing")
	}
	if Files("os") != nil {
		t.Error("os has no generic part")
	}
}
