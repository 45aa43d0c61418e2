package live

import (
	"context"
	"fmt"
	"html"
	"slices"
	"strings"
	"time"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/process"
	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/interp/magic"
)

// workersMagic is %workers.
func (s *Session) workersMagic(_ context.Context, call magic.Call, env magic.Env) error {
	if call.Args != "" {
		return fmt.Errorf("%%workers takes nothing, not %q", call.Args)
	}
	text := workersText(process.Pools())
	env.Out.Display(interp.Data{MIME: map[string]any{"text/plain": text, "text/html": "<pre>" + html.EscapeString(text) + "</pre>"}})
	return nil
}

// workersText lists pools of worker processes.
func workersText(pools []process.Stats) string {
	if len(pools) == 0 {
		return "no worker processes: process.NewPool() makes a pool, which starts them when it has work"
	}
	var b strings.Builder
	for _, p := range pools {
		fmt.Fprintf(&b, "%s: %d of %d workers, %d waiting, %d done", p.Name, len(p.Workers), p.Limit, p.Waiting, p.Done)
		for _, x := range []struct {
			n    uint64
			what string
		}{{p.Failed, "failed"}, {p.Died, "died"}, {p.Retried, "run again"}, {p.Recycled, "workers replaced"}} {
			if x.n > 0 {
				fmt.Fprintf(&b, ", %d %s", x.n, x.what)
			}
		}
		if rate := p.Rate(); rate > 0 {
			fmt.Fprintf(&b, ", %.3g/s", rate)
		}
		b.WriteString("\n")
		if line := sparkline(p.History); line != "" {
			fmt.Fprintf(&b, "  %s  done in each of the last %d seconds, at most %d\n", line, len(p.History), slices.Max(p.History))
		}
		for _, w := range p.Workers {
			fmt.Fprintf(&b, "  %d  %s\n", w.Pid, workerState(w))
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func workerState(w process.WorkerStats) string {
	state := "idle"
	if w.Has > 0 {
		state = "runs " + w.Func + " since " + span(w.For)
		if w.Progress != (concurrency.Progress{}) {
			state += ", at " + progressText(w.Progress)
		}
	}
	if w.Has > 1 {
		state += fmt.Sprintf(" and has %d more", w.Has-1)
	}
	state += fmt.Sprintf("; %d done", w.Done)
	if w.Done > 0 && w.Busy > 0 {
		state += fmt.Sprintf(", %s each", span(w.Busy/time.Duration(w.Done)))
	}
	return state + fmt.Sprintf("; %d MB", w.Bytes>>20)
}

// progressText writes how far a function has come, in a line.
func progressText(p concurrency.Progress) string {
	const most = 80
	line := []rune(strings.Join(strings.Fields(p.String()), " "))
	if len(line) > most {
		line = append(line[:most-1], '…')
	}
	return string(line)
}

// sparkline draws counts as bars, "" if there is nothing to draw.
func sparkline(counts []uint64) string {
	if len(counts) == 0 || slices.Max(counts) == 0 {
		return ""
	}
	bars := []rune(" ▁▂▃▄▅▆▇█")
	top := slices.Max(counts)
	var b strings.Builder
	for _, n := range counts {
		i := int(n * 8 / top)
		if n > 0 {
			i = max(i, 1)
		}
		b.WriteRune(bars[i])
	}
	return b.String()
}
