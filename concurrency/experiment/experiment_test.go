package experiment_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/gobraid/gobraid/concurrency/experiment"
	"github.com/gobraid/gobraid/concurrency/internal/svg/svgtest"
	"github.com/gobraid/gobraid/concurrency/task"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A page is the output of a cell that keeps what is shown. Cells of these tests have one task.
type page struct{ shown []map[string]any }

func (*page) Write(string, []byte)                                {}
func (*page) Input(context.Context, string, bool) (string, error) { return "", io.EOF }
func (p *page) Display(mime, _ map[string]any, _ string, _ bool)  { p.shown = append(p.shown, mime) }
func (*page) Clear(bool)                                          {}

// record returns what Record shows, or what it panics with.
func record(t *testing.T, name string, value any, unit string) (shown map[string]any, said string) {
	t.Helper()
	p := &page{}
	r := task.NewRun(1, p)
	end := r.Do(func() {
		defer func() {
			if x := recover(); x != nil {
				said = fmt.Sprint(x)
			}
		}()
		experiment.Record(name, value, unit)
	})
	if err := r.Close(t.Context()); err != nil || end.Panic != nil {
		t.Fatal(err, end.Panic)
	}
	if len(p.shown) > 0 {
		shown = p.shown[0]
	}
	return shown, said
}

type celsius float32

var recordTests = []struct {
	value     any
	unit      string
	json, txt string
}{
	{3, "", `{"name":"x","unit":"","value":3}`, "x: 3"},
	{uint64(math.MaxUint64), "", `{"name":"x","unit":"","value":18446744073709551615}`, "x: 18446744073709551615"},
	{int8(-3), "%", `{"name":"x","unit":"%","value":-3}`, "x: -3 %"},
	{1.0 / 3, "s", `{"name":"x","unit":"s","value":0.3333333333333333}`, "x: 0.333333 s"},
	{celsius(20.1), "°C", `{"name":"x","unit":"°C","value":20.1}`, "x: 20.1 °C"},
	{1500 * time.Millisecond, "", `{"name":"x","unit":"s","value":1.5}`, "x: 1.5 s"},
	{1500 * time.Microsecond, "ms", `{"name":"x","unit":"ms","value":1.5}`, "x: 1.5 ms"},
	{3 * time.Minute, "h", `{"name":"x","unit":"h","value":0.05}`, "x: 0.05 h"},
	{true, "", `{"name":"x","unit":"","value":true}`, "x: true"},
	{"a \"word\"", "", `{"name":"x","unit":"","value":"a \"word\""}`, `x: a "word"`},
}

func TestRecord(t *testing.T) {
	for _, tt := range recordTests {
		shown, said := record(t, "x", tt.value, tt.unit)
		if said != "" {
			t.Errorf("%v: %s", tt.value, said)
			continue
		}
		b, err := json.Marshal(shown[experiment.MIME])
		if err != nil || string(b) != tt.json || shown["text/plain"] != tt.txt {
			t.Errorf("%v: %s, %q, %v", tt.value, b, shown["text/plain"], err)
		}
		if row, ok := experiment.ParseRow(shown[experiment.MIME]); !ok || row.Name != "x" {
			t.Errorf("%v is read back as %+v", tt.value, row)
		}
	}
}

var refusedTests = []struct {
	name  string
	value any
	unit  string
	said  string
}{
	{" ", 1, "", "needs a name"},
	{"x", nil, "", "the value is nil"},
	{"x", []int{1}, "", "of type []int"},
	{"x", struct{}{}, "", "of type struct {}"},
	{"x", complex(1, 1), "", "of type complex128"},
	{"x", math.NaN(), "", "NaN, which is no result"},
	{"x", math.Inf(1), "", "+Inf, which is no result"},
	{"x", time.Second, "B", `"B" is no unit of time`},
}

func TestRecordRefuses(t *testing.T) {
	for _, tt := range refusedTests {
		shown, said := record(t, tt.name, tt.value, tt.unit)
		if shown != nil || !strings.Contains(said, tt.said) || !strings.HasPrefix(said, "experiment.Record") {
			t.Errorf("%v in %q: %q", tt.value, tt.unit, said)
		}
	}
}

func TestParseRow(t *testing.T) {
	for _, bad := range []any{nil, 1, "x", map[string]any{}, map[string]any{"name": "x"}, map[string]any{"name": "x", "value": []int{1}}, map[string]any{"name": 1, "value": 1}} {
		if row, ok := experiment.ParseRow(bad); ok {
			t.Errorf("%v: %+v", bad, row)
		}
	}
}

func table() *experiment.Table {
	t := &experiment.Table{Notebook: "sum.ipynb", Parameters: []string{"workers", "mode", "name"}}
	run := 0
	for _, mode := range []string{"mutex", "atomic"} {
		for _, w := range []string{"1", "2", "4", "8"} {
			run++
			p := map[string]string{"workers": w, "mode": mode, "name": "a, \"b\""}
			row := func(name, value, unit string) {
				t.Rows = append(t.Rows, experiment.Row{Run: run, Parameters: p, Name: name, Value: json.Number(value), Unit: unit, Cell: "c1"})
			}
			row("time", fmt.Sprint(8/float64(run)), "s")
			row("time", fmt.Sprint(9/float64(run)), "s")
			row("tasks", fmt.Sprint(run), "")
			t.Rows = append(t.Rows, experiment.Row{Run: run, Parameters: p, Name: "right", Value: true, Cell: "c2"})
		}
	}
	return t
}

func TestTable(t *testing.T) {
	tab := table()
	svgtest.Golden(t, "table.csv", []byte(tab.CSV()))
	svgtest.Golden(t, "table.txt", []byte(tab.String()))
	svgtest.Golden(t, "table.svg", []byte(tab.SVG()))
	svgtest.WellFormed(t, []byte(tab.SVG()))
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "results.json"), tab.JSON(), 0o644); err != nil {
		t.Fatal(err)
	}
	again, err := experiment.Load(dir)
	if err != nil || again.CSV() != tab.CSV() || string(again.JSON()) != string(tab.JSON()) {
		t.Errorf("read back: %v\n%s", err, again.CSV())
	}
	if !strings.Contains(tab.HTML(), "<td>atomic</td>") {
		t.Error("no table in the page")
	}
}

// Parameters that are words, a value that is the same everywhere, runs that are told apart by nothing, and nothing at all.
func TestOddTables(t *testing.T) {
	one := func(run int, word, value string) experiment.Row {
		return experiment.Row{Run: run, Parameters: map[string]string{"word": word}, Name: "a <b> & c", Value: json.Number(value), Unit: "x"}
	}
	for name, tab := range map[string]*experiment.Table{
		"words":    {Parameters: []string{"word"}, Rows: []experiment.Row{one(1, "a", "0"), one(2, "b", "0")}},
		"negative": {Rows: []experiment.Row{one(1, "", "-3"), one(2, "", "1e300")}},
		"single":   {Parameters: []string{"word"}, Rows: []experiment.Row{one(1, "a", "5")}},
	} {
		if s := tab.SVG(); s == "" || strings.Contains(s, "NaN") || strings.Contains(s, "Inf") {
			t.Errorf("%s: %s", name, s)
		} else {
			svgtest.WellFormed(t, []byte(s))
		}
	}
	empty := &experiment.Table{}
	if empty.SVG() != "" || empty.String() != "nothing was recorded" || !strings.HasPrefix(empty.CSV(), "run,name,value,unit,cell\n") {
		t.Errorf("nothing: %q", empty.String())
	}
	if _, err := experiment.Load(t.TempDir()); err == nil {
		t.Error("a folder without results is read")
	}
}
