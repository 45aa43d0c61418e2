package live

import (
	"context"
	"fmt"
	"html"
	"slices"
	"strings"

	"github.com/gobraid/gobraid/concurrency/cluster"
	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/interp/magic"
)

// clusterMagic is %cluster.
func (s *Session) clusterMagic(_ context.Context, call magic.Call, env magic.Env) error {
	if call.Args != "" {
		return fmt.Errorf("%%cluster takes nothing, not %q", call.Args)
	}
	text := clusterText(cluster.Pools())
	env.Out.Display(interp.Data{MIME: map[string]any{"text/plain": text, "text/html": "<pre>" + html.EscapeString(text) + "</pre>"}})
	return nil
}

// clusterText lists pools over NATS, and the workers that each knows of.
func clusterText(pools []cluster.Stats) string {
	if len(pools) == 0 {
		return "no pool of a cluster: cluster.Connect(ctx, url) makes one; `gobraid cluster` starts a server, `gobraid worker` joins it"
	}
	var b strings.Builder
	for _, p := range pools {
		poolText(&b, p)
		slots, rate, hosts := 0, 0.0, map[string]bool{}
		for _, w := range p.Workers {
			if w.Fits {
				slots += w.Concurrency
				rate += w.Rate
				hosts[w.Host] = true
			}
		}
		if len(hosts) > 0 {
			fmt.Fprintf(&b, "  %s, %d at a time, %s a second\n", count(len(hosts), "machine"), slots, rateText(rate))
		} else if p.Missing != "" {
			fmt.Fprintf(&b, "  %s\n", p.Missing)
		}
		machinesText(&b, p)
		for _, r := range p.Reports {
			fmt.Fprintf(&b, "    %s%s is at %s\n", r.Func, on(r.Host), progressText(r.Progress))
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// poolText writes what a pool has done, and has to do.
func poolText(b *strings.Builder, p cluster.Stats) {
	fmt.Fprintf(b, "%s at %s", p.Name, p.URL)
	switch {
	case !p.Connected:
		b.WriteString(" (the connection is lost, and tried again)")
	case p.Server != "" && p.Server != p.URL:
		fmt.Fprintf(b, " (connected to %s)", p.Server)
	}
	if p.Queue != "" {
		fmt.Fprintf(b, ", queue %s", p.Queue)
	}
	if len(p.Labels) > 0 {
		fmt.Fprintf(b, ", wants %s", strings.Join(p.Labels, " "))
	}
	fmt.Fprintf(b, ": %d waiting, %d running, %d done", p.Waiting, p.Running, p.Done)
	for _, x := range []struct {
		n    uint64
		what string
	}{
		{p.Failed, "failed"}, {p.Died, "died with their process"}, {p.Lost, "lost with their worker"},
		{p.Redelivered, "redelivered"}, {p.Duplicated, "duplicated"}, {p.Dead, "dead-lettered"},
	} {
		if x.n > 0 {
			fmt.Fprintf(b, ", %d %s", x.n, x.what)
		}
	}
	b.WriteString("\n")
}

// machinesText writes a line for each worker, those that take work of the pool first.
func machinesText(b *strings.Builder, p cluster.Stats) {
	workers := slices.Clone(p.Workers)
	slices.SortStableFunc(workers, func(x, y cluster.WorkerStats) int {
		switch {
		case x.Fits == y.Fits:
			return 0
		case x.Fits:
			return -1
		}
		return 1
	})
	for _, w := range workers {
		fmt.Fprintf(b, "    %s", w.Host)
		if w.Name != "" && w.Name != w.Host {
			fmt.Fprintf(b, " %s", w.Name)
		}
		fmt.Fprintf(b, " (process %d)", w.Pid)
		if len(w.Labels) > 0 {
			fmt.Fprintf(b, " %s", strings.Join(w.Labels, " "))
		}
		fmt.Fprintf(b, ": %d of %d running; %d done", w.Running, w.Concurrency, w.Done)
		if w.Failed > 0 {
			fmt.Fprintf(b, ", %d failed", w.Failed)
		}
		if w.Died > 0 {
			fmt.Fprintf(b, ", %d died", w.Died)
		}
		fmt.Fprintf(b, "; %s a second; since %s%s\n", rateText(w.Rate), span(w.Age), unfit(p, w))
	}
}

func on(host string) string {
	if host == "" {
		return ""
	}
	return " on " + host
}

// unfit says why a worker takes no work of a pool, "" if it does.
func unfit(p cluster.Stats, w cluster.WorkerStats) string {
	switch {
	case w.Fits:
		return ""
	case w.Draining:
		return "; is about to leave"
	case w.Version != p.Version:
		return fmt.Sprintf("; takes nothing of this pool: it is another build, %s, and not %s: start the same program there", w.Version, p.Version)
	case w.Queue != p.Queue:
		return fmt.Sprintf("; takes nothing of this pool: it serves the queue %q", w.Queue)
	}
	for _, l := range p.Labels {
		if !slices.Contains(w.Labels, l) {
			return "; takes nothing of this pool: it has not the label " + l
		}
	}
	return "; has given no sign of life for " + span(w.Seen)
}

// count writes a number of things.
func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// rateText writes how many a second.
func rateText(r float64) string {
	if r < 10 {
		return fmt.Sprintf("%.1f", r)
	}
	return fmt.Sprintf("%.0f", r)
}
