package export_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gobraid/gobraid/notebooks"
	"github.com/gobraid/gobraid/notebooks/export"
)

// TestMarkdown compares a whole export.
func TestMarkdown(t *testing.T) {
	p, err := export.Markdown(&notebooks.Notebook{Cells: []*notebooks.Cell{
		markdown("# Title\n\nWords."), markdown("## It's one, `x`"), markdown("## It's one, `x`"),
		code("f()", prints("\x1b[31mred\x1b[0m ``` fence\n"), shows("text/html", "<b>x</b>", "text/plain", "x"), shows("image/png", "aGVsbG8=", "text/plain", "a [dot]")),
	}}, export.Options{})
	if err != nil {
		t.Fatal(err)
	}
	const want = "# Title\n\n**Contents**\n\n- [It's one, x](#its-one-x)\n- [It's one, x](#its-one-x-1)\n\n\nWords.\n\n## It's one, `x`\n\n## It's one, `x`\n" +
		"\n```go\nf()\n```\n\n````text\nred ``` fence\n````\n\n```text\nx\n```\n\n![a \\[dot\\]](data:image/png;base64,aGVsbG8=)\n"
	if got := string(p.Text); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

// TestRecord shows the run record, if there is one.
func TestRecord(t *testing.T) {
	nb := &notebooks.Notebook{Cells: []*notebooks.Cell{markdown("# T")}, Metadata: map[string]any{"gobraid": map[string]any{"record": map[string]any{
		"format": json.Number("1"), "gobraid": "0.1", "go": "go1.26", "engine": "auto", "seconds": json.Number("0.0528"), "started": "2026-11-22T00:10:08.6Z",
		"machine":    map[string]any{"cpu": "a <fast> one", "cores": json.Number("2"), "gomaxprocs": json.Number("1"), "memory": json.Number("2147483648")},
		"parameters": []any{map[string]any{"name": "workers", "value": "8", "type": "int", "set": true}},
		"modules":    []any{map[string]any{"path": "example.com/geo", "version": "v1.0.0", "replace": "../geo"}},
		"cells": []any{
			map[string]any{"id": "a", "number": json.Number("1"), "engine": "yaegi", "sha256": strings.Repeat("ab", 32), "seconds": json.Number("0.00012")},
			map[string]any{"id": "b", "number": json.Number("2"), "engine": "yaegi", "error": "Panic: no"},
		},
	}}}}
	p := page(t, export.Options{}, nb.Cells...)
	if strings.Contains(body(p), "Run record") {
		t.Error("a record that is not there is shown")
	}
	p, err := export.HTML(nb, export.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`<a href="#run-record">`, `<th scope="row">machine</th><td>a &lt;fast&gt; one, `, "2, GOMAXPROCS 1, 2.0 GiB", "<td>53 ms</td>", "2026-11-22 00:10:08 UTC", "workers = 8 (given)",
		"example.com/geo v1.0.0, replaced by ../geo", "<caption>Cells</caption>", `<th scope="col">cell</th><th scope="col">id`, "<td>abababababab</td>", "<td>120 µs</td>", "<td>yaegi Panic</td>", "0, all cells as they should be",
	} {
		if !strings.Contains(string(p.Text), want) {
			t.Errorf("no %q in %s", want, body(p))
		}
	}
	sane(t, p)
	p, err = export.Markdown(nb, export.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"- [Run record](#run-record)", "| machine | a &lt;fast> one,", "| cell | id | engine |"} {
		if !strings.Contains(string(p.Text), want) {
			t.Errorf("no %q in %s", want, p.Text)
		}
	}
}

// TestPDF prints a notebook of the repository, where there is a Chromium.
func TestPDF(t *testing.T) {
	if _, err := export.FindBrowser(); err != nil {
		t.Skip(err)
	}
	nb, err := notebooks.Read(filepath.Join("..", "00-start.ipynb"))
	if err != nil {
		t.Fatal(err)
	}
	p, err := export.PDF(t.Context(), nb, export.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(p.Text), "%PDF-") || !strings.Contains(string(p.Text), "/Outlines") {
		t.Errorf("%d bytes, no PDF with an outline", len(p.Text))
	}
}

// TestNoBrowser says what to do without Chromium.
func TestNoBrowser(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	t.Setenv("GOBRAID_CHROMIUM", "")
	_, err := export.PDF(context.Background(), &notebooks.Notebook{}, export.Options{})
	if !errors.Is(err, export.ErrNoBrowser) || !strings.Contains(err.Error(), "--html") {
		t.Error(err)
	}
	t.Setenv("GOBRAID_CHROMIUM", "no-such-browser")
	if _, err := export.FindBrowser(); err == nil || !strings.Contains(err.Error(), "GOBRAID_CHROMIUM") {
		t.Error(err)
	}
}

func ExampleHTML() {
	nb := &notebooks.Notebook{Cells: []*notebooks.Cell{{ID: "title", Type: notebooks.Markdown, Source: "# A report"}}}
	page, err := export.HTML(nb, export.Options{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(page.Title, strings.Contains(string(page.Text), `<h1 id="A-report">A report</h1>`))
	// Output: A report true
}
