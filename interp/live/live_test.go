package live_test

import (
	"bytes"
	"context"
	"fmt"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/interp/check/stdtypes"
	"github.com/gobraid/gobraid/interp/engine/compiled"
	"github.com/gobraid/gobraid/interp/live"
)

// patience is a guard: on a new machine the first cell waits until the compiled engine is ready.
const patience = 5 * time.Minute

// sink gathers what cells give out.
type sink struct {
	mu  sync.Mutex
	out map[interp.Stream]*bytes.Buffer
	all []interp.Data // what was displayed
	new chan struct{} // holds a token when something came since it was taken
}

func newSink() *sink {
	return &sink{out: map[interp.Stream]*bytes.Buffer{interp.Stdout: {}, interp.Stderr: {}}, new: make(chan struct{}, 1)}
}

func (s *sink) Output(stream interp.Stream, text []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.out[stream].Write(text)
	select {
	case s.new <- struct{}{}:
	default:
	}
}

// await returns what came on stream since it was taken last, once want is in it. Tests wait so and do not ask over
// and over: after some million synchronising operations the race detector begins anew, but for Go's global variables
// (DoReset and MapShadow in LLVM's tsan), and takes what wrote them before for a race.
func (s *sink) await(t *testing.T, stream interp.Stream, want string) string {
	t.Helper()
	limit := time.After(patience)
	got := ""
	for {
		if got += s.take(stream); strings.Contains(got, want) {
			return got
		}
		select {
		case <-s.new:
		case <-limit:
			t.Fatalf("output %q after %v, want %q", got, patience, want)
		}
	}
}

func (s *sink) Display(d interp.Data) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = append(s.all, d)
}

// shown returns the text of what was displayed since it was asked last.
func (s *sink) shown() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var b strings.Builder
	for _, d := range s.all {
		fmt.Fprintln(&b, d.MIME["text/plain"])
	}
	s.all = nil
	return b.String()
}

func (s *sink) Input(context.Context, string, bool) (string, error) { return "input", nil }

func (s *sink) take(stream interp.Stream) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.out[stream].Reset()
	return s.out[stream].String()
}

var cache string

func TestMain(m *testing.M) {
	dir, err := os.UserCacheDir()
	if err != nil {
		panic(err)
	}
	cache = filepath.Join(dir, "gobraid")
	os.Exit(m.Run())
}

// linked tells whether a package is in this program: cells that only declare and import others wait.
func linked(path string) bool {
	return slices.Contains([]string{"fmt", "strings", "errors", "sync"}, path)
}

