package yaegi_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// TestCells runs sessions: archives whose files "cell" are cells, each followed by what it prints and
// the values of its trailing expression, one a line after "= ".
func TestCells(t *testing.T) {
	paths, err := filepath.Glob("testdata/cells/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no sessions: %v", err)
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			a, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			skipRacy(t, string(txtar.Format(a)))
			s := newSession()
			for i := 0; i+1 < len(a.Files); i += 2 {
				got := cellText(s, string(a.Files[i].Data))
				if *update {
					a.Files[i+1].Data = []byte(got)
					continue
				}
				compare(t, fmt.Sprintf("cell %d", i/2+1), got, string(a.Files[i+1].Data))
			}
			if *update {
				if err := os.WriteFile(path, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// cellText runs a cell and writes down everything that came of it.
func cellText(s *session, text string) string {
	var b strings.Builder
	out := &buffer{}
	vals, end, err := s.run(text, out)
	b.WriteString(out.text())
	if err != nil {
		fmt.Fprintf(&b, "error: %v\n", err)
		return b.String()
	}
	if end.Panic != nil {
		fmt.Fprintf(&b, "%s\n%s", end.Panic.Text(), frames(end.Panic))
	}
	for _, v := range vals {
		fmt.Fprintf(&b, "= %v (%s)\n", v, v.Type())
	}
	return b.String()
}
