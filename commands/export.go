package commands

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
)

// exportProgram makes the pages, in a program of its own so that sessions and workers do not carry what reads Markdown and colours code.
const exportProgram = "gobraid-export"

// exportFlags are the flags of export.
type exportFlags struct {
	html, md, pdf, trust bool
	out                  string
}

func exportCommand() *cobra.Command {
	var flags exportFlags
	c := &cobra.Command{
		Use:   "export NOTEBOOK.ipynb",
		Short: "Make a page of a notebook: HTML, Markdown or PDF",
		Long: "Make a page of a notebook as it is, with its outputs, pictures, a table of contents and its run record, in one file that\n" +
			"fetches nothing. Scripts of outputs are left out. PDF needs Chromium, found as chromium, chromium-browser or google-chrome in\n" +
			"the PATH, or by $GOBRAID_CHROMIUM. Without -o the page is put beside the notebook.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			program, err := findBeside(exportProgram, "what makes pages", "or use `jupyter nbconvert`")
			if err != nil {
				return err
			}
			page := exec.CommandContext(cmd.Context(), program, flags.args(args[0])...)
			page.Cancel = func() error { return page.Process.Signal(os.Interrupt) }
			page.Stdin, page.Stdout, page.Stderr = os.Stdin, os.Stdout, os.Stderr
			err = page.Run()
			var exit *exec.ExitError
			if errors.As(err, &exit) && exit.ExitCode() > 0 {
				return exitStatus(exit.ExitCode()) // it has said why
			}
			return err
		},
	}
	c.Flags().BoolVar(&flags.html, "html", false, "a page for a browser; the default")
	c.Flags().BoolVar(&flags.md, "md", false, "Markdown")
	c.Flags().BoolVar(&flags.pdf, "pdf", false, "PDF, by Chromium")
	c.Flags().StringVarP(&flags.out, "output", "o", "", "write the page to this file; - is the standard output")
	c.Flags().BoolVar(&flags.trust, "trust", false, "leave HTML of outputs as it is, with its scripts")
	c.MarkFlagsMutuallyExclusive("html", "md", "pdf")
	return c
}

// args are the arguments of the program that makes the page. Without a flag the ending of the file says what it is.
func (f *exportFlags) args(notebook string) []string {
	to := "html"
	switch {
	case f.md:
		to = "md"
	case f.pdf:
		to = "pdf"
	case !f.html:
		to = formOf(f.out)
	}
	args := []string{"-to", to}
	if f.out != "" {
		args = append(args, "-o", f.out)
	}
	if f.trust {
		args = append(args, "-trust")
	}
	return append(args, "--", notebook)
}

func formOf(file string) string {
	switch strings.ToLower(filepath.Ext(file)) {
	case ".md", ".markdown":
		return "md"
	case ".pdf":
		return "pdf"
	}
	return "html"
}
