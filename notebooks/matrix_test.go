package notebooks_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/gobraid/gobraid/concurrency/experiment"
	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/notebooks"
)

func TestParseAxis(t *testing.T) {
	for in, want := range map[string][]string{
		"x=1,2":                    {"1", "2"},
		"x= 1 , 2 ":                {"1", "2"},
		"x=":                       {""},
		"x=[]int{1,2},[]int{3}":    {"[]int{1,2}", "[]int{3}"},
		`x="a,b",c`:                {`"a,b"`, "c"},
		`x="a\",b",c`:              {`"a\",b"`, "c"},
		"x=it's,5\",6\"":           {"it's", `5"`, `6"`},
		`x=[]string{"a,}",},[]T{}`: {`[]string{"a,}",}`, "[]T{}"},
	} {
		a, err := notebooks.ParseAxis(in)
		if err != nil || a.Name != "x" || !reflect.DeepEqual(a.Values, want) {
			t.Errorf("%s: %q, %v", in, a, err)
		}
	}
	for _, bad := range []string{"", "x", "=1"} {
		if _, err := notebooks.ParseAxis(bad); err == nil {
			t.Errorf("%q is an axis", bad)
		}
	}
}

const matrixCells = `---parameters
x, y, z := 0, "", 0
---
boom x = 2
record time 3.5
record size 4
---
print more
`

func matrix(t *testing.T, jobs int, axes ...notebooks.Axis) (dir string, tab *experiment.Table, shown string, err error) {
	t.Helper()
	dir = t.TempDir()
	in := filepath.Join(dir, "in.ipynb")
	if err := cells(matrixCells).Write(in); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	tab, err = notebooks.Matrix(t.Context(), in, notebooks.Plan{
		Axes: axes, Fixed: []notebooks.Setting{{"z", "9"}}, Dir: filepath.Join(dir, "out"), Jobs: jobs,
		Open:    func(context.Context) (interp.Runner, error) { return newFake(), nil },
		Options: notebooks.Options{Stdout: &b},
	})
	return filepath.Join(dir, "out"), tab, b.String(), err
}

// Six runs, of which two fail; what the others recorded is in the table.
func TestMatrix(t *testing.T) {
	for _, jobs := range []int{1, 3} {
		dir, tab, shown, err := matrix(t, jobs, notebooks.Axis{"x", []string{"1", "2", "3"}}, notebooks.Axis{"y", []string{"a", "b/c"}})
		if err != nil {
			t.Fatal(err)
		}
		if len(tab.Runs) != 6 || len(tab.Rows) != 8 {
			t.Errorf("%d runs, %d rows", len(tab.Runs), len(tab.Rows))
		}
		for i, r := range tab.Runs {
			if failed := r.Parameters["x"] == "2"; failed != (r.Error != "") {
				t.Errorf("run %d: %+v", i, r)
			}
			nb, err := notebooks.Read(filepath.Join(dir, r.File))
			if err != nil {
				t.Fatal(err)
			}
			if want := "z = 9"; !strings.HasSuffix(nb.Cells[1].Source, want) {
				t.Errorf("run %d: %q", i, nb.Cells[1].Source)
			}
			if rec := nb.Record(); rec == nil || (rec.Exit == 1) != (r.Error != "") || len(rec.Parameters) != 3 || !rec.Parameters[0].Set {
				t.Errorf("run %d: record %+v", i, rec)
			}
		}
		again, err := experiment.Load(dir)
		if err != nil || again.CSV() != tab.CSV() {
			t.Errorf("%v:\n%s", err, again.CSV())
		}
		if want := "run,x,y,name,value,unit,cell\n1,1,a,time,3.5,s,c1\n1,1,a,size,4,s,c1\n2,1,b/c,time"; !strings.HasPrefix(tab.CSV(), want) {
			t.Error(tab.CSV())
		}
		if b, err := os.ReadFile(filepath.Join(dir, "results.svg")); err != nil || !strings.Contains(string(b), "time, s") {
			t.Error("no picture:", err)
		}
		if !strings.Contains(shown, "003-x=2-y=a: failed: cell 3: panic: x = 2") || !strings.Contains(shown, "[6/6]") {
			t.Error(shown)
		}
	}
}

