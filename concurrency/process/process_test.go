package process_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/process"
)

// job is what the function of a process does.
func job(ctx context.Context, what string) error {
	switch what {
	case "":
		return nil
	case "fail":
		return io.ErrUnexpectedEOF
	case "panic":
		panic("oh")
	case "exit":
		os.Exit(7)
	default:
		_, err := wait(ctx, what)
		return err
	}
	return nil
}

func TestProcess(t *testing.T) {
	for _, c := range []struct {
		what string
		code int
		ok   func(error) bool
	}{
		{"", 0, func(err error) bool { return err == nil }},
		{"fail", 1, func(err error) bool { return errors.Is(err, io.ErrUnexpectedEOF) }},
		{"panic", 1, func(err error) bool { var p *concurrency.PanicError; return errors.As(err, &p) }},
		{"exit", 7, func(err error) bool { var d *process.DeathError; return errors.As(err, &d) }},
	} {
		p := process.New(job, c.what).WithName("job")
		if p.Alive() || p.Pid() != 0 {
			t.Error("alive before Start")
		}
		if err := p.Start(background); err != nil {
			t.Fatal(err)
		}
		if p.Pid() <= 0 || p.Pid() == os.Getpid() {
			t.Errorf("number %d", p.Pid())
		}
		if err := p.Join(background); !c.ok(err) {
			t.Errorf("%q: %v", c.what, err)
		}
		if code, ended := p.ExitCode(); code != c.code || !ended || p.Alive() || alive(p.Pid()) {
			t.Errorf("%q: exit code %d, %v, alive %v", c.what, code, ended, p.Alive())
		}
	}
}

func TestProcessEnds(t *testing.T) {
	file := filepath.Join(t.TempDir(), "running")
	p := process.New(job, file)
	if err := p.Start(background); err != nil {
		t.Fatal(err)
	}
	if n := running(t, file); n != p.Pid() || !p.Alive() {
		t.Errorf("process %d, want %d", n, p.Pid())
	}
	ctx, cancel := context.WithCancelCause(background)
	cancel(io.EOF)
	if err := p.Join(ctx); err != io.EOF {
		t.Errorf("Join: %v", err)
	}
	p.Terminate()
	if err := p.Join(background); err == nil || err.Error() != process.ErrTerminated.Error() {
		t.Errorf("after Terminate: %v", err)
	}

	other := filepath.Join(t.TempDir(), "running")
	p = process.New(job, other)
	if err := p.Start(background); err != nil {
		t.Fatal(err)
	}
	running(t, other)
	p.Kill()
	err := p.Join(background)
	if code, _ := p.ExitCode(); err == nil || code != -int(syscall.SIGKILL) {
		t.Errorf("after Kill: %d, %v", code, err)
	}
}

func TestProcessRefused(t *testing.T) {
	n := 0
	p := process.New(func(context.Context, int) error { n++; return nil }, 1)
	var wrong *process.FuncError
	if err := p.Start(background); !errors.As(err, &wrong) {
		t.Errorf("a literal that captures: %v", err)
	}
	if err := p.Join(background); !errors.As(err, &wrong) {
		t.Errorf("Join: %v", err)
	}
}

func TestCurrentProcess(t *testing.T) {
	p := newPool(t, 1)
	there, err := concurrency.Submit(background, p, func(context.Context) (process.Current, error) { return process.CurrentProcess(), nil }).Result(background)
	here := process.CurrentProcess()
	if err != nil || !there.Worker || here.Worker || there.Parent != here.Pid || here.Pid != os.Getpid() {
		t.Errorf("here %+v, there %+v, %v", here, there, err)
	}
}

// Shared memory: workers add to one number under the lock, and see what others have written.

type cell struct{ N, Pid int64 }

func add(ctx context.Context, m *process.Shared[cell]) (int, error) {
	for range 1000 {
		if err := m.Lock(ctx); err != nil {
			return 0, err
		}
		m.Slice()[0].N++
		m.Unlock()
	}
	m.Slice()[1].Pid = int64(os.Getpid())
	return len(m.Slice()), nil
}

func TestShared(t *testing.T) {
	m, err := process.NewShared[cell](10)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	p := newPool(t, 2)
	var futures []*concurrency.Future[int]
	for range 4 {
		futures = append(futures, concurrency.SubmitWith(background, p, add, m))
	}
	if _, err := add(background, m); err != nil {
		t.Fatal(err)
	}
	for _, fu := range futures {
		if n, err := fu.Result(background); n != 10 || err != nil {
			t.Fatal(n, err)
		}
	}
	if n := m.Slice()[0].N; n != 5000 {
		t.Errorf("%d, want 5000", n)
	}
	if _, err := process.NewShared[*int](1); err == nil {
		t.Error("pointers in shared memory")
	}
	if _, err := process.NewShared[string](1); err == nil {
		t.Error("strings in shared memory")
	}
}

