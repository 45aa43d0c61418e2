package live

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/gobraid/gobraid/concurrency/task"
	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/interp/magic"
)

// The ways of saying what a cell has cost.
const (
	statsAuto = "auto" // in a line, when it is worth one
	statsOn   = "on"   // in a line
	statsOff  = "off"  // in the metadata only
	statsJSON = "json" // as JSON
)

// statsMagic is %stats.
func (s *Session) statsMagic(_ context.Context, call magic.Call, env magic.Env) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch call.Args {
	case "":
		env.Printf("%s\n", s.stats)
	case statsAuto, statsOn, statsOff, statsJSON:
		s.stats = call.Args
	default:
		return fmt.Errorf("%%stats takes on, off, json or auto, not %q", call.Args)
	}
	return nil
}

// What makes the figures of a cell worth a line of their own: it took a while, and there is something to tell.
const (
	worthTasks = 500 * time.Millisecond // for a cell with several tasks
	worthAlone = 10 * time.Second       // for a cell with one
)

// worth tells whether the figures of a run are worth a line that nobody has asked for.
func worth(st task.Stats) bool {
	return st.Wall >= worthTasks && st.Tasks > 1 || st.Wall >= worthAlone
}

// statsNote returns what is to be shown of the figures of a run.
func (s *Session) statsNote(st task.Stats, about map[string]any) []interp.Data {
	s.mu.Lock()
	mode := s.stats
	s.mu.Unlock()
	about = maps.Clone(about)
	about["kind"] = "stats"
	switch {
	case mode == statsJSON:
		text, err := json.Marshal(about)
		if err != nil {
			return nil
		}
		return []interp.Data{{
			MIME:     map[string]any{"text/plain": string(text), "application/json": about},
			Metadata: map[string]any{"gobraid": about},
		}}
	case mode == statsOn || mode == statsAuto && worth(st):
		return []interp.Data{quiet(statsLine(st), about)}
	}
	return nil
}

// quiet shows a text in small letters, with metadata that says what it is about.
func quiet(text string, about map[string]any) interp.Data {
	const style = "font-size:85%;opacity:.7;white-space:pre-wrap"
	return interp.Data{
		MIME: map[string]any{
			"text/plain": text,
			"text/html":  fmt.Sprintf(`<div style="%s">%s</div>`, style, html.EscapeString(text)),
		},
		Metadata: map[string]any{"gobraid": about},
	}
}

// statsLine writes the figures of a run in a line.
func statsLine(st task.Stats) string {
	parts := []string{seconds(st.Wall)}
	var times []string
	if st.Running > 0 {
		times = append(times, "running "+seconds(st.Running))
	}
	if text := waitingText(st.Waiting); text != "" {
		times = append(times, "waiting "+text)
	}
	if st.Sleeping > 0 {
		times = append(times, "sleeping "+seconds(st.Sleeping))
	}
	if len(times) > 0 {
		parts = append(parts, strings.Join(times, ", "))
	}
	if st.Tasks > 1 {
		parts = append(parts, fmt.Sprintf("%d tasks, at most %d at once", st.Tasks, st.Peak))
	}
	if st.CPU > 0 {
		parts = append(parts, "CPU "+seconds(st.CPU))
	}
	if st.AllocBytes > 0 {
		parts = append(parts, bytesText(st.AllocBytes)+" allocated")
	}
	return strings.Join(parts, " · ")
}

// waitingText sums up what was waited for, the longest first: "4.1 s (receive 3.9 s, lock 0.2 s)".
func waitingText(waiting map[task.Kind]time.Duration) string {
	var sum time.Duration
	for _, d := range waiting {
		sum += d
	}
	if sum <= 0 {
		return ""
	}
	kinds := slices.SortedFunc(maps.Keys(waiting), func(a, b task.Kind) int {
		return cmp.Or(cmp.Compare(waiting[b], waiting[a]), cmp.Compare(a, b))
	})
	var parts []string
	for _, k := range kinds {
		if waiting[k] >= sum/100 && len(parts) < 4 {
			parts = append(parts, k.String()+" "+seconds(waiting[k]))
		}
	}
	return seconds(sum) + " (" + strings.Join(parts, ", ") + ")"
}

// seconds writes a duration in seconds, "1.24 s" or "0.31 s"; short and long ones as span does.
func seconds(d time.Duration) string {
	switch {
	case d >= time.Minute:
		return span(d)
	case d >= 10*time.Second:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d >= 10*time.Millisecond:
		return fmt.Sprintf("%.2f s", d.Seconds())
	}
	return span(d)
}

// bytesText writes an amount of memory: "4.1 MB".
func bytesText(n uint64) string {
	size := float64(n)
	for _, unit := range []string{"B", "kB", "MB", "GB"} {
		if size < 1000 {
			if unit == "B" || size >= 100 {
				return fmt.Sprintf("%.0f %s", size, unit)
			}
			return fmt.Sprintf("%.1f %s", size, unit)
		}
		size /= 1000
	}
	return fmt.Sprintf("%.1f TB", size)
}

// figures are the figures of a run for programs. Times are in seconds.
func figures(st task.Stats) map[string]any {
	waiting := map[string]any{}
	for k, d := range st.Waiting {
		if d > 0 {
			waiting[k.String()] = d.Seconds()
		}
	}
	return map[string]any{
		"seconds": st.Wall.Seconds(), "running": st.Running.Seconds(), "sleeping": st.Sleeping.Seconds(), "waiting": waiting,
		"tasks": st.Tasks, "peak": st.Peak, "left": st.Live,
		"cpu": st.CPU.Seconds(), "allocs": st.Allocs, "alloc_bytes": st.AllocBytes,
	}
}
