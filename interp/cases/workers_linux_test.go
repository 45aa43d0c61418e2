package cases

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/interp/session"
)

// What becomes of worker processes, and of what they have started, when their cell, their session or its host ends. Every process that must end holds
// an end of a pipe: the other sees the end of it when the last has ended, so nothing has to be counted, or asked for again and again.

const holders = `
import (
	"context"
	"os"
	"os/exec"
)
func hold(_ context.Context, path string) (int, error) {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return 0, err
	}
	cmd := exec.Command("sleep", "1000")
	cmd.ExtraFiles = []*os.File{f} // it holds the pipe, too
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	if _, err := f.Write([]byte{1}); err != nil {
		return 0, err
	}
	<-make(chan int)
	return 0, nil
}
func square(_ context.Context, n int) (int, error) { return n * n, nil }
ctx := context.Background()
pool := process.NewPool().WithWorkers(2)
`

// A keeper is the end of a pipe of which processes that are to end have the other.
type keeper struct {
	t    *testing.T
	path string
	all  *os.File // both ends, while processes come
	end  *os.File // this one only
}

func newKeeper(t *testing.T) *keeper {
	t.Helper()
	k := &keeper{t: t, path: filepath.Join(t.TempDir(), "pipe")}
	if err := syscall.Mkfifo(k.path, 0o600); err != nil {
		t.Fatal(err)
	}
	k.all = k.open(os.O_RDWR)
	return k
}

func (k *keeper) open(how int) *os.File {
	k.t.Helper()
	f, err := os.OpenFile(k.path, how|syscall.O_NONBLOCK, 0)
	if err != nil {
		k.t.Fatal(err)
	}
	k.t.Cleanup(func() { f.Close() })
	return f
}

// accept waits until n processes run.
func (k *keeper) accept(n int) {
	k.t.Helper()
	if err := k.all.SetReadDeadline(time.Now().Add(4 * patience)); err != nil {
		k.t.Fatal(err)
	}
	if n, err := io.ReadFull(k.all, make([]byte, n)); err != nil {
		k.t.Fatalf("%d processes run: %v", n, err)
	}
	k.end = k.open(os.O_RDONLY)
	k.all.Close()
}

// gone waits until all have ended that hold the pipe.
func (k *keeper) gone() {
	k.t.Helper()
	if err := k.end.SetReadDeadline(time.Now().Add(4 * patience)); err != nil {
		k.t.Fatal(err)
	}
	if _, err := k.end.Read(make([]byte, 1)); err != io.EOF {
		k.t.Errorf("a process has not ended: %v", err)
	}
}

func startSession(t *testing.T, path, mode string) *session.Supervisor {
	t.Helper()
	runner, err := session.Start(t.Context(), session.Config{Path: path, Args: []string{"session"}, Engine: mode, Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := runner.Close(); err != nil {
			t.Error(err)
		}
	})
	return runner
}

// cells runs cells that succeed, and returns the result of the last.
func cells(t *testing.T, runner interp.Runner, texts ...string) string {
	t.Helper()
	result := ""
	for i, text := range texts {
		got := runner.Run(t.Context(), interp.Request{Number: i + 1, Source: text}, &sink{text: map[interp.Stream]string{}})
		if got.Error != nil {
			t.Fatalf("%s\n%s", text, strings.Join(got.Error.Traceback, "\n"))
		}
		if result = ""; got.Result != nil {
			result, _ = got.Result.MIME["text/plain"].(string)
		}
	}
	return result
}

func TestWorkersEnd(t *testing.T) {
	path := program(t)
	for _, mode := range []string{"compiled", "yaegi"} {
		t.Run("interrupt/"+mode, func(t *testing.T) { testInterrupt(t, path, mode) })
		t.Run("session/"+mode, func(t *testing.T) { testSessionDies(t, path, mode) })
		t.Run("close/"+mode, func(t *testing.T) { testSessionCloses(t, path, mode) })
		t.Run("host/"+mode, func(t *testing.T) { testHostDies(t, path, mode) })
	}
}

// An interrupt during a Map ends the workers, and what they have started; the pool has others.
func testInterrupt(t *testing.T, path, mode string) {
	k, runner := newKeeper(t), startSession(t, path, mode)
	cells(t, runner, holders)
	var wg sync.WaitGroup
	var got interp.Outcome
	wg.Go(func() {
		text := fmt.Sprintf("concurrency.Map(ctx, pool, []string{%q, %[1]q}, hold)", k.path)
		got = runner.Run(context.Background(), interp.Request{Number: 2, Source: text}, &sink{text: map[interp.Stream]string{}})
	})
	k.accept(2)
	runner.Interrupt()
	wg.Wait()
	if got.Error == nil || got.Error.Name != interp.ErrInterrupted {
		t.Errorf("%+v", got.Error)
	}
	k.gone()
	if got := cells(t, runner, "concurrency.SubmitWith(ctx, pool, square, 3).Result(ctx)"); got != "9, nil" {
		t.Error(got)
	}
}

// A session that is killed leaves nothing behind, nor a worker that it has started ahead.
func testSessionDies(t *testing.T, path, mode string) {
	k, runner := newKeeper(t), startSession(t, path, mode)
	ahead := spare(t, cells(t, runner, holders, hold(k), aSpare))
	k.accept(2)
	n, err := strconv.Atoi(cells(t, runner, `import "os"`, "os.Getpid()"))
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(n, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	k.gone()
	ahead()
}

// Nor does one that ends.
func testSessionCloses(t *testing.T, path, mode string) {
	k, runner := newKeeper(t), startSession(t, path, mode)
	ahead := spare(t, cells(t, runner, holders, hold(k), aSpare))
	k.accept(2)
	if err := runner.Close(); err != nil {
		t.Error(err)
	}
	k.gone()
	ahead()
}

// aSpare is a cell that waits for a worker that is started ahead.
const aSpare = `
import "time"
for process.Spare() == 0 {
	time.Sleep(time.Millisecond)
}
process.Spare()
`

// spare returns a function that waits for the end of a process, which lives.
func spare(t *testing.T, pid string) (gone func()) {
	t.Helper()
	n, err := strconv.Atoi(pid)
	if err != nil {
		t.Fatal(err)
	}
	fd, err := unix.PidfdOpen(n, 0)
	if err != nil {
		t.Fatalf("the worker that was started ahead, %d: %v", n, err)
	}
	return func() {
		t.Helper()
		defer unix.Close(fd)
		for {
			n, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, int(4*patience/time.Millisecond))
			if err == unix.EINTR {
				continue
			}
			if n != 1 {
				t.Errorf("the worker that was started ahead has not ended: %v", err)
			}
			return
		}
	}
}

// hold is a cell that has two workers hold a connection, and does not wait for them.
func hold(k *keeper) string {
	return fmt.Sprintf("for range 2 {\n\tconcurrency.SubmitWith(ctx, pool, hold, %q)\n}", k.path)
}

// A kernel, or another host of a session, that is killed takes all with it.
func testHostDies(t *testing.T, path, mode string) {
	k := newKeeper(t)
	file := filepath.Join(t.TempDir(), "cell.go")
	if err := os.WriteFile(file, []byte(holders+hold(k)+"\n<-make(chan int)\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), path, "exec", "--engine", mode, file)
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &out
	cmd.WaitDelay = patience
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	k.accept(2)
	if err := cmd.Process.Kill(); err != nil {
		t.Error(err)
	}
	_ = cmd.Wait() // it was killed
	k.gone()
	if t.Failed() {
		t.Log(out.String())
	}
}
