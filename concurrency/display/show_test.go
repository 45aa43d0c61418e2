package display_test

import (
	"context"
	"fmt"
	"image"
	"io"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gobraid/gobraid/concurrency/display"
	"github.com/gobraid/gobraid/concurrency/task"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// page is an Output of a run that writes down what comes, a line each.
type page struct {
	mu    sync.Mutex
	lines []string
	ids   []string
}

func (p *page) add(id, format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lines = append(p.lines, fmt.Sprintf(format, args...))
	p.ids = append(p.ids, id)
}

func (p *page) Write(stream string, b []byte) { p.add("", "%s %q", stream, b) }

func (*page) Input(context.Context, string, bool) (string, error) { return "", io.EOF }

func (p *page) Display(mime, metadata map[string]any, id string, update bool) {
	verb := "show"
	if update {
		verb = "update"
	}
	p.add(id, "%s %v %v", verb, mime, metadata)
}

func (p *page) Clear(wait bool) { p.add("", "clear %v", wait) }

// A renderer is a page with its own way to show values.
type renderer struct{ page }

func (*renderer) Render(v any) (mime, metadata map[string]any) {
	return map[string]any{"text/plain": fmt.Sprintf("<%v>", v)}, map[string]any{"kind": "test"}
}

// in runs f as a cell that gives out to out.
func in(t *testing.T, out task.Output, f func()) {
	t.Helper()
	r := task.NewRun(1, out)
	if end := r.Do(f); end.Panic != nil || end.Killed {
		t.Errorf("end = %+v", end)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := r.Close(ctx); err != nil {
		t.Error(err)
	}
}

func equal(t *testing.T, got, want []string) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestShow(t *testing.T) {
	p := &page{}
	in(t, p, func() {
		task.Print("before")
		display.Show(display.HTML("<b>x</b>"), 7)
		task.Print("after")
	})
	equal(t, p.lines, []string{
		`stdout "before"`,
		`show map[text/html:<b>x</b> text/plain:<b>x</b>] map[]`,
		`show map[text/plain:7] map[]`,
		`stdout "after"`,
	})
	if p.ids[1] == p.ids[2] || p.ids[1] == "" {
		t.Errorf("ids %q", p.ids)
	}
}

// TestShowAfterFile shows after what was written through the stream's file, which goes by a pipe.
func TestShowAfterFile(t *testing.T) {
	p := &page{}
	in(t, p, func() {
		for i := range 50 {
			fmt.Fprintf(task.Stdout(), "%d", i)
			fmt.Fprintf(task.Stderr(), "%d", i)
			display.Show(i)
		}
	})
	if len(p.lines) != 150 {
		t.Fatalf("%d lines, want 150", len(p.lines))
	}
	for i := range 50 {
		slices.Sort(p.lines[3*i : 3*i+2]) // the two streams have no order between them
		equal(t, p.lines[3*i:3*i+3], []string{
			fmt.Sprintf(`stderr "%d"`, i), fmt.Sprintf(`stdout "%d"`, i), fmt.Sprintf(`show map[text/plain:%d] map[]`, i),
		})
	}
}

func TestUpdate(t *testing.T) {
	p := &page{}
	in(t, p, func() {
		h := display.Show(1, 2)
		h.Update(10)
		h.Update(20, 21, 22)
		h.Update()
	})
	equal(t, p.lines, []string{
		`show map[text/plain:1] map[]`, `show map[text/plain:2] map[]`,
		`update map[text/plain:10] map[]`,
		`update map[text/plain:20] map[]`, `update map[text/plain:21] map[]`, `show map[text/plain:22] map[]`,
	})
	if p.ids[2] != p.ids[0] || p.ids[3] != p.ids[0] || p.ids[4] != p.ids[1] || p.ids[5] == p.ids[1] {
		t.Errorf("ids %q", p.ids)
	}
}

func TestClear(t *testing.T) {
	p := &page{}
	in(t, p, func() {
		display.Clear(false)
		task.Print("x")
		display.Clear(true)
	})
	equal(t, p.lines, []string{`clear false`, `stdout "x"`, `clear true`})
}

// TestRender lets the output decide what a value looks like.
func TestRender(t *testing.T) {
	p := &renderer{}
	in(t, p, func() { display.Show(7) })
	equal(t, p.lines, []string{`show map[text/plain:<7>] map[kind:test]`})
}

// TestTasks has tasks of two cells show things at once.
func TestTasks(t *testing.T) {
	const each = 200
	pages := []*page{{}, {}}
	var cells sync.WaitGroup
	for n, p := range pages {
		cells.Go(func() {
			in(t, p, func() {
				var wg sync.WaitGroup
				for range 5 {
					task.WaitGroupGo(&wg, 0, func() {
						h := display.Show(n)
						for range each {
							h.Update(n)
						}
					})
				}
				task.WaitGroupWait(&wg, 0)
			})
		})
	}
	cells.Wait()
	for n, p := range pages {
		if len(p.lines) != 5*(each+1) {
			t.Errorf("cell %d has %d lines", n, len(p.lines))
		}
		for _, line := range p.lines {
			if !strings.Contains(line, fmt.Sprintf("text/plain:%d]", n)) {
				t.Errorf("cell %d has %s", n, line)
			}
		}
	}
}

// plain is an Output that takes text only.
type plain struct{ page *page }

func (o plain) Write(stream string, b []byte) { o.page.Write(stream, b) }

func (plain) Input(context.Context, string, bool) (string, error) { return "", io.EOF }

func TestTextOnly(t *testing.T) {
	p := &page{}
	in(t, plain{p}, func() {
		h := display.Show(display.Markdown("*x*"), image.Point{X: 1, Y: 2})
		h.Update(display.SVG("<svg/>"))
		display.Clear(false)
	})
	equal(t, p.lines, []string{`stdout "*x*\n"`, `stdout "(1,2)\n"`, `stdout "(SVG, 6 bytes)\n"`})
}

func TestKilled(t *testing.T) {
	p := &page{}
	r := task.NewRun(1, p)
	reached := false
	end := r.Do(func() {
		r.Kill(nil)
		display.Show(1)
		reached = true
	})
	if !end.Killed || reached || len(p.lines) > 0 {
		t.Errorf("end = %+v, reached = %v, lines = %v", end, reached, p.lines)
	}
	if err := r.Close(context.Background()); err != nil {
		t.Error(err)
	}
}
