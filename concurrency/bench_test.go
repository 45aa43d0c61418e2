package concurrency_test

import (
	"context"
	"sync"
	"testing"

	"github.com/gobraid/gobraid/concurrency"
)

func BenchmarkGoAndWait(b *testing.B) {
	var wg sync.WaitGroup
	for b.Loop() {
		wg.Go(func() {})
	}
	wg.Wait()
}

func BenchmarkStartAndResult(b *testing.B) {
	f := constant(1)
	for b.Loop() {
		_, _ = concurrency.Start(background, f).Result(background)
	}
}

func BenchmarkThreadStartAndJoin(b *testing.B) {
	for b.Loop() {
		_ = concurrency.NewThread(func() {}).Start().Join(background)
	}
}

func BenchmarkSubmit(b *testing.B) {
	p := concurrency.NewThreadPool()
	f := constant(1)
	for b.Loop() {
		concurrency.Submit(background, p, f)
	}
	shutdown(b, p)
}

func BenchmarkMapItem(b *testing.B) {
	p := concurrency.NewThreadPool()
	items := make([]int, b.N)
	b.ResetTimer()
	_, _ = concurrency.Map(background, p, items, double)
}

func BenchmarkGatherItem(b *testing.B) {
	fs := make([]func(context.Context) (int, error), 100)
	for i := range fs {
		fs[i] = constant(i)
	}
	for n := 0; n < b.N; n += len(fs) {
		_, _ = concurrency.Gather(background, fs...)
	}
}

func BenchmarkGroup(b *testing.B) {
	g := concurrency.NewGroup(background)
	for b.Loop() {
		g.Go(func(context.Context) error { return nil })
	}
	_ = g.Wait()
}
