package export

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/gobraid/gobraid/notebooks"
)

// ErrNoBrowser is what the error of [PDF] wraps on a machine without Chromium.
var ErrNoBrowser = errors.New("a PDF needs Chromium, which is not here")

// browsers are what Chromium is called.
var browsers = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "headless_shell"}

// FindBrowser returns the Chromium that prints: that of $GOBRAID_CHROMIUM, or the first one in the path.
func FindBrowser() (string, error) {
	if given := os.Getenv("GOBRAID_CHROMIUM"); given != "" {
		found, err := exec.LookPath(given)
		if err != nil {
			return "", fmt.Errorf("$GOBRAID_CHROMIUM: %w", err)
		}
		return found, nil
	}
	for _, name := range browsers {
		if found, err := exec.LookPath(name); err == nil {
			return found, nil
		}
	}
	return "", fmt.Errorf("%w (looked for %s in the PATH): install it, or set GOBRAID_CHROMIUM to a Chrome, Edge or Brave; "+
		"or export with --html and print the page", ErrNoBrowser, strings.Join(browsers[:3], ", "))
}

// patience is how long the browser may take: a guard against one that hangs.
const patience = 3 * time.Minute

// PDF exports a notebook as PDF, on A4 with page numbers and an outline. It runs Chromium, and blocks until that has ended or ctx
// ends, which kills it.
func PDF(ctx context.Context, nb *notebooks.Notebook, opts Options) (*Page, error) {
	browser, err := FindBrowser()
	if err != nil {
		return nil, err
	}
	page, err := HTML(nb, opts)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "gobraid-pdf-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	in, out := filepath.Join(dir, "page.html"), filepath.Join(dir, "page.pdf")
	if err := os.WriteFile(in, page.Text, 0o600); err != nil {
		return nil, err
	}
	args := []string{
		"--headless", "--disable-gpu", "--no-first-run", "--disable-extensions", "--disable-background-networking", "--disable-dev-shm-usage",
		"--user-data-dir=" + filepath.Join(dir, "profile"), "--no-pdf-header-footer", "--generate-pdf-document-outline", "--print-to-pdf=" + out,
	}
	if os.Geteuid() == 0 {
		args = append(args, "--no-sandbox") // Chromium does not run as root otherwise; the page holds no scripts unless trusted
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, browser, append(args, (&url.URL{Scheme: "file", Path: filepath.ToSlash(in)}).String())...)
	cmd.WaitDelay = 5 * time.Second
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	err = cmd.Run()
	pdf, rerr := os.ReadFile(out)
	switch {
	case ctx.Err() != nil:
		return nil, fmt.Errorf("export: %s: %w", browser, context.Cause(ctx))
	case rerr != nil || !bytes.HasPrefix(pdf, []byte("%PDF")):
		if err == nil {
			err = errors.New("it made no PDF")
		}
		return nil, fmt.Errorf("export: %s: %w\n%s", browser, err, tail(said.String()))
	}
	return &Page{Text: pdf, Title: page.Title, Warnings: page.Warnings}, nil
}

// tail is the end of what a program said.
func tail(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-5):], "\n")
}
