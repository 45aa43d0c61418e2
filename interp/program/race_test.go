package program

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// tries is how often a program is run until the detector sees its races: it may miss one when a goroutine takes the place of
// another that has ended.
const tries = 10

// section returns a section of an archive.
func section(a *txtar.Archive, name string) string {
	for _, f := range a.Files {
		if f.Name == name {
			return string(f.Data)
		}
	}
	return ""
}

// runRace runs a program that was built with the race detector and returns the races.
func runRace(t *testing.T, exe string) []*Race {
	t.Helper()
	log := filepath.Join(t.TempDir(), "race")
	c := Command{Exe: exe, Env: []string{"GORACE=atexit_sleep_ms=0 exitcode=0 log_path='" + log + "'"}}
	if _, err := c.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	files, _ := filepath.Glob(log + ".*")
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		text.Write(b)
	}
	return ParseRaces(text.String())
}

// describe writes what matters of races, sorted: places and names.
func describe(races []*Race) string {
	var lines []string
	for _, r := range races {
		var ends []string
		for i := range r.Accesses {
			a := &r.Accesses[i]
			at := a.At()
			if at == nil {
				ends = append(ends, "?")
				continue
			}
			start := "main"
			if s := a.StartedAt(); s != nil {
				start = fmt.Sprintf("%d:%d", s.Cell, s.Line)
			}
			ends = append(ends, fmt.Sprintf("%d:%d (started at %s)", at.Cell, at.Line, start))
		}
		slices.Sort(ends)
		lines = append(lines, strings.Join(ends, " and ")+": "+strings.Join(r.Names, " or ")+"\n")
	}
	slices.Sort(lines)
	return strings.Join(lines, "")
}

// TestRaces compares what is found with what the archive says, and with what the detector says of the same
// program built and run by the go command.
func TestRaces(t *testing.T) {
	files, _ := filepath.Glob("testdata/races/*.txtar")
	if len(files) < 10 {
		t.Fatalf("only %d cases", len(files))
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			a, p, err := load(t, file)
			if err != nil {
				t.Fatal(err)
			}
			exe, goExe := build(t, p, true), goBuild(t, a)
			var got, lines, goLines string
			for range tries {
				races := runRace(t, exe)
				for _, r := range races {
					p.Explain(r)
				}
				got, lines, goLines = describe(races), pairs(races), pairs(runRace(t, goExe))
				if lines == goLines && (*update || got == section(a, "races")) {
					break
				}
			}
			compare(t, file, a, "races", got)
			if lines != goLines {
				t.Errorf("go build -race finds %v, and we %v", goLines, lines)
			}
		})
	}
}

// pairs returns the pairs of lines of races, sorted.
func pairs(races []*Race) string {
	var out []string
	for _, r := range races {
		var ends []string
		for i := range r.Accesses {
			ends = append(ends, fmt.Sprint(r.Accesses[i].place()))
		}
		slices.Sort(ends)
		out = append(out, strings.Join(ends, " and "))
	}
	slices.Sort(out)
	return strings.Join(out, "\n")
}

// goBuild has the go command build the program as it is written without Race.
func goBuild(t *testing.T, a *txtar.Archive) string {
	t.Helper()
	n := newNotebook(t)
	var p *Program
	for _, f := range a.Files {
		switch f.Name {
		case "cell":
			n.add(string(f.Data))
		case "body":
			var err error
			if p, err = n.book.Program(n.check(string(f.Data)), Options{}); err != nil {
				t.Fatal(err)
			}
		}
	}
	main := filepath.Join(t.TempDir(), "main.go")
	if err := os.WriteFile(main, []byte(p.Source), 0o600); err != nil {
		t.Fatal(err)
	}
	exe := strings.TrimSuffix(main, ".go")
	if out, err := exec.Command("go", "build", "-race", "-o", exe, main).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return exe
}

func TestParseRaces(t *testing.T) {
	const access = `==================
WARNING: DATA RACE
Write at 0x00c00009a0f0 by goroutine 11:
  runtime.mapassign_faststr()
      /go/src/internal/runtime/maps/runtime_faststr.go:263 +0x0
  main.main.func2()
      /gobraid.cell/2.go:17 +0x44

Previous read at 0x00c00009a0f0 by main goroutine:
  main.main()
      /gobraid.cell/2.go:19 +0x44

Goroutine 11 (running) created at:
  main.main()
      /gobraid.cell/2.go:16 +0x72
==================
`
	forgotten := regexp.MustCompile(`(?s)Previous read.*?\n\n`).ReplaceAllString(access, "Previous read at 0x00c00009a0f0 by goroutine 7:\n  [failed to restore the stack]\n\n")
	races := ParseRaces("some output\n" + access + access + "more\n" + forgotten + "Found 3 data race(s)\n")
	if len(races) != 2 || races[0].Count != 2 {
		t.Fatalf("%d races", len(races))
	}
	r := races[0]
	if a := r.Accesses[0]; !a.Write || a.At().Line != 17 || a.StartedAt().Line != 16 || a.Goroutine != "goroutine 11" || a.At().Func != "main.func2" {
		t.Errorf("%+v", a)
	}
	if a := r.Accesses[1]; a.Write || a.At().Line != 19 || a.StartedAt() != nil || a.Goroutine != "main goroutine" {
		t.Errorf("%+v", a)
	}
	if a := races[1].Accesses[1]; a.At() != nil || len(a.Stack) > 0 {
		t.Errorf("%+v", a)
	}
}
