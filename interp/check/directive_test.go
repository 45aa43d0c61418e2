package check

import (
	"go/token"
	"testing"

	"github.com/gobraid/gobraid/interp/check/stdtypes"
)

func TestEmbeds(t *testing.T) {
	c := New(stdtypes.NewImporter(token.NewFileSet()), nil)
	for _, test := range []struct {
		text  string
		lines []int
	}{
		{"import _ \"embed\"\n//go:embed a.txt\nvar s string\nlen(s)", []int{2}},
		{"//go:embed a\n//go:embed b\nvar s string", []int{1, 2}},
		{"//go:build windows\n\nvar s = 1", nil},
		{"s := `\n//go:embed x\n`", nil},
		{"// see //go:embed\n//go:embedded\nvar s string", nil},
	} {
		_, errs := c.Check(1, "x.go", test.text)
		if len(errs) != len(test.lines) {
			t.Errorf("%q: errors %v", test.text, errs)
			continue
		}
		for i, e := range errs {
			if e.Pos.Line != test.lines[i] || e.Pos.Column != 1 || e.Pos.Filename != "x.go" || e.Hint == "" {
				t.Errorf("%q: got %+v", test.text, e)
			}
		}
	}
}
