package measure_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"runtime/pprof"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gobraid/gobraid/concurrency/internal/svg/svgtest"
	"github.com/gobraid/gobraid/concurrency/measure"
	"github.com/gobraid/gobraid/concurrency/task"
	"github.com/google/pprof/profile"
)

// given makes samples of a CPU profile: each a value in ms, the cell it is labelled with, and its calls with the innermost last, as
// "function file:line".
type given struct {
	ms    int64
	cell  string
	calls string
}

func samples(all ...given) *profile.Profile {
	p := &profile.Profile{}
	locations := map[string]*profile.Location{}
	for _, g := range all {
		s := &profile.Sample{Value: []int64{g.ms / 10, g.ms * 1e6}, Label: map[string][]string{}}
		if g.cell != "" {
			s.Label["cell"] = []string{g.cell}
		}
		for _, text := range strings.Fields(g.calls) {
			l := locations[text]
			if l == nil {
				function, place, _ := strings.Cut(text, "@")
				file, number := place, 0
				if i := strings.LastIndexByte(place, ':'); i >= 0 {
					file = place[:i]
					fmt.Sscan(place[i+1:], &number)
				}
				f := &profile.Function{ID: uint64(len(locations) + 1), Name: function, Filename: file}
				l = &profile.Location{ID: f.ID, Line: []profile.Line{{Function: f, Line: int64(number)}}}
				locations[text] = l
				p.Function, p.Location = append(p.Function, f), append(p.Location, l)
			}
			s.Location = slices.Insert(s.Location, 0, l)
		}
		p.Sample = append(p.Sample, s)
	}
	return p
}

var (
	cell3  = task.CellFile(3)
	around = "github.com/gobraid/gobraid/concurrency/task.(*Task).main@t.go:1 github.com/gobraid/gobraid/concurrency/measure.(*Plan).again@m.go:2 github.com/gobraid/gobraid/concurrency/measure.Case.call@m.go:3 "
	child  = "github.com/gobraid/gobraid/concurrency/task.(*Task).main@t.go:1 github.com/gobraid/gobraid/concurrency/task.(*Task).body@t.go:2 "
)

// compiledSamples are what is seen of compiled cells.
func compiledSamples() *profile.Profile {
	user := "main.øcell.func1@" + cell3 + ":5 main.work@" + cell3 + ":2 "
	return samples(
		given{200, "3", around + user + "sort.Slice@sort.go:10 sort.pdq@sort.go:20 main.work.func1@" + cell3 + ":3"},
		given{100, "3", around + user + "sort.Slice@sort.go:10 sort.pdq@sort.go:20 sort.pdq@sort.go:21"},
		given{50, "3", around + user + "sort.Slice@sort.go:11 sort.pdq@sort.go:20 sort.pdq@sort.go:22 runtime.asyncPreempt@r.s:1"},
		given{30, "3", child + "main.fib@" + cell3 + ":8 main.fib@" + cell3 + ":8 runtime.mallocgc@m.go:1"},
		given{70, "3", around}, // this package
		given{40, "", "runtime.gcBgMarkWorker@gc.go:1 runtime.scan@gc.go:2"},
		given{20, "4", "main.other@" + cell3 + ":1"},
		given{10, "3", "runtime/pprof.profileWriter@p.go:1"},
		given{0, "3", "main.never@" + cell3 + ":1"},
	)
}

