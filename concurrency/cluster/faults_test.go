package cluster_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/cluster"
	"github.com/gobraid/gobraid/concurrency/internal/tasktest"
)

// soon is a lease for workers that are killed. That one is taken for dead too early, since the machine is busy, must not matter to a test.
const soon = 2 * time.Second

// workerMain is the life of a worker program that a test has started.
func workerMain() {
	url, dir, _ := strings.Cut(os.Getenv(workerProgram), " ")
	w := cluster.Worker{Server: cluster.At(url).WithLease(soon), Concurrency: 2, Cache: dir}
	if err := w.Serve(background); err != nil {
		os.Stderr.WriteString(err.Error())
		os.Exit(1)
	}
}

// A program is a worker in a process of its own.
type program struct {
	*exec.Cmd
	t testing.TB
}

func startProgram(t testing.TB, s *natsServer) *program {
	t.Helper()
	p := &program{exec.Command(os.Args[0]), t}
	p.Env = append(os.Environ(), workerProgram+"="+s.ClientURL()+" "+t.TempDir())
	p.Stderr = os.Stderr
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.kill)
	return p
}

// kill ends the program as a crash of its machine would, at the latest when the test ends.
func (p *program) kill() {
	if p.ProcessState == nil {
		_ = p.Process.Kill()
		_ = p.Wait()
	}
}

// sleeper blocks until its context ends, or until there is a file "go" in a directory, and says by another file that it runs, and under whom.
func sleeper(ctx context.Context, dir string) (int, error) {
	if err := os.WriteFile(filepath.Join(dir, "runs."+strconv.Itoa(os.Getppid())), nil, 0o600); err != nil {
		return 0, err
	}
	for tick := time.NewTicker(10 * time.Millisecond); ; {
		if _, err := os.Stat(filepath.Join(dir, "go")); err == nil {
			return os.Getppid(), nil
		}
		select {
		case <-ctx.Done():
			return 0, context.Cause(ctx)
		case <-tick.C:
		}
	}
}

// runsUnder waits until sleeper runs, or its future is done, and returns the worker.
func runsUnder[T any](t testing.TB, dir string, fu *concurrency.Future[T]) (worker int) {
	t.Helper()
	tasktest.Until(t, "the function runs", func() bool {
		all, _ := filepath.Glob(filepath.Join(dir, "runs.*"))
		if len(all) > 0 {
			worker, _ = strconv.Atoi(strings.TrimPrefix(filepath.Ext(all[0]), "."))
		}
		select {
		case <-fu.Done():
			return true
		default:
			return len(all) > 0
		}
	})
	return worker
}

func TestLostWorkerFailsPlain(t *testing.T) {
	s := newServer(t)
	w := startProgram(t, s)
	p := newPool(t, s)
	dir := t.TempDir()
	fu := concurrency.SubmitWith(within(t), p, sleeper, dir)
	runsUnder(t, dir, fu)
	w.kill()
	_, err := fu.Result(within(t))
	var lost *cluster.LostError
	if !errors.As(err, &lost) || !strings.Contains(lost.Func, "sleeper") {
		t.Fatalf("the function of a worker that was killed: %v", err)
	}
	if st := p.Stats(); st.Lost != 1 {
		t.Errorf("stats: %+v", st)
	}
	startProgram(t, s) // it waits until there is one again
	if got, err := concurrency.SubmitWith(within(t), p, square, 3).Result(within(t)); err != nil || got != 9 {
		t.Errorf("another worker: %d, %v", got, err)
	}
}

