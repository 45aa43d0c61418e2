package commands

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/gobraid/gobraid/interp/session"
	"github.com/gobraid/gobraid/notebooks"
)

func runCommand() *cobra.Command {
	var flags sessionFlags
	var opts notebooks.Options
	c := &cobra.Command{
		Use:   "run NOTEBOOK.ipynb",
		Short: "Execute a notebook without Jupyter",
		Long: "Execute a notebook without Jupyter. Outputs are shown as they come.\n" +
			"The exit status is 1 when a cell fails that may not: cells tagged raises-exception may.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := flags.config()
			if err != nil {
				return err
			}
			if _, err := os.Stat(args[0]); err != nil {
				return err
			}
			cfg.Dir = filepath.Dir(args[0]) // as Jupyter does: a notebook's files and modules are beside it
			ctx := interruptible(cmd.Context())
			sup, err := session.Start(ctx, cfg)
			if err != nil {
				return err
			}
			defer sup.Close()
			opts.Stdout, opts.Stderr = os.Stdout, os.Stderr
			opts.Terminal = term.IsTerminal(int(os.Stdout.Fd())) && term.IsTerminal(int(os.Stderr.Fd()))
			_, err = notebooks.Run(ctx, args[0], sup, opts)
			var cell *notebooks.CellError
			if errors.As(err, &cell) {
				return exitStatus(1) // the runner has shown it
			}
			if err != nil && ctx.Err() != nil {
				fmt.Fprintln(os.Stderr, "gobraid: interrupted")
				return exitStatus(130)
			}
			return err
		},
	}
	flags.add(c)
	c.Flags().StringVarP(&opts.Out, "output", "o", "", "write the executed notebook to this file")
	c.Flags().BoolVar(&opts.AllowErrors, "allow-errors", false, "go on after a cell that fails")
	c.Flags().BoolVar(&opts.NoMetadata, "no-metadata", false, "do not record in the cells' metadata when they ran and what that cost")
	c.Flags().DurationVar(&opts.Timeout, "timeout", time.Duration(0), "interrupt a cell that runs longer, such as 30s")
	return c
}
