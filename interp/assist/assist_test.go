package assist

import (
	"context"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/gobraid/gobraid/interp"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// cells are what a session has run before a test, names what it then says is in scope.
var cells = []string{
	"import (\n\t\"strings\"\n\t\"net/http\"\n\tmrand \"math/rand/v2\"\n)",
	"type point struct{ x, y int }\nfunc (p point) area() int { return p.x * p.y }\nfunc (p *point) Scale(by int) { p.x *= by }\np := point{1, 2}\nps := []*point{&p}",
	"type box[T any] struct{ val T }\nfunc (b box[T]) Get() T { return b.val }\nb := box[string]{}\nfunc mk[T any](v T) box[T] { return box[T]{v} }",
	"%engine yaegi\nvar wg sync.WaitGroup",
	"func (b box[U]) Get() U { return b.val }", // again
}

var names = []interp.Name{
	{Name: "b", Kind: "var", Type: "box[string]", Cell: 3},
	{Name: "box", Kind: "type", Type: "struct{val T}", Cell: 3},
	{Name: "d", Kind: "var", Type: "time.Duration", Cell: 4},
	{Name: "http", Kind: "package", Type: "net/http"},
	{Name: "limit", Kind: "const", Type: "untyped float", Cell: 4},
	{Name: "mk", Kind: "func", Type: "func[T any](v T) box[T]", Cell: 3},
	{Name: "mrand", Kind: "package", Type: "math/rand/v2"},
	{Name: "odd", Kind: "var", Type: "local type of f·1", Cell: 4},
	{Name: "p", Kind: "var", Type: "point", Cell: 2},
	{Name: "point", Kind: "type", Type: "struct{x int; y int}", Cell: 2},
	{Name: "ps", Kind: "var", Type: "[]*point", Cell: 2},
	{Name: "rng", Kind: "var", Type: "*rand.PCG", Cell: 4},
	{Name: "sb", Kind: "var", Type: "*strings.Builder", Cell: 4},
	{Name: "strings", Kind: "package", Type: "strings"},
	{Name: "wg", Kind: "var", Type: "sync.WaitGroup", Cell: 4},
}

func fixture() *Assistant {
	a := New(func() []interp.Name { return slices.Clone(names) })
	for _, c := range cells {
		a.Learn(c)
	}
	return a
}

// at splits a text at the mark of the cursor and returns the text and the cursor in code points.
func at(t testing.TB, marked string) (code string, cursor int) {
	t.Helper()
	before, after, ok := strings.Cut(marked, "‸")
	if !ok {
		t.Fatalf("no cursor in %q", marked)
	}
	return before + after, len([]rune(before))
}

var completeTests = []struct {
	name, code string
	replaced   string // the text that the matches replace
	want       string // all matches; or with + those that must be among them, and with - those that must not
}{
	{"package", "strings.HasP‸", "HasP", "HasPrefix"},
	{"package, more follows", "strings.HasP‸refix(\"a\")\nx := 1", "HasP", "HasPrefix"},
	{"package by another name", "mrand.IntN‸", "IntN", "IntN"},
	{"package of the cell", "import \"os/exec\"\nexec.CommandC‸", "CommandC", "CommandContext"},
	{"package of the cell, renamed", "import e \"os/exec\"\ne.CommandC‸", "CommandC", "CommandContext"},
	{"package nobody imports", "fmt.Sprint‸", "Sprint", "Sprint Sprintf Sprintln"},
	{"likely package", "rand.IntN‸", "IntN", "IntN"},
	{"no such package", "nosuch.X‸", "X", ""},
	{"another case", "strings.hasp‸", "hasp", "HasPrefix"},
	{"type of a package", "var r strings.Bui‸", "Bui", "Builder"},
	{"chain", "strings.NewReplacer(\"a\", \"b\").Wr‸", "Wr", "WriteString"},
	{"chain of a package nobody imports", "time.Now().Add‸", "Add", "Add AddDate"},
	{"dot on the next line", "strings.NewReplacer(\"a\").\n\tWr‸", "Wr", "WriteString"},

	{"variable of a standard type", "sb.Write‸", "Write", "Write WriteByte WriteRune WriteString"},
	{"struct value", "wg.‸", "", "Add Done Go Wait"},
	{"number type", "d.Mi‸", "Mi", "Microseconds Milliseconds Minutes"},
	{"ambiguous package in a type", "rng.Uint‸", "Uint", "Uint64"},
	{"own type", "p.‸", "", "x y Scale area"},
	{"elements", "ps[0].‸", "", "x y Scale area"},
	{"generic type", "b.‸", "", "val Get"},
	{"generic result", "mk(strings.Builder{}).Get().Wri‸", "Wri", "Write WriteByte WriteRune WriteString"},
	{"method expression", "point.‸", "", "Scale area"},
	{"method of the cell", "type q struct{ point }\nfunc (q) Hello() {}\nq{}.‸", "", "point x y Hello Scale area"},
	{"method of a session's type", "func (pt *point) Late() {\n\tpt.‸\n}", "", "x y Late Scale area"},
	{"method of a session's type, elsewhere", "func (pt *point) Late() {}\nsb.Le‸", "Le", "Len"},
	{"method of a generic type", "func (bb box[U]) Late(u U) {\n\tbb.‸\n}", "", "val Get Late"},
	{"method by another name", "type A = point\nfunc (a A) Late() { strings.HasP‸ }", "HasP", "HasPrefix"},
	{"type without a text", "odd.‸", "", ""},
	{"fields of a foreign struct are hidden", "http.Client{}.‸", "", "+Timeout Do -deadline"},

	{"local variable", "func f(names []string) {\n\tfor _, n := range names {\n\t\tif strings.Contains(n, na‸", "na", "names"},
	{"local type", "func f() {\n\tvar r strings.Reader\n\tr.Le‸\n}", "Le", "Len"},
	{"closure", "go func() { sb.Le‸ }()", "Le", "Len"},
	{"deferred", "defer wg.Do‸", "Do", "Done"},
	{"condition", "if sb.Le‸", "Le", "Len"},
	{"condition after a statement", "if n, ok := map[int]int{}[sb.Le‸", "Le", "Len"},
	{"case", "switch {\ncase strings.HasP‸", "HasP", "HasPrefix"},
	{"inner scope is gone", "func f() {\n\t{ inner := 1 }\n\tinn‸\n}", "inn", ""},
	{"not declared yet", "func f() {\n\tsoo‸\n\tsooner := 1\n}", "soo", ""},
	{"function further down", "lat‸\nfunc later() {}", "lat", "later"},
	{"variable of the cell", "conn := http.Client{}\nconn.Tim‸", "Tim", "Timeout"},
	{"variable from a call", "resp, err := http.Get(\"x\")\nresp.Body.Cl‸", "Cl", "Close"},
	{"variable again", "sb := strings.NewReader(\"\")\nsb.Unread‸", "Unread", "UnreadByte UnreadRune"},
	{"what it meant before", "sb := sb.Le‸", "Le", "Len"},
	{"loop variable", "for i, r := range \"abc\" { _ = r; i‸ }", "i", "+i if import int imag iota -p"},
	{"program", "package main\nimport \"os\"\nfunc main() { os.Exi‸ }", "Exi", "Exit"},
	{"literal's keys", "http.Client{Ti‸", "Ti", "Timeout"},
	{"literal's key before a value", "http.Client{Jar: nil, Ti‸: 3}", "Ti", "Timeout"},
	{"argument", "strings.Repeat(\"a\", lim‸)", "lim", "limit"},
	{"broken text", "x := := ) } sb.Le‸", "Le", "Len"},
	{"broken text, package", "func )( } strings.HasP‸", "HasP", "HasPrefix"},

	{"names", "p‸", "p", "+p ps point package panic print path -sb"},
	{"nothing typed", "‸", "", "+p wg len strings -if -bufio"},
	{"standard package", "byt‸", "byt", "byte bytes"},
	{"keyword", "sele‸", "sele", "select"},
	{"keyword is typed", "for‸", "for", "+for"},
	{"unicode", "größe, äpfel := 1, 2; gr‸", "gr", "größe"},
	{"beyond ASCII before", "s := \"äöü€😀\"; strings.HasP‸", "HasP", "HasPrefix"},

	{"import", "import \"net/ht‸\"", "net/ht", "net/http net/http/cgi net/http/cookiejar net/http/fcgi net/http/httptest net/http/httptrace net/http/httputil net/http/pprof"},
	{"import without an end", "import \"encoding/js‸", "encoding/js", "encoding/json"},
	{"import of several", "import (\n\t\"fmt\"\n\t_ \"embe‸\n)", "embe", "embed"},
	{"string behind an import", "import \"fmt\"\nfmt.Println(\"embe‸\")", "", ""},
	{"string behind an import on its line", "import \"fmt\"; f(\"embe‸", "", ""},

	{"string", "x := \"strings.Has‸\"", "", ""},
	{"raw string", "x := `a\nstrings.Has‸`", "", ""},
	{"behind a string", "(\"a\" + strin‸)", "strin", "strings string"},
	{"line comment", "x := 1 // strings.Has‸", "", ""},
	{"block comment", "/* strings.Has‸ */", "", ""},
	{"behind a comment", "/* a */ strings.HasP‸", "HasP", "HasPrefix"},
	{"below a comment", "// a\nstrings.HasP‸", "HasP", "HasPrefix"},
	{"number", "3.‸", "", ""},
	{"character", "'a‸", "", ""},
	{"new name", "var p‸", "p", ""},
	{"spread", "append(ps, ps...)‸", "", "+p"},

	{"magic", "%en‸", "%en", "%engine"},
	{"magics", "x := 1\n  %‸", "%", "%%bench %%native %%race %%test %%timeline %%virtual %cluster %engine %get %help %kill %locks %lsmagic %replay %stats %tasks %who %workers"},
	{"argument of a magic", "%engine ‸", "", "auto compiled yaegi"},
	{"argument of a magic begun", "%engine ya‸", "ya", "yaegi"},
	{"too many arguments", "%engine yaegi ‸", "", ""},
	{"help", "%help eng‸", "eng", "engine"},
	{"code below magics", "%who\n!ls *.go\nstrings.HasP‸", "HasP", "HasPrefix"},
	{"modulo", "x := 7 %‸", "", "+p"},
	{"percent in a string", "x := `\n%en‸`", "", ""},
	{"shell", "!ls p‸", "", ""},
	{"cell magic", "%%ben‸", "%%ben", "%%bench"},
	{"argument of a cell magic", "%%test -r‸", "-r", "-race -run"},
}

func TestComplete(t *testing.T) {
	a := fixture()
	for _, test := range completeTests {
		t.Run(test.name, func(t *testing.T) {
			code, cursor := at(t, test.code)
			start, end, found := a.Complete(context.Background(), code, cursor)
			if got := string([]rune(code)[start:end]); got != test.replaced || end != cursor {
				t.Errorf("replaces %q up to %d, want %q up to %d", got, end, test.replaced, cursor)
			}
			var got []string
			for _, m := range found {
				got = append(got, m.Text)
			}
			compare(t, got, test.want)
		})
	}
}

func compare(t *testing.T, got []string, want string) {
	t.Helper()
	all, partly := strings.CutPrefix(want, "+")
	if !partly {
		if strings.Join(got, " ") != want {
			t.Errorf("matches %s, want %s", strings.Join(got, " "), want)
		}
		return
	}
	for _, w := range strings.Fields(all) {
		w, unwanted := strings.CutPrefix(w, "-")
		if slices.Contains(got, w) == unwanted {
			t.Errorf("matches %s: %q is among them: %t", strings.Join(got, " "), w, unwanted)
		}
	}
}

var matchTests = []struct {
	code string
	want Match
}{
	{"strings.HasP‸", Match{"HasPrefix", "function", "func(s string, prefix string) bool"}},
	{"strings.Bui‸", Match{"Builder", "class", "struct"}},
	{"http.StatusOK‸", Match{"StatusOK", "constant", "untyped int"}},
	{"http.DefaultCl‸", Match{"DefaultClient", "variable", "*Client"}},
	{"sb.Le‸", Match{"Len", "method", "func() int"}},
	{"p.x‸", Match{"x", "property", "int"}},
	{"mk‸", Match{"mk", "function", "func[T any](v T) box[T]"}},
	{"limi‸", Match{"limit", "constant", "untyped float"}},
	{"poin‸", Match{"point", "class", "struct{x int; y int}"}},
	{"mrand‸", Match{"mrand", "module", "math/rand/v2"}},
	{"bufi‸", Match{"bufio", "module", `import "bufio"`}},
	{"local := sb\nloca‸", Match{"local", "variable", "*strings.Builder"}},
	{"appen‸", Match{"append", "function", "func append(slice []Type, elems ...Type) []Type"}},
	{"fals‸", Match{"false", "constant", "untyped bool"}},
	{"contin‸", Match{"continue", "keyword", ""}},
	{"%who‸", Match{"%who", "magic", magics["%who"].text}},
	{"import \"embe‸", Match{"embed", "path", ""}},
}

func TestMatch(t *testing.T) {
	a := fixture()
	for _, test := range matchTests {
		code, cursor := at(t, test.code)
		if _, _, found := a.Complete(context.Background(), code, cursor); len(found) == 0 || found[0] != test.want {
			t.Errorf("%s: %q, want first %q", test.code, found, test.want)
		}
	}
}

func TestCursorOutside(t *testing.T) {
	a := fixture()
	for _, cursor := range []int{-1, 0, 99} {
		start, end, _ := a.Complete(context.Background(), "äp", cursor)
		if start < 0 || end > 2 || start > end {
			t.Errorf("cursor %d: from %d to %d", cursor, start, end)
		}
		a.Inspect(context.Background(), "äp", cursor, 0)
	}
}

func TestContextEnded(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	a := fixture()
	if _, _, found := a.Complete(ctx, "p", 1); len(found) > 0 {
		t.Errorf("matches %v", found)
	}
	if mime, ok := a.Inspect(ctx, "p", 1, 0); ok {
		t.Errorf("inspection %v", mime)
	}
}
