package assist

import (
	"context"
	"flag"
	"fmt"
	"go/token"
	"go/types"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/gobraid/gobraid/interp/check/stdtypes"
)

var update = flag.Bool("update", false, "rewrite the expectations in testdata")

// TestInspect reads testdata/inspect.txt: a text with the cursor's mark, a line "=>" (or "=> 1", with the
// detail), and what is said, each followed by a line of dashes.
func TestInspect(t *testing.T) {
	const file = "testdata/inspect.txt"
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	a := fixture()
	var out []string
	for chunk := range strings.SplitSeq(strings.TrimSuffix(string(data), "\n----\n"), "\n----\n") {
		text, want, ok := strings.Cut(chunk, "\n=>")
		line, want, _ := strings.Cut(want, "\n")
		if !ok {
			t.Fatalf("no arrow in %q", chunk)
		}
		detail := 0
		if line != "" {
			detail = 1
		}
		code, cursor := at(t, text)
		mime, ok := a.Inspect(context.Background(), code, cursor, detail)
		got := "nothing"
		if ok {
			got = mime["text/plain"].(string)
		}
		if got != want && !*update {
			t.Errorf("%s\nsays\n%s\nwant\n%s", text, got, want)
		}
		out = append(out, text+"\n=>"+line+"\n"+got+"\n----\n")
	}
	if *update {
		if err := os.WriteFile(file, []byte(strings.Join(out, "")), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestInspectMarkdown(t *testing.T) {
	mime, ok := fixture().Inspect(context.Background(), "p", 1, 0)
	if want := "```go\nvar p point\n```\n\nDeclared in cell 2."; !ok || mime["text/markdown"] != want {
		t.Errorf("markdown %q, want %q", mime["text/markdown"], want)
	}
	mime, ok = fixture().Inspect(context.Background(), "%who", 1, 0)
	if want := magics["%who"].text; !ok || mime["text/markdown"] != want {
		t.Errorf("markdown %q, want %q", mime["text/markdown"], want)
	}
}

// Every word of Go is explained, and nothing that is none.
func TestWords(t *testing.T) {
	for word := token.BREAK; word <= token.VAR; word++ {
		if keywords[word.String()] == "" {
			t.Errorf("the keyword %s is not explained", word)
		}
	}
	for word := range keywords {
		if !token.IsKeyword(word) {
			t.Errorf("%s is no keyword", word)
		}
	}
	for _, name := range types.Universe.Names() {
		if predeclared[name].usage == "" || predeclared[name].text == "" {
			t.Errorf("%s is not explained", name)
		}
	}
	if n := len(types.Universe.Names()); len(predeclared) != n {
		t.Errorf("%d names are explained, %d are predeclared", len(predeclared), n)
	}
}

// The name of a package is taken from its path where that is not said.
func TestPackageNames(t *testing.T) {
	im := stdtypes.NewImporter(token.NewFileSet())
	for _, path := range stdtypes.Packages() {
		pkg, err := im.Import(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := packageName(path); got != pkg.Name() {
			t.Errorf("packageName(%q) = %s, want %s", path, got, pkg.Name())
		}
	}
}

// No text, however it is cut, may confuse more than the answer.
func TestEveryCursor(t *testing.T) {
	a := fixture()
	ctx := context.Background()
	for _, test := range completeTests {
		code, _ := at(t, test.code)
		n := len([]rune(code))
		for cursor := range n + 1 {
			start, end, _ := a.Complete(ctx, code, cursor)
			if start < 0 || start > end || end != cursor {
				t.Fatalf("%q, cursor %d: from %d to %d", code, cursor, start, end)
			}
			if mime, ok := a.Inspect(ctx, code, cursor, 1); ok && mime["text/plain"] == "" {
				t.Fatalf("%q, cursor %d: an empty description", code, cursor)
			}
		}
	}
}

func TestLearn(t *testing.T) {
	a := fixture()
	members := func() string {
		var out []string
		_, _, found := a.Complete(context.Background(), "p.", 2)
		for _, m := range found {
			out = append(out, m.Text)
		}
		return strings.Join(out, " ")
	}
	steps := []struct{ cell, want string }{
		{"", "x y Scale area"},
		{"func (p point) Later() {}", "x y Later Scale area"},
		{"func (p point) Later(n int) {", "x y Later Scale area"}, // does not parse
		{"func (t unheard) M() {}", "x y Later Scale area"},
		{"x := 1\ntype point struct{ z int }\n!ls", "z"},
		{"package main\ntype point struct{ w int }\nfunc (*point) W() {}\nfunc main() {}", "w W"},
	}
	for _, s := range steps {
		a.Learn(s.cell)
		if got := members(); got != s.want {
			t.Errorf("after %q the members are %s, want %s", s.cell, got, s.want)
		}
	}
}

// A cell ends while its writer types.
func TestLearnMeanwhile(t *testing.T) {
	a := fixture()
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := range 100 {
			a.Learn(fmt.Sprintf("func (p point) M%d() {}", i))
		}
	})
	for range 100 {
		a.Complete(context.Background(), "p.", 2)
	}
	wg.Wait()
	if _, _, found := a.Complete(context.Background(), "p.M99", 5); len(found) != 1 {
		t.Errorf("matches %v", found)
	}
}
