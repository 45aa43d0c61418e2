package cluster_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/cluster"
	"github.com/gobraid/gobraid/concurrency/internal/tasktest"
)

// counts reports 1 to n.
func counts(ctx context.Context, n int) (int, error) {
	for i := range n {
		concurrency.Report(ctx, i+1, n, "counting")
	}
	return n, nil
}

// TestProgress has reports of other machines come in order, the last before the result.
func TestProgress(t *testing.T) {
	s := newServer(t)
	serve(t, cluster.Worker{Server: cluster.At(s.ClientURL()).WithLease(lease), Concurrency: 2})
	p := newPool(t, s)
	for name, ex := range map[string]concurrency.Executor{"plain": p, "idempotent": p.Idempotent(2)} {
		for _, n := range []int{1, 2, 100_000} {
			var told []concurrency.Progress
			ctx := concurrency.WithProgress(within(t), func(p concurrency.Progress) { told = append(told, p) })
			if got, err := concurrency.SubmitWith(ctx, ex, counts, n).Result(within(t)); got != n || err != nil {
				t.Fatal(name, got, err)
			}
			if len(told) == 0 || told[len(told)-1] != (concurrency.Progress{Done: n, Total: n, Text: "counting"}) {
				t.Fatalf("%s: of %d reports the last is missing: %v", name, n, told)
			}
			for i := 1; i < len(told); i++ {
				if told[i].Done <= told[i-1].Done {
					t.Errorf("%s: %v after %v", name, told[i], told[i-1])
				}
			}
		}
	}
}

// reporter is hold that reports before and after.
func reporter(ctx context.Context, socket string) (string, error) {
	concurrency.Report(ctx, 0, 2, "waiting")
	s, err := hold(ctx, socket)
	concurrency.Report(ctx, 2, 2, "let")
	return s, err
}

// TestProgressInStats has what runs be listed with how far it has come, and where.
func TestProgressInStats(t *testing.T) {
	s := newServer(t)
	serve(t, cluster.Worker{Server: cluster.At(s.ClientURL()).WithLease(lease), Concurrency: 2})
	p := newPool(t, s)
	d := newDoor(t)
	fu := concurrency.SubmitWith(within(t), p, reporter, d.path())
	runs := d.next(t)
	var got []cluster.Report
	tasktest.Until(t, "the report is listed", func() bool { got = p.Stats().Reports; return len(got) == 1 })
	host, _ := os.Hostname()
	if r := got[0]; !strings.HasSuffix(r.Func, "reporter") || r.Host != host || r.Progress != (concurrency.Progress{Total: 2, Text: "waiting"}) {
		t.Errorf("listed: %+v", r)
	}
	runs.let(t, "ok")
	if got, err := fu.Result(within(t)); got != "ok" || err != nil {
		t.Error(got, err)
	}
	if got := p.Stats().Reports; len(got) != 0 {
		t.Errorf("listed afterwards: %+v", got)
	}
}

// TestProgressRunAgain has an idempotent function report from the second worker, the first of which was killed.
func TestProgressRunAgain(t *testing.T) {
	s := startServer(t)
	pool := poolAt(t, s.url, short)
	first := startWorker(t, s.url, short)
	first.line(t, "joined")
	heard := make(chan concurrency.Progress, 100)
	ctx := concurrency.WithProgress(within(t), func(p concurrency.Progress) { heard <- p })
	d := newDoor(t)
	fu := concurrency.SubmitWith(ctx, pool.Idempotent(5), reporter, d.path())
	d.next(t)
	if p := <-heard; p.Text != "waiting" {
		t.Errorf("heard %v", p)
	}
	first.kill(t)
	startWorker(t, s.url, short).line(t, "joined")
	d.next(t).let(t, "again")
	if got, err := fu.Result(within(t)); got != "again" || err != nil {
		t.Error(got, err)
	}
	var last concurrency.Progress
	for len(heard) > 0 {
		last = <-heard
	}
	if last.Text != "let" {
		t.Errorf("the last report: %v", last)
	}
}
