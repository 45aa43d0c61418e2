package workers_test

import (
	"go/token"
	"strings"
	"testing"

	"github.com/gobraid/gobraid/interp/check"
	"github.com/gobraid/gobraid/interp/check/stdtypes"
	"github.com/gobraid/gobraid/interp/workers"
)

const head = `import (
	"context"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/process"
)
ctx, pool := context.Background(), process.NewPool()
func square(_ context.Context, n int) (int, error) { return n * n, nil }
factor := 3
type point struct{ X, Y int }
type hidden struct{ n int }
`

func cell(t *testing.T, text string) *check.Cell {
	t.Helper()
	c, errs := check.New(stdtypes.NewImporter(token.NewFileSet()), stdtypes.Exporting).Check(1, "cell-1", head+text)
	if len(errs) > 0 {
		t.Fatalf("%s: %v", text, errs)
	}
	return c
}

// What a cell hands to worker processes is refused with its reason, or not at all.
func TestCheck(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"concurrency.SubmitWith(ctx, pool, square, 1)", ""},
		{"concurrency.Submit(ctx, pool, func(context.Context) (int, error) { return 1, nil })", ""},
		{"concurrency.Submit(ctx, concurrency.NewThreadPool(), func(context.Context) (int, error) { return factor, nil })", ""},
		{"concurrency.Submit(ctx, pool, func(context.Context) (int, error) { return factor, nil })", "mentions the variable factor"},
		{"func scaled(_ context.Context, n int) (int, error) { return factor * n, nil }\nconcurrency.SubmitWith(ctx, pool, scaled, 1)", "scaled mentions the variable factor"},
		{"func inner() int { return factor }\nfunc scaled(_ context.Context, n int) (int, error) { return inner(), nil }\nconcurrency.SubmitWith(ctx, pool, scaled, 1)", "inner, which scaled needs, mentions the variable factor"},
		{"process.New(func(context.Context, chan int) error { return nil }, nil)", "is a channel"},
		{"process.New(func(context.Context, []hidden) error { return nil }, nil)", "hidden.n is not exported"},
		{"process.New(func(context.Context, *process.Queue[point]) error { return nil }, nil)", ""},
	} {
		errs := workers.NewBook().Check(cell(t, c.text))
		switch {
		case c.want == "" && len(errs) > 0:
			t.Errorf("%s: %v", c.text, errs)
		case c.want != "" && (len(errs) != 1 || !strings.Contains(errs[0].Msg, c.want)):
			t.Errorf("%s: %v, want %q", c.text, errs, c.want)
		}
	}
}