func newSession(t *testing.T) *live.Session {
	t.Helper()
	s := openSession(t)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// openSession returns a session that the test closes.
func openSession(t *testing.T) *live.Session {
	t.Helper()
	s, err := live.New(live.Options{
		Engine: "compiled", Compiled: compiled.New(compiled.Options{Cache: cache, Linked: linked}),
		Importer: stdtypes.NewImporter(token.NewFileSet()), Suggest: stdtypes.Exporting,
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestCompiled(t *testing.T) {
	s := newSession(t)
	for i, c := range []struct{ text, out, result, err string }{
		{text: "x := 41\nx + 1", result: "42"},
		{text: "import \"fmt\"\nx++\nfmt.Println(\"x is\", x)", out: "x is 42\n"},
		{text: "type point struct{ x, y int }\nfunc (p *point) move(dx int) { p.x += dx }\nfunc (p point) String() string { return fmt.Sprintf(\"<%d,%d>\", p.x, p.y) }\np := point{1, 2}\np", result: "<1,2>"},
		{text: "p.move(4)\np.y = 7\nq := &point{8, 9}\nfmt.Printf(\"%v %T %+v %d\\n\", p, p, q, point{y: 3}.y)", out: "<5,7> main.point <8,9> 3\n"},
		{text: "type shape interface{ area() int }\ntype sq struct{ point; side int }\nfunc (s sq) area() int { return s.side * s.side }\nvar sh shape = sq{p, 3}\nsh.area()", result: "9"},
		{text: "sh.(sq).x + sh.(sq).point.y", result: "12"},
		{text: "rows := []struct{ name string; n int }{{\"a\", 1}, {\"b\", 2}}"},
		{text: "for _, r := range rows { fmt.Print(r.name, r.n, \" \") }\nrows = append(rows, struct{ name string; n int }{\"c\", 3})\nlen(rows)", out: "a1 b2 ", result: "3"},
		{text: "func Map[T, U any](xs []T, f func(T) U) []U {\n\tvar r []U\n\tfor _, x := range xs {\n\t\tr = append(r, f(x))\n\t}\n\treturn r\n}\nMap([]int{1, 2}, func(i int) string { return fmt.Sprint(i * 21) })", result: `[]string{"21", "42"}`},
		{text: "type box[T any] struct{ v T }\nb := box[int]{7}"},
		{text: "b.v++\nc := Map([]int{b.v}, func(i int) box[string] { return box[string]{fmt.Sprint(i)} })\nc[0].v", result: `"8"`},
		{text: "ch := make(chan int)\ngo func() {\n\tfor i := range 3 {\n\t\tch <- i\n\t}\n\tclose(ch)\n}()\nsum := 0\nfor v := range ch {\n\tsum += v\n}\nsum", result: "3"},
		{text: "done := make(chan string, 1)\nselect {\ncase v, ok := <-ch:\n\tfmt.Println(v, ok)\ncase s := <-done:\n\tfmt.Println(s)\n}", out: "0 false\n"},
		{text: "func idx() int {\n\ta := []int{1}\n\ti := 5\n\treturn a[i]\n}\nidx()", err: "panic: runtime error: index out of range [5] with length 1"},
		{text: "x := fmt.Sprint(x, \"!\")\nx", result: `"42!"`},
		{text: "import \"sync\"\nvar mu sync.Mutex\nvar wg sync.WaitGroup\nn := 0\nfor range 100 {\n\twg.Go(func() {\n\t\tmu.Lock()\n\t\tdefer mu.Unlock()\n\t\tn++\n\t})\n}\nwg.Wait()\nn", result: "100"},
		{text: "y := 1 +", err: "syntax error"},
		{text: "x.foo", err: "undefined"},
		{text: "func two() (int, error) { return 1, fmt.Errorf(\"bad\") }\ntwo()", result: `1, *errors.errorString: bad`},
		{text: "import \"sync/atomic\"\nvar ticks atomic.Int64\nadd := func() { ticks.Add(1) }\nadd()\nticks.Load()", result: "int64(1)"},
		{text: "package main\nimport \"os\"\nvar a = b + 1\nvar b = f()\nfunc f() int { return 2 }\nfunc init() { println(\"init\", a) }\nfunc main() { os.Stdout.WriteString(\"main\\n\") }", out: "main\n"},
	} {
		t.Run(fmt.Sprint(i+1), func(t *testing.T) {
			out := newSink()
			o := s.Run(t.Context(), interp.Request{Number: i + 1, Source: c.text}, out)
			if c.err != "" {
				if o.Error == nil || !strings.Contains(o.Error.Value, c.err) {
					t.Fatalf("error %v, want %q", o.Error, c.err)
				}
				t.Log(strings.Join(o.Error.Traceback, "\n"))
				return
			}
			if o.Error != nil {
				t.Fatalf("%s", strings.Join(o.Error.Traceback, "\n"))
			}
			if got := out.take(interp.Stdout); got != c.out {
				t.Errorf("output %q, want %q; stderr %q", got, c.out, out.take(interp.Stderr))
			}
			got := ""
			if o.Result != nil {
				got, _ = o.Result.MIME["text/plain"].(string)
			}
			if got != c.result {
				t.Errorf("result %q, want %q", got, c.result)
			}
		})
	}
}
