package commands

import (
	"github.com/spf13/cobra"

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
			sup, err := session.Start(cmd.Context(), cfg)
			if err != nil {
				return err
			}
			defer sup.Close()
			k, err := kernel.New(info, sup, kernel.Options{
				IsComplete: func(code string) (string, string) {
					status, indent := split.IsComplete(code)
					return string(status), indent
				},
			})
			if err != nil {
				return err
			}
			return k.Serve(cmd.Context())
		},
	}
	flags.add(c)
	return c
}
