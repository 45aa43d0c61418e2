package measure_test

import (
	"encoding/csv"
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/gobraid/gobraid/concurrency/internal/svg/svgtest"
	"github.com/gobraid/gobraid/concurrency/measure"
)

func TestSummary(t *testing.T) {
	inf := math.Inf(1)
	for _, c := range []struct {
		values         []float64
		center, lo, hi float64
		spread         string
	}{
		{[]float64{1}, 1, -inf, inf, "± ∞"},
		{[]float64{5, 1, 3}, 3, -inf, inf, "± ∞"},
		{[]float64{6, 5, 4, 3, 2, 1}, 3.5, 1, 6, "± 71 %"},
		{[]float64{98, 99, 100, 100, 101, 102}, 100, 98, 102, "± 2 %"},
		{[]float64{7, 7, 7, 7, 7, 7}, 7, 7, 7, "± 0 %"},
		{[]float64{0, 0, 0, 0, 0, 1, 0}, 0, 0, 1, ""},
	} {
		center, lo, hi := measure.Summary(c.values)
		if center != c.center || lo != c.lo || hi != c.hi || measure.Spread(center, lo, hi) != c.spread {
			t.Errorf("%v: %v from %v to %v, %q", c.values, center, lo, hi, measure.Spread(center, lo, hi))
		}
	}
	if center, lo, hi := measure.Summary(nil); !math.IsNaN(center) || !math.IsNaN(lo) || !math.IsNaN(hi) || measure.Spread(center, lo, hi) != "" {
		t.Errorf("of nothing: %v %v %v", center, lo, hi)
	}
}

func TestRatio(t *testing.T) {
	for _, c := range []struct {
		base, values []float64
		shown        bool
		text         string
	}{
		{[]float64{1, 2, 3, 4, 5, 6}, []float64{2, 4, 6, 8, 10, 12}, true, "2.00 × (2.00 to 2.00)"},
		// Each repetition is disturbed by as much as ten times, but both functions alike.
		{[]float64{10, 90, 20, 70, 100, 30}, []float64{5.1, 45, 9.9, 35, 50, 15}, true, "0.50 × (0.49 to 0.51)"},
		{[]float64{10, 10, 10, 10, 10, 10}, []float64{9, 11, 10, 12, 8, 10}, false, "no difference shown (0.80 to 1.20)"},
		{[]float64{1, 1, 1, 1, 1, 1}, []float64{1.005, 1.005, 1.005, 1.005, 1.005, 1.005}, true, "1.0050 × (1.0050 to 1.0050)"},
		{[]float64{8, 8, 8}, []float64{8, 8, 8}, false, "equal"},
		{[]float64{8, 8, 8}, []float64{4, 4, 4}, false, "0.50 ×, too few repetitions to say more"},
		{[]float64{1, 1, 1, 1, 1, 1}, []float64{250, 250, 250, 250, 250, 250}, true, "250 × (250 to 250)"},
		{[]float64{1, 1, 1, 1, 1, 1}, []float64{12.34, 12.34, 12.34, 12.34, 12.34, 12.34}, true, "12.3 × (12.3 to 12.3)"},
		{[]float64{0, 0, 0, 0, 0, 0}, []float64{1, 1, 1, 1, 1, 1}, false, ""},
		{[]float64{0, 0, 0, 0, 0, 0}, []float64{0, 0, 0, 0, 0, 0}, false, "equal"},
		{[]float64{1, 2}, []float64{1}, false, ""},
		{nil, nil, false, ""},
	} {
		if r := measure.RatioOf(c.base, c.values); r.Shown() != c.shown || r.String() != c.text {
			t.Errorf("%v to %v: %q, shown %t; want %q", c.values, c.base, r, r.Shown(), c.text)
		}
	}
}

func TestMetrics(t *testing.T) {
	for _, c := range []struct {
		m    measure.Metric
		v    float64
		want string
	}{
		{measure.Wall, 0.0123456, "12.35 ms"}, {measure.CPU, 4.2e-9, "4.200 ns"}, {measure.Sleeping, 3600, "3600 s"}, {measure.Waiting, 0, "0"},
		{measure.Allocs, 17, "17"}, {measure.Allocs, 0.25, "0.25"}, {measure.Allocs, 123456, "123.5 k"}, {measure.Tasks, 4, "4"},
		{measure.Bytes, 512, "512 B"}, {measure.PeakRSS, 3 << 20, "3.000 MiB"}, {measure.Wall, math.NaN(), "–"}, {measure.Wall, math.Inf(1), "∞"},
	} {
		if got := c.m.Format(c.v); got != c.want {
			t.Errorf("%v of %s is %q, want %q", c.v, c.m, got, c.want)
		}
	}
	if m := measure.Metric(77); m.String() != "Metric(77)" || m.Unit() != "" {
		t.Errorf("%s %q", m, m.Unit())
	}
	if r := two().Results()[0]; r.Values(77) != nil || r.Unknown(77) == "" || !math.IsNaN(r.Median(77)) {
		t.Error("a metric that there is not")
	}
}

