package source

import (
	"bytes"
	"runtime"
	"strings"
	"testing"

	"github.com/gobraid/gobraid/interp/lower/normal/source/internal/std"
)

// The embedded text must be that of the Go tree.
func TestTextIsCurrent(t *testing.T) {
	embedded := texts(kept, "_std")
	switch release := string(embedded["VERSION"]); {
	case release == "":
		t.Skip("nothing is embedded: make build has not run")
	case release != std.Installed():
		t.Skipf("the text is of %s, the toolchain is %q", release, std.Installed())
	}
	files, err := std.Files()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !bytes.Equal(f.Text, embedded[f.Name]) {
			t.Errorf("%s has changed; run: go generate ./interp/lower/normal/source", f.Name)
		}
	}
}

func TestFiles(t *testing.T) {
	if std.Installed() != std.Release(runtime.Version()) && len(goTree()) == 0 {
		t.Skip("neither embedded nor installed text")
	}
	if len(Files("slices")) < 5 || len(Files("cmp")) != 1 {
		t.Error("files are missing")
	}
	if Files("os") != nil {
		t.Error("os has no generic part")
	}
	for _, f := range Files("slices") {
		if f.Own != strings.Contains(f.Name, "overlaps") {
			t.Errorf("%s is of our own: %v", f.Name, f.Own)
		}
	}
}
