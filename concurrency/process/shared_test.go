package process_test

import (
	"context"
	"errors"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/process"
)

// A book is kept by several processes: Both are equal whenever nobody is in the middle of it.
type book struct {
	One, Other int64
	Entries    int64
	Broken     int64
	Holder     int64
}

// enter changes both numbers, one after the other, and dies between if it is told to. It returns how often it found the book in order, and how often it
// was told that somebody has died with the lock.
func enter(ctx context.Context, j keeping) ([2]int, error) {
	var found [2]int
	b := &j.Book.Slice()[0]
	for i := range j.Count {
		err := j.Book.Lock(ctx)
		switch {
		case err == process.ErrHolderDied:
			found[1]++
			b.Other = b.One // mend it
		case err != nil:
			return found, err
		case b.One != b.Other:
			b.Broken++
		default:
			found[0]++
		}
		if b.Holder != 0 && err == nil {
			b.Broken++ // two are in
		}
		b.Holder = int64(os.Getpid())
		b.One++
		if j.Die && i == j.Count-1 {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
		b.Other++
		b.Entries++
		b.Holder = 0
		j.Book.Unlock()
	}
	return found, nil
}

type keeping struct {
	Book  *process.Shared[book]
	Count int
	Die   bool
}

// Several processes work under one lock, and some die with it: who gets it next is told, nobody else, and never are two in.
func TestLockOfDyingHolders(t *testing.T) {
	m, err := process.NewShared[book](1)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	p := newPool(t, 3)
	const rounds, each = 6, 200
	var dying, living []*concurrency.Future[[2]int]
	for range rounds {
		living = append(living, concurrency.SubmitWith(background, p, enter, keeping{m, each, false}))
		dying = append(dying, concurrency.SubmitWith(background, p, enter, keeping{m, each, true}))
	}
	told := 0
	for _, fu := range living {
		found, err := fu.Result(background)
		if err != nil || found[0]+found[1] != each {
			t.Errorf("%v, %v", found, err)
		}
		told += found[1]
	}
	for _, fu := range dying {
		var death *process.DeathError
		if _, err := fu.Result(background); !errors.As(err, &death) || death.Signal != syscall.SIGKILL {
			t.Error(err)
		}
	}
	err = m.Lock(background)
	if err == process.ErrHolderDied {
		told++
	} else if err != nil {
		t.Fatal(err)
	}
	b := m.Slice()[0]
	m.Unlock()
	if want := int64(2*rounds*each - rounds); b.Entries != want || b.Broken != 0 {
		t.Errorf("%d entries, want %d; out of order %d times", b.Entries, want, b.Broken)
	}
	// What those learned that died themselves later nobody knows.
	if told < 1 || told > rounds {
		t.Errorf("%d of %d deaths were told", told, rounds)
	}
}

// The context of a waiter ends its waiting, in another process too, and the lock goes on to others.
func TestLockWaiterGivesUp(t *testing.T) {
	m, err := process.NewShared[book](1)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	p := newPool(t, 2)
	if err := m.Lock(background); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancelCause(background)
	gives := concurrency.SubmitWith(ctx, p, enter, keeping{m, 1, false})
	stays := concurrency.SubmitWith(background, p, enter, keeping{m, 1, false})
	until(t, "both run", func() bool { return gives.Running() && stays.Running() })
	cancel(io.EOF)
	if _, err := gives.Result(background); err == nil || err.Error() != "EOF" {
		t.Error(err)
	}
	m.Unlock()
	if _, err := stays.Result(background); err != nil {
		t.Error(err)
	}
	if n := m.Slice()[0].Entries; n != 1 {
		t.Errorf("%d entries", n)
	}
}

// Goroutines of one process exclude each other, too.
func TestLockBetweenGoroutines(t *testing.T) {
	m, err := process.NewShared[book](1)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	var wg sync.WaitGroup
	var in atomic.Int32
	for range 4 {
		wg.Go(func() {
			for range 200 {
				if err := m.Lock(background); err != nil {
					t.Error(err)
					return
				}
				if in.Add(1) != 1 {
					t.Error("two goroutines have the lock")
				}
				m.Slice()[0].One++
				in.Add(-1)
				m.Unlock()
			}
		})
	}
	wg.Wait()
	if n := m.Slice()[0].One; n != 800 {
		t.Error(n)
	}
}

// Memory that its maker has closed cannot be sent, and another process that has it keeps it.
func TestSharedClosed(t *testing.T) {
	m, err := process.NewShared[book](4)
	if err != nil {
		t.Fatal(err)
	}
	p := newPool(t, 1)
	file := t.TempDir() + "/has"
	ctx, release := context.WithCancel(background)
	m.Slice()[3].One = 42
	fu := concurrency.SubmitWith(ctx, p, keep, holding{m, file})
	running(t, file)
	if err := m.Close(); err != nil {
		t.Error(err)
	}
	if err := m.Close(); err != nil {
		t.Error("a second Close:", err)
	}
	if _, err := concurrency.SubmitWith(background, p, enter, keeping{Book: m}).Result(background); err == nil {
		t.Error("closed memory was sent")
	}
	release()
	if n, err := fu.Result(background); n != 42 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
}

type holding struct {
	Book *process.Shared[book]
	File string
}

// keep reads the memory when its context has ended.
func keep(ctx context.Context, h holding) (int64, error) {
	_, _ = wait(ctx, h.File)
	return h.Book.Slice()[3].One, nil
}

// Shared memory can be empty, and be large where nobody writes.
func TestSharedSizes(t *testing.T) {
	none, err := process.NewShared[float64](0)
	if err != nil || len(none.Slice()) != 0 {
		t.Errorf("%d, %v", len(none.Slice()), err)
	}
	none.Close()
	large, err := process.NewShared[byte](8 << 30)
	if err != nil {
		t.Fatal(err)
	}
	defer large.Close()
	s := large.Slice()
	s[0], s[len(s)-1] = 1, 2
	last := func(_ context.Context, m *process.Shared[byte]) (byte, error) {
		return m.Slice()[len(m.Slice())-1], nil
	}
	if b, err := concurrency.SubmitWith(background, newPool(t, 1), last, large).Result(background); b != 2 || err != nil {
		t.Errorf("%d, %v", b, err)
	}
	defer func() {
		if recover() == nil {
			t.Error("a negative number of values")
		}
	}()
	_, _ = process.NewShared[byte](-1)
}
