package check

import (
	"fmt"
	"go/importer"
	"go/types"
	"strings"
	"testing"
)

// A step is one cell of a test: its text and what checking it must say.
type step struct {
	text string
	errs []string // "line:col: message", all of them
	hint string   // contained in the first error's hint
	vars string   // names and types of the variables it declares
	res  string   // type of the trailing expression
}

var checkTests = map[string][]step{
	"mixture": {{text: "x := 1\nfunc f() int { return x }\nimport \"fmt\"\nfmt.Println(f())\nvar y, z = \"a\", 2.5\ny", vars: "x int, y string, z float64", res: "string"}},
	"across cells": {
		{text: "type point struct{ x, y int }\nfunc (p point) area() int { return p.x * p.y }\np := point{1, 2}", vars: "p point"},
		{text: "p.x = 7\np.area()", res: "int"},
		{text: "type shape interface{ area() int }\nvar s shape = p", vars: "s shape"},
		{text: "s", res: "shape"},
	},
	"anonymous structs are one type": {{text: "q := []struct{ a int }{{1}}"}, {text: "q = []struct{ a int }{{2}}\nq[0].a", res: "int"}},
	"generics":                       {{text: "type box[T any] struct{ v T }\nfunc mk[T any](v T) box[T] { return box[T]{v} }"}, {text: "b := mk(3)\nb.v", vars: "b box[int]", res: "int"}},
	"redefinition": {
		{text: "x := 1"}, {text: "x := \"s\"", vars: "x string"}, {text: "x", res: "string"},
		{text: "func x() {}"}, {text: "x()", res: "()"},
	},
	"old meaning on the right": {{text: "x := 1"}, {text: "x := float64(x) + 0.5\nx", vars: "x float64", res: "float64"}},
	"old meaning before":       {{text: "x := 1"}, {text: "y := x\nx := \"s\"\ny", vars: "y int, x string", res: "int"}},
	"import shadowed":          {{text: "import \"math/rand\""}, {text: "rand := rand.New(rand.NewSource(1))", vars: "rand *math/rand.Rand"}, {text: "rand.Int()", res: "int"}},
	"used before":              {{text: "y := x\nx := 1", errs: []string{"1:6: undefined: x"}, hint: "line 2"}},
	"reuse in a cell":          {{text: "import \"strconv\"\na, err := strconv.Atoi(\"1\")\nb, err := strconv.Atoi(\"2\")\na + b", vars: "a int, err error, b int", res: "int"}},
	"no new variables":         {{text: "x := 1\nx := 2", errs: []string{"2:3: no new variables on left side of :="}}},
	"all errors": {{text: "a := 1\nb := a + undefinedName\nvar y int = \"text\"\nfunc f() { unused := 1 }", errs: []string{
		"2:10: undefined: undefinedName",
		"3:13: cannot use \"text\" (untyped string constant) as int value in variable declaration",
		"4:12: declared and not used: unused"}}},
	"failed cell declares nothing": {{text: "z := 1\nz = \"s\"", errs: []string{"2:5: cannot use \"s\" (untyped string constant) as int value in assignment"}}, {text: "z", errs: []string{"1:1: undefined: z"}}},
	"missing import":               {{text: "strings.ToUpper(\"a\")", errs: []string{"1:1: undefined: strings"}, hint: `import "strings"`}},
	"unused import in a cell":      {{text: "import \"os\""}, {text: "os.Args", res: "[]string"}},
	"import twice":                 {{text: "import \"fmt\""}, {text: "import \"fmt\"\nfmt.Sprint(1)", res: "string"}},
	"import in a function":         {{text: "import \"fmt\"\nfunc hello() { fmt.Println() }"}, {text: "hello()", res: "()"}},
	"dot import":                   {{text: "import . \"strings\""}, {text: "ToUpper(\"a\")", res: "string"}},
	"quiet":                        {{text: "1 + 1;", errs: []string{"1:1: 1 + 1 (untyped int constant 2) is not used"}}},
	"unused value in the middle":   {{text: "1 + 1\nx := 2", errs: []string{"1:1: 1 + 1 (untyped int constant 2) is not used"}}},
	"function sees later variable": {{text: "func inc() { n++ }\nn := 0\ninc()\nn", vars: "n int", res: "int"}},
	"constant cycle":               {{text: "const c = c", errs: []string{"1:7: initialization cycle: c refers to itself"}}},
	"no init cycle":                {{text: "func f() int { return g }\nvar g = f()\ng", vars: "g int", res: "int"}},
	"method in a later cell": {
		{text: "type T struct{ a int }\nfunc (t T) A() int { return t.a }\nt := T{1}"},
		{text: "func (t T) B() int { return t.a + 1 }\nT{2}.A() + T{2}.B()", res: "int"},
		{text: "t = T{3}", errs: []string{"1:5: cannot use T{…} (value of struct type T) as T value in assignment"}, hint: "declared in cell 1"},
	},
	"literals of another cell": {
		{text: "type point struct{ x, y int }\nvar anon []struct{ a int }"},
		{text: "ps := []*point{{1, 2}, &point{3, 4}}\nm := map[point]string{{5, 6}: \"a\"}\nanon = append(anon, struct{ a int }{1})\npoint{7, 8}", vars: "ps []*point, m map[point]string", res: "point"},
		{text: "point{1, \"a\"}", errs: []string{"1:10: cannot use \"a\" (untyped string constant) as int value in struct literal"}},
		{text: "import \"sync\"\nsync.Mutex{1}", errs: []string{"2:12: implicit assignment to unexported field _ in struct literal of type \"sync\".Mutex", "2:13: too few values in struct literal of type \"sync\".Mutex"}},
	},
	"program":           {{text: "package main\nimport \"fmt\"\nvar x = y\nvar y = 1\nfunc main() { fmt.Println(x) }", vars: "x int, y int"}},
	"program unused":    {{text: "package main\nimport \"fmt\"\nfunc main() {}", errs: []string{"2:8: \"fmt\" imported and not used"}}},
	"blank cell":        {{text: "// nothing\n"}},
	"too many values":   {{text: "func f() (int, error) { return 1, nil }\nx := f()", errs: []string{"2:6: assignment mismatch: 1 variable but f returns 2 values"}}},
	"several values":    {{text: "func f() (int, error) { return 1, nil }\nf()", res: "(int, error)"}},
	"labels and blocks": {{text: "n := 0\nL:\nfor i := range 3 {\n\tfor {\n\t\tn += i\n\t\tcontinue L\n\t}\n}\nn", vars: "n int", res: "int"}},
	"blank definitions": {{text: "_, ok := map[int]int{}[1]\nok", vars: "ok bool", res: "bool"}},
	"meant a name": {
		{text: "total := 1\ntotall + 1", errs: []string{"2:1: undefined: totall"}, hint: "did you mean total?"},
		{text: "count := 1"}, {text: "conut++", errs: []string{"1:1: undefined: conut"}, hint: "did you mean count?"},
		{text: "nul", errs: []string{"1:1: undefined: nul"}}, // too short for a guess
		{text: "prinln(1)", errs: []string{"1:1: undefined: prinln"}, hint: "did you mean println?"},
	},
	"meant a name of a package": {{text: "import \"bytes\"\nbytes.Bufer{}", errs: []string{"2:7: undefined: bytes.Bufer"}, hint: "did you mean bytes.Buffer or bytes.NewBuffer?"},
		{text: "import \"bytes\"\nbytes.NewReeder(nil)", errs: []string{"2:7: undefined: bytes.NewReeder"}, hint: "did you mean bytes.NewReader or bytes.Reader?"},
		{text: "import \"bytes\"\nbytes.Wat(nil)", errs: []string{"2:7: undefined: bytes.Wat"}}},
	"meant a method": {{text: "import \"sync\"\nvar wg sync.WaitGroup"},
		{text: "wg.Wiat()", errs: []string{"1:4: wg.Wiat undefined (type sync.WaitGroup has no field or method Wiat)"}, hint: "did you mean Wait?"},
		{text: "import \"io\"\nvar r io.Reader\nr.Reed(nil)", errs: []string{"3:3: r.Reed undefined (type io.Reader has no field or method Reed)"}, hint: "did you mean Read?"},
		{text: "type p struct{ Name string }\nq := &p{}\nq.Nmae", errs: []string{"3:3: q.Nmae undefined (type *p has no field or method Nmae)"}, hint: "did you mean Name?"}},
	"defer and closure": {{text: "x := 1\nf := func() { x++ }\ndefer f()\nx", vars: "x int, f func()", res: "int"}},
}

