package commands

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/gobraid/gobraid/interp/session"
	"github.com/gobraid/gobraid/notebooks"
)

// verifyFlags are the flags of verify.
type verifyFlags struct {
	session sessionFlags
	junit   string
	procs   int
	timeout time.Duration
}

func verifyCommand() *cobra.Command {
	var f verifyFlags
	c := &cobra.Command{
		Use:   "verify NOTEBOOK.ipynb…",
		Short: "Run notebooks again and compare what cells give out with what is stored",
		Long: "Run each notebook again, in a session of its own, and compare what its cells give out with what is stored. Nothing is written.\n\n" +
			"Durations, times of day, addresses, ports, numbers of goroutines and processes, UUIDs and temporary paths count as equal; pictures are\n" +
			"compared by being there; lines of tasks that run at the same time may come in another order, but those of one task may not.\n" +
			"Tags of a cell change that: compare:exact, compare:ignore, compare:unordered (the same lines), compare:shape (numbers may be\n" +
			"anything) and compare:numbers=20% (numbers within 20 %).\n\n" +
			"The exit status is 0 if all is the same, 1 if something differs, 2 if a notebook cannot be read or run, 130 after an interrupt.",
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd.Context(), args) },
	}
	f.session.add(c)
	c.Flags().StringVar(&f.junit, "junit", "", "write a report for continuous integration to this file")
	c.Flags().IntVar(&f.procs, "gomaxprocs", 0, "how many processors the sessions may use at a time; 0 for all")
	c.Flags().DurationVar(&f.timeout, "timeout", 0, "interrupt a cell that runs longer, such as 30s")
	return c
}

func (f *verifyFlags) run(ctx context.Context, paths []string) error {
	cfg, err := f.session.config()
	if err != nil {
		return err
	}
	if f.procs < 0 {
		return fmt.Errorf("--gomaxprocs %d: a session needs a processor", f.procs)
	}
	if f.procs > 0 {
		cfg.Env = append(os.Environ(), "GOMAXPROCS="+strconv.Itoa(f.procs))
	}
	ctx = interruptible(ctx)
	status := 0
	var verdicts []*notebooks.Verdict
	for _, path := range paths {
		v := f.verify(ctx, path, cfg)
		if ctx.Err() != nil {
			return interrupted(ctx, ctx.Err())
		}
		verdicts = append(verdicts, v)
		fmt.Print(v)
		switch {
		case v.Err != nil:
			status = 2
		case !v.Same():
			status = max(status, 1)
		}
	}
	if f.junit != "" {
		b, err := notebooks.JUnit(verdicts)
		if err != nil {
			return err
		}
		if err := os.WriteFile(f.junit, b, 0o644); err != nil {
			return err
		}
	}
	if status != 0 {
		return exitStatus(status)
	}
	return nil
}

// verify runs one notebook again, in a session that it closes.
func (f *verifyFlags) verify(ctx context.Context, path string, cfg session.Config) *notebooks.Verdict {
	if _, err := notebooks.Read(path); err != nil { // no session for that
		return &notebooks.Verdict{Path: path, Err: err}
	}
	cfg.Dir = filepath.Dir(path)
	sup, err := session.Start(ctx, cfg)
	if err != nil {
		return &notebooks.Verdict{Path: path, Err: err}
	}
	defer sup.Close()
	return notebooks.Verify(ctx, path, sup, notebooks.Options{Version: Version, Engine: cfg.Engine, GOMAXPROCS: f.procs, Preload: preloaded, Timeout: f.timeout})
}
