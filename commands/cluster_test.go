package commands

import (
	"bufio"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/cluster"
)

// patience is how long a test waits for what has to come.
const patience = 2 * time.Minute

// A running cluster is what `gobraid cluster` does in this process, with the lines that it writes.
type runningCluster struct {
	*clusterPlan
	lines chan string
	stop  context.CancelFunc
	err   chan error
}

// startCluster runs the command and returns with its first line.
func startCluster(t *testing.T, p *clusterPlan) *runningCluster {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	r, w := io.Pipe()
	c := &runningCluster{clusterPlan: p, lines: make(chan string, 1000), stop: stop, err: make(chan error, 1)}
	var reading sync.WaitGroup
	reading.Go(func() {
		for s := bufio.NewScanner(r); s.Scan(); {
			c.lines <- s.Text()
		}
	})
	go func() {
		err := p.run(ctx, w, os.Stderr)
		w.Close()
		reading.Wait()
		c.err <- err
	}()
	t.Cleanup(stop)
	return c
}

// line returns the next line that begins in a way; the time of day does not count.
func (c *runningCluster) line(t *testing.T, begins string) string {
	t.Helper()
	deadline := time.After(patience)
	for {
		select {
		case line := <-c.lines:
			if strings.HasPrefix(line, begins) || len(line) > 9 && strings.HasPrefix(line[9:], begins) {
				return line
			}
			t.Log(line)
		case err := <-c.err:
			t.Fatalf("it ended before it said %q: %v", begins, err)
		case <-deadline:
			t.Fatalf("it did not say %q in %v", begins, patience)
		}
	}
}

// ended waits for the end.
func (c *runningCluster) ended(t *testing.T) error {
	t.Helper()
	select {
	case err := <-c.err:
		return err
	case <-time.After(patience):
		t.Fatalf("it did not end in %v", patience)
		return nil
	}
}

func square(_ context.Context, n int) (int, error) { return n * n, nil }

func pid(context.Context) (int, error) { return os.Getpid(), nil }

// TestCluster uses the very line for a cell that the command prints.
func TestCluster(t *testing.T) {
	defer goleak.VerifyNone(t)
	c := startCluster(t, &clusterPlan{server: natsOptions{Listen: "127.0.0.1:0"}, workers: 2})
	shown := c.line(t, "on a machine that runs tasks:")
	cell := c.line(t, "in a cell:")
	_, at, _ := strings.Cut(cell, `"`)
	at = strings.TrimSuffix(at, `")`)
	if !strings.HasSuffix(shown, "gobraid worker --nats "+at) || !strings.Contains(at, "@127.0.0.1:") {
		t.Errorf("it shows\n%s\n%s", shown, cell)
	}
	c.line(t, "joined")
	c.line(t, "joined")

	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	pool, err := cluster.Connect(ctx, at)
	if err != nil {
		t.Fatal(err)
	}
	got, err := concurrency.Map(ctx, pool, []int{1, 2, 3}, square)
	if err != nil || len(got) != 3 || got[2] != 9 {
		t.Errorf("squares: %v, %v", got, err)
	}
	if err := pool.Shutdown(ctx); err != nil {
		t.Errorf("Shutdown: %v", err)
	}
	// Nobody gets in without the token.
	_, address, _ := strings.Cut(at, "@")
	if p, err := cluster.Connect(ctx, "nats://"+address); err == nil {
		_ = p.Shutdown(ctx)
		t.Error("it lets in who shows no token")
	}
	c.stop()
	if err := c.ended(t); err != nil {
		t.Errorf("after an interrupt: %v", err)
	}
}

// TestClusterStartsWorkersAgain kills a worker.
func TestClusterStartsWorkersAgain(t *testing.T) {
	defer goleak.VerifyNone(t)
	c := startCluster(t, &clusterPlan{server: natsOptions{Listen: "127.0.0.1:0", Token: "known"}, workers: 1})
	if line := c.line(t, "on a machine"); strings.Contains(line, "known") || !strings.Contains(line, "GOBRAID_NATS_TOKEN") {
		t.Errorf("it shows a token that it was given: %s", line)
	}
	_, at, _ := strings.Cut(c.line(t, "in a cell:"), `"`)
	c.line(t, "joined")
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	pool, err := cluster.At(strings.TrimSuffix(at, `")`)).WithToken("known").Connect(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := pool.Ready(ctx); err != nil {
		t.Fatal(err)
	}
	worker, err := os.FindProcess(pool.Stats().Workers[0].Pid)
	if err != nil {
		t.Fatal(err)
	}
	if err := worker.Kill(); err != nil {
		t.Fatal(err)
	}
	c.line(t, "joined")
	if n, err := concurrency.Submit(ctx, pool.Idempotent(3), pid).Result(ctx); err != nil || n == worker.Pid {
		t.Errorf("a function after the death of the worker: process %d, %v", n, err)
	}
	if err := pool.Kill(ctx); err != nil {
		t.Errorf("Kill: %v", err)
	}
	c.stop()
	if err := c.ended(t); err != nil {
		t.Errorf("after an interrupt: %v", err)
	}
}

func TestClusterRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"open":       {[]string{"--listen", "0.0.0.0:0"}, "can be reached from other machines"},
		"no user":    {[]string{"--workers", "2", "--config", "nats.conf"}, "start them with `gobraid worker`"},
		"negative":   {[]string{"--workers", "-1"}, "--workers -1"},
		"no store":   {[]string{"--store", filepath.Join(os.DevNull, "x"), "--listen", "127.0.0.1:0"}, os.DevNull},
		"no address": {[]string{"--listen", "here"}, `"here" is not an address`},
	} {
		t.Run(name, func(t *testing.T) {
			c0 := clusterCommand()
			c0.SetArgs(c.args)
			c0.SetOut(io.Discard)
			c0.SilenceErrors, c0.SilenceUsage = true, true
			if err := c0.ExecuteContext(t.Context()); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want it to say %s", err, c.want)
			}
		})
	}
}

// TestClusterToken keeps the token with the store, for a restart.
func TestClusterToken(t *testing.T) {
	store := filepath.Join(t.TempDir(), "store")
	var tokens []string
	for range 2 {
		p := &clusterPlan{server: natsOptions{Store: store}}
		if made, err := p.guard(); err != nil || !made {
			t.Fatal(made, err)
		}
		tokens = append(tokens, p.server.Token)
	}
	if tokens[0] != tokens[1] || len(tokens[0]) < 20 {
		t.Errorf("tokens %q", tokens)
	}
	if info, err := os.Stat(filepath.Join(store, "token")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("who can read the token: %v, %v", info.Mode(), err)
	}
}

// TestClusterServerDies kills the server.
func TestClusterServerDies(t *testing.T) {
	defer goleak.VerifyNone(t)
	s, err := startNATS(natsOptions{Listen: "127.0.0.1:0"}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-s.ended
	s.close()
}
