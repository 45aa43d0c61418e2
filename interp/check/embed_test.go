package check

import (
	"fmt"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gobraid/gobraid/interp/check/stdtypes"
)

func folder(t *testing.T, names ...string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "a[b]*") // a pattern has to be one of what is in it only
	for _, name := range names {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte("text of "+name), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestEmbedded(t *testing.T) {
	dir := folder(t, "a.txt", "b.txt", "d/c.txt", "d/.h", "d/_u", "d/e/f.txt", "d/.g/x", "m/go.mod", "m/n.txt", "none/.x", "vendor/v.txt", "d/m/go.mod", "d/m/x", ".git/config", "v/.git/y", "v/x")
	if err := os.Symlink(filepath.Join(dir, "a.txt"), filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	for pattern, want := range map[string]string{
		"a.txt":          "a.txt",
		"*.txt":          "a.txt b.txt",
		"d":              "d/c.txt d/e/f.txt",
		"all:d":          "d/.g/x d/.h d/_u d/c.txt d/e/f.txt",
		"d/*":            "cannot embed directory d/m: in different module",
		"d/[._]*":        "d/.h d/_u d/.g/x", // what a pattern names may begin with a dot
		"d/.h":           "d/.h",
		"[ab].txt":       "a.txt b.txt",
		"x.txt":          "no matching files found",
		"../a.txt":       "invalid pattern syntax",
		"/etc/passwd":    "invalid pattern syntax",
		"./a.txt":        "invalid pattern syntax",
		"[":              "invalid pattern syntax",
		"":               "invalid pattern syntax",
		"none":           "cannot embed directory none: contains no embeddable files",
		"m/n.txt":        "cannot embed file m/n.txt: in different module",
		"vendor/v.txt":   "vendor/v.txt",
		".git/config":    "cannot embed file .git/config: invalid name .git",
		"all:v":          "v/x",
		"link":           "cannot embed irregular file link",
		"d/e/[f-f].t*":   "d/e/f.txt",
		"all:d/m/go.mod": "cannot embed file d/m/go.mod: in different module",
	} {
		names, err := embedded(dir, pattern)
		got := fmt.Sprint(err)
		if err == nil {
			slices.Sort(names)
			expected := strings.Fields(want)
			slices.Sort(expected)
			got, want = strings.Join(names, " "), strings.Join(expected, " ")
		}
		if got != want {
			t.Errorf("%s: %s, want %s", pattern, got, want)
		}
	}
}

func TestEmbeds(t *testing.T) {
	dir := folder(t, "a.txt", "b.txt")
	c := New(stdtypes.NewImporter(token.NewFileSet()), nil)
	c.Folder(dir)
	for _, test := range []struct {
		text   string
		errors string // line:column: message, with semicolons between
	}{
		{"import _ \"embed\"\n//go:embed a.txt\nvar s string\nlen(s)", ""},
		{"//go:embed a.txt\n\n// It is.\nvar s string", ""},
		{"//go:embed a.txt\nvar s []byte", ""},
		{"import \"embed\"\n//go:embed a.txt\n//go:embed b.txt\nvar s embed.FS", ""},
		{"//go:embed a.txt\n//go:embed b.txt\nvar s string", "1:1: invalid go:embed: multiple files for type string"},
		{"//go:embed *.txt\nvar s []byte", "1:1: invalid go:embed: multiple files for type []byte"},
		{"//go:embed a.txt no.txt\nvar s string", "1:18: pattern no.txt: no matching files found"},
		{"//go:embed `no x.txt`\nvar s string", "1:12: pattern no x.txt: no matching files found"},
		{"//go:embed \"a.txt\"x\nvar s string", "1:1: invalid quoted string in //go:embed: \"a.txt\"x"},
		{"//go:embed\nvar s string", "1:1: usage: //go:embed pattern..."},
		{"//go:embed a.txt\nvar s int", "1:1: go:embed cannot apply to var of type int"},
		{"//go:embed a.txt\nvar s, t string", "1:1: go:embed cannot apply to multiple vars"},
		{"//go:embed a.txt\nvar s string = \"a\"", "1:1: go:embed cannot apply to var with initializer"},
		{"//go:embed a.txt\ns := \"a\"", "1:1: misplaced go:embed directive"},
		{"//go:embed a.txt\nconst s = \"a\"\n//go:embed a.txt", "1:1: misplaced go:embed directive; 3:1: misplaced go:embed directive"},
		{"func f() {\n\t//go:embed a.txt\n\tvar s string\n\t_ = s\n}", "2:2: misplaced go:embed directive"},
		{"var (\n\tn int\n\t//go:embed a.txt\n\ts string\n)", ""},
		{"//go:embed a.txt\nvar (\n\ts string\n)", "1:1: misplaced go:embed directive"},
		{"package main\n//go:embed a.txt\nvar s string\nfunc main() { println(s) }", ""},
		{"s := `\n//go:embed x\n`", ""},
		{"// see //go:embed\n//go:embedded\nvar s string", ""},
	} {
		cell, errs := c.Check(1, "x.go", test.text)
		var all []string
		for _, e := range errs {
			if e.Pos.Filename != "x.go" {
				t.Errorf("%q: it is in %s", test.text, e.Pos)
			}
			all = append(all, fmt.Sprintf("%d:%d: %s", e.Pos.Line, e.Pos.Column, e.Msg))
		}
		if got := strings.Join(all, "; "); got != test.errors {
			t.Errorf("%q:\n%s\nwant\n%s", test.text, got, test.errors)
			continue
		}
		if test.errors == "" && strings.Contains(test.text, "//go:embed a.txt\n") {
			if len(cell.Embeds) != 1 {
				t.Errorf("%q embeds %v", test.text, cell.Embeds)
			}
			for v, e := range cell.Embeds {
				if v.Name() != "s" || e.Files[0].Name != "a.txt" || string(e.Files[0].Data) != "text of a.txt" || e.Sum() == "" {
					t.Errorf("%q: %s has %+v", test.text, v.Name(), e)
				}
			}
		}
	}
}
