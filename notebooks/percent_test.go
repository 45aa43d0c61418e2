package notebooks_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/gobraid/gobraid/notebooks"
)

// TestPercent reads the files of testdata/percent.txtar, which Jupytext wrote or a person might have written; after each comes what it reads as.
func TestPercent(t *testing.T) {
	const name = "testdata/percent.txtar"
	a, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(a.Files); i += 2 {
		var got strings.Builder
		cells, ok := notebooks.Percent(string(a.Files[i].Data))
		if !ok {
			got.WriteString("no cells\n")
		}
		for _, c := range cells {
			fmt.Fprintf(&got, "line %d: %s %q %s\n%s\n", c.Line, c.Type, c.Tags, c.Language, c.Source)
		}
		if want := string(a.Files[i+1].Data); got.String() != want && !*update {
			t.Errorf("%s: got\n%swant\n%s", a.Files[i].Name, &got, want)
		}
		a.Files[i+1].Data = []byte(got.String())
	}
	if *update {
		if err := os.WriteFile(name, txtar.Format(a), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func ExamplePercent() {
	cells, _ := notebooks.Percent("// %% [markdown]\n// # Title\n\n// %%\n// %%timeline\nf()\n")
	for _, c := range cells {
		fmt.Printf("%s, line %d: %q\n", c.Type, c.Line, c.Source)
	}
	// Output:
	// markdown, line 2: "# Title"
	// code, line 5: "%%timeline\nf()"
}
