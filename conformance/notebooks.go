package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gobraid/gobraid/notebooks"
)

// A notebookCorpus is a directory with notebooks. Each of their code cells is a test: it has passed if it fails just where the
// notebook says so (with the tag raises-exception and the same kind of error as is stored), and prints what is stored. What a
// run of the compiled engine prints otherwise than is stored, such as a time, may be anything. The order of lines is left open, since tasks
// that print at once take turns as they like; nothing is compared of a cell with the tag compare:ignore.
type notebookCorpus struct {
	dir string
}

// refusedName is the name of the error of a cell that an engine cannot run.
const refusedName = "Refused"

// run runs the notebooks whose names begin with under, one after the other, and returns a result for each code cell.
func (c notebookCorpus) run(ctx context.Context, g gobraid, under string) ([]result, error) {
	files, err := filepath.Glob(filepath.Join(c.dir, under+"*.ipynb"))
	if err != nil {
		return nil, err
	}
	var results []result
	for _, file := range files {
		stored, err := notebooks.Read(file)
		if err != nil {
			return nil, err
		}
		reference, err := gobraid{g.program, "compiled", g.timeout}.notebook(ctx, file)
		if err != nil {
			return nil, err
		}
		got, err := g.notebook(ctx, file)
		if err != nil {
			return nil, err
		}
		results = append(results, judgeNotebook(strings.TrimSuffix(filepath.Base(file), ".ipynb"), stored, reference, got)...)
	}
	return results, nil
}

// notebook runs a notebook to its end and returns what came out. The time limit is for each cell.
func (g gobraid) notebook(ctx context.Context, file string) (*notebooks.Notebook, error) {
	dir, err := os.MkdirTemp("", "conformance")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	out := filepath.Join(dir, "out.ipynb")
	e, err := execute(ctx, notebookTime*g.timeout, filepath.Dir(file), g.program, "run", "--engine", g.engine, "--allow-errors", "--timeout", g.timeout.String(), "-o", out, filepath.Base(file))
	if err != nil {
		return nil, err
	}
	if e.Timeout || e.Exit != 0 {
		return nil, fmt.Errorf("gobraid run %s: exit %d: %s", file, e.Exit, e.Stderr)
	}
	return notebooks.Read(out)
}

// notebookTime is how much more time than a cell a notebook has.
const notebookTime = 20

// judgeNotebook compares the code cells of a notebook as it is stored, as the compiled engine ran it and as the engine under test did.
func judgeNotebook(name string, stored, reference, got *notebooks.Notebook) []result {
	var results []result
	for i, cell := range stored.Cells {
		if cell.Type != notebooks.Code {
			continue
		}
		r := result{Test: fmt.Sprintf("%s/cell %d", name, len(results)+1), Group: name}
		r.Verdict, r.Why = judgeCell(cell, reference.Cells[i], got.Cells[i])
		results = append(results, r)
	}
	return results
}

func judgeCell(stored, reference, got *notebooks.Cell) (verdict, string) {
	wantText, wantError := shown(stored)
	againText, _ := shown(reference)
	text, failure := shown(got)
	switch {
	case failure == refusedName && wantError != refusedName:
		return refusedVerdict, failure
	case failure != wantError:
		return wrongVerdict, fmt.Sprintf("the cell ended with %q, want %q", failure, wantError)
	case !stored.Tagged("compare:ignore") && sameLines(wantText, againText) && !sameLines(text, wantText):
		return wrongVerdict, "output: " + difference(text, wantText)
	}
	return passedVerdict, ""
}

func sameLines(a, b string) bool {
	return slices.Equal(sortedLines([]byte(a)), sortedLines([]byte(b)))
}

// shown returns what a cell printed and its value, as text, and the name of the error it ended with.
func shown(c *notebooks.Cell) (text, failure string) {
	var b strings.Builder
	for _, o := range c.Outputs {
		switch o.Type {
		case notebooks.StreamOutput:
			if o.Name == "stdout" {
				b.WriteString(o.Text)
			}
		case notebooks.ResultOutput:
			plain, _ := o.Data["text/plain"].(string)
			fmt.Fprintln(&b, plain)
		case notebooks.ErrorOutput:
			failure = o.EName
		}
	}
	return b.String(), failure
}
