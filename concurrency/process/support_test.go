package process_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/internal/tasktest"
	"github.com/gobraid/gobraid/concurrency/process"
)

func TestMain(m *testing.M) {
	if os.Getenv("PROCESS_TEST_PROGRAM") == "forgot" {
		_, err := concurrency.Submit(background, process.NewPool(), pid).Result(background)
		fmt.Print(err)
		os.Exit(0)
	}
	os.Setenv("GORACE", "atexit_sleep_ms=0") // for the workers: else each takes a second to end
	process.Interpreter(interpret)
	process.Main()
	switch os.Getenv("PROCESS_TEST_PROGRAM") { // the programs that tests start; see program
	case "":
		goleak.VerifyTestMain(m)
		return
	case "killed":
		killedProgram()
	case "bulk":
		bulkProgram()
	case "pipe":
		pipeProgram()
	}
}

var background = context.Background()

// limit is how long a test waits for what has to come.
const limit = 30 * time.Second

// newPool returns a pool that is shut down at the end of the test, and leaves no process behind.
func newPool(t testing.TB, workers int) *process.Pool {
	t.Helper()
	p := process.NewPool().WithWorkers(workers)
	t.Cleanup(func() { shutDown(t, p) })
	return p
}

func shutDown(t testing.TB, p *process.Pool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(background, limit)
	defer cancel()
	var pids []int
	for _, w := range p.Stats().Workers {
		pids = append(pids, w.Pid)
	}
	if err := p.Shutdown(ctx); err != nil {
		t.Errorf("Shutdown: %v", err)
	}
	for _, pid := range pids {
		if alive(pid) {
			t.Errorf("worker %d is alive after Shutdown", pid)
		}
	}
}

// alive reports whether a process runs.
func alive(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return false
	}
	_, rest, _ := strings.Cut(string(stat), ") ")
	return rest != "" && rest[0] != 'Z' && rest[0] != 'X'
}

// marked returns the processes that have a mark in their environment, the calling one apart.
func marked(t testing.TB, mark string) (pids []int) {
	t.Helper()
	all, err := filepath.Glob("/proc/[0-9]*/environ")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range all {
		env, err := os.ReadFile(file)
		pid, _ := strconv.Atoi(strings.Split(file, "/")[2])
		if err == nil && strings.Contains(string(env), mark) && pid != os.Getpid() && alive(pid) {
			pids = append(pids, pid)
		}
	}
	return pids
}

var until = tasktest.Until

// Functions that workers call.

func square(_ context.Context, n int) (int, error) { return n * n, nil }

func pid(context.Context) (int, error) { return os.Getpid(), nil }

// wait blocks until its context ends, and says in a file that it runs.
func wait(ctx context.Context, file string) (int, error) {
	if err := os.WriteFile(file, []byte(strconv.Itoa(os.Getpid())), 0o600); err != nil {
		return 0, err
	}
	<-ctx.Done()
	return 0, context.Cause(ctx)
}

// running waits until wait runs, and returns the worker's process.
func running(t testing.TB, file string) (pid int) {
	t.Helper()
	until(t, "the function runs", func() bool {
		b, _ := os.ReadFile(file)
		pid, _ = strconv.Atoi(string(b))
		return pid > 0
	})
	return pid
}