// two are results with a difference in some things.
func two() *measure.Comparison {
	return measure.Together(
		measure.Given("mutex", 1000, 1101, map[measure.Metric][]float64{
			measure.Wall: {0.0101, 0.0123, 0.0099, 0.0100, 0.0141, 0.0097, 0.0102}, measure.CPU: {0.0201, 0.0198, 0.0205, 0.0200, 0.0193, 0.0211, 0.0204},
			measure.Allocs: {17, 17, 18, 17, 17, 17, 17}, measure.Bytes: {1136, 1136, 1168, 1136, 1136, 1136, 1136}, measure.Tasks: {4, 4, 4, 4, 4, 4, 4},
		}),
		measure.Given("atomic <&>", 4000, 4101, map[measure.Metric][]float64{
			measure.Wall: {0.0051, 0.0060, 0.0049, 0.0050, 0.0071, 0.0049, 0.0052}, measure.CPU: {0.0199, 0.0203, 0.0201, 0.0200, 0.0197, 0.0205, 0.0199},
			measure.Allocs: {0, 0, 0, 0, 0, 0, 0}, measure.Bytes: {0, 0, 0, 0, 0, 0, 0}, measure.Tasks: {4, 4, 4, 4, 4, 4, 4},
		}),
	)
}

func TestGolden(t *testing.T) {
	c := two()
	picture := []byte(c.SVG())
	svgtest.WellFormed(t, picture)
	svgtest.Golden(t, "two.svg", picture)
	svgtest.Golden(t, "two.txt", []byte(c.String()+"\n"))
	table, _, _ := strings.Cut(c.HTML(), "<div>")
	svgtest.WellFormed(t, []byte("<div>"+table+"</div>"))
	svgtest.Golden(t, "two.html", []byte(table))
	one := c.Results()[0]
	svgtest.WellFormed(t, []byte(one.SVG()))
	svgtest.Golden(t, "one.txt", []byte(one.String()+"\n"))
	if !strings.HasSuffix(c.HTML(), "<div>"+c.SVG()+"</div>") || !strings.Contains(one.HTML(), one.SVG()) {
		t.Error("the picture is not below the table")
	}
}

// TestOnly: the table and the picture have one metric, the rows all.
func TestOnly(t *testing.T) {
	c := two().Only(measure.Wall)
	svgtest.Golden(t, "only.svg", []byte(c.SVG()))
	svgtest.Golden(t, "only.txt", []byte(c.String()+"\n"))
	if strings.Contains(c.HTML(), "CPU") || len(c.Rows()) != len(two().Rows()) {
		t.Error("not only that:", c.HTML())
	}
	if text := two().Only(measure.Tasks, measure.CPU).String(); strings.Index(text, "tasks") > strings.Index(text, "CPU") {
		t.Error("another order than that asked for:", text)
	}
	defer func() {
		if p := recover(); p == nil {
			t.Error("nothing at all is shown")
		}
	}()
	two().Only()
}

// TestManyCases: a picture stays small.
func TestManyCases(t *testing.T) {
	var all []*measure.Result
	for range 100 {
		values := make([]float64, 1000)
		for i := range values {
			values[i] = float64(i)
		}
		all = append(all, measure.Given("many", 1, 1, map[measure.Metric][]float64{measure.Wall: values, measure.CPU: values}))
	}
	picture := measure.Together(all...).SVG()
	svgtest.WellFormed(t, []byte(picture))
	if len(picture) > 300_000 || !strings.Contains(picture, "76 further functions") {
		t.Errorf("%d bytes", len(picture))
	}
}

func TestFewRepetitions(t *testing.T) {
	c := measure.Together(measure.Given("f", 1, 1, map[measure.Metric][]float64{measure.Wall: {1, 2, 3}}))
	if text := c.String(); !strings.Contains(text, "2.000 s  ± ∞") || !strings.Contains(text, "fewer than six") {
		t.Error(text)
	}
	svgtest.WellFormed(t, []byte(c.SVG()))
}

func TestRows(t *testing.T) {
	c := two()
	rows := c.Rows()
	if len(rows) != 2*7*5 || rows[0] != (measure.Row{Function: "mutex", Repetition: 1, Metric: "wall", Unit: "s", Value: 0.0101}) {
		t.Errorf("%d rows, %+v", len(rows), rows[0])
	}
	records, err := csv.NewReader(strings.NewReader(c.CSV())).ReadAll()
	if err != nil || len(records) != 71 || strings.Join(records[0], " ") != "function repetition metric unit value" ||
		strings.Join(records[36], "|") != "atomic <&>|1|wall|s|0.0051" {
		t.Errorf("%v: %q", err, records)
	}
	var read []measure.Row
	if err := json.Unmarshal([]byte(c.JSON()), &read); err != nil || len(read) != 70 || read[69] != rows[69] {
		t.Errorf("%v: %+v", err, read)
	}
	one := c.Results()[1]
	if len(one.Rows()) != 35 || !strings.HasPrefix(one.CSV(), "function,") || !strings.HasPrefix(one.JSON(), "[{") {
		t.Error("of one result")
	}
	if empty := measure.Given("f", 1, 1, nil); empty.JSON() != "[]" || empty.CSV() != "function,repetition,metric,unit,value\n" {
		t.Errorf("of nothing: %s %s", empty.JSON(), empty.CSV())
	}
}