// A wrong value is found before anything is run or made.
func TestMatrixWrong(t *testing.T) {
	dir, _, shown, err := matrix(t, 1, notebooks.Axis{"x", []string{"1", "many"}})
	if !errors.Is(err, notebooks.ErrParameter) || shown != "" {
		t.Errorf("%v, %q", err, shown)
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("the folder was made")
	}
}

// The engine that a cell asks for reaches the runner; one that there is not is refused.
func TestCellEngine(t *testing.T) {
	nb := cells("---\nengine\n---\nengine\n")
	nb.Cells[1].Metadata["gobraid"] = map[string]any{"engine": "compiled", "engine_reason": "unsafe", "section": "1.2"}
	sum, err := notebooks.Execute(t.Context(), nb, "x.ipynb", newFake(), notebooks.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if a, b := nb.Cells[0].Outputs[0].Text, nb.Cells[1].Outputs[0].Text; a != "asked: \n" || b != "asked: compiled\n" {
		t.Errorf("%q, %q", a, b)
	}
	if c := sum.Record.Cells[1]; c.Asked != "compiled" || c.Reason != "unsafe" || c.Section != "1.2" || c.Engine != "fake" {
		t.Errorf("%+v", c)
	}
	nb.Cells[0].Metadata["gobraid"] = map[string]any{"engine": "turbo"}
	if _, err := notebooks.Execute(t.Context(), nb, "x.ipynb", newFake(), notebooks.Options{}); err == nil || !strings.Contains(err.Error(), "turbo") {
		t.Error(err)
	}
}

// A record is in the notebook and beside it, the two are the same, and a notebook with one is written back as it is.
func TestRecord(t *testing.T) {
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in.ipynb"), filepath.Join(dir, "out.ipynb")
	nb := cells("---parameters\nseed := 7\n---\n%%virtual 12\nprint x\n---raises-exception\npanic oh\n---\nimport \"golang.org/x/mod/semver\"\n")
	if err := nb.Write(in); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module m\nrequire golang.org/x/mod v0.1.0\nrequire golang.org/x/other v0.1.0\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	sum, err := notebooks.Run(t.Context(), in, newFake(), notebooks.Options{Out: out, Version: "v1", Engine: "auto"})
	if err != nil {
		t.Fatal(err)
	}
	beside, err := os.ReadFile(filepath.Join(dir, "out.run.json"))
	if err != nil {
		t.Fatal(err)
	}
	read, err := notebooks.Read(out)
	if err != nil {
		t.Fatal(err)
	}
	r := read.Record()
	if r == nil || !bytes.Equal(r.JSON(), beside) || !bytes.Equal(sum.Record.JSON(), beside) {
		t.Errorf("in the notebook %+v, beside it %s", r, beside)
	}
	want := []notebooks.RunSeed{{"seed", "7", "c0"}, {"%%virtual", "12", "c1"}}
	if !reflect.DeepEqual(r.Seeds, want) || r.Notebook != "in.ipynb" || r.Gobraid != "v1" || r.Exit != 0 || r.Machine.Cores == 0 {
		t.Errorf("%+v", r)
	}
	if len(r.Modules) != 1 || r.Modules[0].Path != "golang.org/x/mod" {
		t.Errorf("modules %v", r.Modules)
	}
	if c := r.Cells[2]; c.Number != 3 || c.Error != "Panic: panic: oh" || len(c.SHA256) != 64 {
		t.Errorf("%+v", c)
	}
	if s := r.String(); !strings.Contains(s, "seed       %%virtual 12 in c1") {
		t.Error(s)
	}
}
