package check

import (
	"go/token"
	"runtime"
	"strings"
	"testing"

	"github.com/gobraid/gobraid/interp/check/stdtypes"
)

func TestConstraint(t *testing.T) {
	t.Setenv("GOFLAGS", "-mod=mod -tags=special,other")
	here := runtime.GOOS
	for text, want := range map[string]string{
		"x := 1":                                "none",
		"x := 1\n//go:build nowhere":            "none", // as in Go, only at the top
		"//go:build " + here + "\n\nx := 1":     "holds",
		"//go:build !" + here + "\n\nx := 1":    "excludes",
		"//go:build plan9 && 386\nx := 1":       "excludes",
		"\n// Why.\n/* and */\n//go:build unix": "holds",
		"//go:build gc && go1.26 && !go1.999":   "holds",
		"//go:build cgo":                        "excludes",
		"//go:build ignore\n\npackage main":     "holds",
		"//go:build special && other":           "holds",
		"//go:build third":                      "excludes",
		"//go:build (" + here:                   "1:1: parsing //go:build line: missing close paren",
		"//go:build a\n//go:build b":            "2:1: multiple //go:build comments",
		"//go:builder\nx := `\n//go:build a`":   "none",
	} {
		c, err := ConstraintOf("x.go", text)
		got := "none"
		switch {
		case err != nil:
			got = strings.TrimPrefix(err.Error(), "x.go:")
		case c != nil && c.Holds:
			got = "holds"
		case c != nil:
			got = "excludes"
		}
		if here != "linux" && strings.Contains(text, "unix") || got == want {
			continue
		}
		t.Errorf("%q: %s, want %s", text, got, want)
	}
}

func TestLinkname(t *testing.T) {
	c := New(stdtypes.NewImporter(token.NewFileSet()), nil)
	_, errs := c.Check(1, "x.go", "import _ \"unsafe\"\n//go:linkname nanotime runtime.nanotime\nfunc nanotime() int64\nnanotime()")
	if len(errs) != 1 || errs[0].Error() != "x.go:2:1: //go:linkname has no effect in a cell" || !strings.Contains(errs[0].Hint, "replace") {
		t.Errorf("errors %v", errs)
	}
	if _, errs := c.Check(1, "x.go", "s := `\n//go:linkname a b\n`\n// //go:linkname"); len(errs) > 0 {
		t.Errorf("errors %v", errs)
	}
}