func TestCPUSamples(t *testing.T) {
	p := measure.CPUOf("work", compiledSamples(), "cell", "3", 7)
	want := `func1 · cell 3, line 5;work · cell 3, line 2;sort.Slice;sort.pdq;work.func1 · cell 3, line 3 200000
func1 · cell 3, line 5;work · cell 3, line 2;sort.Slice;sort.pdq;sort.pdq 150000
fib · cell 3, line 8;fib · cell 3, line 8;runtime.mallocgc 30000
`
	if got := p.Folded(); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	if got := p.Total(); math.Abs(got-0.38) > 1e-9 {
		t.Errorf("total %v", got)
	}
	notes := strings.Join(p.Notes(), "\n")
	for _, want := range []string{"7 calls", "40.00 ms of the garbage collector", "100.0 ms of other goroutines"} {
		if !strings.Contains(notes, want) {
			t.Errorf("no %q in %s", want, notes)
		}
	}
	shares := map[string]measure.Share{}
	for _, s := range p.Shares() {
		shares[s.Frame.String()] = s
	}
	for name, want := range map[string][2]float64{
		"sort.pdq": {0.15, 0.35}, "sort.Slice": {0, 0.35}, "work.func1 · cell 3, line 3": {0.2, 0.2}, "fib · cell 3, line 8": {0, 0.03}, "runtime.mallocgc": {0.03, 0.03},
	} {
		if s := shares[name]; math.Abs(s.Self-want[0]) > 1e-9 || math.Abs(s.All-want[1]) > 1e-9 {
			t.Errorf("%s: %+v, want %v", name, s, want)
		}
	}
}

// TestInterpretedSamples: the interpreter is one frame, whatever it calls for itself, and what the cell calls stays below it.
func TestInterpretedSamples(t *testing.T) {
	const yaegi = "github.com/traefik/yaegi/interp.runCfg@run.go:1 github.com/traefik/yaegi/interp.call.func1@run.go:2 "
	const callback = "reflect.makeFuncStub@a.s:1 reflect.callReflect@v.go:2 "
	p := measure.CPUOf("work", samples(
		given{10, "3", around + yaegi + "sync.(*RWMutex).Lock@rw.go:1"},
		given{20, "3", around + yaegi + "reflect.Value.Set@v.go:1 runtime.typedmemmove@m.go:1"},
		given{30, "3", around + yaegi + "reflect.Value.Call@v.go:1 reflect.Value.call@v.go:2 runtime.call32@a.s:1 sort.Slice@s.go:1 " + callback + yaegi + "runtime.mallocgc@m.go:1"},
		given{40, "3", around + yaegi + "reflect.Value.Call@v.go:1 reflect.Value.call@v.go:2 runtime.call32@a.s:1 sort.Slice@s.go:1 sort.pdq@s.go:2"},
		given{50, "3", around + "github.com/gobraid/gobraid/interp/engine/yaegi/rt.Call@rt.go:1 " + yaegi + "main.compiled@" + cell3 + ":7"},
	), "cell", "3", 1)
	want := `interpreted code · cell 3;compiled · cell 3, line 7 50000
interpreted code · cell 3;sort.Slice;sort.pdq 40000
interpreted code · cell 3 30000
interpreted code · cell 3;sort.Slice;interpreted code · cell 3 30000
`
	if got := p.Folded(); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	notes := strings.Join(p.Notes(), "\n")
	if !strings.Contains(notes, "100 % of it is under interpreted code, 40 % is the interpreter itself") || !strings.Contains(p.String(), "%engine compiled") {
		t.Error(notes)
	}
}

