package cluster_test

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"go.uber.org/goleak"

	"github.com/gobraid/gobraid/concurrency/cluster"
	"github.com/gobraid/gobraid/concurrency/process"
)

func TestMain(m *testing.M) {
	os.Setenv("GORACE", "atexit_sleep_ms=0") // for the workers: else each takes a second to end
	process.Main()
	beAnother()
	goleak.VerifyTestMain(m)
}

var background = context.Background()

// limit is how long a test waits for what has to come.
const limit = 60 * time.Second

// within returns a context that ends a test that hangs.
func within(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(background, limit)
	t.Cleanup(cancel)
	return ctx
}

// A natsServer is a server on loopback that a test may start again.
type natsServer struct {
	*server.Server
	options *server.Options
}

func newServer(t testing.TB, change ...func(*server.Options)) *natsServer {
	t.Helper()
	s := &natsServer{options: &server.Options{
		Host: "127.0.0.1", Port: -1, NoLog: true, NoSigs: true, JetStream: true, StoreDir: t.TempDir(), JetStreamMaxStore: 1 << 30, JetStreamMaxMemory: 1 << 28,
	}}
	for _, f := range change {
		f(s.options)
	}
	s.begin(t)
	t.Cleanup(s.end)
	return s
}

func (s *natsServer) begin(t testing.TB) {
	t.Helper()
	var err error
	if s.Server, err = server.NewServer(s.options); err != nil {
		t.Fatal(err)
	}
	s.Start()
	if !s.ReadyForConnections(limit) {
		t.Fatal("the server is not ready")
	}
}

func (s *natsServer) end() {
	s.Shutdown()
	s.WaitForShutdown()
}

// lease is long enough for a machine that is busy with other tests.
const lease = 10 * time.Second

func newPool(t testing.TB, s *natsServer) *cluster.Pool {
	t.Helper()
	return poolAt(t, s.ClientURL(), lease)
}

// poolAt connects a pool, which is killed when the test ends.
func poolAt(t testing.TB, url string, lease time.Duration) *cluster.Pool {
	t.Helper()
	p, err := cluster.At(url).WithLease(lease).Connect(within(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(background, limit)
		defer cancel()
		if err := p.Kill(ctx); err != nil {
			t.Errorf("Kill: %v", err)
		}
	})
	return p
}

// serve runs a worker in this process until the test ends, or the function that it returns is called.
func serve(t testing.TB, w cluster.Worker) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(background)
	done := make(chan error, 1)
	if w.Cache == "" {
		w.Cache = t.TempDir()
	}
	go func() { done <- w.Serve(ctx) }()
	stopped := false
	stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Serve: %v", err)
		}
	}
	t.Cleanup(stop)
	return stop
}

// Functions that workers run.

func square(_ context.Context, n int) (int, error) { return n * n, nil }

func pid(context.Context) (int, error) { return os.Getpid(), nil }
