package commands

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/gobraid/gobraid/concurrency/cluster"
)

// workerCommand is a machine's part of a cluster. Worker processes of pools are called so too; they never get here.
func workerCommand() *cobra.Command {
	var at natsFlags
	var w cluster.Worker
	var labels []string
	var parent bool
	c := &cobra.Command{
		Use:   "worker --nats URL",
		Short: "Run tasks of notebooks and programs on this machine, over NATS",
		Long: "Run tasks of notebooks and programs on this machine, over NATS, until it is interrupted: then it takes no more, and ends when\n" +
			"what it runs has ended. A second interrupt ends it at once.\n\n" +
			"Who can log in to the NATS server can run any function here, as this user. `gobraid cluster` starts a server to try it out.\n" +
			"A worker runs functions of the same build of gobraid only. Credentials given in the environment are not in the list of processes.",
		Example: "  gobraid worker --nats nats://192.0.2.7:4222 --user cells --labels gpu=yes,zone=a",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if w.Concurrency < 1 {
				return fmt.Errorf("--concurrency %d: a worker runs at least one task at a time", w.Concurrency)
			}
			var err error
			if w.Labels, err = parseLabels(labels); err != nil {
				return err
			}
			if w.Server, err = at.server(); err != nil {
				return err
			}
			ctx := interruptible(cmd.Context())
			if parent {
				var stop context.CancelFunc
				ctx, stop = untilEnd(ctx, os.Stdin)
				defer stop()
			}
			w.Log = logger(cmd.OutOrStdout())
			return w.Serve(ctx)
		},
	}
	at.add(c)
	c.Flags().IntVar(&w.Concurrency, "concurrency", runtime.GOMAXPROCS(0), "how many tasks run at a time")
	c.Flags().StringSliceVar(&labels, "labels", nil, "what the machine has, such as gpu=yes,zone=a; a pool can ask for it")
	c.Flags().StringVar(&w.Name, "name", "", "what listings call the worker; default: the machine's name and the process id")
	c.Flags().StringVar(&w.Queue, "queue", "", "the queue of tasks that it takes from; default: the one that pools use that name none")
	c.Flags().DurationVar(&w.Grace, "grace", time.Minute, "how long tasks may go on when it is to end")
	c.Flags().BoolVar(&parent, "with-parent", false, "end when standard input ends")
	_ = c.Flags().MarkHidden("with-parent")
	return c
}

// parseLabels checks labels, and leaves out those given twice.
func parseLabels(labels []string) (out []string, err error) {
	seen := map[string]string{}
	for _, l := range labels {
		key, value, ok := strings.Cut(l, "=")
		if !ok || key == "" || value == "" || strings.ContainsAny(l, " .*>\t\n") || strings.Contains(value, "=") {
			return nil, fmt.Errorf("--labels: %q is not a label: write key=value, such as gpu=yes, without spaces and . * >", l)
		}
		if old, ok := seen[key]; ok && old != value {
			return nil, fmt.Errorf("--labels: %s is both %s and %s", key, old, value)
		} else if !ok {
			seen[key] = value
			out = append(out, l)
		}
	}
	return out, nil
}

// logger returns a function that writes lines with the time of day.
func logger(w io.Writer) func(string) {
	return func(line string) { fmt.Fprintf(w, "%s %s\n", time.Now().Format(time.TimeOnly), line) }
}

// untilEnd returns a context that ends when r does.
func untilEnd(ctx context.Context, r io.Reader) (context.Context, context.CancelFunc) {
	ctx, stop := context.WithCancel(ctx)
	go func() { // ends with r; nothing can end a read of standard input
		_, _ = io.Copy(io.Discard, r)
		stop()
	}()
	return ctx, stop
}
