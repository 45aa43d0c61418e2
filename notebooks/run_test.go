package notebooks_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
	"golang.org/x/tools/txtar"

	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/notebooks"
)

var update = flag.Bool("update", false, "rewrite the expectations in testdata")

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestRun runs the files of testdata/run. Each is an archive: the comment says what it is about, and
// a line that begins with "options:" the options; "cells" are cells for [fake], separated by lines of
// dashes that may bear tags; "screen" is what is shown and "outputs" what is recorded.
func TestRun(t *testing.T) {
	files, err := filepath.Glob("testdata/run/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no files: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			screen, outputs := runArchive(t, a)
			got := &txtar.Archive{Comment: a.Comment, Files: []txtar.File{
				a.Files[0], {Name: "screen", Data: []byte(screen)}, {Name: "outputs", Data: []byte(outputs)},
			}}
			if *update {
				if err := os.WriteFile(file, txtar.Format(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if g, w := txtar.Format(got), txtar.Format(a); !bytes.Equal(g, w) {
				t.Errorf("got:\n%s\nwant:\n%s", g, w)
			}
		})
	}
}

func runArchive(t *testing.T, a *txtar.Archive) (screen, outputs string) {
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in.ipynb"), filepath.Join(dir, "out.ipynb")
	if err := cells(string(a.Files[0].Data)).Write(in); err != nil {
		t.Fatal(err)
	}
	var shown bytes.Buffer
	opts := notebooks.Options{Out: out, Stdout: &shown, Stderr: &shown}
	for l := range strings.Lines(string(a.Comment)) {
		if o, ok := strings.CutPrefix(l, "options:"); ok {
			setOptions(t, &opts, strings.Fields(o))
		}
	}
	runner := newFake()
	_, err := notebooks.Run(t.Context(), in, runner, opts)
	if cerr := runner.Close(); cerr != nil {
		t.Error(cerr)
	}
	if err != nil {
		fmt.Fprintf(&shown, "error: %v\n", err)
	}
	nb, err := notebooks.Read(out)
	if err != nil {
		t.Fatal(err)
	}
	return duration.ReplaceAllString(shown.String(), "TIME"), record(nb)
}

var duration = regexp.MustCompile(`\b[0-9.]+(ns|µs|ms|s)\b`)

func setOptions(t *testing.T, o *notebooks.Options, words []string) {
	for _, w := range words {
		name, value, _ := strings.Cut(w, "=")
		switch name {
		case "allow-errors":
			o.AllowErrors = true
		case "no-metadata":
			o.NoMetadata = true
		case "timeout":
			d, err := time.ParseDuration(value)
			if err != nil {
				t.Fatal(err)
			}
			o.Timeout = d
		case "input":
			o.Input = func(_ context.Context, prompt string, _ bool) (string, error) { return value + " to " + prompt, nil }
		default:
			t.Fatalf("unknown option %q", w)
		}
	}
}

// cells makes a notebook of sources between lines of dashes.
func cells(text string) *notebooks.Notebook {
	nb := &notebooks.Notebook{Metadata: map[string]any{}}
	for i, part := range strings.Split("\n"+strings.TrimSuffix(text, "\n"), "\n---")[1:] {
		head, source, _ := strings.Cut(part, "\n")
		c := &notebooks.Cell{ID: fmt.Sprint("c", i), Type: notebooks.Code, Metadata: map[string]any{}, Source: source}
		var tags []any
		for _, tag := range strings.Fields(head) {
			switch tag {
			case notebooks.Markdown:
				c.Type = tag
			case "stale": // has been run before
				c.Count = 99
				c.Outputs = []*notebooks.Output{{Type: notebooks.StreamOutput, Name: "stdout", Text: "of an earlier run\n"}}
			default:
				tags = append(tags, tag)
			}
		}
		if tags != nil {
			c.Metadata["tags"] = tags
		}
		nb.Cells = append(nb.Cells, c)
	}
	return nb
}

// record prints what a notebook holds of its run.
func record(nb *notebooks.Notebook) string {
	var b strings.Builder
	for _, c := range nb.Cells {
		if c.Type != notebooks.Code {
			continue
		}
		_, timed := c.Metadata["execution"]
		fmt.Fprintf(&b, "%s: count %d, timed %v", c.ID, c.Count, timed)
		if own, ok := c.Metadata["gobraid"]; ok {
			fmt.Fprintf(&b, ", gobraid %v", own)
		}
		b.WriteString("\n")
		for _, o := range c.Outputs {
			switch o.Type {
			case notebooks.StreamOutput:
				fmt.Fprintf(&b, "\t%s %q\n", o.Name, o.Text)
			case notebooks.ErrorOutput:
				fmt.Fprintf(&b, "\terror %s %q %q\n", o.EName, o.EValue, o.Traceback)
			default:
				fmt.Fprintf(&b, "\t%s %v\n", o.Type, o.Data)
			}
		}
	}
	return b.String()
}

func TestRunCancelled(t *testing.T) {
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in.ipynb"), filepath.Join(dir, "out.ipynb")
	if err := cells("---\nprint before\ncancel\nhang\n---\nprint never\n").Write(in); err != nil {
		t.Fatal(err)
	}
	why := errors.New("the user has had enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	runner := newFake()
	runner.cancel = func() { cancel(why) }
	sum, err := notebooks.Run(ctx, in, runner, notebooks.Options{Out: out, AllowErrors: true})
	if !errors.Is(err, why) || sum.Run != 1 || sum.Cells != 2 {
		t.Errorf("got %+v, %v", sum, err)
	}
	nb, err := notebooks.Read(out)
	if err != nil {
		t.Fatal(err)
	}
	if c := nb.Cells[0]; len(c.Outputs) != 2 || c.Outputs[0].Text != "before\n" || c.Outputs[1].EName != interp.ErrInterrupted {
		t.Errorf("the cancelled cell: %s", record(nb))
	}
}

func TestRunErrors(t *testing.T) {
	dir := t.TempDir()
	if _, err := notebooks.Run(t.Context(), filepath.Join(dir, "none.ipynb"), newFake(), notebooks.Options{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing notebook: %v", err)
	}
	in := filepath.Join(dir, "in.ipynb")
	if err := cells("---\npanic boom\n").Write(in); err != nil {
		t.Fatal(err)
	}
	_, err := notebooks.Run(t.Context(), in, newFake(), notebooks.Options{Out: filepath.Join(dir, "no", "such", "folder.ipynb")})
	var failed *notebooks.CellError
	var own *interp.Error
	if !errors.As(err, &failed) || !errors.As(err, &own) || own.Name != interp.ErrPanic {
		t.Errorf("the cell's error is lost: %v", err)
	}
	if !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the error of writing is lost: %v", err)
	}
}

// TestRunInPlace writes the executed notebook over the one that was read.
func TestRunInPlace(t *testing.T) {
	in := filepath.Join(t.TempDir(), "in.ipynb")
	if err := cells("---stale\nvalue 42\n").Write(in); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := notebooks.Run(t.Context(), in, newFake(), notebooks.Options{Out: in}); err != nil {
			t.Fatal(err)
		}
	}
	nb, err := notebooks.Read(in)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := record(nb), "c0: count 1, timed true\n\texecute_result map[text/plain:42]\n"; got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	if nb.Metadata["kernelspec"] == nil || nb.Minor != 5 {
		t.Errorf("metadata: %v, minor %d", nb.Metadata, nb.Minor)
	}
}

// TestRunTerminal checks that the progress line never stands in the way of output.
func TestRunTerminal(t *testing.T) {
	in := filepath.Join(t.TempDir(), "in.ipynb")
	if err := cells("---\nhang\n").Write(in); err != nil {
		t.Fatal(err)
	}
	var shown bytes.Buffer // written under the run's lock
	ctx, cancel := context.WithCancel(t.Context())
	w := writerFunc(func(p []byte) (int, error) {
		shown.Write(p)
		if strings.Contains(shown.String(), "cell 1 of 1") { // the line is there: end the cell
			cancel()
		}
		return len(p), nil
	})
	if _, err := notebooks.Run(ctx, in, newFake(), notebooks.Options{Stdout: w, Stderr: w, Terminal: true}); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if got := shown.String(); !strings.Contains(got, "cell 1 of 1") || !strings.Contains(got, "\r\x1b[KInterrupted") {
		t.Errorf("got %q", got)
	}
}

type writerFunc func(p []byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }
