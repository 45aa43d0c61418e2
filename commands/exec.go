package commands

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/interp/session"
	"github.com/gobraid/gobraid/notebooks"
)

// The exit statuses of exec, besides the program's own.
const (
	exitFailed  = 1 // a cell did not compile, or failed
	exitRefused = 3 // the engine cannot run the cell right
)

func execCommand() *cobra.Command {
	var flags sessionFlags
	c := &cobra.Command{
		Use:   "exec FILE.go…",
		Short: "Run Go files as cells, in order, in one session",
		Long: "Run each file as a cell, in order, in one session. A file that is a whole program is run as one. A file in\n" +
			"the percent format, as Jupytext pairs with a notebook, is run cell by cell: a line \"// %%\" begins a cell.\n" +
			"The exit status is 0; 1 after a compile or run-time error; 3 when the engine refuses a construct;\n" +
			"and the program's own after os.Exit.",
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := flags.config()
			if err != nil {
				return err
			}
			cfg.Once = true
			ctx := interruptible(cmd.Context())
			sup, err := session.Start(ctx, cfg)
			if err != nil {
				return err
			}
			defer sup.Close()
			if status := execFiles(ctx, sup, args, os.Stdin, os.Stdout, os.Stderr); status != 0 {
				return exitStatus(status)
			}
			return nil
		},
	}
	flags.add(c)
	return c
}

// execFiles runs the files as cells and returns the exit status. It blocks until the last one, or the
// first that fails, has ended; ending ctx interrupts.
func execFiles(ctx context.Context, runner interp.Runner, files []string, stdin io.Reader, stdout, stderr io.Writer) int {
	x := &execution{runner: runner, out: &terminalSink{stdin: bufio.NewReader(stdin), stdout: stdout, stderr: stderr}, stdout: stdout, stderr: stderr}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			fmt.Fprintln(stderr, "gobraid:", err)
			return exitFailed
		}
		cells, ok := notebooks.Percent(string(text))
		if !ok {
			cells = []notebooks.PercentCell{{Type: notebooks.Code, Source: string(text), Line: 1}}
		}
		for _, c := range cells {
			if ended, status := x.cell(ctx, file, c); ended {
				return status
			}
		}
	}
	return 0
}

// An execution is a run of files as cells.
type execution struct {
	runner         interp.Runner
	out            *terminalSink
	stdout, stderr io.Writer
	cells          int // that were run
}

// cell runs a cell of a file and reports whether that is the end, and with which exit status.
func (x *execution) cell(ctx context.Context, file string, c notebooks.PercentCell) (ended bool, status int) {
	switch {
	case c.Type != notebooks.Code || c.Tagged(notebooks.TagSkip) || strings.TrimSpace(c.Source) == "":
		return false, 0
	case c.Language != "":
		fmt.Fprintf(x.stderr, "%s:%d: a cell in %s, which gobraid does not run; tag it skip-execution\n", file, c.Line, c.Language)
		return true, exitRefused
	}
	x.cells++
	source := strings.Repeat("\n", c.Line-1) + c.Source // so that places are those of the file
	o := x.runner.Run(ctx, interp.Request{Number: x.cells, Source: source, File: file, AllowStdin: true, Wait: true}, x.out)
	switch {
	case o.Exit != nil:
		return true, *o.Exit
	case o.Error != nil:
		for _, line := range o.Error.Traceback {
			fmt.Fprintln(x.stderr, line)
		}
		switch {
		case c.Tagged(notebooks.TagRaises) && ctx.Err() == nil:
			return false, 0
		case o.Error.Name == interp.ErrRefused:
			return true, exitRefused
		}
		return true, exitFailed
	case o.Result != nil:
		fmt.Fprintln(x.stdout, o.Result.MIME["text/plain"])
	}
	return false, 0
}

// A terminalSink writes what cells give out to two writers, and reads what they ask for.
type terminalSink struct {
	reading sync.Mutex
	stdin   *bufio.Reader

	mu             sync.Mutex // guards the writers
	stdout, stderr io.Writer
}

// Output writes to the stream's writer. What cannot be written, to a closed pipe say, is dropped.
func (s *terminalSink) Output(stream interp.Stream, text []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w := s.stdout
	if stream == interp.Stderr {
		w = s.stderr
	}
	_, _ = w.Write(text)
}

// Display writes the text form.
func (s *terminalSink) Display(d interp.Data) {
	if text, ok := d.MIME["text/plain"].(string); ok {
		s.Output(interp.Stdout, []byte(text+"\n"))
	}
}

// Input reads a line. A read that has begun goes on when ctx ends; its line is lost then, but a program
// that was interrupted does not ask again.
func (s *terminalSink) Input(ctx context.Context, prompt string, _ bool) (string, error) {
	if prompt != "" {
		s.Output(interp.Stdout, []byte(prompt))
	}
	type answer struct {
		line string
		err  error
	}
	got := make(chan answer, 1)
	go func() { // ends with the read; nothing can end a read of a terminal
		s.reading.Lock()
		defer s.reading.Unlock()
		line, err := s.stdin.ReadString('\n')
		if err == io.EOF && line != "" {
			err = nil
		}
		got <- answer{strings.TrimSuffix(line, "\n"), err}
	}()
	select {
	case a := <-got:
		return a.line, a.err
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
}
