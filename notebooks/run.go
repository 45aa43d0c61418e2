package notebooks

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/gobraid/gobraid/interp"
)

// Options say how [Run] runs a notebook. The zero value runs it and shows nothing.
type Options struct {
	// Out is the file that the executed notebook is written to, also when a cell failed.
	// It may be the notebook itself. Empty writes nothing.
	Out string
	// AllowErrors goes on after a cell that failed.
	AllowErrors bool
	// NoMetadata keeps what differs from run to run out of the cells' metadata: when a cell ran, and what it cost. It is for
	// notebooks that are kept under version control.
	NoMetadata bool
	// Timeout is how long one cell may take before it is interrupted; 0 means as long as it likes.
	Timeout time.Duration
	// Stdout and Stderr show the run as it goes. What cells write to their standard error, and errors, go to Stderr.
	Stdout, Stderr io.Writer
	// Terminal says that both are a terminal: colours are let through and a progress line is kept.
	Terminal bool
	// Version, Engine and GOMAXPROCS are what the run record says of gobraid, of the engine that the runner was asked for, and of its
	// process; 0 stands for the GOMAXPROCS of this one.
	Version, Engine string
	GOMAXPROCS      int
	// Preload are the import paths of packages that cells need not import.
	Preload []string
	// Input answers a cell that reads its standard input. Without it such a cell fails.
	Input func(ctx context.Context, prompt string, password bool) (string, error)
}

// A Summary tells what a run did.
type Summary struct {
	Cells    int           // code cells in the notebook that are to be run
	Run      int           // how many of them were
	Failures []*CellError  // cells that failed and may not; more than one only with AllowErrors
	Duration time.Duration // from the first cell to the end of the last
	Record   *RunRecord    // what the run was; nil if it did not begin
}

// A CellError is the failure of one cell.
type CellError struct {
	Cell     int           // the cell's execution count
	Err      *interp.Error // what the cell failed with
	TimedOut bool          // the cell was interrupted because it ran longer than Options.Timeout

	allowed bool // the cell is tagged so that it may fail
}

// Error names the cell and what it failed with.
func (e *CellError) Error() string { return fmt.Sprintf("cell %d: %s", e.Cell, e.Err.Value) }

// Unwrap returns the cell's own error, an *[interp.Error].
func (e *CellError) Unwrap() error { return e.Err }

// Run executes the notebook at path on the runner and blocks until its last cell, or the first that
// fails, has ended; goroutines that cells left behind may go on. The error of a cell that failed is a
// *[CellError]; with AllowErrors such cells are only listed in the summary. Ending ctx interrupts the
// cell that runs and ends the run with ctx's error. The runner is not closed.
func Run(ctx context.Context, path string, runner interp.Runner, opts Options) (Summary, error) {
	nb, err := Read(path)
	if err != nil {
		return Summary{}, err
	}
	return Execute(ctx, nb, path, runner, opts)
}

// Execute is [Run] for a notebook that has been read from path, and perhaps changed since, by [Notebook.Set] say. The outputs are then in nb,
// whether it is written or not.
func Execute(ctx context.Context, nb *Notebook, path string, runner interp.Runner, opts Options) (Summary, error) {
	r := &run{runner: runner, opts: opts, screen: newScreen(opts), displays: map[string][]*Output{}, written: map[*Output]*stream{}}
	return r.all(ctx, nb, path)
}

func (r *run) all(ctx context.Context, nb *Notebook, path string) (Summary, error) {
	if err := nb.checkEngines(); err != nil {
		return Summary{}, err
	}
	opts := r.opts
	r.record = newRecord(nb, path, opts)
	nb.dropRecord()
	sum, err := r.cells(ctx, nb)
	r.close() // from here on, late output has no place to go
	sum.Record = r.conclude(ctx, sum, err)
	if !opts.NoMetadata {
		nb.putRecord(r.record)
	}
	if opts.Out == "" {
		return sum, err
	}
	nb.declareGo()
	if werr := r.write(nb); werr != nil {
		err = errors.Join(err, werr)
	}
	return sum, err
}

// conclude completes the record of the run.
func (r *run) conclude(ctx context.Context, sum Summary, err error) *RunRecord {
	r.record.Seconds = sum.Duration.Seconds()
	switch {
	case ctx.Err() != nil:
		r.record.Exit = 130
	case err != nil:
		r.record.Exit = 1
	}
	return r.record
}

// write writes the notebook and its record.
func (r *run) write(nb *Notebook) error {
	if err := nb.Write(r.opts.Out); err != nil || r.opts.NoMetadata {
		return err
	}
	if info, err := os.Stat(r.opts.Out); err != nil || !info.Mode().IsRegular() {
		return nil // nothing can be beside a pipe
	}
	if err := replace(RecordPath(r.opts.Out), r.record.JSON()); err != nil {
		return fmt.Errorf("notebooks: %w", err)
	}
	return nil
}

// cells runs the code cells of the notebook in order.
func (r *run) cells(ctx context.Context, nb *Notebook) (sum Summary, err error) {
	todo := prepare(nb)
	sum.Cells = len(todo)
	defer r.watch()()
	start := time.Now()
	defer func() {
		sum.Duration = time.Since(start)
		r.summary(sum)
	}()
	for i, c := range todo {
		if ctx.Err() != nil {
			return sum, context.Cause(ctx)
		}
		sum.Run++
		failed := r.cell(ctx, c, i+1, len(todo))
		if ctx.Err() != nil {
			return sum, context.Cause(ctx)
		}
		if failed == nil || failed.allowed {
			continue
		}
		sum.Failures = append(sum.Failures, failed)
		if !r.opts.AllowErrors {
			return sum, failed
		}
	}
	return sum, nil
}

