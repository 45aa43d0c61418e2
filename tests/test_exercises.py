"""The exercises of the walk-throughs: the check finds what is wrong as shipped, and takes a right answer."""

import subprocess

import nbformat
import pytest

# What a cell of an exercise needs of the cells before it.
BEFORE = """import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"
)

ctx := context.Background()
workers := process.NewPool().WithWorkers(1)
"""

# A right answer for the cell of each exercise; the check is the code cell after it.
ANSWERS = {
    "s0-7-account": """type account struct {
	lock    sync.Mutex
	balance int
}

func (a *account) withdraw(amount int) bool {
	a.lock.Lock()
	defer a.lock.Unlock()
	if a.balance < amount {
		return false
	}
	runtime.Gosched()
	a.balance -= amount
	return true
}
""",
    "s0-9-save": """func saveAll(ctx context.Context, documents []string, save func(context.Context, string) error) error {
	g := concurrency.NewGroup(ctx)
	for _, d := range documents {
		g.Go(func(ctx context.Context) error { return save(ctx, d) })
	}
	return g.Wait()
}
""",
    "s0-11-upload": """func upload(ctx context.Context, send func() (string, error)) (string, error) {
	return loop.ToThread(ctx, func(context.Context) (string, error) { return send() })
}
""",
    "s1-2-thermometer": """type thermometer struct {
	lock          concurrency.Lock
	degrees, hour int
}

func (t *thermometer) update(degrees, hour int) {
	t.lock.Lock()
	defer t.lock.Unlock()
	t.degrees = degrees
	runtime.Gosched()
	t.hour = hour
}
func (t *thermometer) read() (degrees, hour int) {
	t.lock.Lock()
	defer t.lock.Unlock()
	return t.degrees, t.hour
}
""",
    "s1-4-book": """type flight struct {
	seats int
}

func (f *flight) book(ctx context.Context, pay func(context.Context) error) (bool, error) {
	if f.seats == 0 {
		return false, nil
	}
	f.seats--
	if err := pay(ctx); err != nil {
		f.seats++
		return false, err
	}
	return true, nil
}
""",
    "s1-8-prices": """func prices(ctx context.Context, shops []func(context.Context) (int, error)) ([]int, error) {
	return concurrency.Gather(ctx, shops...)
}
""",
    "s2-2-fetchall": """func fetchAll(ctx context.Context, names []string, ask func(string) string) []string {
	answers := make([]string, len(names))
	places := concurrency.NewSemaphore(3)
	var all sync.WaitGroup
	for i, name := range names {
		all.Go(func() {
			places.Acquire(ctx, 1)
			defer places.Release(1)
			answers[i] = ask(name)
		})
	}
	all.Wait()
	return answers
}
""",
    "s2-6-page": """type page struct {
	Text  string
	Words int
}

func count(ctx context.Context, p *page) (page, error) {
	p.Words = len(strings.Fields(p.Text))
	return *p, nil
}
""",
    "s2-11-solve": """func solve(ctx context.Context, good func(int) bool) (int, error) {
	for n := 1; ; n++ {
		if good(n) {
			return n, nil
		}
		if n%100 == 0 {
			if err := loop.Sleep(ctx, 0); err != nil {
				return 0, err
			}
		}
	}
}
""",
}

NOTEBOOKS = ["01-threads-vs-asyncio.ipynb", "02-async-and-threading.ipynb", "03-choosing.ipynb"]


def said(cell):
    return "".join(o.data["text/plain"] for o in cell.outputs if o.output_type == "execute_result")


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_exercises(gobraid, repo, tmp_path, name):
    code = [c for c in nbformat.read(repo / "notebooks" / name, as_version=nbformat.NO_CONVERT).cells if c.cell_type == "code"]
    pairs = [(c, code[i + 1]) for i, c in enumerate(code) if c.id in ANSWERS]
    assert len(pairs) == 3
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(BEFORE)])
    for exercise, check in pairs:
        for text in exercise.source, check.source, ANSWERS[exercise.id], check.source:
            nb.cells.append(nbformat.v4.new_code_cell(text))
    nbformat.write(nb, tmp_path / "in.ipynb")
    subprocess.run([gobraid, "run", tmp_path / "in.ipynb", "-o", tmp_path / "out.ipynb"], check=True, timeout=240)
    checks = nbformat.read(tmp_path / "out.ipynb", as_version=nbformat.NO_CONVERT).cells[2::2]
    for (exercise, _), shipped, answered in zip(pairs, checks[::2], checks[1::2]):
        assert said(shipped).startswith("✘"), exercise.id
        assert said(answered).startswith("✔"), f"{exercise.id}: {said(answered)}"
