package notebooks

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/gobraid/gobraid/concurrency/experiment"
	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/notebooks/internal/lazy"
)

// An Axis is a parameter and the values that it takes in turn.
type Axis struct {
	Name   string
	Values []string
}

// ParseAxis reads an axis such as workers=1,2,4. Commas in brackets and quotes do not separate values.
func ParseAxis(s string) (Axis, error) {
	name, list, ok := strings.Cut(s, "=")
	name = strings.TrimSpace(name)
	if !ok || name == "" {
		return Axis{}, fmt.Errorf("notebooks: %q is no axis: it is a parameter and its values, such as workers=1,2,4", s)
	}
	return Axis{name, commas(list)}, nil
}

// commas splits a list at the commas outside of brackets and quotes.
func commas(list string) []string {
	var out []string
	depth, start := 0, 0
	var quote byte
	for i := 0; i < len(list); i++ {
		switch c := list[i]; {
		case quote != 0:
			if c == '\\' && quote == '"' {
				i++
			} else if c == quote {
				quote = 0
			}
		case (c == '"' || c == '`') && strings.TrimSpace(list[start:i]) == "" || depth > 0 && (c == '"' || c == '`'):
			quote = c
		case strings.IndexByte("([{", c) >= 0:
			depth++
		case strings.IndexByte(")]}", c) >= 0:
			depth--
		case c == ',' && depth <= 0:
			out = append(out, strings.TrimSpace(list[start:i]))
			start = i + 1
		}
	}
	return append(out, strings.TrimSpace(list[start:]))
}

// Combinations returns all combinations of the values of axes, the last axis changing fastest.
func Combinations(axes []Axis) [][]Setting {
	all := [][]Setting{nil}
	for _, a := range axes {
		var next [][]Setting
		for _, c := range all {
			for _, v := range a.Values {
				next = append(next, append(c[:len(c):len(c)], Setting{a.Name, v}))
			}
		}
		all = next
	}
	return all
}

// A Plan says how [Matrix] runs a notebook.
type Plan struct {
	Axes  []Axis
	Fixed []Setting // the same in all runs
	Dir   string    // for the executed notebooks and the results; it is made
	Jobs  int       // how many runs at a time, each in a session of its own; at least one
	// Open starts a session for a run. The run closes it.
	Open func(ctx context.Context) (interp.Runner, error)
	// Options are those of each run. Their Out is not used, and what cells print is not shown: Stdout gets a line for each run.
	Options Options
}

// Matrix runs the notebook at path once for each combination of the axes, and blocks until all runs have ended or ctx has. Before the
// first begins, all values are checked; see [Notebook.Set]. Into Dir go the executed notebooks, and what they recorded: results.csv,
// results.json, and results.svg if there are numbers. A run that fails is noted in the table, which has no rows of it, and the others go on.
func Matrix(ctx context.Context, path string, plan Plan) (*experiment.Table, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("notebooks: %w", err)
	}
	m := &matrix{Plan: plan, path: path, table: &experiment.Table{Notebook: filepath.Base(path)}}
	for _, a := range plan.Axes {
		m.table.Parameters = append(m.table.Parameters, a.Name)
	}
	for _, c := range Combinations(plan.Axes) {
		nb, err := Parse(text)
		if err != nil {
			return nil, fmt.Errorf("notebooks: %s: %w", path, err)
		}
		if err := nb.Set(append(c[:len(c):len(c)], plan.Fixed...), plan.Options.Preload...); err != nil {
			return nil, err
		}
		m.add(nb, c)
	}
	if err := os.MkdirAll(plan.Dir, 0o755); err != nil {
		return nil, fmt.Errorf("notebooks: %w", err)
	}
	var group errgroup.Group
	group.SetLimit(max(plan.Jobs, 1))
	for i := range m.books {
		group.Go(func() error {
			m.run(ctx, i)
			return nil
		})
	}
	_ = group.Wait()
	if ctx.Err() != nil {
		return m.table, context.Cause(ctx)
	}
	for _, rows := range m.rows {
		m.table.Rows = append(m.table.Rows, rows...)
	}
	return m.table, m.write()
}