func newTestChecker() *Checker {
	return New(importer.Default(), func(pkg, symbol string) []string {
		if pkg == "strings" && symbol == "ToUpper" {
			return []string{"strings"}
		}
		return nil
	})
}

func TestCheck(t *testing.T) {
	for name, steps := range checkTests {
		t.Run(name, func(t *testing.T) {
			c := newTestChecker()
			for i, s := range steps {
				cell, errs := c.Check(i+1, fmt.Sprintf("/cell/%d.go", i+1), s.text)
				var got []string
				for _, e := range errs {
					got = append(got, fmt.Sprintf("%d:%d: %s", e.Pos.Line, e.Pos.Column, e.Msg))
				}
				if fmt.Sprintf("%q", got) != fmt.Sprintf("%q", s.errs) {
					t.Fatalf("cell %d: errors\n%s\nwant\n%s", i+1, strings.Join(got, "\n"), strings.Join(s.errs, "\n"))
				}
				if len(errs) > 0 {
					if !strings.Contains(errs[0].Hint, s.hint) || s.hint == "" && strings.HasPrefix(errs[0].Hint, "did you mean") {
						t.Errorf("cell %d: hint %q, want %q", i+1, errs[0].Hint, s.hint)
					}
					continue
				}
				if got := varsText(cell); s.vars != "" && got != s.vars {
					t.Errorf("cell %d: variables %s, want %s", i+1, got, s.vars)
				}
				if got := resultText(cell); got != s.res {
					t.Errorf("cell %d: result %s, want %s", i+1, got, s.res)
				}
				c.Declare(cell, len(cell.Vars))
			}
		})
	}
}

