package timeline_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/gobraid/gobraid/concurrency/internal/svg/svgtest"
	"github.com/gobraid/gobraid/concurrency/task"
	"github.com/gobraid/gobraid/concurrency/timeline"
)

func lineOf(s task.Site) string { return fmt.Sprintf("source of line %d <&>", s.Line()) }

// twelve is a trace of 12 tasks with some of everything that a trace can tell besides.
func twelve() *task.Trace {
	tr := made(12, 300)
	tr.Virtual, tr.Dropped, tr.Unmatched = true, 1234, 1
	tr.Tasks[3].Outcome, tr.Tasks[4].Outcome, tr.Tasks[5].Outcome = task.Alive, task.Panicked, task.Exited
	tr.Tasks[6].Name = ""
	tr.Tasks[7].Parent = tr.Tasks[6].ID
	return tr
}

func TestGolden(t *testing.T) {
	for name, c := range map[string]struct {
		tr  *task.Trace
		opt timeline.Options
	}{
		"three": {three(), timeline.Options{Title: "Three tasks", Source: lineOf}},
		"twelve": {twelve(), timeline.Options{
			Note:   "A note.",
			Place:  func(s task.Site) string { return fmt.Sprintf("In[%d]:%d", s.Cell(), s.Line()) },
			Object: func(_ *task.Trace, n int) string { return fmt.Sprintf("thing%d", n) },
		}},
		"many":  {made(300, 6000), timeline.Options{}},
		"empty": {&task.Trace{}, timeline.Options{}},
	} {
		t.Run(name, func(t *testing.T) {
			picture := timeline.SVG(c.tr, c.opt)
			svgtest.WellFormed(t, picture)
			svgtest.Golden(t, name+".svg", picture)
			svgtest.Golden(t, name+".txt", []byte(timeline.Text(c.tr, c.opt)))
		})
	}
}

func TestSameBytes(t *testing.T) {
	tr := made(60, 3000)
	if !bytes.Equal(timeline.SVG(tr, timeline.Options{}), timeline.SVG(made(60, 3000), timeline.Options{})) {
		t.Error("two pictures of one trace differ")
	}
	if timeline.Text(tr, timeline.Options{}) != timeline.Text(made(60, 3000), timeline.Options{}) {
		t.Error("two texts of one trace differ")
	}
}

func TestSizes(t *testing.T) {
	for _, c := range []struct{ tasks, events, lanes int }{
		{1, 1000, 2}, {3, 200_000, 4}, {40, 1000, 41}, {40, 200_000, 41}, {300, 200_000, 2}, {5000, 200_000, 2},
	} {
		t.Run(fmt.Sprintf("%d tasks %d events", c.tasks, c.events), func(t *testing.T) {
			t.Parallel()
			tr := made(c.tasks, c.events)
			chart := timeline.NewChart(tr, timeline.Options{Source: lineOf})
			if len(chart.Lanes) != c.lanes {
				t.Errorf("%d lanes, want %d", len(chart.Lanes), c.lanes)
			}
			picture := chart.SVG()
			svgtest.WellFormed(t, picture)
			if len(picture) > 400_000 {
				t.Errorf("%d bytes", len(picture))
			}
			if text := timeline.Text(tr, timeline.Options{}); len(text) > 8000 {
				t.Errorf("a text of %d bytes", len(text))
			}
		})
	}
}

// TestGroups looks at the names, the places and the counts of groups.
func TestGroups(t *testing.T) {
	tr := made(300, 3000)
	for i := range tr.Tasks[1:] {
		if i%100 == 99 { // three of them start five each, elsewhere
			for k := range 5 {
				tr.Tasks = append(tr.Tasks, task.TraceTask{ID: int64(10_000 + 10*i + k), Parent: tr.Tasks[i+1].ID, Site: task.At(3, 30, 1), Start: ms, End: 2 * ms})
			}
		}
	}
	chart := timeline.NewChart(tr, timeline.Options{})
	var got []string
	for _, l := range chart.Lanes {
		got = append(got, fmt.Sprintf("%d %s", l.Depth, l.Name))
	}
	want := "0 main, 1 worker ×300, 2 task 10990, 2 task 10991"
	if s := strings.Join(got, ", "); !strings.HasPrefix(s, want) || len(got) != 17 {
		t.Errorf("%d lanes: %s", len(got), s)
	}
	if where := chart.Lanes[1].Where; !strings.HasPrefix(where, "line 7 · up to ") || !strings.HasSuffix(where, " running") {
		t.Errorf("where: %s", where)
	}
}

