// Command gobraid-export makes pages of notebooks; `gobraid export` starts it. It is a program of its own so that sessions and workers do not
// carry the libraries that read Markdown and colour code: they take eight milliseconds to start.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/google/renameio/v2"

	"github.com/gobraid/gobraid/notebooks"
	"github.com/gobraid/gobraid/notebooks/export"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "gobraid:", err)
		os.Exit(2)
	}
}

func run(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("gobraid-export", flag.ContinueOnError)
	to := flags.String("to", "html", "html, md or pdf")
	out := flags.String("o", "", "the file; - is the standard output; default: the notebook's name with another ending, beside it")
	trust := flags.Bool("trust", false, "leave HTML of outputs as it is, with scripts")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() != 1 {
		return errors.New("gobraid-export is started by `gobraid export NOTEBOOK`")
	}
	path := flags.Arg(0)
	nb, err := notebooks.Read(path)
	if err != nil {
		return err
	}
	name := strings.TrimSuffix(filepath.Base(path), ".ipynb")
	opts := export.Options{Dir: filepath.Dir(path), Name: name, Trust: *trust}
	var page *export.Page
	switch *to {
	case "html":
		page, err = export.HTML(nb, opts)
	case "md":
		page, err = export.Markdown(nb, opts)
	case "pdf":
		page, err = export.PDF(ctx, nb, opts)
	default:
		err = fmt.Errorf("there is no form %q: it is html, md or pdf", *to)
	}
	if err != nil {
		return err
	}
	for _, w := range page.Warnings {
		fmt.Fprintln(os.Stderr, "gobraid:", w)
	}
	switch *out {
	case "-":
		_, err = os.Stdout.Write(page.Text)
		return err
	case "":
		*out = filepath.Join(filepath.Dir(path), name+"."+*to)
	}
	if info, err := os.Stat(*out); err == nil && !info.Mode().IsRegular() {
		return os.WriteFile(*out, page.Text, 0) // a pipe or a device is written to
	}
	if err := renameio.WriteFile(*out, page.Text, 0o644); err != nil {
		return err
	}
	fmt.Fprintln(os.Stderr, *out)
	return nil
}