func varsText(c *Cell) string {
	var out []string
	for _, v := range c.Vars {
		out = append(out, v.Name()+" "+types.TypeString(v.Type(), types.RelativeTo(v.Pkg())))
	}
	return strings.ReplaceAll(strings.Join(out, ", "), "main.", "")
}

func resultText(c *Cell) string {
	if c.Result == nil {
		return ""
	}
	return strings.ReplaceAll(c.Info.Types[c.Result].Type.String(), "main.", "")
}

func TestUsed(t *testing.T) {
	c := newTestChecker()
	for i, text := range []string{"a, b := 1, 2\nfunc f() int { return a }", "a := b + f() + a\na"} {
		cell, errs := c.Check(i+1, "/cell/x.go", text)
		if len(errs) > 0 {
			t.Fatal(errs)
		}
		if i == 1 {
			var got []string
			for _, o := range cell.Used {
				got = append(got, o.Name())
			}
			if s := strings.Join(got, " "); s != "b f a" {
				t.Errorf("used %s, want b f a", s)
			}
		}
		c.Declare(cell, len(cell.Vars))
	}
}

func TestLost(t *testing.T) {
	c := newTestChecker()
	c.Lose("x", "x was lost when the session ended")
	_, errs := c.Check(1, "/cell/1.go", "x + 1")
	if len(errs) != 1 || errs[0].Hint != "x was lost when the session ended" {
		t.Errorf("errors %v", errs)
	}
}

func TestDefinedVariablesOnly(t *testing.T) {
	c := newTestChecker()
	cell, errs := c.Check(1, "/cell/1.go", "a := 1\nb := 2")
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	c.Declare(cell, 1)
	if c.Lookup("a") == nil || c.Lookup("b") != nil {
		t.Errorf("a %v, b %v", c.Lookup("a"), c.Lookup("b"))
	}
}