// die dies with the lock.
func die(ctx context.Context, m *process.Shared[cell]) (int, error) {
	if err := m.Lock(ctx); err != nil {
		return 0, err
	}
	os.Exit(1)
	return 0, nil
}

func TestLock(t *testing.T) {
	m, err := process.NewShared[cell](1)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	p := newPool(t, 1)
	if _, err := concurrency.SubmitWith(background, p, die, m).Result(background); err == nil {
		t.Fatal("it did not die")
	}
	if err := m.Lock(background); err != process.ErrHolderDied {
		t.Errorf("the holder died: %v", err)
	}
	ctx, cancel := context.WithCancelCause(background)
	cancel(io.EOF)
	if err := m.Lock(ctx); err != io.EOF {
		t.Errorf("locked: %v", err)
	}
	m.Unlock()
	if err := m.Lock(background); err != nil {
		t.Errorf("free: %v", err)
	}
	m.Unlock()
	defer func() {
		if recover() == nil {
			t.Error("Unlock without the lock did not panic")
		}
	}()
	m.Unlock()
}

type order struct {
	Number int
	What   string
}

// kitchen cooks what is ordered, until the pipe is closed.
func kitchen(ctx context.Context, p *process.Pipe[order]) error {
	for {
		o, err := p.Recv(ctx)
		if errors.Is(err, process.ErrClosed) {
			return nil
		}
		if err != nil {
			return err
		}
		o.What = "cooked " + o.What
		if err := p.Send(ctx, o); err != nil {
			return err
		}
	}
}

func TestPipe(t *testing.T) {
	mine, theirs, err := process.NewPipe[order](4096)
	if err != nil {
		t.Fatal(err)
	}
	cook := process.New(kitchen, theirs)
	if err := cook.Start(background); err != nil {
		t.Fatal(err)
	}
	for i := range 500 {
		if err := mine.Send(background, order{i, "egg"}); err != nil {
			t.Fatal(err)
		}
		if o, err := mine.Recv(background); err != nil || o != (order{i, "cooked egg"}) {
			t.Fatal(o, err)
		}
	}
	mine.Close()
	if err := cook.Join(background); err != nil {
		t.Error(err)
	}
}

// produce puts numbers into a queue that is too small for all.
func produce(ctx context.Context, q *process.Queue[int]) (int, error) {
	for i := range 1000 {
		if err := q.Put(ctx, i); err != nil {
			return 0, err
		}
	}
	return 1000, nil
}

func TestQueue(t *testing.T) {
	q, err := process.NewQueue[int](256)
	if err != nil {
		t.Fatal(err)
	}
	p := newPool(t, 2)
	a, b := concurrency.SubmitWith(background, p, produce, q), concurrency.SubmitWith(background, p, produce, q)
	sum := 0
	for range 2000 {
		n, err := q.Get(background)
		if err != nil {
			t.Fatal(err)
		}
		sum += n
	}
	if sum != 999*1000 || q.Len() != 0 {
		t.Errorf("sum %d, %d left", sum, q.Len())
	}
	for _, fu := range []*concurrency.Future[int]{a, b} {
		if _, err := fu.Result(background); err != nil {
			t.Error(err)
		}
	}
	ctx, cancel := context.WithCancelCause(background)
	cancel(io.EOF)
	if _, err := q.Get(ctx); err != io.EOF {
		t.Errorf("empty: %v", err)
	}
	if err := q.Put(background, 3); err != nil {
		t.Error(err)
	}
	q.Close()
	if n, err := q.Get(background); n != 3 || err != nil {
		t.Errorf("closed, not empty: %d, %v", n, err)
	}
	if _, err := q.Get(background); err != process.ErrClosed {
		t.Errorf("closed: %v", err)
	}
	if err := q.Put(background, 4); err != process.ErrClosed {
		t.Errorf("closed: %v", err)
	}
	small, err := process.NewQueue[[]byte](64)
	if err != nil {
		t.Fatal(err)
	}
	if err := small.Put(background, make([]byte, 100)); err == nil {
		t.Error("100 bytes in a queue of 64")
	}
}
