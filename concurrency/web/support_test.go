package web_test

import (
	"context"
	"errors"
	"testing"

	"go.uber.org/goleak"

	"github.com/gobraid/gobraid/concurrency/internal/tasktest"
	"github.com/gobraid/gobraid/concurrency/loop"
	"github.com/gobraid/gobraid/concurrency/web"
	"github.com/gobraid/gobraid/concurrency/webtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var background = context.Background()

// everywhere runs f where requests are awaited and where they block, in an ordinary program and in a cell.
func everywhere(t *testing.T, f func(t *testing.T, ctx context.Context)) {
	t.Helper()
	blocking := func(t *testing.T) { f(t, background) }
	awaited := func(t *testing.T) {
		l := loop.New().WithSlow(0).WithReports(func(r loop.Report) { t.Errorf("reported: %v", r) })
		_, err := loop.RunOn(background, l, func(ctx context.Context) (int, error) {
			f(t, ctx)
			return 0, nil
		})
		if err != nil {
			t.Errorf("run: %v", err)
		}
	}
	inCell := func(f func(t *testing.T)) func(t *testing.T) {
		return func(t *testing.T) {
			r, _ := tasktest.NewRun(t, 1)
			if end := r.Do(func() { f(t) }); end.Killed || end.Panic != nil {
				t.Errorf("end = %+v", end)
			}
		}
	}
	t.Run("blocking", blocking)
	t.Run("awaited", awaited)
	t.Run("blocking in a cell", inCell(blocking))
	t.Run("awaited in a cell", inCell(awaited))
}

// serve starts a server that is closed with the test.
func serve(t testing.TB, s *webtest.Server) *webtest.Server {
	t.Helper()
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("closing the server: %v", err)
		}
	})
	return s
}

// closed has the client closed with the test.
func closed(t testing.TB, c *web.Client) *web.Client {
	t.Helper()
	t.Cleanup(func() { c.Close() })
	return c
}

// is fails the test unless err is want.
func is(t testing.TB, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("error = %v, want %v", err, want)
	}
}

// ok fails the test if there is an error.
func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Errorf("error: %v", err)
	}
}
