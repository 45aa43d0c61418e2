package notebooks_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"syscall"
	"testing"

	"github.com/gobraid/gobraid/notebooks"
)

// TestRoundTrip writes back what Jupyter's own nbformat library wrote, byte for byte. The file has
// every kind of cell and output, unknown fields, odd line ends, markup, and numbers that a float spoils.
func TestRoundTrip(t *testing.T) {
	want, err := os.ReadFile("testdata/format/jupyter.ipynb")
	if err != nil {
		t.Fatal(err)
	}
	nb, err := notebooks.Parse(want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := nb.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("got:\n%s", got)
	}
}

// TestRead looks at what the same file reads as.
func TestRead(t *testing.T) {
	nb, err := notebooks.Read("testdata/format/jupyter.ipynb")
	if err != nil {
		t.Fatal(err)
	}
	if n := len(nb.Cells); n != 4 {
		t.Fatalf("%d cells", n)
	}
	c := nb.Cells[2]
	if c.ID != "cell-2" || c.Type != notebooks.Code || c.Count != 3 || c.Source != "x := 1 < 2\nx" {
		t.Errorf("the code cell: %+v", c)
	}
	if !c.Tagged(notebooks.TagRaises) || c.Tagged(notebooks.TagSkip) {
		t.Error("its tags are misread")
	}
	if got, want := c.Outputs[0].Text, "a\nb\rc\r\nd\fe\n\n"; got != want {
		t.Errorf("stream: got %q, want %q", got, want)
	}
	if got := c.Outputs[2].Data["text/plain"]; got != "one\ntwo" {
		t.Errorf("display: got %q", got)
	}
	if got := c.Outputs[4]; got.EName != "Panic" || len(got.Traceback) != 2 {
		t.Errorf("error: got %+v", got)
	}
}

// TestReadOld reads a notebook of format 4.2 with nearly everything left out.
func TestReadOld(t *testing.T) {
	nb, err := notebooks.Read("testdata/format/old.ipynb")
	if err != nil {
		t.Fatal(err)
	}
	valid := regexp.MustCompile(`^[a-zA-Z0-9_-]{1,64}$`)
	ids := map[string]bool{}
	for _, c := range nb.Cells {
		if !valid.MatchString(c.ID) || ids[c.ID] {
			t.Errorf("id %q is invalid or there twice", c.ID)
		}
		ids[c.ID] = true
	}
	if got := nb.Cells[1].Source; got != "same\ntext" {
		t.Errorf("source: %q", got)
	}
	if !ids["twice"] {
		t.Error("the first of two equal ids is not kept")
	}
	first := encode(t, nb)
	var doc struct {
		Minor int `json:"nbformat_minor"`
		Cells []map[string]any
	}
	if err := json.Unmarshal(first, &doc); err != nil {
		t.Fatal(err)
	}
	if doc.Minor != 5 {
		t.Errorf("written as 4.%d", doc.Minor)
	}
	hologram := doc.Cells[2]["outputs"].([]any)[1].(map[string]any)
	if hologram["depth"] != 3.0 {
		t.Errorf("an unknown output is not kept: %v", hologram)
	}
	again, err := notebooks.Read("testdata/format/old.ipynb")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first, encode(t, again)) {
		t.Error("converting the same file twice gives two files")
	}
}

func encode(t *testing.T, nb *notebooks.Notebook) []byte {
	b, err := nb.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

var badTests = []struct{ name, in string }{
	{"empty", ``},
	{"no JSON", `package main`},
	{"another JSON", `[1]`},
	{"version 3", `{"nbformat": 3, "nbformat_minor": 0, "worksheets": []}`},
	{"version 5", `{"nbformat": 5, "nbformat_minor": 0, "cells": []}`},
	{"no cells", `{"nbformat": 4, "nbformat_minor": 5}`},
	{"a cell that is none", `{"nbformat": 4, "nbformat_minor": 5, "cells": [1]}`},
	{"a cell of no type", `{"nbformat": 4, "nbformat_minor": 5, "cells": [{"cell_type": "heading"}]}`},
	{"an output that is none", `{"nbformat": 4, "nbformat_minor": 5, "cells": [{"cell_type": "code", "outputs": [1]}]}`},
	{"more after it", `{"nbformat": 4, "nbformat_minor": 5, "cells": []} {}`},
}

func TestParseErrors(t *testing.T) {
	for _, tt := range badTests {
		if _, err := notebooks.Parse([]byte(tt.in)); !errors.Is(err, notebooks.ErrFormat) {
			t.Errorf("%s: got error %v", tt.name, err)
		}
	}
}

// TestWrite keeps the mode of a file that is replaced, and the link that leads to it.
func TestWrite(t *testing.T) {
	dir := t.TempDir()
	file, link := filepath.Join(dir, "a.ipynb"), filepath.Join(dir, "link.ipynb")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("a.ipynb", link); err != nil {
		t.Fatal(err)
	}
	nb, err := notebooks.Read("testdata/format/jupyter.ipynb")
	if err != nil {
		t.Fatal(err)
	}
	if err := nb.Write(link); err != nil {
		t.Fatal(err)
	}
	info, err := os.Lstat(file)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode() != 0o600 || info.Size() == 0 {
		t.Errorf("mode %v, size %d", info.Mode(), info.Size())
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 2 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

// TestWritePipe writes into a pipe and leaves it one.
func TestWritePipe(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	got := make(chan []byte, 1)
	go func() {
		b, _ := os.ReadFile(pipe)
		got <- b
	}()
	nb, err := notebooks.Read("testdata/format/jupyter.ipynb")
	if err != nil {
		t.Fatal(err)
	}
	if err := nb.Write(pipe); err != nil {
		t.Fatal(err)
	}
	if b := <-got; !bytes.Equal(b, encode(t, nb)) {
		t.Errorf("%d bytes came through the pipe", len(b))
	}
}

func FuzzParse(f *testing.F) {
	for _, file := range []string{"testdata/format/jupyter.ipynb", "testdata/format/old.ipynb"} {
		b, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		nb, err := notebooks.Parse(b)
		if err != nil {
			return
		}
		first := encode(t, nb)
		again, err := notebooks.Parse(first)
		if err != nil {
			t.Fatalf("what was written cannot be read: %v\n%s", err, first)
		}
		if !bytes.Equal(first, encode(t, again)) {
			t.Error("reading and writing does not settle")
		}
	})
}
