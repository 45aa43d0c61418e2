package check

import (
	"go/scanner"
	"go/token"
	"strings"
)

// embedDirective begins the comment that has a variable hold a file.
const embedDirective = "//go:embed"

// embeds returns an error for each //go:embed of a cell. The go command carries it out for the files of a package; in a
// cell the variable would be empty. Build constraints need no such error: as in a file that go run is told by name,
// they exclude nothing.
func embeds(file, text string) []Error {
	if !strings.Contains(text, embedDirective) {
		return nil
	}
	fset := token.NewFileSet()
	f := fset.AddFile(file, -1, len(text))
	var s scanner.Scanner
	s.Init(f, []byte(text), nil, scanner.ScanComments)
	var errs []Error
	for {
		pos, tok, lit := s.Scan()
		if tok == token.EOF {
			return errs
		}
		rest, ok := strings.CutPrefix(lit, embedDirective)
		at := f.PositionFor(pos, false)
		if tok != token.COMMENT || !ok || at.Column != 1 || rest != "" && rest[0] != ' ' && rest[0] != '\t' {
			continue
		}
		errs = append(errs, Error{
			Pos: at, Msg: embedDirective + " has no effect in a cell, which is no file of a package",
			Hint: "read the file when the cell runs: os.ReadFile, or os.DirFS for a folder",
		})
	}
}
