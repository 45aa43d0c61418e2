package commands

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/interp/assist"
	"github.com/gobraid/gobraid/interp/magic"
	"github.com/gobraid/gobraid/interp/session"
	"github.com/gobraid/gobraid/interp/split"
	"github.com/gobraid/gobraid/kernel"
)

func kernelCommand() *cobra.Command {
	var flags sessionFlags
	c := &cobra.Command{
		Use:   "kernel CONNECTION_FILE",
		Short: "Serve a Jupyter front end; Jupyter calls this",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := flags.config()
			if err != nil {
				return err
			}
			info, err := kernel.ReadConnectionFile(args[0])
			if err != nil {
				return err
			}
			return serveKernel(cmd.Context(), info, cfg)
		},
	}
	flags.add(c)
	return c
}

// serveKernel serves a fresh session until a client shuts it down, ctx ends, or Jupyter is gone. The
// session process starts while the ports are bound and the first requests are answered.
func serveKernel(ctx context.Context, info kernel.ConnectionInfo, cfg session.Config) error {
	defer outliveInterrupts()()
	ctx, cancel := kernel.WithParent(ctx)
	defer cancel()
	runner := start(func(ctx context.Context) (interp.Runner, error) {
		sup, err := session.Start(ctx, cfg)
		if err != nil {
			return nil, err
		}
		return sup, nil
	})
	k, err := kernel.New(info, runner, kernelOptions(runner))
	if err != nil {
		_ = runner.Close()
		return err
	}
	err = k.Serve(ctx)
	if errors.Is(err, kernel.ErrGrace) {
		// The clients need not wait for a session that does not listen, but it must not outlive us.
		err = runner.Close()
	}
	return err
}

// kernelOptions says what the kernel is called, and what it knows of Go.
func kernelOptions(runner *starting) kernel.Options {
	a := assist.New(runner.Names)
	runner.learn = a.Learn
	return kernel.Options{
		Name:    "gobraid",
		Version: Version,
		Banner: fmt.Sprintf("gobraid %s: %s on %s/%s. %%help lists the magics.",
			Version, runtime.Version(), runtime.GOOS, runtime.GOARCH),
		IsComplete: isComplete,
		Complete: func(ctx context.Context, code string, cursor int) (c kernel.Completion) {
			defer survive()
			var found []assist.Match
			c.Start, c.End, found = a.Complete(ctx, code, cursor)
			for _, m := range found {
				c.Matches = append(c.Matches, kernel.Match(m))
			}
			return c
		},
		Inspect: func(ctx context.Context, code string, cursor, detail int) *kernel.Inspection {
			defer survive()
			mime, ok := a.Inspect(ctx, code, cursor, detail)
			if !ok {
				return nil
			}
			return &kernel.Inspection{MIME: mime}
		},
	}
}

// survive makes a defect of the assistant cost an answer and not the kernel.
func survive() { _ = recover() }

// isComplete tells whether a cell is complete, once its magics, which are lines of their own, are out of it.
func isComplete(code string) (status, indent string) {
	calls, rest := magic.Parse(code)
	if len(calls) > 0 && strings.TrimSpace(rest) == "" {
		return string(split.Complete), ""
	}
	s, indent := split.IsComplete(rest)
	return string(s), indent
}

// outliveInterrupts makes interrupts from the terminal do nothing until the function it returns is
// called: cells are interrupted by messages. The signal is caught and not ignored, for what is ignored
// the processes that cells start would ignore too.
func outliveInterrupts() (stop func()) {
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt)
	return func() { signal.Stop(interrupts) }
}
