package cluster_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/url"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gobraid/gobraid/concurrency/cluster"
	"github.com/gobraid/gobraid/gobraid-nats/server"
)

// Tests of faults have real processes, which can be killed: this program, started again as a worker, or as a server.

// The variables by which it knows what it is to be; see TestMain.
const (
	childWorker = "CLUSTER_TEST_CHILD" // the URL of the server
	workerLease = "CLUSTER_TEST_LEASE"
	workerCache = "CLUSTER_TEST_CACHE"
	workerSlots = "CLUSTER_TEST_SLOTS" // how many functions it runs at a time, 1 if not said
	childServer = "CLUSTER_TEST_SERVER"
)

// beAnother does what this process was started for, and reports whether it was for something else than tests.
func beAnother() bool {
	switch {
	case os.Getenv(childServer) != "":
		os.Exit(server.Main(os.Stdin, os.Stdout, os.Stderr))
	case os.Getenv(childWorker) != "":
		os.Exit(childMain())
	}
	return false
}

// childMain is a worker until standard input ends.
func childMain() int {
	lease, err := time.ParseDuration(os.Getenv(workerLease))
	if err != nil {
		panic(err)
	}
	ctx, stop := untilEnd(os.Stdin)
	defer stop()
	slots := 1
	if text := os.Getenv(workerSlots); text != "" {
		if slots, err = strconv.Atoi(text); err != nil {
			panic(err)
		}
	}
	at := cluster.At(os.Getenv(childWorker)).WithLease(lease)
	w := cluster.Worker{Server: at, Concurrency: slots, Cache: os.Getenv(workerCache), Log: func(line string) { os.Stdout.WriteString(line + "\n") }}
	os.Unsetenv(childWorker) // its processes are no workers
	if err := w.Serve(ctx); err != nil {
		os.Stdout.WriteString(err.Error() + "\n")
		return 1
	}
	return 0
}

// untilEnd returns a context that ends when r does.
func untilEnd(r io.Reader) (context.Context, context.CancelFunc) {
	ctx, stop := context.WithCancel(background)
	go func() {
		_, _ = io.Copy(io.Discard, r)
		stop()
	}()
	return ctx, stop
}

// A child is a process that a test has started.
type child struct {
	cmd   *exec.Cmd
	stdin io.Closer
	lines chan string   // that it has printed, as many as there is room for
	ended chan struct{} // closed when it has
}

// start starts this program as another one. The test ends it if nobody has before.
func start(t testing.TB, cmd *exec.Cmd, env ...string) (*child, io.Writer) {
	t.Helper()
	cmd.Env = append(os.Environ(), env...)
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p := &child{cmd: cmd, stdin: stdin, lines: make(chan string, 1000), ended: make(chan struct{})}
	go func() {
		for s := bufio.NewScanner(stdout); s.Scan(); {
			select {
			case p.lines <- s.Text():
			default:
			}
		}
		_ = cmd.Wait()
		close(p.ended)
	}()
	t.Cleanup(func() { p.end(t) })
	return p, stdin
}

func self(args ...string) *exec.Cmd {
	path, err := os.Executable()
	if err != nil {
		panic(err)
	}
	return exec.Command(path, args...)
}

// startWorker starts a worker.
func startWorker(t testing.TB, url string, lease time.Duration, env ...string) *child {
	t.Helper()
	p, _ := start(t, self(), append(env, childWorker+"="+url, workerLease+"="+lease.String(), workerCache+"="+t.TempDir())...)
	return p
}

// line waits for a line that begins in a way.
func (p *child) line(t testing.TB, begins string) string {
	t.Helper()
	deadline := time.After(limit)
	for {
		select {
		case line := <-p.lines:
			if strings.HasPrefix(line, begins) {
				return line
			}
		case <-p.ended:
			t.Fatalf("it ended before it said %q", begins)
		case <-deadline:
			t.Fatalf("it did not say %q in %v", begins, limit)
		}
	}
}

// kill ends it at once, and waits until it has.
func (p *child) kill(t testing.TB) {
	t.Helper()
	if err := p.cmd.Process.Kill(); err != nil {
		t.Error(err)
	}
	<-p.ended
}

// end has it end by itself.
func (p *child) end(t testing.TB) {
	p.stdin.Close()
	select {
	case <-p.ended:
	case <-time.After(limit):
		t.Errorf("%v did not end in %v", p.cmd.Env[len(p.cmd.Env)-1], limit)
		p.kill(t)
	}
}

// A serverProcess is a NATS server in a process of its own, that can be killed and started again.
type serverProcess struct {
	*child
	options server.Options
	url     string
}

func startServer(t testing.TB) *serverProcess {
	t.Helper()
	// An address of its own, so that nobody has its port when it starts again.
	address := fmt.Sprintf("127.%d.%d.%d:0", 1+rand.IntN(250), rand.IntN(250), 1+rand.IntN(250))
	s := &serverProcess{options: server.Options{Listen: address, Store: t.TempDir()}}
	s.again(t)
	u, err := url.Parse(s.url)
	if err != nil {
		t.Fatal(err)
	}
	s.options.Listen = u.Host
	return s
}

// again starts it, with the store that it had.
func (s *serverProcess) again(t testing.TB) {
	t.Helper()
	p, stdin := start(t, self(), childServer+"=1")
	if err := json.NewEncoder(stdin).Encode(s.options); err != nil {
		t.Fatal(err)
	}
	var reply struct{ URL, Error string }
	if err := json.Unmarshal([]byte(p.line(t, "{")), &reply); err != nil || reply.Error != "" {
		t.Fatal(err, reply.Error)
	}
	s.child, s.url = p, reply.URL
}
