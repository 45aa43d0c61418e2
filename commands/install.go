package commands

import (
	"context"
	"os"
	"os/exec"

	"github.com/spf13/cobra"

	"github.com/gobraid/gobraid/install"
)

func placeFlags(c *cobra.Command, p *install.Place) {
	c.Flags().StringVar(&p.Prefix, "prefix", "", "install below this folder, such as a Python environment")
	c.Flags().BoolVar(&p.SysPrefix, "sys-prefix", false, "install into the active Python environment")
	c.Flags().StringVar(&p.Dir, "dir", "", "install into this Jupyter data folder")
	c.Flags().StringVar(&p.Name, "name", "gobraid", "the name of the kernelspec")
	c.MarkFlagsMutuallyExclusive("prefix", "sys-prefix", "dir")
}

func installCommand() *cobra.Command {
	opts := install.Options{Out: os.Stdout, Prebuild: func(ctx context.Context, binary string) error {
		cmd := exec.CommandContext(ctx, binary, "prebuild")
		cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
		return cmd.Run()
	}}
	c := &cobra.Command{
		Use:   "install",
		Short: "Install the kernel for Jupyter, by default for the user",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := install.Install(cmd.Context(), opts)
			return err
		},
	}
	placeFlags(c, &opts.Place)
	c.Flags().StringVar(&opts.DisplayName, "display-name", "", "what Jupyter shows")
	c.Flags().BoolVar(&opts.DryRun, "dry-run", false, "only tell what would be written")
	return c
}

func uninstallCommand() *cobra.Command {
	var place install.Place
	var dry bool
	c := &cobra.Command{
		Use:   "uninstall",
		Short: "Remove the kernel from Jupyter",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			folder, err := install.Uninstall(place, dry)
			if err == nil {
				cmd.Println("removed", folder)
			}
			return err
		},
	}
	placeFlags(c, &place)
	c.Flags().BoolVar(&dry, "dry-run", false, "only tell what would be removed")
	return c
}