// TestManyLines: tasks from more places than there are lanes, each started by the one before.
func TestManyLines(t *testing.T) {
	tr := &task.Trace{Length: ms}
	for i := range 2000 {
		tr.Tasks = append(tr.Tasks, task.TraceTask{ID: int64(i + 1), Parent: int64(i), Site: task.At(1, i%500+1, 1), End: ms})
	}
	chart := timeline.NewChart(tr, timeline.Options{})
	if len(chart.Lanes) > 42 {
		t.Errorf("%d lanes", len(chart.Lanes))
	}
	sum := 0
	for _, l := range chart.Lanes {
		sum++
		if _, n, ok := strings.Cut(l.Name, "×"); ok {
			var k int
			fmt.Sscan(n, &k)
			sum += k - 1
		}
	}
	if sum != 2000 {
		t.Errorf("%d tasks are in the lanes", sum)
	}
	svgtest.WellFormed(t, chart.SVG())
}

var hostile = []string{
	`<&"'>]]>`, "a\x00b\x01\x1f\x7f", "\xff\xfe broken", "\ufffe\uffff", "שלום עולם", "مرحبا <b>", "abc\u202edef\u2066", "two\nlines\tand\rmore",
	strings.Repeat("very long ", 300), strings.Repeat("漢", 200), "e\u0301\u0301\u0301", "", " ", "😀😀", "</svg><script>alert(1)</script>", "url(#x)", "%s%d%!",
}

func TestHostile(t *testing.T) {
	for i, name := range hostile {
		say := func() string { return name }
		tr := three()
		for k := range tr.Tasks {
			tr.Tasks[k].Name = name
		}
		tr.Marks[0].Text, tr.Marks[1].Stream, tr.Objects[0].Type = name, name, name
		opt := timeline.Options{Title: name, Note: name, Place: func(task.Site) string { return say() },
			Source: func(task.Site) string { return say() }, Object: func(*task.Trace, int) string { return say() }}
		svgtest.WellFormed(t, timeline.SVG(tr, opt))
		opt.Object = nil
		svgtest.WellFormed(t, timeline.SVG(tr, opt))
		if text := timeline.Text(tr, opt); len(text) > 8000 {
			t.Errorf("name %d: a text of %d bytes", i, len(text))
		}
	}
}

// TestOdd draws traces that no recording should give: they must not make it fail.
func TestOdd(t *testing.T) {
	long := time.Duration(1<<63 - 1)
	for i, tr := range []*task.Trace{
		{Length: -1, Tasks: []task.TraceTask{{ID: 1, Start: 5, End: 3}}},
		{Length: long, Tasks: []task.TraceTask{{ID: 1, End: long}}},
		{Length: 10, Tasks: []task.TraceTask{{ID: 1, Parent: 1, End: 10}, {ID: 1, Parent: 2, End: 10}, {ID: 2, Parent: 3}, {ID: 3, Parent: 2}}},
		{Length: 10, Tasks: []task.TraceTask{{ID: 1, End: 10, Spans: []task.Span{{From: 8, To: 20, Kind: 200, Object: 9}, {From: 2, To: 1, Object: -1}}}}},
		{Length: 10, Tasks: []task.TraceTask{{ID: 1, End: 10}}, Arrows: []task.Arrow{{Kind: 77, From: 1, To: 1}, {From: 1, To: 9}, {From: 1, To: 1, Sent: 99}}},
	} {
		svgtest.WellFormed(t, timeline.SVG(tr, timeline.Options{}))
		if timeline.Text(tr, timeline.Options{}) == "" {
			t.Errorf("trace %d: no text", i)
		}
	}
}
