package notebooks

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/gobraid/gobraid/notebooks/internal/lazy"
)

// ErrFormat is what the error of a file that is no notebook of format 4 wraps.
var ErrFormat = errors.New("not a notebook of format 4")

// Read reads the notebook in a file.
func Read(path string) (*Notebook, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("notebooks: %w", err)
	}
	nb, err := Parse(b)
	if err != nil {
		return nil, fmt.Errorf("notebooks: %s: %w", path, err)
	}
	return nb, nil
}

// Parse reads a notebook. It is tolerant of what older versions of the format left out; a
// missing field reads as empty.
func Parse(b []byte) (*Notebook, error) {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber() // numbers in metadata are written back as they were read
	var doc object
	if err := d.Decode(&doc); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, fmt.Errorf("%w: something follows the notebook", ErrFormat)
	}
	if v := doc.takeInt("nbformat"); v != format {
		return nil, fmt.Errorf("%w: nbformat is %d; opening and saving it in JupyterLab converts it", ErrFormat, v)
	}
	nb := &Notebook{Minor: doc.takeInt("nbformat_minor"), Metadata: doc.takeObject("metadata")}
	cells, ok := doc["cells"].([]any)
	if !ok {
		return nil, fmt.Errorf("%w: no list of cells", ErrFormat)
	}
	delete(doc, "cells")
	for i, c := range cells {
		fields, ok := c.(map[string]any)
		if !ok {
			return nil, fmt.Errorf("%w: cell %d is not an object", ErrFormat, i)
		}
		cell, err := parseCell(fields)
		if err != nil {
			return nil, fmt.Errorf("%w: cell %d: %w", ErrFormat, i, err)
		}
		nb.Cells = append(nb.Cells, cell)
	}
	nb.extra = doc
	nb.nameCells()
	return nb, nil
}

func parseCell(fields object) (*Cell, error) {
	c := &Cell{
		ID:       fields.takeString("id"),
		Type:     fields.takeString("cell_type"),
		Source:   fields.takeText("source"),
		Metadata: fields.takeObject("metadata"),
	}
	switch c.Type {
	case Code:
	case Markdown, Raw:
		c.extra = fields
		return c, nil
	default:
		return nil, fmt.Errorf("unknown cell type %q", c.Type)
	}
	c.Count = fields.takeInt("execution_count")
	outputs, _ := fields["outputs"].([]any)
	delete(fields, "outputs")
	for i, o := range outputs {
		f, ok := o.(map[string]any)
		if !ok {
			return nil, fmt.Errorf("output %d is not an object", i)
		}
		c.Outputs = append(c.Outputs, parseOutput(f))
	}
	c.extra = fields
	return c, nil
}

// parseOutput leaves the fields of an output type it does not know in extra.
func parseOutput(fields object) *Output {
	o := &Output{Type: fields.takeString("output_type")}
	switch o.Type {
	case StreamOutput:
		o.Name = fields.takeString("name")
		o.Text = fields.takeText("text")
	case ResultOutput, DisplayOutput:
		if o.Type == ResultOutput {
			o.Count = fields.takeInt("execution_count")
		}
		o.Metadata = fields.takeObject("metadata")
		o.Data = fields.takeObject("data")
		for mime, v := range o.Data {
			if text, ok := joined(v); ok && !isJSON(mime) {
				o.Data[mime] = text
			}
		}
	case ErrorOutput:
		o.EName = fields.takeString("ename")
		o.EValue = fields.takeString("evalue")
		lines, _ := fields["traceback"].([]any)
		for _, l := range lines {
			s, _ := l.(string)
			o.Traceback = append(o.Traceback, s)
		}
		delete(fields, "traceback")
	}
	o.extra = fields
	return o
}

var validID = lazy.Regexp(`^[a-zA-Z0-9_-]{1,64}$`)

// nameCells gives an id to each cell that has none, or an invalid or a repeated one. The ids are made
// from place and text, not at random, so that converting a file twice gives the same file.
func (nb *Notebook) nameCells() {
	seen := map[string]bool{}
	for i, c := range nb.Cells {
		for n := 0; !validID.MatchString(c.ID) || seen[c.ID]; n++ {
			sum := sha256.Sum256(fmt.Appendf(nil, "%d %d %s", i, n, c.Source))
			c.ID = hex.EncodeToString(sum[:4])
		}
		seen[c.ID] = true
	}
}

// An object is a JSON object that is being taken apart: what take… returns is removed from it.
type object map[string]any

func (o object) takeString(key string) string {
	s, _ := o[key].(string)
	delete(o, key)
	return s
}

func (o object) takeText(key string) string {
	s, _ := joined(o[key])
	delete(o, key)
	return s
}

func (o object) takeInt(key string) int {
	n, _ := o[key].(json.Number)
	delete(o, key)
	i, _ := strconv.Atoi(n.String())
	return i
}

func (o object) takeObject(key string) map[string]any {
	m, _ := o[key].(map[string]any)
	delete(o, key)
	if m == nil {
		m = map[string]any{}
	}
	return m
}

// joined returns a text that is written as a string or as an array of lines.
func joined(v any) (text string, ok bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case []any:
		var b strings.Builder
		for _, l := range v {
			s, ok := l.(string)
			if !ok {
				return "", false
			}
			b.WriteString(s)
		}
		return b.String(), true
	}
	return "", false
}

// isJSON reports whether data of the MIME type is a JSON value and not a text.
func isJSON(mime string) bool {
	return mime == "application/json" ||
		strings.HasPrefix(mime, "application/") && strings.HasSuffix(mime, "+json")
}