func TestFrames(t *testing.T) {
	for _, c := range []struct {
		function, file string
		line           int
		text           string
		kind           measure.Kind
	}{
		{"main.work", cell3, 5, "work · cell 3, line 5", measure.Code},
		{"main.øcell", cell3, 5, "the cell · cell 3, line 5", measure.Code},
		{"main.øcell.func2", cell3, 5, "func2 · cell 3, line 5", measure.Code},
		{"main.(*T).Method", cell3, 1, "(*T).Method · cell 3, line 1", measure.Code},
		{"main.main", "/some/where/main.go", 12, "main.main · main.go:12", measure.Code},
		{"github.com/x/y/z.(*T).M", "/m/z.go", 1, "z.(*T).M", measure.Library},
		{"slices.SortFunc[go.shape.[]int,go.shape.int]", "/m/z.go", 1, "slices.SortFunc[…]", measure.Library},
		{"example.com/v2.Map[...].func1", "/m/z.go", 1, "v2.Map[…].func1", measure.Library},
		{"runtime.mallocgc", "/r/m.go", 1, "runtime.mallocgc", measure.Runtime},
		{"internal/runtime/maps.grow", "/r/m.go", 1, "maps.grow", measure.Runtime},
		{"github.com/traefik/yaegi/interp.x", "/r/m.go", 1, "interp.x", measure.Interpreted},
	} {
		if f := measure.FrameOf(c.function, c.file, c.line); f.String() != c.text || f.Kind != c.kind {
			t.Errorf("%s: %q of %s, want %q of %s", c.function, f, f.Kind, c.text, c.kind)
		}
	}
	if k := measure.Kind(99); k.String() != "Kind(99)" || measure.Wait.String() != "waits" {
		t.Error(k)
	}
}

func TestProfileGolden(t *testing.T) {
	p := measure.CPUOf("work <&>", compiledSamples(), "cell", "3", 7)
	picture, graph := []byte(p.SVG()), p.CallGraph()
	svgtest.WellFormed(t, picture)
	svgtest.Golden(t, "flame.svg", picture)
	svgtest.Golden(t, "flame.txt", []byte(p.String()+"\n"))
	svgtest.WellFormed(t, []byte(graph.SVG()))
	svgtest.Golden(t, "graph.svg", []byte(graph.SVG()))
	svgtest.Golden(t, "graph.txt", []byte(graph.String()+"\n"))
	if h := p.HTML(); !strings.Contains(h, p.SVG()) || !strings.Contains(h, "work &lt;&amp;&gt;") {
		t.Error(h)
	}
	if h := graph.HTML(); !strings.Contains(h, graph.SVG()) {
		t.Error(h)
	}
}

// TestLargeProfile: pictures stay small, and say what is left out.
func TestLargeProfile(t *testing.T) {
	var all []given
	all = append(all, given{5000, "3", around + strings.Repeat("main.deep@"+cell3+":1 ", 60)})
	for i := range 200 {
		calls := around
		for d := range 60 {
			calls += fmt.Sprintf("main.f%d_%d@%s:%d ", d, i%(1+d*d), cell3, d+1)
		}
		all = append(all, given{int64(10 + i%7), "3", calls})
	}
	p := measure.CPUOf("large", samples(all...), "cell", "3", 1)
	for name, picture := range map[string]string{"flame": p.SVG(), "graph": p.CallGraph().SVG()} {
		svgtest.WellFormed(t, []byte(picture))
		if len(picture) > 400_000 {
			t.Errorf("%s: %d bytes", name, len(picture))
		}
	}
	if s := p.SVG(); !strings.Contains(s, "not drawn") || !strings.Contains(s, "too narrow") {
		t.Error("what is left out is not said")
	}
	if s := p.CallGraph(); !strings.Contains(s.SVG(), "left out") || !strings.Contains(s.String(), "with less") || len(s.SVG()) > 80_000 {
		t.Error("what is left out is not said")
	}
	if lines := strings.Count(p.String(), "\n"); lines > 20 {
		t.Errorf("%d lines of text", lines)
	}
}

func TestEmptyProfile(t *testing.T) {
	p := measure.CPUOf("nothing", samples(), "cell", "3", 1)
	for _, picture := range []string{p.SVG(), p.CallGraph().SVG()} {
		svgtest.WellFormed(t, []byte(picture))
	}
	if !strings.Contains(p.String(), "nothing was seen") || p.Total() != 0 || p.JSON() != "[]" || p.Folded() != "" {
		t.Errorf("%s", p)
	}
}

