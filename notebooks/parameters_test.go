package notebooks_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/gobraid/gobraid/notebooks"
)

// parameterCells has parameters of every form, after a cell that they need.
const parameterCells = `---
import "time"
type Mode string
type Level int
const high Level = 3
---parameters
workers := 4
n := 1_000_000 // how many
var rate float64 = 1.5
var name, mode = "a b", Mode("mutex")
timeout := 2 * time.Second
sizes := []int{1, 2, 3}
verbose := false
var seed uint64
const limit = 100
const share = 0.5
const level = high
half := func() int { return n / 2 }
func unrelated() int { return 1 }
---
print after
`

var setTests = []struct{ set, want, err string }{
	{"workers=8", "workers = 8", ""},
	{"workers= 2*n ", "workers = 2*n", ""},
	{"n=1e6", "n = 1e6", ""},
	{"rate=2", "rate = 2", ""},
	{"name=it's \"so\"", `name = "it's \"so\""`, ""},
	{`name="quoted"`, `name = "quoted"`, ""},
	{`name=`, `name = ""`, ""},
	{"mode=atomic", `mode = "atomic"`, ""},
	{"timeout=500ms", "timeout = 500000000 // 500ms", ""},
	{"timeout=3*time.Second", "timeout = 3*time.Second", ""},
	{"sizes=[]int{7}", "sizes = []int{7}", ""},
	{"verbose=true", "verbose = true", ""},
	{"seed=18446744073709551615", "seed = 18446744073709551615", ""},
	{"limit=1e3", "const limit = 1000", ""},
	{"share=2", "const share = 2.0", ""},
	{"level=1", "const level Level = 1", ""},

	{"worker=8", "", "worker: there is none of this name; the parameters are: workers int = 4, n int = 1_000_000, rate float64 = 1.5, name string = \"a b\", mode Mode = Mode(\"mutex\")"},
	{"unrelated=1", "", "there is none of this name"},
	{"n=1.5", "", "n is of type int: "},
	{"n=many", "", "n is of type int: undefined: many"},
	{"n=", "", `n is of type int: "" is no Go expression`},
	{"n=1; panic(1)", "", "is no Go expression"},
	{"seed=-1", "", "seed is of type uint64: "},
	{"rate=fast", "", "rate is of type float64: "},
	{"verbose=1", "", "verbose is of type bool: "},
	{"timeout=5 minutes", "", "timeout is of type time.Duration: "},
	{"sizes=1,2", "", "sizes is of type []int: "},
	{"limit=0.5", "", "limit is of type int: "},
	{"level=n", "", "level is of type Level: "},
}

func TestSet(t *testing.T) {
	for _, tt := range setTests {
		nb := cells(parameterCells)
		name, value, _ := strings.Cut(tt.set, "=")
		err := nb.Set([]notebooks.Setting{{Name: name, Value: value}})
		if tt.err != "" {
			if err == nil || !errors.Is(err, notebooks.ErrParameter) || !strings.Contains(err.Error(), tt.err) || len(nb.Cells) != 3 {
				t.Errorf("%s: %d cells, %v", tt.set, len(nb.Cells), err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", tt.set, err)
			continue
		}
		c := nb.Cells[2]
		if got := c.Source; got != "// Parameters\n"+tt.want || !c.Tagged(notebooks.TagInjected) {
			t.Errorf("%s: %s", tt.set, got)
		}
	}
}

// A second setting takes the place of the first.
func TestSetAgain(t *testing.T) {
	nb := cells(parameterCells)
	for _, v := range []string{"1", "2"} {
		if err := nb.Set([]notebooks.Setting{{"workers", v}, {"n", v}}); err != nil {
			t.Fatal(err)
		}
	}
	if len(nb.Cells) != 4 || nb.Cells[2].Source != "// Parameters\nworkers = 2\nn = 2" {
		t.Errorf("%d cells, %q", len(nb.Cells), nb.Cells[2].Source)
	}
}

func TestSetErrors(t *testing.T) {
	one := []notebooks.Setting{{"x", "1"}}
	for name, tt := range map[string]struct {
		nb  *notebooks.Notebook
		set []notebooks.Setting
		err string
	}{
		"no such cell": {cells("---\nx := 1\n"), one, "has the tag parameters"},
		"no check":     {cells("---parameters\nx := y\n"), one, "undefined: y"},
		"empty":        {cells("---parameters\n// later\n"), one, "declares none"},
		"twice":        {cells("---parameters\nx := 1\n"), append(one, one...), "given twice"},
	} {
		if err := tt.nb.Set(tt.set); !errors.Is(err, notebooks.ErrParameter) || !strings.Contains(err.Error(), tt.err) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestParameters(t *testing.T) {
	list, err := cells(parameterCells).Parameters()
	if err != nil || len(list) != 13 {
		t.Fatal(list, err)
	}
	if p := list[9]; p.Name != "limit" || !p.Const || p.Type != "int" || p.Value != "100" {
		t.Errorf("%+v", p)
	}
	if list, err := cells("---\nx := 1\n").Parameters(); list != nil || err != nil {
		t.Error(list, err)
	}
}
