package magic_test

import (
	"go/scanner"
	"go/token"
	"os"
	"reflect"
	"strings"
	"testing"
	"unicode"

	"github.com/gobraid/gobraid/interp/magic"
)

// testdata/parse.txt holds cells whose magic lines are marked.
func TestParseTakesTheMarkedLines(t *testing.T) {
	const mark = "»"
	data, err := os.ReadFile("testdata/parse.txt")
	if err != nil {
		t.Fatal(err)
	}
	for cell := range strings.SplitSeq(string(data), "\n---\n") {
		if strings.HasPrefix(cell, "» begins") { // what the file says of itself
			continue
		}
		source := strings.ReplaceAll(cell, mark, "")
		_, rest := magic.Parse(source)
		marked := strings.Split(cell, "\n")
		for i, got := range strings.Split(rest, "\n") {
			want := marked[i]
			if after, ok := strings.CutPrefix(want, mark); ok {
				text := strings.TrimLeft(after, "\t ")
				want = strings.TrimSuffix(after, text) + strings.Repeat(" ", len(text))
			}
			if got != want {
				t.Errorf("in\n%s\nline %d is left as %q, want %q", source, i+1, got, want)
			}
		}
	}
}

func TestParseCalls(t *testing.T) {
	tests := []struct {
		source string
		want   []magic.Call
	}{
		{"x", nil},
		{"%engine", []magic.Call{{Name: "engine", Line: 1, Column: 1}}},
		{"x\r\n\t%engine  yaegi \r\ny", []magic.Call{{Name: "engine", Args: "yaegi", Line: 2, Column: 2}}},
		{"! ls -l\n!wc", []magic.Call{{Name: "!", Args: "ls -l", Line: 1, Column: 1}, {Name: "!", Args: "wc", Line: 2, Column: 1}}},
		{"!a \\\n b\\\nc\nx", []magic.Call{{Name: "!", Args: "a  bc", Line: 1, Column: 1}}},
		{"!", []magic.Call{{Name: "!", Line: 1, Column: 1}}},
		{"\n// c\n%%sh -e\nls\n%who\n", []magic.Call{{Name: "sh", Args: "-e", Cell: true, Body: "ls\n%who\n", Line: 3, Column: 1}}},
		{"%%sh", []magic.Call{{Name: "sh", Cell: true, Line: 1, Column: 1}}},
		{"%who\n%%sh\nls", []magic.Call{{Name: "who", Line: 1, Column: 1}, {Name: "sh", Cell: true, Body: "ls", Line: 2, Column: 1}}},
		{"x\n%%sh\ny\n", []magic.Call{{Name: "sh", Cell: true, Late: true, Body: "y\n", Line: 2, Column: 1}}},
		{"%who\nx\n%%sh", []magic.Call{{Name: "who", Line: 1, Column: 1}, {Name: "sh", Cell: true, Late: true, Line: 3, Column: 1}}},
	}
	for _, test := range tests {
		if got, _ := magic.Parse(test.source); !reflect.DeepEqual(got, test.want) {
			t.Errorf("Parse(%q)\n  = %+v\nwant %+v", test.source, got, test.want)
		}
	}
}

func TestCellMagicTakesTheWholeCell(t *testing.T) {
	if _, rest := magic.Parse("%%sh\nls 'é\nx\n"); rest != "    \n"+strings.Repeat(" ", 6)+"\n \n" {
		t.Errorf("rest = %q", rest)
	}
}

// FuzzParse asserts that the rest is as long as the source, with the same lines, that calls stand in
// order, and that a text without % and ! at line starts is left alone.
func FuzzParse(f *testing.F) {
	f.Add("%who\nx := 1\n!ls \\\n-l\n")
	f.Add("x := `\n%who\n`\n%%sh\n")
	f.Add("f(\n!a)\r\n%b")
	f.Fuzz(func(t *testing.T, source string) {
		calls, rest := magic.Parse(source)
		if len(rest) != len(source) {
			t.Fatalf("rest has %d bytes, want %d", len(rest), len(source))
		}
		for i := range source {
			if rest[i] != source[i] && (rest[i] != ' ' || source[i] == '\n') {
				t.Fatalf("byte %d is %q, was %q", i, rest[i], source[i])
			}
		}
		line := 0
		for _, c := range calls {
			if c.Line <= line {
				t.Fatalf("line %d after %d", c.Line, line)
			}
			line = c.Line
		}
		if len(calls) == 0 && rest != source {
			t.Fatal("changed without a call")
		}
		if again, _ := magic.Parse(rest); len(calls) == 0 && len(again) > 0 {
			t.Fatalf("a second look finds %v", again)
		}
		for l := range strings.Lines(source) {
			if l = strings.TrimLeftFunc(l, unicode.IsSpace); strings.HasPrefix(l, "%") || strings.HasPrefix(l, "!") {
				return
			}
		}
		if len(calls) > 0 {
			t.Fatalf("calls out of nothing: %v", calls)
		}
	})
}

// What is left of correct Go with magics in between must scan as Go does.
func TestRestIsGo(t *testing.T) {
	_, rest := magic.Parse("x := 1\n!echo 'it`\ny := \"a\"\n%who \"\n")
	var s scanner.Scanner
	fset := token.NewFileSet()
	s.Init(fset.AddFile("", -1, len(rest)), []byte(rest), func(pos token.Position, msg string) {
		t.Errorf("%s: %s", pos, msg)
	}, 0)
	for tok := token.ILLEGAL; tok != token.EOF; {
		_, tok, _ = s.Scan()
	}
}
