package form_test

import (
	"fmt"
	"image"
	"reflect"
	"testing"

	"github.com/gobraid/gobraid/concurrency/display/form"
)

type html struct{}

func (html) HTML() string { return "<b>" }

type pointer struct{}

func (*pointer) SVG() string { return "<svg/>" }

type empty struct{}

func (empty) Markdown() string { return "" }

type wrong struct{}

func (wrong) HTML() []byte { return nil }

type argument struct{}

func (argument) HTML(int) string { return "x" }

type failing struct{}

func (failing) HTML() string  { panic("no") }
func (failing) LaTeX() string { return "x" }

type bundle map[string]any

func (b bundle) MIMEBundle() map[string]any   { return b }
func (b bundle) MIMEMetadata() map[string]any { return map[string]any{"k": len(b)} }

type unsendable struct{ bundle }

func (unsendable) MIMEMetadata() map[string]any { return map[string]any{"k": func() {}} }

func TestOf(t *testing.T) {
	for _, test := range []struct{ v, forms, metadata any }{
		{nil, "map[]", "map[]"},
		{7, "map[]", "map[]"},
		{html{}, "map[text/html:<b>]", "map[]"},
		{pointer{}, "map[]", "map[]"},
		{&pointer{}, "map[image/svg+xml:<svg/>]", "map[]"},
		{(*pointer)(nil), "map[]", "map[]"},
		{empty{}, "map[]", "map[]"},
		{wrong{}, "map[]", "map[]"},
		{argument{}, "map[]", "map[]"},
		{failing{}, "map[text/latex:x]", "map[]"},
		{bundle{"a/b": []byte{0}, "c/d": 1, "": 2, "e/f": map[string]any{"x": 1}}, "map[a/b:AA== c/d:1 e/f:map[x:1]]", "map[k:4]"},
		{unsendable{bundle{"a/b": func() {}, "c/d": map[string]any{"x": func() {}}}}, "map[]", "map[]"},
		{image.NewGray(image.Rect(0, 0, 0, 5)), "map[]", "map[]"},
		{image.Rect(0, 0, 1<<13, 1<<13), "map[]", "map[]"}, // an image too, and too large
	} {
		forms, metadata := form.Of(test.v)
		if got := fmt.Sprint(forms); got != test.forms {
			t.Errorf("%#v: forms %s, want %s", test.v, got, test.forms)
		}
		if got := fmt.Sprint(metadata); got != test.metadata {
			t.Errorf("%#v: metadata %s, want %s", test.v, got, test.metadata)
		}
	}
	if forms, _ := form.Of(image.NewGray(image.Rect(0, 0, 2, 2))); forms["image/png"] == nil {
		t.Error("an image has no form")
	}
}

// TestMethods keeps the list as it is told in the documentation of package display.
func TestMethods(t *testing.T) {
	var names []string
	for _, m := range form.Methods() {
		names = append(names, m.Name)
	}
	want := []string{"HTML", "Markdown", "LaTeX", "SVG", "PNG", "JPEG", "MIMEBundle"}
	if !reflect.DeepEqual(names, want) {
		t.Errorf("methods %v, want %v", names, want)
	}
}
