package task_test

import (
	"math"
	"path/filepath"
	"testing"

	"github.com/gobraid/gobraid/concurrency/task"
)

func TestSite(t *testing.T) {
	for _, c := range []struct{ cell, line, column, wantLine, wantColumn int }{
		{0, 0, 0, 0, 0},
		{3, 7, 12, 7, 12},
		{math.MaxInt32, 1<<20 - 1, 1<<12 - 1, 1<<20 - 1, 1<<12 - 1},
		{1, 1 << 20, 1 << 12, 1<<20 - 1, 1<<12 - 1},
		{1, -1, -1, 0, 0},
	} {
		s := task.At(c.cell, c.line, c.column)
		if s.Cell() != c.cell || s.Line() != c.wantLine || s.Column() != c.wantColumn {
			t.Errorf("At(%d, %d, %d) = %d, %d, %d", c.cell, c.line, c.column, s.Cell(), s.Line(), s.Column())
		}
	}
	if s := task.Site(3<<32 | 7<<12 | 2); s != task.At(3, 7, 2) {
		t.Error("the layout of sites has changed; lowered code relies on it")
	}
	if got := task.At(3, 7, 2).String(); got != "cell 3 line 7" {
		t.Errorf("String() = %q", got)
	}
}

func TestCellFile(t *testing.T) {
	if got := task.CellFile(3); got != "/gobraid.cell/3.go" {
		t.Errorf("CellFile(3) = %q", got)
	}
	for n := range 20 {
		if got, ok := task.ParseCellFile(task.CellFile(n * n)); got != n*n || !ok {
			t.Errorf("ParseCellFile(CellFile(%d)) = %d, %v", n*n, got, ok)
		}
	}
	named := task.NamedCellFile(3, "/somewhere/else/main.go")
	if n, ok := task.ParseCellFile(named); n != 3 || !ok || filepath.Base(named) != "main.go" {
		t.Errorf("ParseCellFile(%q) = %d, %v", named, n, ok)
	}
	for _, file := range []string{
		"", "3.go", "/gobraid.cell/.go", "/gobraid.cell/3", "/gobraid.cell/x.go", "/gobraid.cell/-3.go",
		"/gobraid.cell/+3.go", "/gobraid.cell/3.go/4.go", "/gobraid.cell/99999999999999999999.go",
	} {
		if n, ok := task.ParseCellFile(file); ok {
			t.Errorf("ParseCellFile(%q) = %d", file, n)
		}
	}
}

func TestHere(t *testing.T) {
	if got := here(); got != 0 {
		t.Errorf("outside a task: %v", got)
	}
	inTask(t, func() {
		if got := here(); got != task.At(9, 50, 0) {
			t.Errorf("in cell code: %v", got)
		}
		if got := task.Here(); got != 0 {
			t.Errorf("without cell code: %v", got)
		}
	})
}

// What is noted is said once without looking for cells.
func TestNoted(t *testing.T) {
	task.Noted() // outside a task it does nothing
	task.CallingNoted(task.At(1, 2, 0))
	if got := task.Here(); got != 0 {
		t.Errorf("outside a task: %v", got)
	}
	in, noted := task.At(9, 50, 0), task.At(1, 2, 0)
	inTask(t, func() {
		task.Calling(noted)
		if got := here(); got != in {
			t.Errorf("before: %v", got)
		}
		task.Noted()
		if got := [...]task.Site{here(), here(), task.Here()}; got != [...]task.Site{noted, in, noted} {
			t.Errorf("noted: %v", got)
		}
		task.CallingNoted(task.At(1, 3, 0))
		task.Calling(noted)
		if got := here(); got != in {
			t.Errorf("after Calling: %v", got)
		}
	})
}

func TestFuncName(t *testing.T) {
	for in, want := range map[string]string{
		"gobraid.cell/ab12.Ʞfoo":                 "foo",
		"gobraid.cell/ab12.Ʞfoo.func1":           "foo.func1",
		"gobraid.cell/ab12.(*ꞰT).m":              "(*T).m",
		"gobraid.cell/ab12.ꞰT.m-fm":              "T.m-fm",
		"gobraid.cell/ab12.(*ꞰT[...]).Get":       "(*T[...]).Get",
		"gobraid.cell/ab12.Map[a/b.K,c.V].func2": "Map[a/b.K,c.V].func2",
		"gobraid.cell/ab12.nøkkelꞰ":              "nøkkelꞰ",
		"main.Øre":                               "Øre",
		"main.øcell":                             "",
		"main.øcell.func1":                       "func1",
		"main.øcellar":                           "øcellar",
		"gobraid.cell/ab12.ꞰꞰre":                 "Ʞre",
		"main.main":                              "main",
		"":                                       "",
	} {
		if got := task.FuncName(in); got != want {
			t.Errorf("FuncName(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestInnermost(t *testing.T) {
	id, site := task.Innermost("goroutine 42 [IO wait, 3 minutes]:\n" +
		"net.read(0x1)\n\t/go/src/net/fd.go:55 +0x25\n" +
		"gobraid.cell/ab.f()\n\t/gobraid.cell/3.go:17 +0x1d\n" +
		"gobraid.cell/ab.g()\n\t/gobraid.cell/3.go:21 +0x1d")
	if id != 42 || site != task.At(3, 17, 0) {
		t.Errorf("%d, %v", id, site)
	}
	if _, site := task.Innermost("goroutine 1 [running]:\nmain.main()\n\t/x.go:1 +0x1"); site != 0 {
		t.Errorf("%v", site)
	}
}
