package cluster_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/nats-io/nats-server/v2/server"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/cluster"
	"github.com/gobraid/gobraid/concurrency/process"
)

func TestIdempotent(t *testing.T) {
	s := newServer(t)
	serve(t, cluster.Worker{Server: cluster.At(s.ClientURL()).WithLease(lease), Concurrency: 2})
	p := newPool(t, s)
	q := p.Idempotent(3)
	if got, err := concurrency.SubmitWith(within(t), q, square, 12).Result(within(t)); err != nil || got != 144 {
		t.Fatalf("got %d, %v", got, err)
	}
	items := make([]int, 2000)
	for i := range items {
		items[i] = i
	}
	squares, err := concurrency.Map(within(t), q, items, square, concurrency.ChunkSize(1))
	if err != nil {
		t.Fatal(err)
	}
	for i, n := range squares {
		if n != i*i {
			t.Fatalf("the square of %d: %d", i, n)
		}
	}
	if st := p.Stats(); st.Done != 2001 || st.Redelivered != 0 || st.Duplicated != 0 || st.Waiting+st.Running != 0 {
		t.Errorf("stats: %+v", st)
	}
}

// dies ends its process the first times it is called, and says how often that was.
func dies(_ context.Context, d dying) (int, error) {
	for i := 1; ; i++ {
		f, err := os.OpenFile(filepath.Join(d.Dir, fmt.Sprint(i)), os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			continue
		}
		f.Close()
		if i <= d.Times {
			os.Exit(7)
		}
		return i, nil
	}
}

type dying struct {
	Dir   string
	Times int
}

func TestIdempotentDeaths(t *testing.T) {
	s := newServer(t)
	serve(t, cluster.Worker{Server: cluster.At(s.ClientURL()).WithLease(lease), Concurrency: 2})
	p := newPool(t, s)
	if n, err := concurrency.SubmitWith(within(t), p.Idempotent(3), dies, dying{t.TempDir(), 2}).Result(within(t)); n != 3 || err != nil {
		t.Errorf("two deaths of three attempts: %d, %v", n, err)
	}
	if st := p.Stats(); st.Redelivered != 2 || st.Died != 0 {
		t.Errorf("stats: %+v", st)
	}
	_, err := concurrency.SubmitWith(within(t), p.Idempotent(2), dies, dying{t.TempDir(), 9}).Result(within(t))
	if d := (*process.DeathError)(nil); !errors.As(err, &d) || d.Status != 7 || d.Host == "" {
		t.Errorf("the error of the last attempt: %v", err)
	}
	letters, err := p.DeadLetters(within(t))
	if err != nil || len(letters) != 1 || letters[0].Attempts != 2 || letters[0].Time.IsZero() || letters[0].Reason == "" {
		t.Errorf("dead letters: %+v, %v", letters, err)
	}
	if st := p.Stats(); st.Dead != 1 || st.Died != 1 {
		t.Errorf("stats: %+v", st)
	}
	// A plain one is not run again.
	_, err = concurrency.SubmitWith(within(t), p, dies, dying{t.TempDir(), 1}).Result(within(t))
	if d := (*process.DeathError)(nil); !errors.As(err, &d) {
		t.Errorf("a plain function: %v", err)
	}
}

func TestIdempotentLarge(t *testing.T) {
	s := newServer(t, func(o *server.Options) { o.MaxPayload = 64 << 10 })
	serve(t, cluster.Worker{Server: cluster.At(s.ClientURL()).WithLease(lease), Concurrency: 2})
	p := newPool(t, s)
	b := bytes.Repeat([]byte("0123456789"), 100_000)
	if got, err := concurrency.SubmitWith(within(t), p.Idempotent(3), sum, b).Result(within(t)); err != nil || got != sha256.Sum256(b) {
		t.Errorf("a million bytes there: %v", err)
	}
	if got, err := concurrency.SubmitWith(within(t), p.Idempotent(3), double, b).Result(within(t)); err != nil || !bytes.Equal(got, append(b, b...)) {
		t.Errorf("a million bytes there and two back: %d bytes, %v", len(got), err)
	}
}

func TestNoJetStream(t *testing.T) {
	s := newServer(t, func(o *server.Options) { o.JetStream = false })
	serve(t, cluster.Worker{Server: cluster.At(s.ClientURL()).WithLease(lease), Concurrency: 1})
	p := newPool(t, s)
	if _, err := concurrency.SubmitWith(within(t), p.Idempotent(3), square, 2).Result(within(t)); err == nil {
		t.Error("no error")
	} else {
		t.Log(err)
	}
	if got, err := concurrency.SubmitWith(within(t), p, square, 2).Result(within(t)); err != nil || got != 4 {
		t.Errorf("a plain function: %d, %v", got, err)
	}
}