// prepare clears what earlier runs left in the cells that are to be run, and returns those that are
// not blank. Jupyter does not run blank cells either.
func prepare(nb *Notebook) []*Cell {
	var todo []*Cell
	for _, c := range nb.Cells {
		if c.Type != Code || c.Tagged(TagSkip) {
			continue
		}
		c.Outputs, c.Count = nil, 0
		delete(c.Metadata, "execution")
		forget(c)
		if strings.TrimSpace(c.Source) != "" {
			todo = append(todo, c)
		}
	}
	return todo
}

// What a run has cost stands in a cell's metadata under gobraid.run: the rest of gobraid is the author's, such as the section a
// cell belongs to.

// remember notes what a run has cost.
func remember(c *Cell, cost any) {
	own, ok := c.Metadata["gobraid"].(map[string]any)
	if !ok {
		own = map[string]any{}
		c.Metadata["gobraid"] = own
	}
	own["run"] = asPython(cost)
}

// asPython returns a value of metadata with its numbers written as Python writes them, so that Jupyter leaves the file as it is.
func asPython(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for name, x := range v {
			out[name] = asPython(x)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = asPython(x)
		}
		return out
	case float64:
		if a := math.Abs(v); a != 0 && (a < 1e-4 || a >= 1e16) {
			return json.Number(strconv.FormatFloat(v, 'e', -1, 64))
		}
	}
	return v
}

// forget removes what an earlier run has cost.
func forget(c *Cell) {
	own, ok := c.Metadata["gobraid"].(map[string]any)
	if !ok {
		return
	}
	if delete(own, "run"); len(own) == 0 {
		delete(c.Metadata, "gobraid")
	}
}

// cell runs one cell and records what came of it.
func (r *run) cell(ctx context.Context, c *Cell, number, of int) (failed *CellError) {
	out := &sink{run: r, cell: c, number: number}
	r.begin(out, of)
	start := time.Now()
	outcome, timedOut := r.execute(ctx, out)
	took := time.Since(start)
	defer func() { r.record.note(c, number, outcome, failed, took) }()

	if !r.opts.NoMetadata {
		c.Metadata["execution"] = timing(start, start.Add(took))
		if own, ok := outcome.Metadata["gobraid"]; ok {
			remember(c, own)
		}
	}
	if e := outcome.Error; e != nil {
		if timedOut {
			e = overtime(e, r.opts.Timeout)
		}
		failed = &CellError{Cell: number, Err: e, TimedOut: timedOut, allowed: c.Tagged(TagRaises) && !timedOut}
	}
	r.end(out, outcome, failed, took)
	return failed
}

// execute runs a cell under its time limit. What does not end when it is first interrupted is
// interrupted again every so often: a supervisor ends the session at the second.
func (r *run) execute(ctx context.Context, out *sink) (outcome interp.Outcome, timedOut bool) {
	done, guarded := make(chan struct{}), make(chan bool)
	go func() { guarded <- r.guard(done) }()
	engine, _ := out.cell.engine()
	outcome = r.runner.Run(ctx, interp.Request{
		Wait:       true,
		Engine:     engine,
		Tasks:      r.tasks,
		Number:     out.number,
		Source:     out.cell.Source,
		AllowStdin: r.opts.Input != nil,
	}, out)
	close(done)
	return outcome, <-guarded
}

// again is how long an interrupted cell has before it is interrupted again.
const again = 5 * time.Second

// guard interrupts the runner when the time limit passes before done, and reports whether it did.
func (r *run) guard(done <-chan struct{}) (timedOut bool) {
	if r.opts.Timeout <= 0 {
		<-done
		return false
	}
	t := time.NewTimer(r.opts.Timeout)
	defer t.Stop()
	for {
		select {
		case <-done:
			return timedOut
		case <-t.C:
			timedOut = true
			r.runner.Interrupt()
			t.Reset(again)
		}
	}
}

// overtime is the error of a cell that was interrupted by its time limit.
func overtime(e *interp.Error, limit time.Duration) *interp.Error {
	said := fmt.Sprintf("%s: the cell ran longer than its limit of %v", e.Value, limit)
	return &interp.Error{Name: e.Name, Value: said, Traceback: append(append([]string{}, e.Traceback...), said)}
}

// timing is what JupyterLab records of an execution in a cell's metadata.
func timing(start, end time.Time) map[string]any {
	const iso = "2006-01-02T15:04:05.000000Z"
	s, e := start.UTC().Format(iso), end.UTC().Format(iso)
	return map[string]any{
		"iopub.status.busy":           s,
		"iopub.execute_input":         s,
		"iopub.status.idle":           e,
		"shell.execute_reply.started": s,
		"shell.execute_reply":         e,
	}
}

// declareGo says in the notebook's metadata that it is Go, unless it says what it is.
func (nb *Notebook) declareGo() {
	if _, ok := nb.Metadata["kernelspec"]; !ok {
		nb.Metadata["kernelspec"] = map[string]any{"name": "gobraid", "display_name": "Go (gobraid)", "language": "go"}
	}
	if _, ok := nb.Metadata["language_info"]; !ok {
		nb.Metadata["language_info"] = map[string]any{"name": "go", "file_extension": ".go", "mimetype": "text/x-go"}
	}
}
