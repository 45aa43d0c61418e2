package commands

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/interp/session"
	"github.com/gobraid/gobraid/notebooks"
)

// runFlags are the flags of run.
type runFlags struct {
	session    sessionFlags
	opts       notebooks.Options
	parameters []string
	matrix     []string
	jobs       int
	archive    unpacking
}

func runCommand() *cobra.Command {
	var f runFlags
	c := &cobra.Command{
		Use:   "run NOTEBOOK.ipynb|ARCHIVE",
		Short: "Execute a notebook, or one of an archive, without Jupyter",
		Long: "Execute a notebook without Jupyter. Outputs are shown as they come.\n" +
			"The exit status is 1 when a cell fails that may not: cells tagged raises-exception may.\n\n" +
			"-p NAME=VALUE gives a parameter another value: a variable or constant of the cell tagged parameters. The value is a Go expression,\n" +
			"or the text of a string, or a duration such as 500ms; Go's types decide whether it fits.\n" +
			"--matrix NAME=VALUE,VALUE… runs the notebook once for each value, and for each combination if it is given several times. The executed\n" +
			"notebooks go to the folder of -o, by default NOTEBOOK-runs, with what cells recorded by experiment.Record: results.csv,\n" +
			"results.json and results.svg. A run that fails does not stop the others; the exit status is then 1.\n\n" +
			"An archive of `gobraid pack` is unpacked first, and refused if a file in it is not as it was packed.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			path, done, err := f.archive.notebook(args[0])
			if err != nil {
				return err
			}
			defer done()
			if path != args[0] && len(f.matrix) > 0 && f.opts.Out == "" {
				return errors.New("--matrix with an archive needs -o: the folder for the executed notebooks")
			}
			return f.run(cmd.Context(), path)
		},
	}
	f.session.add(c)
	f.archive.add(c)
	c.Flags().StringVarP(&f.opts.Out, "output", "o", "", "write the executed notebook to this file, and its run record beside it; with --matrix a folder")
	c.Flags().BoolVar(&f.opts.AllowErrors, "allow-errors", false, "go on after a cell that fails")
	c.Flags().BoolVar(&f.opts.NoMetadata, "no-metadata", false, "do not record in the metadata what was run when, where and at what cost")
	c.Flags().DurationVar(&f.opts.Timeout, "timeout", time.Duration(0), "interrupt a cell that runs longer, such as 30s")
	c.Flags().StringArrayVarP(&f.parameters, "parameter", "p", nil, "give a parameter another value, such as workers=8; may be given several times")
	c.Flags().StringArrayVar(&f.matrix, "matrix", nil, "run once for each of several values of a parameter, such as workers=1,2,4; may be given several times")
	c.Flags().IntVar(&f.jobs, "jobs", 1, "how many runs of a matrix at a time")
	return c
}

func (f *runFlags) run(ctx context.Context, path string) error {
	cfg, err := f.session.config()
	if err != nil {
		return err
	}
	settings, err := parseSettings(f.parameters)
	if err != nil {
		return err
	}
	cfg.Dir = filepath.Dir(path) // as Jupyter does: a notebook's files and modules are beside it
	f.opts.Version, f.opts.Engine, f.opts.Preload = Version, cfg.Engine, preloaded
	f.opts.Stdout, f.opts.Stderr = os.Stdout, os.Stderr
	ctx = interruptible(ctx)
	open := func(ctx context.Context) (interp.Runner, error) {
		sup, err := session.Start(ctx, cfg)
		if err != nil {
			return nil, err // not a nil of another type
		}
		return sup, nil
	}
	if len(f.matrix) > 0 {
		return f.runMatrix(ctx, path, settings, open)
	}
	nb, err := notebooks.Read(path)
	if err != nil {
		return err
	}
	if err := nb.Set(settings, preloaded...); err != nil {
		return err
	}
	runner, err := open(ctx)
	if err != nil {
		return err
	}
	defer runner.Close()
	f.opts.Terminal = term.IsTerminal(int(os.Stdout.Fd())) && term.IsTerminal(int(os.Stderr.Fd()))
	_, err = notebooks.Execute(ctx, nb, path, runner, f.opts)
	var cell *notebooks.CellError
	if errors.As(err, &cell) {
		return exitStatus(1) // the runner has shown it
	}
	return interrupted(ctx, err)
}

// interrupted tells the user of an interrupt, if that is why there is an error.
func interrupted(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		fmt.Fprintln(os.Stderr, "gobraid: interrupted")
		return exitStatus(130)
	}
	return err
}

func (f *runFlags) runMatrix(ctx context.Context, path string, settings []notebooks.Setting, open func(context.Context) (interp.Runner, error)) error {
	plan := notebooks.Plan{Fixed: settings, Dir: f.opts.Out, Jobs: f.jobs, Open: open, Options: f.opts}
	if f.jobs < 1 {
		return fmt.Errorf("--jobs %d: at least one run goes on at a time", f.jobs)
	}
	if plan.Dir == "" {
		plan.Dir = strings.TrimSuffix(path, filepath.Ext(path)) + "-runs"
	}
	for _, m := range f.matrix {
		axis, err := notebooks.ParseAxis(m)
		if err != nil {
			return fmt.Errorf("--matrix: %w", err)
		}
		plan.Axes = append(plan.Axes, axis)
	}
	table, err := notebooks.Matrix(ctx, path, plan)
	if err != nil {
		return interrupted(ctx, err)
	}
	failed := 0
	for _, r := range table.Runs {
		if r.Error != "" {
			failed++
		}
	}
	if failed > 0 {
		fmt.Fprintf(os.Stderr, "gobraid: %d of %d runs failed\n", failed, len(table.Runs))
		return exitStatus(1)
	}
	return nil
}

// parseSettings reads NAME=VALUE.
func parseSettings(texts []string) ([]notebooks.Setting, error) {
	var all []notebooks.Setting
	for _, t := range texts {
		name, value, ok := strings.Cut(t, "=")
		if !ok || strings.TrimSpace(name) == "" {
			return nil, fmt.Errorf("-p %s: it is NAME=VALUE, such as workers=8", t)
		}
		all = append(all, notebooks.Setting{Name: strings.TrimSpace(name), Value: value})
	}
	return all, nil
}
