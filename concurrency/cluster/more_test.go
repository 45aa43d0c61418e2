package cluster_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/cluster"
	"github.com/gobraid/gobraid/concurrency/internal/tasktest"
	"github.com/gobraid/gobraid/concurrency/process"
)

func panics(_ context.Context, list []int) (int, error) { return list[2], nil }

func fails(context.Context) (int, error) { return 0, fmt.Errorf("reading: %w", io.ErrUnexpectedEOF) }

func dead(context.Context) (int, error) {
	os.Exit(3)
	return 0, nil
}

// TestFailures has functions fail in each way, and others go on.
func TestFailures(t *testing.T) {
	s := newServer(t)
	serve(t, cluster.Worker{Server: cluster.At(s.ClientURL()).WithLease(lease), Concurrency: 2})
	p := newPool(t, s)
	for name, ex := range map[string]concurrency.Executor{"plain": p, "idempotent": p.Idempotent(1)} {
		fu := concurrency.SubmitWith(within(t), ex, panics, []int{1})
		<-fu.Done()
		err := fu.Err()
		var p *concurrency.PanicError
		if !errors.As(err, &p) || !strings.Contains(err.Error(), "index out of range [2] with length 1") || !strings.Contains(fmt.Sprint(p.Stack), "panics") {
			t.Errorf("%s: a panic: %v", name, err)
		}
		_, err = concurrency.Submit(within(t), ex, fails).Result(within(t))
		var remote *process.RemoteError
		if !errors.As(err, &remote) || !errors.Is(err, io.ErrUnexpectedEOF) || remote.Host == "" {
			t.Errorf("%s: an error: %v, %+v", name, err, remote)
		}
		_, err = concurrency.Submit(within(t), ex, dead).Result(within(t))
		var death *process.DeathError
		if !errors.As(err, &death) || death.Status != 3 || !strings.Contains(err.Error(), "the worker on "+death.Host+" died") {
			t.Errorf("%s: a death: %v", name, err)
		}
		captured := 3
		_, err = concurrency.SubmitWith(within(t), ex, func(_ context.Context, n int) (int, error) { return n * captured, nil }, 2).Result(within(t))
		if f := (*process.FuncError)(nil); !errors.As(err, &f) {
			t.Errorf("%s: a function that captures: %v", name, err)
		}
		if got, err := concurrency.SubmitWith(within(t), ex, square, 3).Result(within(t)); err != nil || got != 9 {
			t.Errorf("%s: afterwards: %d, %v", name, got, err)
		}
	}
	if st := p.Stats(); st.Done != 2 || st.Failed != 4 || st.Died != 2 || st.Dead != 1 {
		t.Errorf("stats: %+v", st)
	}
}

func says(_ context.Context, what string) (int, error) {
	fmt.Println(what)
	return os.Getpid(), nil
}

// TestOutput has what functions print arrive where they were submitted, before their results.
func TestOutput(t *testing.T) {
	s := newServer(t)
	serve(t, cluster.Worker{Server: cluster.At(s.ClientURL()).WithLease(lease), Concurrency: 2})
	p := newPool(t, s)
	for name, ex := range map[string]concurrency.Executor{"plain": p, "idempotent": p.Idempotent(1)} {
		var want [2]string
		for i := range 2 {
			run, out := tasktest.NewRun(t, i+1)
			tasktest.Do(t, run, func() {
				for k := range 10 {
					if _, err := concurrency.SubmitWith(background, ex, says, fmt.Sprintf("run %d line %d", i, k)).Result(background); err != nil {
						t.Error(err)
					}
					want[i] += fmt.Sprintf("run %d line %d\n", i, k)
					if got := out.String(); got != want[i] {
						t.Errorf("%s: after line %d: %q", name, k, got)
						return
					}
				}
			})
		}
	}
}

