package process_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/internal/tasktest"
	"github.com/gobraid/gobraid/concurrency/process"
)

// counts reports 1 to n.
func counts(ctx context.Context, n int) (int, error) {
	for i := range n {
		concurrency.Report(ctx, i+1, n, "counting")
	}
	return n, nil
}

// TestProgress has reports of a worker come in order, the last before the result.
func TestProgress(t *testing.T) {
	p := newPool(t, 2)
	for _, n := range []int{1, 2, 1000, 100_000} {
		var told []concurrency.Progress
		ctx := concurrency.WithProgress(background, func(p concurrency.Progress) { told = append(told, p) })
		if got, err := concurrency.SubmitWith(ctx, p, counts, n).Result(background); got != n || err != nil {
			t.Fatal(got, err)
		}
		if len(told) == 0 || told[len(told)-1] != (concurrency.Progress{Done: n, Total: n, Text: "counting"}) {
			t.Fatalf("of %d reports the last is missing: %v", n, told)
		}
		for i := 1; i < len(told); i++ {
			if told[i].Done <= told[i-1].Done {
				t.Errorf("%v after %v", told[i], told[i-1])
			}
		}
	}
	ctx := concurrency.WithProgress(background, func(concurrency.Progress) {})
	if all, err := concurrency.Map(ctx, p, []int{1, 2, 3, 4}, counts); err != nil || len(all) != 4 {
		t.Error(all, err)
	}
	// Nobody listens.
	if got, err := concurrency.SubmitWith(background, p, counts, 1000).Result(background); got != 1000 || err != nil {
		t.Error(got, err)
	}
}

// reportsAndWaits reports, and returns when it is cancelled.
func reportsAndWaits(ctx context.Context) (int, error) {
	concurrency.Report(ctx, 3, 10, "waiting")
	<-ctx.Done()
	return 0, context.Cause(ctx)
}

// TestProgressInStats has what runs be listed with how far it has come.
func TestProgressInStats(t *testing.T) {
	p := newPool(t, 1)
	fu := concurrency.Submit(background, p, reportsAndWaits)
	want := concurrency.Progress{Done: 3, Total: 10, Text: "waiting"}
	tasktest.Until(t, "the report is listed", func() bool {
		s := p.Stats()
		return len(s.Workers) == 1 && s.Workers[0].Progress == want && strings.HasSuffix(s.Workers[0].Func, "reportsAndWaits")
	})
	fu.Cancel()
	<-fu.Done()
	if s := p.Stats(); s.Workers[0].Progress != (concurrency.Progress{}) {
		t.Errorf("afterwards: %+v", s)
	}
}

func reportsAndDies(ctx context.Context, file string) (int, error) {
	if _, err := os.Stat(file); err == nil {
		concurrency.Report(ctx, 2, 2, "again")
		return 5, nil
	}
	concurrency.Report(ctx, 1, 2, "first")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		return 0, err
	}
	os.Exit(3)
	return 0, nil
}

// TestProgressRunAgain has a function report whose first worker dies.
func TestProgressRunAgain(t *testing.T) {
	p := newPool(t, 1)
	var told []concurrency.Progress
	ctx := concurrency.WithProgress(background, func(p concurrency.Progress) { told = append(told, p) })
	got, err := concurrency.SubmitWith(ctx, p.Idempotent(1), reportsAndDies, t.TempDir()+"/there").Result(background)
	if got != 5 || err != nil || len(told) == 0 || told[len(told)-1].Text != "again" {
		t.Error(got, err, told)
	}
}

// TestProgressOfProcess has a process be heard by the context that it was started with. Join does not wait for what was told.
func TestProgressOfProcess(t *testing.T) {
	told := make(chan concurrency.Progress, 100)
	ctx := concurrency.WithProgress(background, func(p concurrency.Progress) { told <- p })
	proc := process.New(func(ctx context.Context, n int) error { _, err := counts(ctx, n); return err }, 10)
	if err := proc.Start(ctx); err != nil {
		t.Fatal(err)
	}
	for p := range told {
		if p.Done == 10 {
			break
		}
	}
	if err := proc.Join(background); err != nil {
		t.Error(err)
	}
}
