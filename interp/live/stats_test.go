package live

import (
	"strings"
	"testing"
	"time"

	"github.com/gobraid/gobraid/concurrency/task"
)

func TestStatsLine(t *testing.T) {
	const ms = time.Millisecond
	for _, c := range []struct {
		st   task.Stats
		want string
	}{
		{task.Stats{Wall: 1240 * ms, Running: 310 * ms, Sleeping: time.Second, Tasks: 13, Peak: 12, CPU: 330 * ms, AllocBytes: 4_100_000,
			Waiting: map[task.Kind]time.Duration{task.WaitReceive: 3900 * ms, task.WaitLock: 200 * ms, task.WaitSend: ms}},
			"1.24 s · running 0.31 s, waiting 4.10 s (receive 3.90 s, lock 0.20 s), sleeping 1.00 s · 13 tasks, at most 12 at once · CPU 0.33 s · 4.1 MB allocated"},
		{task.Stats{Wall: 50 * time.Microsecond, Tasks: 1, Peak: 1, AllocBytes: 900}, "50 µs · 900 B allocated"},
		{task.Stats{Wall: 75 * time.Second, Running: 12 * time.Second, Tasks: 1}, "1 min 15 s · running 12.0 s"},
		{task.Stats{Wall: ms, Tasks: 1, Waiting: map[task.Kind]time.Duration{task.WaitGroup: 0}}, "1.0 ms"},
	} {
		if got := statsLine(c.st); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

func TestWorth(t *testing.T) {
	for _, c := range []struct {
		wall  time.Duration
		tasks int64
		want  bool
	}{
		{100 * time.Millisecond, 1000, false}, {time.Second, 1, false}, {time.Second, 2, true}, {11 * time.Second, 1, true},
	} {
		if got := worth(task.Stats{Wall: c.wall, Tasks: c.tasks}); got != c.want {
			t.Errorf("%v with %d tasks: %v", c.wall, c.tasks, got)
		}
	}
}

func TestStatsNote(t *testing.T) {
	s := &Session{stats: statsAuto}
	short := task.Stats{Wall: time.Millisecond, Tasks: 1}
	for mode, want := range map[string]string{statsAuto: "", statsOff: "", statsOn: "1.0 ms", statsJSON: `{"kind":"stats","tasks":1}`} {
		s.stats = mode
		notes := s.statsNote(short, map[string]any{"tasks": 1})
		got := ""
		if len(notes) > 0 {
			got, _ = notes[0].MIME["text/plain"].(string)
			if about := notes[0].Metadata["gobraid"].(map[string]any); about["kind"] != "stats" || about["tasks"] != 1 {
				t.Errorf("%s: the metadata is %v", mode, about)
			}
		}
		if got != want {
			t.Errorf("%s: %q, want %q", mode, got, want)
		}
	}
	s.stats = statsAuto
	if notes := s.statsNote(task.Stats{Wall: time.Second, Tasks: 2}, map[string]any{}); len(notes) != 1 || !strings.HasPrefix(notes[0].MIME["text/html"].(string), "<div ") {
		t.Errorf("no line for a long cell: %v", notes)
	}
}

func TestHTMLIsEscaped(t *testing.T) {
	rows := []row{{name: "cell <1>, ended"}, {ids: []int64{7}, depth: 1, tree: "└─ ", name: "f[<int>]", state: "waits on <-c & d"}}
	got := htmlTable(rows, []string{"<note>"})
	for _, want := range []string{"cell &lt;1&gt;", "f[&lt;int&gt;]", "&lt;-c &amp; d", "&lt;note&gt;"} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is not in %s", want, got)
		}
	}
	if got, want := textTable(rows, []string{"n"}), "cell <1>, ended\n  7  └─ f[<int>]  waits on <-c & d\nn"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