func TestLostWorkerMovesIdempotent(t *testing.T) {
	s := newServer(t)
	workers := map[int]*program{}
	for range 2 {
		w := startProgram(t, s)
		workers[w.Process.Pid] = w
	}
	p := newPool(t, s)
	dir := t.TempDir()
	fu := concurrency.SubmitWith(within(t), p.Idempotent(10), sleeper, dir)
	first := runsUnder(t, dir, fu)
	workers[first].kill()
	if err := os.WriteFile(filepath.Join(dir, "go"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	second, err := fu.Result(within(t))
	if err != nil || second == first || workers[second] == nil {
		t.Errorf("ran under %d, which was killed, then under %d, %v", first, second, err)
	}
	if st := p.Stats(); st.Redelivered == 0 || st.Lost != 0 {
		t.Errorf("stats: %+v", st)
	}
}

func TestServerRestarts(t *testing.T) {
	s := newServer(t)
	serve(t, cluster.Worker{Server: cluster.At(s.ClientURL()).WithLease(lease), Concurrency: 2})
	p := newPool(t, s)
	dir := t.TempDir()
	running := concurrency.SubmitWith(within(t), p, sleeper, dir)
	runsUnder(t, dir, running)
	q := p.Idempotent(5)
	var jobs []*concurrency.Future[int]
	var plain []*concurrency.Future[int]
	for i := range 300 {
		jobs = append(jobs, concurrency.SubmitWith(within(t), q, square, i))
		if i == 50 {
			if _, err := jobs[0].Result(within(t)); err != nil {
				t.Fatal(err)
			}
			s.end()
		}
		if i == 100 {
			tasktest.Until(t, "the pool knows that the connection is lost", func() bool { return !p.Stats().Connected })
		}
		if i > 100 && i < 120 {
			plain = append(plain, concurrency.SubmitWith(within(t), p, square, i))
		}
	}
	s.again(t)
	for i, fu := range jobs {
		if n, err := fu.Result(within(t)); err != nil || n != i*i {
			t.Fatalf("idempotent function %d: %d, %v", i, n, err)
		}
	}
	for _, fu := range plain {
		if _, err := fu.Result(within(t)); err != nil {
			t.Errorf("a plain function that was submitted while there was no server: %v", err)
		}
	}
	// What ran when the connection was lost goes on, and its result comes by the new one.
	if err := os.WriteFile(filepath.Join(dir, "go"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := running.Result(within(t)); err != nil {
		t.Errorf("the plain function that ran: %v", err)
	}
}

func finished[T any](fu *concurrency.Future[T]) bool {
	select {
	case <-fu.Done():
		return true
	default:
		return false
	}
}

func TestCancel(t *testing.T) {
	s := newServer(t)
	serve(t, cluster.Worker{Server: cluster.At(s.ClientURL()).WithLease(lease), Concurrency: 1})
	p := newPool(t, s)
	for name, ex := range map[string]concurrency.Executor{"plain": p, "idempotent": p.Idempotent(3)} {
		dir := t.TempDir()
		fu := concurrency.SubmitWith(within(t), ex, sleeper, dir)
		runsUnder(t, dir, fu)
		behind := concurrency.SubmitWith(within(t), ex, square, 2)
		behind.Cancel()
		if _, err := behind.Result(within(t)); !errors.Is(err, concurrency.ErrCanceled) {
			t.Errorf("%s: what had not begun: %v", name, err)
		}
		// Nor does it wait for its turn when the worker has it already.
		behind = concurrency.SubmitWith(within(t), ex, square, 2)
		tasktest.Until(t, "a worker has it, or none has room", func() bool {
			st := p.Stats()
			return st.Running == 2 || st.Waiting > 0
		})
		behind.Cancel()
		if _, err := behind.Result(within(t)); !errors.Is(err, concurrency.ErrCanceled) {
			t.Errorf("%s: what waits at the worker: %v", name, err)
		}
		if finished(fu) {
			t.Errorf("%s: it has waited for what runs", name)
		}
		fu.Cancel()
		if _, err := fu.Result(within(t)); err == nil || !strings.Contains(err.Error(), concurrency.ErrCanceled.Error()) {
			t.Errorf("%s: what ran: %v", name, err)
		}
	}
	if got, err := concurrency.SubmitWith(within(t), p, square, 3).Result(within(t)); err != nil || got != 9 {
		t.Errorf("afterwards: %d, %v", got, err)
	}
}

var errStop = errors.New("stopped by the test")

// deaf is sleeper that does not listen to its context, and says which process it is.
func deaf(_ context.Context, dir string) (int, error) {
	if err := os.WriteFile(filepath.Join(dir, "runs."+strconv.Itoa(os.Getpid())), nil, 0o600); err != nil {
		return 0, err
	}
	select {}
}

// alive reports whether a process runs.
func alive(pid int) bool {
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	_, rest, _ := strings.Cut(string(stat), ") ")
	return err == nil && rest != "" && rest[0] != 'Z' && rest[0] != 'X'
}

// TestInterrupt has the run end that has submitted something: its process is killed.
func TestInterrupt(t *testing.T) {
	s := newServer(t)
	serve(t, cluster.Worker{Server: cluster.At(s.ClientURL()).WithLease(lease), Concurrency: 1})
	p := newPool(t, s)
	for name, ex := range map[string]concurrency.Executor{"plain": p, "idempotent": p.Idempotent(3)} {
		run, _ := tasktest.NewRun(t, 1)
		dir := t.TempDir()
		var fu *concurrency.Future[int]
		submitted := make(chan struct{})
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			tasktest.Do(t, run, func() {
				fu = concurrency.SubmitWith(background, ex, deaf, dir)
				close(submitted)
				_, _ = fu.Result(background)
			})
		}()
		<-submitted
		worker := runsUnder(t, dir, fu)
		run.Kill(errStop)
		<-ended
		tasktest.Until(t, name+": the process is gone", func() bool { return !alive(worker) })
		if _, err := fu.Result(within(t)); err == nil {
			t.Errorf("%s: no error", name)
		}
		// The place is free again.
		if got, err := concurrency.SubmitWith(within(t), p, square, 3).Result(within(t)); err != nil || got != 9 {
			t.Errorf("%s: afterwards: %d, %v", name, got, err)
		}
	}
}
