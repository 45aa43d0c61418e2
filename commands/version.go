package commands

import (
	"fmt"
	"io/fs"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/gobraid/gobraid/interp/engine/compiled"
)

// Version is gobraid's version.
const Version = "0.1.0-dev"

func versionCommand(sources fs.FS) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the versions and the engines that can be used",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			version := Version
			if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
				version = info.Main.Version
			}
			out := cmd.OutOrStdout()
			fmt.Fprintf(out, "gobraid   %s\n", version)
			fmt.Fprintf(out, "go        %s %s/%s\n", runtime.Version(), runtime.GOOS, runtime.GOARCH)
			fmt.Fprintf(out, "yaegi     available\n")
			e := compiled.New(compiled.Options{Sources: sources})
			defer e.Close()
			if err := e.Available(cmd.Context()); err != nil {
				fmt.Fprintf(out, "compiled  not available: %v\n", err)
			} else {
				fmt.Fprintf(out, "compiled  available\n")
			}
			return nil
		},
	}
}
