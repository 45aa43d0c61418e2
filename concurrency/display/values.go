package display

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image/png"
	"maps"
)

// Text is shown as it is: without the quotes a string has as a value, and whole, however long.
type Text string

// MIMEBundle gives the text.
func (t Text) MIMEBundle() map[string]any { return map[string]any{"text/plain": string(t)} }

// String returns the text.
func (t Text) String() string { return string(t) }

// HTML is shown as HTML. Front ends may refuse to run scripts in it.
type HTML string

// HTML returns the source.
func (h HTML) HTML() string { return string(h) }

// String returns the source.
func (h HTML) String() string { return string(h) }

// Markdown is shown as formatted text.
type Markdown string

// Markdown returns the source.
func (m Markdown) Markdown() string { return string(m) }

// String returns the source.
func (m Markdown) String() string { return string(m) }

// LaTeX is shown as a formula; it has its own dollar signs or environment.
type LaTeX string

// LaTeX returns the source.
func (l LaTeX) LaTeX() string { return string(l) }

// String returns the source.
func (l LaTeX) String() string { return string(l) }

// SVG is shown as a drawing.
type SVG string

// SVG returns the source.
func (s SVG) SVG() string { return string(s) }

// String tells what it is; the source says little to a reader.
func (s SVG) String() string { return fmt.Sprintf("(SVG, %d bytes)", len(s)) }

// PNG is shown as a picture: the bytes of a PNG file.
type PNG []byte

// PNG returns the bytes.
func (p PNG) PNG() []byte { return p }

// String tells what it is.
func (p PNG) String() string {
	c, err := png.DecodeConfig(bytes.NewReader(p))
	if err != nil {
		return fmt.Sprintf("(PNG, %d bytes)", len(p))
	}
	return fmt.Sprintf("(PNG, %d×%d, %d bytes)", c.Width, c.Height, len(p))
}

// A Bundle is one value in several forms, by MIME type; the front end takes the one it shows best. Binary forms
// are []byte.
type Bundle struct {
	MIME     map[string]any
	Metadata map[string]any // by MIME type; may be nil
}

// MIMEBundle returns the forms.
func (b Bundle) MIMEBundle() map[string]any { return maps.Clone(b.MIME) }

// MIMEMetadata returns the metadata.
func (b Bundle) MIMEMetadata() map[string]any { return b.Metadata }

// String returns the text among the forms.
func (b Bundle) String() string { text, _ := b.MIME["text/plain"].(string); return text }

// JSON returns a bundle that shows a value as what encoding/json makes of it, as a tree where the front end has one.
// A value that has no such form is shown as the error.
func JSON(v any) Bundle {
	data, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return Bundle{MIME: map[string]any{"text/plain": "cannot be shown as JSON: " + err.Error()}}
	}
	return Bundle{MIME: map[string]any{"application/json": json.RawMessage(data), "text/plain": string(data)}}
}
