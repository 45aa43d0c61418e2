package display_test

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"testing"

	"github.com/gobraid/gobraid/concurrency/display"
	"github.com/gobraid/gobraid/concurrency/display/form"
)

func TestValues(t *testing.T) {
	var file bytes.Buffer
	if err := png.Encode(&file, image.NewGray(image.Rect(0, 0, 3, 2))); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		v    fmt.Stringer
		mime string // one of the forms
		form any
		text string
	}{
		{display.Text("a\nb"), "text/plain", "a\nb", "a\nb"},
		{display.HTML("<i>"), "text/html", "<i>", "<i>"},
		{display.Markdown("# x"), "text/markdown", "# x", "# x"},
		{display.LaTeX("$x$"), "text/latex", "$x$", "$x$"},
		{display.SVG("<svg/>"), "image/svg+xml", "<svg/>", "(SVG, 6 bytes)"},
		{display.PNG{1}, "image/png", "AQ==", "(PNG, 1 bytes)"},
		{display.PNG(file.Bytes()), "", nil, fmt.Sprintf("(PNG, 3×2, %d bytes)", file.Len())},
		{display.JSON([]int{1}), "text/plain", "[\n  1\n]", "[\n  1\n]"},
		{display.JSON(func() {}), "text/plain", "cannot be shown as JSON: json: unsupported type: func()", "cannot be shown as JSON: json: unsupported type: func()"},
		{display.Bundle{MIME: map[string]any{"x/y": []byte{1}}}, "x/y", "AQ==", ""},
	} {
		forms, _ := form.Of(test.v)
		if got := forms[test.mime]; got != test.form {
			t.Errorf("%T: %s is %v, want %v", test.v, test.mime, got, test.form)
		}
		if got := test.v.String(); got != test.text {
			t.Errorf("%T is the text %q, want %q", test.v, got, test.text)
		}
	}
	forms, metadata := form.Of(display.Bundle{MIME: map[string]any{"a/b": 1}, Metadata: map[string]any{"a/b": "wide"}})
	if forms["a/b"] != 1 || metadata["a/b"] != "wide" {
		t.Errorf("a bundle is %v %v", forms, metadata)
	}
}
