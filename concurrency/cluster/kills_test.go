package cluster_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/gobraid/gobraid/concurrency"
)

// How much TestKills does. By default it is a little that takes seconds; the whole is
//
//	CLUSTER_TEST_TASKS=1000000 CLUSTER_TEST_KILLS=100 CLUSTER_TEST_WORKERS=8 go test -run TestKills -v -timeout 1h ./concurrency/cluster
const (
	killTasks   = "CLUSTER_TEST_TASKS"
	killKills   = "CLUSTER_TEST_KILLS"
	killWorkers = "CLUSTER_TEST_WORKERS"
	killRecords = "CLUSTER_TEST_RECORDS" // the folder where workers note what they have run
)

// killChunk is how many tasks travel together.
const killChunk = 50

var records = sync.OnceValues(func() (*os.File, error) {
	return os.OpenFile(filepath.Join(os.Getenv(killRecords), strconv.Itoa(os.Getpid())), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
})

// recorded notes that it has run, so that a kill does not undo it, and returns what shows for which number.
func recorded(_ context.Context, n int) (int, error) {
	f, err := records()
	if err != nil {
		return 0, err
	}
	_, err = f.Write(binary.LittleEndian.AppendUint32(nil, uint32(n)))
	return 3*n + 1, err
}

// TestKills runs many small idempotent tasks while workers, and their processes, are killed all the time: all are done, and those that were done
// more than once are counted.
func TestKills(t *testing.T) {
	tasks, kills, workers := setting(t, killTasks, 20000), setting(t, killKills, 6), setting(t, killWorkers, 4)
	s := startServer(t)
	dir := t.TempDir()
	crew := make([]*child, workers)
	hire := func(i int) { crew[i] = startWorker(t, s.url, short, killRecords+"="+dir) }
	for i := range crew {
		hire(i)
	}
	for _, w := range crew {
		w.line(t, "joined")
	}
	pool := poolAt(t, s.url, short)
	begun := time.Now()
	seen, killed, processes := 0, 0, 0
	ctx, cancel := context.WithTimeout(background, time.Duration(limit.Seconds()+float64(tasks)/200)*time.Second)
	defer cancel()
	items := func(yield func(int) bool) {
		for i := range tasks {
			if !yield(i) {
				return
			}
		}
	}
	results := concurrency.MapSeq(ctx, pool.Idempotent(20), items, recorded, concurrency.ChunkSize(killChunk), concurrency.BufferSize(max(tasks/50, 50*killChunk)))
	for got, err := range results {
		if err != nil {
			t.Fatalf("task %d: %v", seen, err)
		}
		if got != 3*seen+1 {
			t.Fatalf("task %d: got the result %d", seen, got)
		}
		seen++
		if killed < kills && seen >= (killed+1)*tasks/(kills+1) {
			i := killed % workers
			killed++
			if pids := children(crew[i].cmd.Process.Pid); killed%3 == 0 && len(pids) > 0 && syscall.Kill(pids[0], syscall.SIGKILL) == nil {
				processes++
				continue
			}
			crew[i].kill(t)
			hire(i)
		}
	}
	took := time.Since(begun)
	runs := readRecords(t, dir)
	lost, duplicates := 0, 0
	for i := range tasks {
		switch n := runs[i]; {
		case n == 0:
			lost++
		default:
			duplicates += n - 1
		}
	}
	st := pool.Stats()
	t.Logf("%d tasks over %d workers, %d kills (%d of them of processes of workers) in %.1f s: %.0f a second; run more than once: %d; lost: %d",
		tasks, workers, killed, processes, took.Seconds(), float64(tasks)/took.Seconds(), duplicates, lost)
	t.Logf("chunks of %d: %d done, %d redelivered, %d results that were not the first, %d given up", killChunk, st.Done, st.Redelivered, st.Duplicated, st.Dead)
	if seen != tasks || lost != 0 || killed != kills {
		t.Errorf("%d of %d tasks have results, %d have not run, %d of %d kills", seen, tasks, lost, killed, kills)
	}
	if st.Dead != 0 || st.Failed != 0 {
		t.Errorf("%d given up, %d failed", st.Dead, st.Failed)
	}
}

func setting(t testing.TB, variable string, otherwise int) int {
	text := os.Getenv(variable)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("%s=%s is not a number", variable, text)
	}
	return n
}

// readRecords returns how many times each task was run.
func readRecords(t testing.TB, dir string) map[int]int {
	t.Helper()
	runs := map[int]int{}
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		b, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		for ; len(b) >= 4; b = b[4:] {
			runs[int(binary.LittleEndian.Uint32(b))]++
		}
	}
	return runs
}

// children returns the processes that a process has started.
func children(pid int) (pids []int) {
	lists, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	for _, file := range lists {
		b, _ := os.ReadFile(file)
		for _, one := range strings.Fields(string(b)) {
			if n, err := strconv.Atoi(one); err == nil {
				pids = append(pids, n)
			}
		}
	}
	return pids
}
