package check

import (
	"go/build"
	"go/build/constraint"
	"go/scanner"
	"go/token"
	"os"
	"runtime"
	"slices"
	"strings"
)

// A Constraint is the //go:build line at the top of a cell.
type Constraint struct {
	Line string // such as "//go:build linux"
	Pos  token.Position
	// Holds tells whether the cell is for this platform.
	Holds bool
}

// ConstraintOf returns the build constraint of a cell: a //go:build line with nothing but comments before it. It returns nil if there is
// none, and an error for one that is wrong. What holds is decided as the go command decides for a file: by GOOS, GOARCH, unix, the
// release of Go and the tags in GOFLAGS; cells are built without cgo. The tag ignore holds, for it keeps programs out of
// packages that are to be run by themselves.
func ConstraintOf(file, text string) (*Constraint, *Error) {
	if !strings.Contains(text, "//go:build") {
		return nil, nil
	}
	fset := token.NewFileSet()
	f := fset.AddFile(file, -1, len(text))
	var s scanner.Scanner
	s.Init(f, []byte(text), func(token.Position, string) {}, scanner.ScanComments)
	var found *Constraint
	for {
		pos, tok, lit := s.Scan()
		if tok != token.COMMENT {
			return found, nil
		}
		if !constraint.IsGoBuild(lit) {
			continue
		}
		at := f.PositionFor(pos, false)
		if found != nil {
			return nil, &Error{Pos: at, Msg: "multiple //go:build comments"}
		}
		expr, err := constraint.Parse(lit)
		if err != nil {
			return nil, &Error{Pos: at, Msg: "parsing //go:build line: " + err.Error()}
		}
		found = &Constraint{Line: strings.TrimSpace(lit), Pos: at, Holds: expr.Eval(holds)}
	}
}

// holds tells whether a build tag does.
func holds(tag string) bool {
	switch {
	case slices.Contains([]string{"ignore", "gc", runtime.GOOS, runtime.GOARCH}, tag):
		return true
	case tag == "unix":
		return runtime.GOOS == "linux" || runtime.GOOS == "darwin" // where gobraid runs
	}
	for flag := range strings.FieldsSeq(os.Getenv("GOFLAGS")) {
		if tags, ok := strings.CutPrefix(strings.TrimLeft(flag, "-"), "tags="); ok && slices.Contains(strings.Split(tags, ","), tag) {
			return true
		}
	}
	return slices.Contains(build.Default.ReleaseTags, tag) || slices.Contains(build.Default.ToolTags, tag)
}

// linknames returns an error for each //go:linkname of a cell. What a cell declares is compiled under another name, and in a plugin
// that may refer only to what packages export.
func linknames(file, text string) []Error {
	const directive = "//go:linkname"
	if !strings.Contains(text, directive) {
		return nil
	}
	fset := token.NewFileSet()
	f := fset.AddFile(file, -1, len(text))
	var s scanner.Scanner
	s.Init(f, []byte(text), func(token.Position, string) {}, scanner.ScanComments)
	var errs []Error
	for {
		pos, tok, lit := s.Scan()
		if tok == token.EOF {
			return errs
		}
		if at := f.PositionFor(pos, false); tok == token.COMMENT && strings.HasPrefix(lit, directive+" ") && at.Column == 1 {
			errs = append(errs, Error{
				Pos: at, Msg: directive + " has no effect in a cell",
				Hint: "put what needs it into a package of your own, and that into go.mod: require and replace example.com/own => ./own",
			})
		}
	}
}
