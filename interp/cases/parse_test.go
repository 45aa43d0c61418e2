package cases

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// A script is a case: cells and what is said of all of them.
type script struct {
	native, interpreted, compiled bool
	cells                         []cell
}

// A cell is a cell with what it expects.
type cell struct {
	number    int
	files     []txtar.File // written into the session's folder before it runs
	source    string
	engine    string // "" for the session's own
	interrupt bool
	leaves    bool // tasks that it leaves behind are not compared
	until     bool // it runs again until it displays what it is to

	stdout, stderr, result []string
	displays               []string // patterns
	errors                 []fault
	trace                  []string
}

// A fault is an expected error.
type fault struct {
	line       int
	name, text string
}

var (
	header = regexp.MustCompile(`^cell (\d+)((?: \w+)*)$`)
	marker = regexp.MustCompile(`//(>|2>|d>|=|!|\?)(?: (.*))?$`)
	named  = regexp.MustCompile(`^(\w+): (.*)$`)
)

// parse reads a case.
func parse(a *txtar.Archive) (*script, error) {
	s := new(script)
	for _, line := range strings.Split(string(a.Comment), "\n") {
		switch line {
		case "native":
			s.native = true
		case "interpreted":
			s.interpreted = true
		case "compiled":
			s.compiled = true
		}
	}
	var files []txtar.File
	for _, f := range a.Files {
		if name, ok := strings.CutPrefix(f.Name, "file "); ok {
			files = append(files, txtar.File{Name: name, Data: f.Data})
			continue
		}
		number := len(s.cells) + 1
		m := header.FindStringSubmatch(f.Name)
		if m == nil || m[1] != fmt.Sprint(number) {
			return nil, fmt.Errorf("%q is not the name of cell %d", f.Name, number)
		}
		c := cell{number: number, files: files, source: strings.TrimSuffix(string(f.Data), "\n")}
		files = nil
		for _, word := range strings.Fields(m[2]) {
			switch word {
			case "yaegi", "compiled":
				c.engine = word
			case "interrupt":
				c.interrupt = true
			case "leaves":
				c.leaves = true
			case "until":
				c.until = true
			default:
				return nil, fmt.Errorf("cell %d cannot be %q", number, word)
			}
		}
		if err := c.expect(); err != nil {
			return nil, err
		}
		s.cells = append(s.cells, c)
	}
	return s, nil
}

// expect reads the expectations in a cell.
func (c *cell) expect() error {
	for i, line := range strings.Split(c.source, "\n") {
		m := marker.FindStringSubmatch(strings.TrimSuffix(line, "\r"))
		if m == nil {
			continue
		}
		switch m[1] {
		case ">":
			c.stdout = append(c.stdout, m[2])
		case "2>":
			c.stderr = append(c.stderr, m[2])
		case "d>":
			c.displays = append(c.displays, m[2])
		case "=":
			c.result = append(c.result, m[2])
		case "?":
			c.trace = append(c.trace, m[2])
		case "!":
			e := named.FindStringSubmatch(m[2])
			if e == nil {
				return fmt.Errorf("cell %d, line %d: no name of an error in %q", c.number, i+1, m[2])
			}
			c.errors = append(c.errors, fault{i + 1, e[1], e[2]})
		}
	}
	return nil
}

func TestParse(t *testing.T) {
	s, err := parse(txtar.Parse([]byte("About.\nnative\n-- cell 1 --\nf() //> a\n//>\n//2> b\nx //= 1\n-- cell 2 yaegi interrupt --\ny //! Panic: no: x\n//? there\n//d> a…b\n")))
	if err != nil {
		t.Fatal(err)
	}
	want := "&{native:true interpreted:false compiled:false cells:[" +
		"{number:1 files:[] source:f() //> a\n//>\n//2> b\nx //= 1 engine: interrupt:false leaves:false until:false stdout:[a ] stderr:[b] result:[1] displays:[] errors:[] trace:[]} " +
		"{number:2 files:[] source:y //! Panic: no: x\n//? there\n//d> a…b engine:yaegi interrupt:true leaves:false until:false stdout:[] stderr:[] result:[] displays:[a…b] errors:[{line:1 name:Panic text:no: x}] trace:[there]}]}"
	if got := fmt.Sprintf("%+v", s); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	for _, bad := range []string{"-- cell 2 --\n", "-- cell 1 fast --\n", "-- one --\n", "-- cell 1 --\nx //! text\n"} {
		if _, err := parse(txtar.Parse([]byte(bad))); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

// archives returns the case files.
func archives(t *testing.T) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), ".txtar"); ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

const dir = "../testdata/cells/"

// load reads a case by its name.
func load(t *testing.T, name string) *script {
	t.Helper()
	a, err := txtar.ParseFile(dir + name + ".txtar")
	if err != nil {
		t.Fatal(err)
	}
	s, err := parse(a)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return s
}
