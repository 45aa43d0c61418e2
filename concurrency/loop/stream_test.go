package loop_test

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/internal/tasktest"
	"github.com/gobraid/gobraid/concurrency/loop"
)

// served runs f on a loop that serves at an address.
func served(t *testing.T, handle func(ctx context.Context, s *loop.Stream) error, f func(ctx context.Context, address string) error) {
	t.Helper()
	run(t, func(ctx context.Context) (int, error) {
		l, err := loop.Listen(ctx, "tcp", "127.0.0.1:0")
		if err != nil {
			return 0, err
		}
		server := loop.CreateTask(ctx, func(ctx context.Context) (int, error) { return 0, l.Serve(ctx, handle) })
		err = f(ctx, l.Addr())
		server.Cancel()
		if _, err := loop.Await(ctx, server); !errors.Is(err, concurrency.ErrCanceled) {
			t.Errorf("server: %v", err)
		}
		return 0, err
	})
}

func TestEcho(t *testing.T) {
	echo := func(ctx context.Context, s *loop.Stream) error {
		for line, err := range s.Lines(ctx) {
			if err != nil {
				return err
			}
			if err := s.WriteString(ctx, line+"!\n"); err != nil {
				return err
			}
		}
		return nil
	}
	served(t, echo, func(ctx context.Context, address string) error {
		client := func(ctx context.Context) (string, error) {
			s, err := loop.Dial(ctx, "tcp", address)
			if err != nil {
				return "", err
			}
			defer s.Close()
			if err := s.WriteString(ctx, "one\ntwo"); err != nil {
				return "", err
			}
			s.CloseWrite()
			all, err := s.ReadAll(ctx)
			return string(all), err
		}
		got, err := loop.Gather(ctx, client, client, client)
		for _, g := range got {
			if g != "one!\ntwo!\n" {
				t.Errorf("got %q", g)
			}
		}
		return err
	})
}

// A read that is cancelled loses nothing, and the stream is good afterwards.
func TestCanceledRead(t *testing.T) {
	served(t, func(ctx context.Context, s *loop.Stream) error {
		s.ReadLine(ctx)
		return s.WriteString(ctx, "hello\n")
	}, func(ctx context.Context, address string) error {
		s, err := loop.Dial(ctx, "tcp", address)
		if err != nil {
			return err
		}
		_, err = loop.Timeout(ctx, 5*ms, s.ReadLine)
		if err != loop.ErrTimeout {
			t.Errorf("err = %v", err)
		}
		s.WriteString(ctx, "\n")
		if line, err := s.ReadLine(ctx); line != "hello" || err != nil {
			t.Errorf("%q, %v", line, err)
		}
		if _, err := s.ReadExactly(ctx, 3); err != io.EOF {
			t.Errorf("err = %v", err)
		}
		return nil
	})
}

func TestProcess(t *testing.T) {
	run(t, func(ctx context.Context) (int, error) {
		p, err := loop.Exec(ctx, exec.Command("sh", "-c", "cat; echo oops >&2; exit 3"))
		if err != nil {
			return 0, err
		}
		out, errs, err := p.Communicate(ctx, []byte("in"))
		if e := (*exec.ExitError)(nil); string(out) != "in" || string(errs) != "oops\n" || !errors.As(err, &e) || p.ExitCode() != 3 {
			t.Errorf("%q, %q, %v, %d", out, errs, err, p.ExitCode())
		}
		// One that is left is killed at the end.
		_, err = loop.Exec(ctx, exec.Command("sleep", "1000"))
		return 0, err
	})
}

func TestSignal(t *testing.T) {
	run(t, func(ctx context.Context) (int, error) {
		var got loop.Event
		remove := loop.Of(ctx).OnSignal(func(os.Signal) { got.Set() }, syscall.SIGUSR1)
		defer remove()
		syscall.Kill(os.Getpid(), syscall.SIGUSR1)
		_, err := loop.Timeout(ctx, patience, func(ctx context.Context) (int, error) { return 0, got.Wait(ctx) })
		return 0, err
	})
}

func TestStreamsOfAnInterruptedLoop(t *testing.T) {
	r, _ := newRun(t, 1)
	end := tasktest.Do(t, r, func() {
		loop.Run(background, func(ctx context.Context) (int, error) {
			l, err := loop.Listen(ctx, "tcp", "127.0.0.1:0")
			if err != nil {
				t.Error(err)
			}
			loop.Of(ctx).CallLater(20*time.Millisecond, func() { go r.Kill(nil) })
			_, err = l.Accept(ctx)
			return 0, err
		})
	})
	if !end.Killed {
		t.Errorf("end = %+v", end)
	}
}