// A matrix is a plan that is carried out.
type matrix struct {
	Plan
	path  string
	books []*Notebook
	rows  [][]experiment.Row // by run

	mu    sync.Mutex // guards what is below, and Options.Stdout
	table *experiment.Table
	done  int
}

var odd = lazy.Regexp(`[^A-Za-z0-9._=+-]+`)

// add notes a run.
func (m *matrix) add(nb *Notebook, settings []Setting) {
	n := len(m.books) + 1
	name := fmt.Sprintf("%03d", n)
	values := map[string]string{}
	for _, s := range settings {
		values[s.Name] = s.Value
		name += "-" + odd.ReplaceAllString(s.Name+"="+s.Value, "_")
	}
	name = name[:min(len(name), 100)] + ".ipynb"
	m.books, m.rows = append(m.books, nb), append(m.rows, nil)
	m.table.Runs = append(m.table.Runs, experiment.Run{Run: n, File: name, Parameters: values})
}

// run carries out a run, and says how it ended.
func (m *matrix) run(ctx context.Context, i int) {
	if ctx.Err() != nil {
		return
	}
	r := m.table.Runs[i]
	opts := m.Options
	opts.Out, opts.Stdout, opts.Stderr, opts.Terminal = filepath.Join(m.Dir, r.File), nil, nil, false
	runner, err := m.Open(ctx)
	if err == nil {
		var sum Summary
		sum, err = Execute(ctx, m.books[i], m.path, runner, opts)
		r.Seconds = sum.Duration.Seconds()
		if err == nil && len(sum.Failures) > 0 {
			err = sum.Failures[0]
		}
		err = errors.Join(err, runner.Close())
	}
	said := "ok"
	if err != nil {
		r.Error = err.Error()
		said = "failed: " + r.Error
	} else {
		m.rows[i] = rowsOf(m.books[i], r)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.table.Runs[i] = r
	m.done++
	if out := m.Options.Stdout; out != nil {
		fmt.Fprintf(out, "[%d/%d] %s: %s, %.3g s, %d recorded\n", m.done, len(m.books), strings.TrimSuffix(r.File, ".ipynb"), said, r.Seconds, len(m.rows[i]))
	}
}

// rowsOf returns what the cells of a notebook recorded.
func rowsOf(nb *Notebook, r experiment.Run) []experiment.Row {
	var rows []experiment.Row
	for _, c := range nb.Cells {
		for _, o := range c.Outputs {
			row, ok := experiment.ParseRow(o.Data[experiment.MIME])
			if !ok {
				continue
			}
			row.Run, row.Parameters, row.Cell = r.Run, r.Parameters, c.ID
			rows = append(rows, row)
		}
	}
	return rows
}

// Recorded returns what the cells of the notebook have recorded with experiment.Record, in order.
func (nb *Notebook) Recorded() []experiment.Row { return rowsOf(nb, experiment.Run{Run: 1}) }

// write writes the results.
func (m *matrix) write() error {
	files := map[string][]byte{"results.csv": []byte(m.table.CSV()), "results.json": m.table.JSON()}
	if svg := m.table.SVG(); svg != "" {
		files["results.svg"] = []byte(svg)
	} else if err := os.Remove(filepath.Join(m.Dir, "results.svg")); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("notebooks: %w", err)
	}
	for name, b := range files {
		if err := replace(filepath.Join(m.Dir, name), b); err != nil {
			return fmt.Errorf("notebooks: %w", err)
		}
	}
	if m.Options.Stdout != nil {
		_, _ = io.WriteString(m.Options.Stdout, "\n"+m.table.String()+"\n")
	}
	return nil
}
