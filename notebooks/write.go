package notebooks

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/google/renameio/v2"
)

// Encode returns the notebook as nbformat 4.5, or later if it was read as such, in the layout that
// Jupyter writes.
func (nb *Notebook) Encode() ([]byte, error) {
	cells := make([]any, len(nb.Cells))
	for i, c := range nb.Cells {
		cells[i] = c.fields()
	}
	doc := merged(nb.extra, map[string]any{
		"cells":          cells,
		"metadata":       filled(nb.Metadata),
		"nbformat":       format,
		"nbformat_minor": max(nb.Minor, formatMinor),
	})
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(doc); err != nil { // ends in a newline
		return nil, fmt.Errorf("notebooks: %w", err)
	}
	return b.Bytes(), nil
}

// Write writes the notebook to a file. The file is replaced in one step: a reader sees the old
// notebook or the new one, and a failed write leaves the old one.
func (nb *Notebook) Write(path string) error {
	b, err := nb.Encode()
	if err != nil {
		return err
	}
	if err := replace(path, b); err != nil {
		return fmt.Errorf("notebooks: %w", err)
	}
	return nil
}

func replace(path string, b []byte) error {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return os.WriteFile(path, b, 0) // a pipe or a device is written to
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real // replace what the link names, not the link
	}
	return renameio.WriteFile(path, b, 0o644)
}

func (c *Cell) fields() map[string]any {
	known := map[string]any{
		"cell_type": c.Type,
		"id":        c.ID,
		"metadata":  filled(c.Metadata),
		"source":    lines(c.Source),
	}
	if c.Type == Code {
		outputs := make([]any, len(c.Outputs))
		for i, o := range c.Outputs {
			outputs[i] = o.fields()
		}
		known["outputs"] = outputs
		known["execution_count"] = nullable(c.Count)
	}
	return merged(c.extra, known)
}

func (o *Output) fields() map[string]any {
	known := map[string]any{"output_type": o.Type}
	switch o.Type {
	case StreamOutput:
		known["name"] = o.Name
		known["text"] = lines(o.Text)
	case ResultOutput, DisplayOutput:
		if o.Type == ResultOutput {
			known["execution_count"] = nullable(o.Count)
		}
		known["metadata"] = filled(o.Metadata)
		data := map[string]any{}
		for mime, v := range o.Data {
			if text, ok := v.(string); ok && isText(mime) {
				v = lines(text)
			}
			data[mime] = v
		}
		known["data"] = data
	case ErrorOutput:
		known["ename"] = o.EName
		known["evalue"] = o.EValue
		known["traceback"] = append([]string{}, o.Traceback...)
	}
	return merged(o.extra, known)
}

// isText reports whether Jupyter writes data of the MIME type as lines; the rest, such as a picture in
// base64, it leaves in one string.
func isText(mime string) bool {
	return strings.HasPrefix(mime, "text/") || mime == "image/svg+xml" || mime == "application/javascript"
}

// merged returns the known fields over the unknown ones. Maps are written with their keys sorted.
func merged(extra, known map[string]any) map[string]any {
	m := make(map[string]any, len(extra)+len(known))
	for k, v := range extra {
		m[k] = v
	}
	for k, v := range known {
		m[k] = v
	}
	return m
}

func filled(m map[string]any) map[string]any {
	if m == nil {
		return map[string]any{}
	}
	return m
}

func nullable(n int) any {
	if n == 0 {
		return nil
	}
	return n
}

// lines splits a text after each line end. What ends a line is what Python's str.splitlines says, since
// Jupyter writes its files with that; any other choice would show as a change in a file saved by both.
func lines(s string) []string {
	l := []string{}
	for s != "" {
		end := lineEnd(s)
		l = append(l, s[:end])
		s = s[end:]
	}
	return l
}

func lineEnd(s string) int {
	i := strings.IndexFunc(s, func(r rune) bool {
		switch r {
		case '\n', '\r', '\v', '\f', 0x1c, 0x1d, 0x1e, 0x85, 0x2028, 0x2029:
			return true
		}
		return false
	})
	if i < 0 {
		return len(s)
	}
	if strings.HasPrefix(s[i:], "\r\n") {
		return i + 2
	}
	_, size := utf8.DecodeRuneInString(s[i:])
	return i + size
}
