package commands

import (
	"fmt"
	"io"
	"io/fs"
	"runtime"
	"time"

	"github.com/spf13/cobra"

	"github.com/gobraid/gobraid/interp/cache"
	"github.com/gobraid/gobraid/interp/engine/compiled"
	"github.com/gobraid/gobraid/interp/toolchain"
)

func doctorCommand(sources fs.FS) *cobra.Command {
	var clean bool
	c := &cobra.Command{
		Use:   "doctor",
		Short: "Tell what gobraid finds on this machine, what it keeps on disk, and what to do about what is wrong",
		Long: "Tell what gobraid finds on this machine, what it keeps on disk, and what to do about what is wrong.\n\n" +
			"The cache is kept within 4 GB, or what the environment variable " + cache.Variable + " says: a size such as 500MB,\n" +
			"or none for no limit. It can be emptied at any time, also while sessions run.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			out := cmd.OutOrStdout()
			if clean {
				removed := cache.Prune(toolchain.Cache(), -1, time.Now())
				fmt.Fprintf(out, "removed   %s\n", sizeText(removed))
			}
			fmt.Fprintf(out, "gobraid   %s, %s %s/%s\n", Version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
			e := compiled.New(compiled.Options{Sources: sources})
			err := e.Available(cmd.Context())
			if err != nil {
				fmt.Fprintf(out, "compiled  not available: %v\n", err)
			} else {
				fmt.Fprintf(out, "compiled  available\n")
			}
			err = e.Close()
			cacheReport(out, toolchain.Cache())
			return err
		},
	}
	c.Flags().BoolVar(&clean, "clean", false, "remove all that is built; sessions that run keep what they use")
	return c
}

// cacheReport writes what the cache holds.
func cacheReport(out io.Writer, dir string) {
	u := cache.Look(dir)
	limit, err := cache.Limit()
	most := "no limit"
	if limit > 0 {
		most = "at most " + sizeText(limit)
	}
	fmt.Fprintf(out, "cache     %s: %s in %d files, %s", dir, sizeText(u.Bytes), u.Files, most)
	if u.Sessions > 0 {
		fmt.Fprintf(out, "; running sessions: %d", u.Sessions)
	}
	fmt.Fprintln(out)
	if err != nil {
		fmt.Fprintf(out, "          %v\n", err)
	}
}

// sizeText writes a size with the units of [cache.Variable].
func sizeText(n int64) string {
	size := float64(n)
	for _, unit := range []string{"B", "KB", "MB"} {
		if size < 1024 {
			return fmt.Sprintf("%.4g %s", size, unit)
		}
		size /= 1024
	}
	return fmt.Sprintf("%.4g GB", size)
}
