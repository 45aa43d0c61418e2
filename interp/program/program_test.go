package program

import (
	"flag"
	"fmt"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"
	"golang.org/x/tools/txtar"

	"github.com/gobraid/gobraid/concurrency/task"
	"github.com/gobraid/gobraid/interp/check"
	"github.com/gobraid/gobraid/interp/check/stdtypes"
)

var update = flag.Bool("update", false, "rewrite the golden sections")

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A notebook checks cells one after the other and keeps them in a book.
type notebook struct {
	t       testing.TB
	checker *check.Checker
	book    *Book
	n       int
}

func newNotebook(t testing.TB) *notebook {
	t.Helper()
	c := check.New(stdtypes.NewImporter(token.NewFileSet()), nil)
	if err := c.Preload("github.com/gobraid/gobraid/concurrency"); err != nil {
		t.Fatal(err)
	}
	return &notebook{t: t, checker: c, book: NewBook()}
}

func (n *notebook) check(text string) *check.Cell {
	n.t.Helper()
	n.n++
	cell, errs := n.checker.Check(n.n, task.CellFile(n.n), text)
	if len(errs) > 0 {
		n.t.Fatalf("cell %d: %v", n.n, errs)
	}
	return cell
}

// add adds a cell as one that has run.
func (n *notebook) add(text string) {
	n.t.Helper()
	cell := n.check(text)
	n.checker.Declare(cell, len(cell.Vars))
	n.book.Add(cell)
}

// load reads a txtar archive: sections "cell" are cells that have run, "body" is the body; the comment's first words
// are the options: bench, test, race.
func load(t testing.TB, file string) (*txtar.Archive, *Program, error) {
	t.Helper()
	a, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	n := newNotebook(t)
	opts := Options{Race: strings.Contains(file, "races")}
	words, _, _ := strings.Cut(string(a.Comment), "\n")
	for _, word := range strings.Fields(words) {
		switch word {
		case "bench:":
			opts.Mode = Bench
		case "test:":
			opts.Mode = Test
		case "race:":
			opts.Race = true
		}
	}
	var p *Program
	for _, f := range a.Files {
		switch f.Name {
		case "cell":
			n.add(string(f.Data))
		case "body":
			p, err = n.book.Program(n.check(string(f.Data)), opts)
		}
	}
	return a, p, err
}

// TestText compares the programs that are written for cells with golden ones.
func TestText(t *testing.T) {
	files, _ := filepath.Glob("testdata/text/*.txtar")
	if len(files) == 0 {
		t.Fatal("no cases")
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			a, p, err := load(t, file)
			got := ""
			if err != nil {
				got = "error: " + err.Error() + "\n"
			} else {
				got = p.Source
				for _, n := range p.Notes {
					got += fmt.Sprintf("// note: %s of cell %d: %q\n", n.Name, n.Cell, n.Init)
				}
			}
			compare(t, file, a, "program", got)
		})
	}
}

// compare compares a text with a section of an archive, or writes it there.
func compare(t *testing.T, file string, a *txtar.Archive, section, got string) {
	t.Helper()
	for i, f := range a.Files {
		if f.Name != section {
			continue
		}
		if *update {
			a.Files[i].Data = []byte(got)
			if err := os.WriteFile(file, txtar.Format(a), 0o644); err != nil {
				t.Fatal(err)
			}
			return
		}
		if want := string(f.Data); got != want {
			t.Errorf("the %s is\n%s\nwant\n%s", section, got, want)
		}
		return
	}
	t.Errorf("there is no section %s", section)
}

var builder Builder

// build builds a program and skips the test where there is no toolchain.
func build(t testing.TB, p *Program, race bool) string {
	t.Helper()
	exe, err := builder.Build(t.Context(), p, race, nil)
	if err != nil {
		t.Fatalf("%v\n%s", err, p.Source)
	}
	return exe
}

// TestRun runs programs and compares what they print with what the archive says.
func TestRun(t *testing.T) {
	files, _ := filepath.Glob("testdata/*/*.txtar")
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			a, p, err := load(t, file)
			if err != nil || !strings.Contains(string(txtar.Format(a)), "-- output --") {
				t.Skip("not to be run")
			}
			var out strings.Builder
			write := func(b []byte) { out.Write(b) }
			c := Command{Exe: build(t, p, false), Stdout: write, Stderr: write}
			end, err := c.Run(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if end.Death != "" {
				tr := ParseTrace(end.Death)
				fmt.Fprintln(&out, tr.Title)
				for _, f := range tr.Stack {
					fmt.Fprintf(&out, "cell %d, line %d, in %s\n", f.Cell, f.Line, f.Func)
				}
			} else if end.Status != 0 {
				fmt.Fprintln(&out, "exit status", end.Status)
			}
			compare(t, file, a, "output", out.String())
		})
	}
}
