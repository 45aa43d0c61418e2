package assist

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gobraid/gobraid/interp"
)

// compiled compiles a package of a module and returns the file that the compiler made of it.
func compiled(t *testing.T, source string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"go.mod": "module example.com/shapes\n\ngo 1.26\n", "shapes.go": source} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("go", "list", "-export", "-f", "{{.Export}}", ".")
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "GOFLAGS=", "GOWORK=off")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Skipf("go list: %v\n%s", err, out)
	}
	return strings.TrimSpace(string(out))
}

// TestModules asserts that packages of modules are known from the files that the session names, and from the newest ones.
func TestModules(t *testing.T) {
	const source = `package shapes

import "strings"

type Square struct { Side float64 }

// Area is its area.
func (s Square) Area() float64 { return s.Side * s.Side }

func New(side float64, b *strings.Builder) Square { return Square{side} }
`
	scope := []interp.Name{
		{Name: "s", Kind: "var", Type: "shapes.Square", Cell: 1},
		{Name: "shapes", Kind: "package", Type: "example.com/shapes", File: compiled(t, source)},
		{Name: "strings", Kind: "package", Type: "strings"},
	}
	a := New(func() []interp.Name { return slices.Clone(scope) })
	complete := func(marked string) string {
		code, cursor := at(t, marked)
		_, _, found := a.Complete(context.Background(), code, cursor)
		var texts []string
		for _, m := range found {
			texts = append(texts, m.Text)
		}
		return strings.Join(texts, " ")
	}
	for marked, want := range map[string]string{
		"shapes.‸":                        "New Square",
		"s.‸":                             "Side Area",
		"shapes.New(1, nil).A‸":           "Area",
		"q := shapes.Square{}\nq.S‸":      "Side",
		"import \"example.com/‸\"":        "example.com/shapes",
		"shapes.Square{S‸":                "Side",
		"var b strings.Builder\nshap‸":    "shapes",
		"shapes.New(1, &strings.Builder‸": "Builder",
	} {
		if got := complete(marked); got != want {
			t.Errorf("%s: %q, want %q", marked, got, want)
		}
	}
	code, cursor := at(t, "shapes.Ne‸w")
	mime, ok := a.Inspect(context.Background(), code, cursor, 0)
	if text, _ := mime["text/plain"].(string); !ok || !strings.Contains(text, "func New(side float64, b *strings.Builder) Square") {
		t.Errorf("%v %v", mime, ok)
	}
	scope[1].File = compiled(t, source+"\nfunc Newer() {}\n")
	if got := complete("shapes.New‸"); got != "New Newer" {
		t.Errorf("in a new session: %q", got)
	}
	scope[1].File = filepath.Join(t.TempDir(), "gone")
	if got := complete("shapes.New‸"); got != "" {
		t.Errorf("without the file: %q", got)
	}
}