// TestOtherBuild has a pool say what is missing, and a worker never see what is for another build.
func TestOtherBuild(t *testing.T) {
	s := newServer(t)
	p := newPool(t, s)
	nobody, cancel := context.WithTimeout(background, time.Millisecond)
	defer cancel()
	if err := p.Ready(nobody); err == nil || !strings.Contains(err.Error(), "no worker has joined") || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("without a worker: %v", err)
	}
	conn, err := nats.Connect(s.ClientURL())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	beat, _ := json.Marshal(map[string]any{
		"id": "other", "host": "elsewhere", "version": cluster.Version{Gobraid: "v9", Go: "go1.99", Hash: "abc"}, "concurrency": 4, "room": 4, "lease": time.Hour,
	})
	if err := conn.Publish("gobraid.worker.other", beat); err != nil {
		t.Fatal(err)
	}
	tasktest.Until(t, "the pool knows the worker", func() bool { return len(p.Stats().Workers) == 1 })
	err = p.Ready(nobody)
	if err == nil || !strings.Contains(err.Error(), "the worker on elsewhere has gobraid v9, go1.99, build abc") {
		t.Errorf("a worker of another build: %v", err)
	}
	fu := concurrency.SubmitWith(within(t), p, square, 5)
	serve(t, cluster.Worker{Server: cluster.At(s.ClientURL()).WithLease(lease), Concurrency: 1})
	if err := p.Ready(within(t)); err != nil {
		t.Error(err)
	}
	if got, err := fu.Result(within(t)); err != nil || got != 25 {
		t.Errorf("what had waited: %d, %v", got, err)
	}
}

// TestMissingIsSaid has who waits for a worker be told what for.
func TestMissingIsSaid(t *testing.T) {
	s := newServer(t)
	p, err := cluster.At(s.ClientURL()).WithLease(short).Connect(within(t))
	if err != nil {
		t.Fatal(err)
	}
	run, out := tasktest.NewRun(t, 1)
	tasktest.Do(t, run, func() {
		fu := concurrency.SubmitWith(background, p, square, 5)
		tasktest.Until(t, "it is said", func() bool { return out.String() != "" })
		fu.Cancel()
	})
	if got, want := out.String(), "cluster: a function waits: no worker has joined "+s.ClientURL()+"\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if err := p.Kill(within(t)); err != nil {
		t.Error(err)
	}
}

// TestLabels has work go to the workers that have what it wants.
func TestLabels(t *testing.T) {
	s := newServer(t)
	serve(t, cluster.Worker{Server: cluster.At(s.ClientURL()).WithLease(lease), Concurrency: 1, Name: "bare"})
	p := newPool(t, s).WithLabels("gpu=yes", "zone=a").WithName("labelled")
	plain := concurrency.SubmitWith(within(t), p, square, 5)
	job := concurrency.SubmitWith(within(t), p.Idempotent(2), square, 6)
	queued := newPool(t, s).WithQueue("night shift")
	night := concurrency.SubmitWith(within(t), queued, square, 7)
	serve(t, cluster.Worker{Server: cluster.At(s.ClientURL()).WithLease(lease), Concurrency: 1, Name: "rich", Labels: []string{"zone=a", "gpu=yes", "disk=big"}})
	serve(t, cluster.Worker{Server: cluster.At(s.ClientURL()).WithLease(lease), Concurrency: 1, Name: "night", Queue: "night shift"})
	for i, fu := range []*concurrency.Future[int]{plain, job, night} {
		if got, err := fu.Result(within(t)); err != nil || got != (i+5)*(i+5) {
			t.Errorf("%d: %d, %v", i, got, err)
		}
	}
	for _, w := range p.Stats().Workers {
		if w.Fits != (w.Name == "rich") {
			t.Errorf("%s fits: %v", w.Name, w.Fits)
		}
	}
}

// TestShutdown has a pool do what it has and then refuse.
func TestShutdown(t *testing.T) {
	s := newServer(t)
	serve(t, cluster.Worker{Server: cluster.At(s.ClientURL()).WithLease(lease), Concurrency: 2})
	p, err := cluster.Connect(within(t), s.ClientURL())
	if err != nil {
		t.Fatal(err)
	}
	a, b := concurrency.SubmitWith(within(t), p, square, 5), concurrency.SubmitWith(within(t), p.Idempotent(2), square, 6)
	if err := p.Shutdown(within(t)); err != nil {
		t.Fatal(err)
	}
	for i, fu := range []*concurrency.Future[int]{a, b} {
		if got, err := fu.Result(within(t)); err != nil || got != (i+5)*(i+5) {
			t.Errorf("%d: %d, %v", i, got, err)
		}
	}
	if _, err := concurrency.SubmitWith(within(t), p, square, 5).Result(within(t)); !errors.Is(err, concurrency.ErrShutdown) {
		t.Errorf("after Shutdown: %v", err)
	}
	if err := p.Shutdown(within(t)); err != nil {
		t.Errorf("once more: %v", err)
	}
}