func TestProfileRows(t *testing.T) {
	p := measure.CPUOf("work", compiledSamples(), "cell", "3", 7)
	rows := p.Rows()
	if len(rows) != 7 || rows[0] != (measure.ProfileRow{Function: "work.func1", Place: "cell 3, line 3", Kind: "your code", Self: 0.2, All: 0.2}) {
		t.Errorf("%+v", rows)
	}
	records, err := csv.NewReader(strings.NewReader(p.CSV())).ReadAll()
	if err != nil || len(records) != 8 || strings.Join(records[1], "|") != "work.func1|cell 3, line 3|your code|0.2|0.2" {
		t.Errorf("%v: %q", err, records)
	}
	var read []measure.ProfileRow
	if err := json.Unmarshal([]byte(p.JSON()), &read); err != nil || !slices.Equal(read, rows) {
		t.Errorf("%v: %+v", err, read)
	}
	stacks := p.Stacks()
	stacks[0].Frames[0].Func = "changed"
	if p.Stacks()[0].Frames[0].Func == "changed" {
		t.Error("the stacks are not the caller's")
	}
}

// burn works until the process has used as much processor time as a few samples take.
func burn(context.Context) error {
	x := uint64(1)
	for range 100_000_000 {
		x = x*6364136223846793005 + 1442695040888963407
	}
	if x == 0 {
		return errors.New("zero")
	}
	return nil
}

// TestProfileCPU profiles a function that works for at least a tenth of a second of a processor.
func TestProfileCPU(t *testing.T) {
	both(t, func(t *testing.T, _ bool) {
		p, err := measure.NewPlan().WithTime(300*time.Millisecond).ProfileCPU(background, "burn", burn)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(p.Shares(), func(s measure.Share) bool { return s.Frame.Func == "measure_test.burn" && s.Self > 0 }) {
			t.Errorf("%s\n%s", p, p.Folded())
		}
	})
}

func TestProfileErrors(t *testing.T) {
	both(t, func(t *testing.T, cell bool) {
		profiles := map[string]func(context.Context, string, func(context.Context) error) (*measure.Profile, error){
			"cpu": measure.ProfileCPU, "blocking": measure.ProfileBlocking, "mutex": measure.ProfileMutex,
		}
		for name, profiled := range profiles {
			if _, err := profiled(background, "f", nil); err == nil || err.Error() != "measure: f: no function" {
				t.Errorf("%s: %v", name, err)
			}
			if _, err := profiled(background, "f", func(context.Context) error { return errTest }); !errors.Is(err, errTest) {
				t.Errorf("%s: %v", name, err)
			}
			ctx, cancel := context.WithCancelCause(background)
			cancel(errTest)
			if _, err := profiled(ctx, "f", nothing); err != errTest {
				t.Errorf("%s: %v", name, err)
			}
			v := panicOf(t, func() { profiled(background, "f", func(context.Context) error { panic("oh") }) })
			if p, ok := v.(*task.PanicError); v != "oh" && (!ok || p.Value != "oh") {
				t.Errorf("%s: panic %v", name, v)
			}
			if _, err := profiled(background, "f", func(ctx context.Context) error { // what the panic left is put in order
				_, err := measure.NewPlan().WithTime(0).ProfileCPU(ctx, "g", nothing)
				if name == "cpu" {
					if err == nil || !strings.Contains(err.Error(), "cpu profiling already") {
						t.Errorf("a profile within a profile: %v", err)
					}
					return errTest
				}
				return err
			}); name == "cpu" && !errors.Is(err, errTest) || name != "cpu" && err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if !cell {
			if err := pprof.StartCPUProfile(new(strings.Builder)); err != nil {
				t.Fatalf("the profiler was left on: %v", err)
			}
			pprof.StopCPUProfile()
		}
	})
}

func TestWrap(t *testing.T) {
	got := measure.Wrap("a note  that is longer than a line", 60, 10)
	if strings.Join(got, " ") != "a note that is longer than a line" || len(got) < 2 {
		t.Errorf("%q", got)
	}
	if measure.Wrap("", 60, 10) != nil {
		t.Error("lines of nothing")
	}
}
