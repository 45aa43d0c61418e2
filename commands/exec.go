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
		Long: "Run each file as a cell, in order, in one session. A file that is a whole program is run as one.\n" +
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
	out := &terminalSink{stdin: bufio.NewReader(stdin), stdout: stdout, stderr: stderr}
	for i, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			fmt.Fprintln(stderr, "gobraid:", err)
			return exitFailed
		}
		o := runner.Run(ctx, interp.Request{Number: i + 1, Source: string(text), File: file, AllowStdin: true, Wait: true}, out)
		switch {
		case o.Exit != nil:
			return *o.Exit
		case o.Error != nil:
			for _, line := range o.Error.Traceback {
				fmt.Fprintln(stderr, line)
			}
			if o.Error.Name == interp.ErrRefused {
				return exitRefused
			}
			return exitFailed
		case o.Result != nil:
			fmt.Fprintln(stdout, o.Result.MIME["text/plain"])
		}
	}
	return 0
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
