package live

import (
	"strings"
	"testing"
	"time"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/cluster"
)

func TestClusterText(t *testing.T) {
	mine, other := cluster.Version{Gobraid: "v1", Go: "go1.26", Hash: "aa"}, cluster.Version{Gobraid: "v1", Go: "go1.26", Hash: "bb"}
	pool := cluster.Stats{
		Name: "cluster", URL: "nats://a:4222,nats://b:4222", Server: "nats://b:4222", Connected: true, Version: mine, Labels: []string{"gpu=yes"},
		Waiting: 7, Running: 3, Done: 100, Failed: 2, Died: 1, Lost: 1, Redelivered: 4, Duplicated: 3, Dead: 1,
		Workers: []cluster.WorkerStats{
			{Host: "alone", Name: "alone", Pid: 10, Version: mine, Concurrency: 1, Seen: 20 * time.Second, Age: time.Minute, Labels: []string{"gpu=yes"}},
			{Host: "big", Name: "w1", Pid: 11, Version: mine, Fits: true, Labels: []string{"gpu=yes", "zone=a"}, Concurrency: 4, Running: 3, Done: 60, Failed: 2, Died: 1, Rate: 12.4, Age: 2 * time.Second},
			{Host: "bigger", Name: "w2", Pid: 12, Version: mine, Fits: true, Labels: []string{"gpu=yes"}, Concurrency: 8, Done: 40, Rate: 0.25, Age: 3 * time.Second},
			{Host: "leaving", Name: "leaving", Pid: 13, Version: mine, Concurrency: 1, Age: time.Second, Draining: true},
			{Host: "old", Name: "old", Pid: 14, Version: other, Concurrency: 1, Age: time.Second},
			{Host: "plain", Name: "plain", Pid: 15, Version: mine, Concurrency: 1, Age: time.Second},
			{Host: "queue", Name: "queue", Pid: 16, Version: mine, Queue: "slow", Concurrency: 1, Age: time.Second},
		},
		Reports: []cluster.Report{
			{Func: "main.work", Host: "big", Progress: concurrency.Progress{Done: 3, Total: 10, Text: "reading"}},
			{Func: "main.other", Progress: concurrency.Progress{Done: 5, Text: strings.Repeat("long ", 30)}},
		},
	}
	want := `cluster at nats://a:4222,nats://b:4222 (connected to nats://b:4222), wants gpu=yes: 7 waiting, 3 running, 100 done, 2 failed, 1 died with their process, 1 lost with their worker, 4 redelivered, 3 duplicated, 1 dead-lettered
  2 machines, 12 at a time, 13 a second
    big w1 (process 11) gpu=yes zone=a: 3 of 4 running; 60 done, 2 failed, 1 died; 12 a second; since 2.0 s
    bigger w2 (process 12) gpu=yes: 0 of 8 running; 40 done; 0.2 a second; since 3.0 s
    alone (process 10) gpu=yes: 0 of 1 running; 0 done; 0.0 a second; since 1 min 0 s; has given no sign of life for 20 s
    leaving (process 13): 0 of 1 running; 0 done; 0.0 a second; since 1.0 s; is about to leave
    old (process 14): 0 of 1 running; 0 done; 0.0 a second; since 1.0 s; takes nothing of this pool: it is another build, gobraid v1, go1.26, build bb, and not gobraid v1, go1.26, build aa: start the same program there
    plain (process 15): 0 of 1 running; 0 done; 0.0 a second; since 1.0 s; takes nothing of this pool: it has not the label gpu=yes
    queue (process 16): 0 of 1 running; 0 done; 0.0 a second; since 1.0 s; takes nothing of this pool: it serves the queue "slow"
    main.work on big is at 3 of 10: reading
    main.other is at 5: long long long long long long long long long long long long long long long l…`
	if got := clusterText([]cluster.Stats{pool}); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	lost := cluster.Stats{Name: "cluster", URL: "nats://a:4222", Missing: "no worker has said that it is there", Queue: "slow"}
	want = `cluster at nats://a:4222 (the connection is lost, and tried again), queue slow: 0 waiting, 0 running, 0 done
  no worker has said that it is there`
	if got := clusterText([]cluster.Stats{lost}); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	if got := clusterText(nil); got == "" {
		t.Error("nothing is said when there are none")
	}
}
