package commands

import (
	"context"
	"fmt"
	"go/token"
	"io/fs"
	"os"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/interp/check/stdtypes"
	"github.com/gobraid/gobraid/interp/engine/compiled"
	"github.com/gobraid/gobraid/interp/engine/yaegi"
	"github.com/gobraid/gobraid/interp/engine/yaegi/symbols"
	"github.com/gobraid/gobraid/interp/live"
	"github.com/gobraid/gobraid/interp/modules"
	"github.com/gobraid/gobraid/interp/program"
	"github.com/gobraid/gobraid/interp/session"
)

// maxStack is the largest stack a goroutine of a cell may have. Go's own limit, 1 GB, takes endless
// recursion several seconds and a good part of the machine to reach.
const maxStack = 256 << 20

// preloaded are the packages that cells need not import.
var preloaded = []string{
	"github.com/gobraid/gobraid/concurrency",
	"github.com/gobraid/gobraid/concurrency/cluster",
	"github.com/gobraid/gobraid/concurrency/display",
	"github.com/gobraid/gobraid/concurrency/exercise",
	"github.com/gobraid/gobraid/concurrency/experiment",
	"github.com/gobraid/gobraid/concurrency/loop",
	"github.com/gobraid/gobraid/concurrency/measure",
	"github.com/gobraid/gobraid/concurrency/process",
	"github.com/gobraid/gobraid/concurrency/web",
	"github.com/gobraid/gobraid/concurrency/webtest",
}

// sessionMain is the session process: the host starts it, see package session.
func sessionMain(sources fs.FS) int {
	debug.SetMaxStack(maxStack)
	os.Args = os.Args[:1] // "session" is no argument of the cells' program
	return session.Child(context.Background(), func(_ context.Context, setup session.Setup) (interp.Runner, error) {
		importer := stdtypes.NewImporter(token.NewFileSet())
		set := moduleSet(importer)
		importer.Fallback = set
		return live.New(live.Options{
			Engine:   setup.Engine,
			Yaegi:    yaegi.New(),
			Compiled: compiled.New(compiled.Options{Sources: sources, Linked: linked, Modules: set}),
			Importer: importer,
			Modules:  set,
			Suggest:  stdtypes.Exporting,
			Sources:  sources,
			Preload:  preloaded,
		})
	})
}

// moduleSet returns the packages of modules that cells of this process can import.
func moduleSet(importer *stdtypes.Importer) *modules.Set {
	flags, experiments := compiled.HostFlags()
	return modules.New(modules.Options{
		Importer: importer, Flags: flags, Experiments: experiments, Host: compiled.HostPackage, HostVersion: compiled.HostVersion,
	})
}

// linked tells whether a package is part of this program, or has nothing that runs when it is loaded. The interpreter's tables
// name those that have more than generic functions.
func linked(path string) bool {
	switch path {
	case "cmp", "iter", "maps", "slices", "structs", "unique", "weak", "github.com/gobraid/gobraid/concurrency":
		return true
	}
	_, ok := symbols.Package(path)
	return ok
}

// prebuildCommand compiles ahead of time what the first compiled cell needs.
func prebuildCommand(sources fs.FS) *cobra.Command {
	return &cobra.Command{
		Use:   "prebuild",
		Short: "Compile the standard library for compiled cells, once on a machine",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			e := compiled.New(compiled.Options{Sources: sources})
			defer e.Close()
			n := 0
			err := e.Warm(cmd.Context(), func(line string) {
				if n++; n == 1 {
					fmt.Fprintln(os.Stderr, line)
					return
				}
				fmt.Fprintf(os.Stderr, "\r\033[K%4d %s", n-1, line)
			})
			if n > 0 {
				fmt.Fprintln(os.Stderr)
			}
			if err != nil {
				fmt.Fprintln(os.Stderr, "the compiled engine is not available:", err)
				fmt.Fprintln(os.Stderr, "cells run on yaegi, which refuses what it cannot run right")
			}
			programs := program.Builder{Sources: sources}
			told := false
			if err := programs.Warm(cmd.Context(), func(string) {
				if told {
					return
				}
				told = true
				fmt.Fprintln(os.Stderr, "compiling it for programs of cells, and with the race detector")
			}); err != nil {
				fmt.Fprintf(os.Stderr, "%%%%race, %%%%native, %%%%bench and %%%%test are not available: %v\n", err)
			}
			return nil
		},
	}
}
