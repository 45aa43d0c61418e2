package lower

import (
	"flag"
	"fmt"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/gobraid/gobraid/interp/check"
	"github.com/gobraid/gobraid/interp/check/stdtypes"
)

var update = flag.Bool("update", false, "rewrite the lowered text in testdata")

// TestLower lowers the cells of each file in testdata, "cell 1", "cell 2" and so on, and compares what
// comes out of each with the file of that name and ".go". The paths of packages are the cells' numbers.
func TestLower(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no test data", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			ar, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			want := map[string]string{}
			for _, f := range ar.Files {
				want[f.Name] = string(f.Data)
			}
			out := &txtar.Archive{Comment: ar.Comment}
			s := newSession()
			for _, f := range ar.Files {
				if strings.HasSuffix(f.Name, ".go") {
					continue
				}
				text := s.lower(t, string(f.Data))
				out.Files = append(out.Files, f, txtar.File{Name: f.Name + ".go", Data: []byte(text)})
				if !*update && want[f.Name+".go"] != text {
					t.Errorf("%s is lowered to\n%s\nwant\n%s", f.Name, text, want[f.Name+".go"])
				}
			}
			if *update {
				if err := os.WriteFile(file, txtar.Format(out), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// session checks and lowers one cell after the other.
type session struct {
	checker *check.Checker
	lowerer *Lowerer
	owners  map[types.Object]Owner
	n       int
}

func newSession() *session {
	return &session{
		checker: check.New(stdtypes.NewImporter(token.NewFileSet()), nil), lowerer: New(), owners: map[types.Object]Owner{},
	}
}

// lower returns the lowered text without what every package has.
func (s *session) lower(t *testing.T, text string) string {
	t.Helper()
	s.n++
	cell, errs := s.checker.Check(s.n, fmt.Sprintf("/%d.go", s.n), text)
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	p, err := s.lowerer.Lower(cell, func(o types.Object) (Owner, bool) { w, ok := s.owners[o]; return w, ok })
	if err != nil {
		return err.Error() + "\n"
	}
	path := fmt.Sprintf("cell/%d", s.n)
	s.lowerer.Commit(p, path)
	for _, name := range cell.Pkg.Scope().Names() {
		if o := cell.Pkg.Scope().Lookup(name); o.Pkg() == cell.Pkg {
			s.owners[o] = Owner{Package: path}
		}
	}
	s.checker.Declare(cell, len(cell.Vars))
	var kept []string
	for line := range strings.Lines(p.Source) {
		l := strings.TrimSpace(line)
		if l == "" || strings.HasPrefix(l, "//") || strings.HasPrefix(l, "var _ ") || strings.HasPrefix(l, "func øvalues") ||
			strings.HasPrefix(l, "var ꞰDefined") || strings.HasPrefix(l, "package ") || strings.HasPrefix(l, "øtask ") ||
			l == "ꞰDefined = 0" || l == "import (" || l == ")" && len(kept) < 8 || l == "return" {
			continue
		}
		line = strings.ReplaceAll(line, "if øtask.Stop.Load() != 0 { øtask.Safepoint() };", "SAFEPOINT;")
		line = strings.ReplaceAll(line, "if øtask.Stop.Load() != 0 { øtask.Safepoint() }", "SAFEPOINT")
		kept = append(kept, line)
	}
	return strings.Join(kept, "")
}

func TestKeptByOtherEngine(t *testing.T) {
	s := newSession()
	s.lower(t, "type T struct{}\nvar x T")
	for obj := range s.owners {
		s.owners[obj] = Owner{} // as if the yaegi engine had declared it
	}
	if got := s.lower(t, "var y = 1\n_ = x"); !strings.Contains(got, "/2.go:2:5: x, which the yaegi engine keeps to itself") {
		t.Errorf("got %q", got)
	}
}

func TestNotSupported(t *testing.T) {
	for text, want := range map[string]string{
		"func f() int": "/1.go:1:1: a function without a body is not supported",
		"//go:uintptrescapes\nfunc f(p uintptr) {}":    "/1.go:1:1: the directive //go:uintptrescapes is not supported",
		"import \"runtime/cgo\"\nvar x cgo.Incomplete": "/1.go:1:8: cgo is not supported",
	} {
		if got := newSession().lower(t, text); !strings.Contains(got, want) {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
