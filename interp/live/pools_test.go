package live

import (
	"testing"
	"time"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/process"
)

func TestWorkersText(t *testing.T) {
	got := workersText([]process.Stats{{
		Name: "workers", Limit: 4, Waiting: 7, Done: 100, Failed: 2, Died: 1,
		History: []uint64{0, 0, 0, 0, 0, 0, 0, 0, 1, 40, 80, 5},
		Workers: []process.WorkerStats{
			{Pid: 11, Done: 60, Has: 3, Func: "work", For: 2 * time.Second, Progress: concurrency.Progress{Done: 3, Total: 10, Text: "two\nlines"}, Busy: 6 * time.Second, Bytes: 12 << 20},
			{Pid: 12, Bytes: 9 << 20},
		},
	}})
	want := `workers: 2 of 4 workers, 7 waiting, 100 done, 2 failed, 1 died, 12.1/s
          ▁▄█▁  done in each of the last 12 seconds, at most 80
  11  runs work since 2.0 s, at 3 of 10: two lines and has 2 more; 60 done, 100 ms each; 12 MB
  12  idle; 0 done; 9 MB`
	if got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	if got := workersText(nil); got == "" {
		t.Error("nothing is said when there are none")
	}
}
