package task_test

import (
	"context"
	"runtime/pprof"
	"testing"

	"github.com/gobraid/gobraid/concurrency/task"
)

// carriedBy returns the run whose label a goroutine carries that f starts the Go way.
func carriedBy(f func(func())) *task.Run {
	found := make(chan *task.Run)
	go f(func() { found <- task.Carried() })
	return <-found
}

func TestLabel(t *testing.T) {
	if !task.LabelsKnown() {
		t.Fatal("this version of Go keeps labels in another way")
	}
	first, _ := newRun(t, 1)
	second, _ := newRun(t, 2)
	if r := task.Carried(); r != nil {
		t.Errorf("the test itself carries the label of cell %d", r.Cell())
	}
	var mine, childs, grandchilds, others, labelled *task.Run
	var label string
	first.Do(func() {
		mine = task.Carried()
		childs = carriedBy(func(f func()) { f() })
		grandchilds = carriedBy(func(f func()) { go f() })
		second.Do(func() { others = carriedBy(func(f func()) { f() }) })
		pprof.Do(context.Background(), pprof.Labels("a", "b"), func(ctx context.Context) {
			labelled = carriedBy(func(f func()) { f() })
			label, _ = pprof.Label(ctx, "a")
		})
	})
	if mine != first || childs != first || grandchilds != first {
		t.Errorf("the run, its goroutine, that one's goroutine carry %p, %p, %p, want %p", mine, childs, grandchilds, first)
	}
	if others != second {
		t.Errorf("a goroutine of another run carries %p, want %p", others, second)
	}
	if labelled != nil || label != "b" {
		t.Errorf("under labels of the user's own: run %p, label %q", labelled, label)
	}
}

// A task that is started on a goroutine of another run carries its own run's label.
func TestLabelOfSpawner(t *testing.T) {
	first, _ := newRun(t, 1)
	second, _ := newRun(t, 2)
	var spawn func(func())
	first.Do(func() { spawn = task.Spawner(0) })
	found := make(chan *task.Run, 1)
	second.Do(func() { spawn(func() { found <- carriedBy(func(f func()) { f() }) }) })
	if r := <-found; r != first {
		t.Errorf("carries %p, want %p", r, first)
	}
}
