package notebooks

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gobraid/gobraid/interp"
)

// A Verdict is what came of running a notebook again.
type Verdict struct {
	Path     string
	Cells    []CellVerdict // of code cells, in order
	Notes    []string      // what else is to be known, such as a cell that was changed since its run
	Duration time.Duration
	Err      error // why the notebook could not be run, or not to its end
	Record   *RunRecord
}

// A CellVerdict is what came of a cell.
type CellVerdict struct {
	Number      int // among the code cells that are run, from 1
	ID          string
	Section     string
	Line        string // the first line
	Rule        string // how its outputs were compared
	Skipped     bool   // it is not run, or not compared
	Differences []Difference
	Duration    time.Duration
}

// A Difference is an output that is not as it is stored.
type Difference struct {
	What string // such as stdout, result, error
	Why  string // a sentence
	Diff string // lines that begin with "-" are stored, those with "+" are of this run, others are of both; may be ""
}

// Same reports whether the notebook was run and nothing differs.
func (v *Verdict) Same() bool {
	return v.Err == nil && v.Differing() == 0
}

// Differing returns how many cells differ.
func (v *Verdict) Differing() int {
	n := 0
	for _, c := range v.Cells {
		if len(c.Differences) > 0 {
			n++
		}
	}
	return n
}

// Verify runs the notebook at path again, all of it, and compares what cells give out with what is stored; the package's manual says how. The
// file is not changed. It blocks until the last cell has ended, or ctx has. opts are those of [Run], of which Out and AllowErrors are not used.
func Verify(ctx context.Context, path string, runner interp.Runner, opts Options) *Verdict {
	v := &Verdict{Path: path}
	text, err := os.ReadFile(path)
	if err != nil {
		v.Err = fmt.Errorf("notebooks: %w", err)
		return v
	}
	stored, err := Parse(text)
	if err != nil {
		v.Err = fmt.Errorf("notebooks: %s: %w", path, err)
		return v
	}
	for _, c := range stored.Cells {
		if _, err := ruleOf(c); err != nil {
			v.Err = err
			return v
		}
	}
	nb, err := Parse(text)
	if err != nil {
		v.Err = err
		return v
	}
	v.noteChanges(stored)
	opts.Out, opts.AllowErrors, opts.NoMetadata = "", true, false
	r := &run{runner: runner, opts: opts, screen: newScreen(opts), displays: map[string][]*Output{}, written: map[*Output]*stream{}, tasks: true}
	sum, err := r.all(ctx, nb, path)
	v.Duration, v.Record = sum.Duration, sum.Record
	if ctx.Err() != nil {
		v.Err = context.Cause(ctx)
		return v
	}
	var failed *CellError
	if err != nil && !errors.As(err, &failed) {
		v.Err = err
		return v
	}
	number := 0
	for i, c := range stored.Cells {
		if c.Type != Code || strings.TrimSpace(c.Source) == "" {
			continue
		}
		cv := CellVerdict{ID: c.ID, Section: c.own("section"), Line: firstLine(c.Source)}
		if c.Tagged(TagSkip) {
			cv.Skipped = true
			v.Cells = append(v.Cells, cv)
			continue
		}
		number++
		cv.Number = number
		rule, _ := ruleOf(c) // read before
		cv.Rule, cv.Skipped = rule.String(), rule.ignore
		if j := sum.Record.cell(c.ID); j != nil {
			cv.Duration = time.Duration(j.Seconds * float64(time.Second))
		}
		cv.Differences = r.compare(c, nb.Cells[i], rule)
		v.Cells = append(v.Cells, cv)
	}
	return v
}

// cell returns what became of a cell, nil if there is none with the id.
func (r *RunRecord) cell(id string) *RunCell {
	if r == nil {
		return nil
	}
	for i := range r.Cells {
		if r.Cells[i].ID == id {
			return &r.Cells[i]
		}
	}
	return nil
}

// noteChanges notes cells that are not what was run.
func (v *Verdict) noteChanges(nb *Notebook) {
	rec := nb.Record()
	if rec == nil {
		return
	}
	now := newRecord(nb, v.Path, Options{})
	for _, c := range now.Cells {
		if was := rec.cell(c.ID); was != nil && was.SHA256 != c.SHA256 {
			v.Notes = append(v.Notes, fmt.Sprintf("cell %s is not what the notebook's run record is of: it was changed since", c.ID))
		}
	}
}

// String says in text what differs, or that nothing does.
func (v *Verdict) String() string {
	var b strings.Builder
	name := filepath.Base(v.Path)
	for _, c := range v.Cells {
		for i, d := range c.Differences {
			if i == 0 {
				fmt.Fprintf(&b, "%s\n", v.heading(c))
			}
			fmt.Fprintf(&b, "    %s: %s\n", d.What, d.Why)
			for l := range strings.Lines(d.Diff) {
				b.WriteString("    " + strings.TrimSuffix(l, "\n") + "\n")
			}
		}
	}
	for _, n := range v.Notes {
		fmt.Fprintf(&b, "%s: note: %s\n", name, n)
	}
	switch n := v.Differing(); {
	case v.Err != nil:
		fmt.Fprintf(&b, "%s: cannot be verified: %v\n", name, v.Err)
	case n > 0:
		fmt.Fprintf(&b, "%s: %d of %d cells differ, %s\n", name, n, len(v.Cells), short(v.Duration))
	default:
		fmt.Fprintf(&b, "%s: the same, %d cells in %s\n", name, len(v.Cells), short(v.Duration))
	}
	return b.String()
}

// heading says which cell it is.
func (v *Verdict) heading(c CellVerdict) string {
	said := fmt.Sprintf("%s: cell %d (%s", filepath.Base(v.Path), c.Number, c.ID)
	if c.Section != "" {
		said += ", section " + c.Section
	}
	said += "): " + c.Line
	if c.Rule != "default" {
		said += "   [compared: " + c.Rule + "]"
	}
	return said
}
