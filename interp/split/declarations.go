package split

import (
	"go/token"
	"regexp"
)

// A Declaration is a piece of a cell that holds without running anything: an import, or a declaration
// of types, constants or a function.
type Declaration struct {
	Start, End int // byte offsets in the text of the cell
}

// Declarations finds the declarations of a cell that is not a whole program.
func Declarations(text string) []Declaration {
	ps, _ := pieces([]byte(text))
	var out []Declaration
	for _, p := range ps {
		if p.kind != statement {
			out = append(out, Declaration{p.start, p.end})
		}
	}
	return out
}

// Keep returns the text with all but the given declarations blanked, line ends kept.
func Keep(text string, decls []Declaration) string {
	out := blank([]byte(text))
	for _, d := range decls {
		copy(out[d.Start:d.End], text[d.Start:d.End])
	}
	return string(out)
}

// blank returns as many blanks as text is long, with its line ends.
func blank(text []byte) []byte {
	out := make([]byte, len(text))
	for i, b := range text {
		out[i] = ' '
		if b == '\n' {
			out[i] = '\n'
		}
	}
	return out
}

// CallMain returns the text of a cell, with a call of main after it if it is a program in all but the
// package clause: it declares a function main, and its statements only define variables with var.
func CallMain(text string) string {
	ps, _ := pieces([]byte(text))
	found := false
	for _, p := range ps {
		switch {
		case p.first == token.PACKAGE, p.kind == statement && p.first != token.VAR:
			return text
		case p.kind == declaration && p.first == token.FUNC:
			found = found || mainDecl.MatchString(text[p.start:p.end])
		}
	}
	if !found {
		return text
	}
	return text + "\nmain()"
}

var mainDecl = regexp.MustCompile(`^func\s+main\s*\(\s*\)\s*\{`)
