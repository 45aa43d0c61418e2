package commands

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/gobraid/gobraid/interp/live"
	"github.com/gobraid/gobraid/interp/session"
)

// exitStatus is an error that only sets the exit status; what there was to say has been said.
type exitStatus int

// Error names the status.
func (e exitStatus) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

// Main runs the command line and returns the exit status. sources are gobraid's own; see
// [compiled.Options].
func Main(sources fs.FS, args []string) int {
	if len(args) > 0 && (args[0] == "session" || args[0] == "worker") {
		debug.SetMaxStack(maxStack)
		live.Worker()
	}
	if len(args) > 0 && args[0] == "session" {
		return sessionMain(sources)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	root := &cobra.Command{
		Use:           "gobraid",
		Short:         "A Jupyter kernel for Go whose concurrency can be seen, stopped, measured and replayed",
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.AddCommand(kernelCommand(), runCommand(), verifyCommand(), execCommand(), exportCommand(), packCommand(), clusterCommand(), workerCommand(), installCommand(), uninstallCommand(), versionCommand(sources), prebuildCommand(sources), doctorCommand(sources))
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	var status exitStatus
	switch {
	case err == nil:
		return 0
	case errors.As(err, &status):
		return int(status)
	}
	fmt.Fprintln(os.Stderr, "gobraid:", err)
	return 2
}

// sessionFlags are the flags of the commands that start a session.
type sessionFlags struct {
	engine string
	memory string
}

func (f *sessionFlags) add(c *cobra.Command) {
	c.Flags().StringVar(&f.engine, "engine", "auto", "the engine that runs cells: auto, yaegi or compiled")
	c.Flags().StringVar(&f.memory, "memory", "", "memory limit of the session, such as 2G; default 80 % of what there is; none for no limit")
}

// config returns the session's configuration.
func (f *sessionFlags) config() (session.Config, error) {
	switch f.engine {
	case "auto", "yaegi", "compiled":
	default:
		return session.Config{}, fmt.Errorf("there is no engine %q: it is auto, yaegi or compiled", f.engine)
	}
	memory, err := parseBytes(f.memory)
	return session.Config{Engine: f.engine, Memory: memory}, err
}

// parseBytes reads a size such as 512M or 2GiB; "" is 0 and "none" is -1.
func parseBytes(s string) (int64, error) {
	switch s {
	case "":
		return 0, nil
	case "none":
		return -1, nil
	}
	var n float64
	var unit string
	if _, err := fmt.Sscanf(s, "%g%s", &n, &unit); err != nil && unit != "" || n <= 0 {
		return 0, fmt.Errorf("the memory limit %q is not a size such as 512M or 2G", s)
	}
	shift, ok := map[string]uint{
		"": 0, "B": 0, "K": 10, "KB": 10, "KiB": 10, "M": 20, "MB": 20, "MiB": 20, "G": 30, "GB": 30, "GiB": 30, "T": 40, "TB": 40, "TiB": 40,
	}[unit]
	if !ok {
		return 0, fmt.Errorf("the memory limit %q has an unknown unit %q: use K, M, G or T", s, unit)
	}
	return int64(n * float64(int64(1)<<shift)), nil
}
