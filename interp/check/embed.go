package check

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"go/ast"
	"go/scanner"
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// embedDirective begins the comment that has a variable hold a file.
const embedDirective = "//go:embed"

// An Embed is what a //go:embed directive gives a variable: files as they were when the cell was checked.
type Embed struct {
	Kind  EmbedKind
	Files []File // sorted by name; one, if the variable is no file system
}

// A File is a file of the notebook's folder.
type File struct {
	Name string // with slashes, from the folder
	Data []byte
}

// An EmbedKind says what an embedding variable is.
type EmbedKind int

// The kinds.
const (
	EmbedString EmbedKind = iota
	EmbedBytes
	EmbedFS
)

// Sum returns a hash of the files.
func (e *Embed) Sum() string {
	h := sha256.New()
	for _, f := range e.Files {
		fmt.Fprintf(h, "%q %d\n", f.Name, len(f.Data))
		h.Write(f.Data)
	}
	return hex.EncodeToString(h.Sum(nil))[:20]
}

// A directive is a //go:embed line.
type directive struct {
	pos      token.Position // of the comment
	patterns []pattern
	target   token.Position // of what comes next
	used     bool
}

type pattern struct {
	text string
	pos  token.Position
}

// embedDirectives finds the //go:embed lines of a cell.
func embedDirectives(file, text string) (all []*directive, errs []Error) {
	if !strings.Contains(text, embedDirective) {
		return nil, nil
	}
	fset := token.NewFileSet()
	f := fset.AddFile(file, -1, len(text))
	var s scanner.Scanner
	s.Init(f, []byte(text), nil, scanner.ScanComments)
	var open []*directive // whose target is not known
	for {
		pos, tok, lit := s.Scan()
		at := f.PositionFor(pos, false)
		switch {
		case tok == token.EOF:
			return all, errs
		case tok == token.COMMENT:
			rest, ok := strings.CutPrefix(lit, embedDirective)
			if !ok || rest != "" && rest[0] != ' ' && rest[0] != '\t' {
				continue
			}
			d := &directive{pos: at}
			var err error
			if d.patterns, err = parsePatterns(rest, at); err != nil {
				errs = append(errs, Error{Pos: at, Msg: err.Error()})
			}
			all, open = append(all, d), append(open, d)
		case tok != token.SEMICOLON || lit == ";":
			for _, d := range open {
				d.target = at
			}
			open = nil
		}
	}
}

// parsePatterns reads what follows //go:embed: patterns with blanks between, quoted or not.
func parsePatterns(args string, at token.Position) ([]pattern, error) {
	var all []pattern
	at.Column += len(embedDirective)
	trim := func(n int) { at.Column, at.Offset, args = at.Column+n, at.Offset+n, args[n:] }
	for {
		trim(len(args) - len(strings.TrimLeftFunc(args, unicode.IsSpace)))
		if args == "" {
			break
		}
		end := strings.IndexFunc(args, unicode.IsSpace)
		if end < 0 {
			end = len(args)
		}
		text := args[:end]
		if args[0] == '"' || args[0] == '`' {
			quoted, err := strconv.QuotedPrefix(args)
			if err != nil {
				return nil, fmt.Errorf("invalid quoted string in //go:embed: %s", args)
			}
			text, _ = strconv.Unquote(quoted) // QuotedPrefix let it through
			if end = len(quoted); end < len(args) && !unicode.IsSpace(rune(args[end])) {
				return nil, fmt.Errorf("invalid quoted string in //go:embed: %s", args)
			}
		}
		all = append(all, pattern{text, at})
		trim(end)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("usage: //go:embed pattern...") //lint:ignore ST1005 the compiler says so
	}
	return all, nil
}

// embed reads what the directives of a cell embed.
func (d *draft) embed(all []*directive) (map[*types.Var]*Embed, []Error) {
	var errs []Error
	out := map[*types.Var]*Embed{}
	for _, decl := range d.varDecls() {
		for _, spec := range decl.Specs {
			spec := spec.(*ast.ValueSpec)
			of := directivesOf(d.c.fset, all, decl, spec)
			if len(of) == 0 {
				continue
			}
			if e, err := d.embedSpec(spec, of); err != nil {
				errs = append(errs, *err)
			} else if v, ok := d.info.Defs[spec.Names[0]].(*types.Var); ok {
				out[v] = e
			}
		}
	}
	for _, x := range all {
		if !x.used {
			errs = append(errs, Error{Pos: x.pos, Msg: "misplaced go:embed directive", Hint: "it stands right above a variable of the cell, as in a Go file: var text string"})
		}
	}
	slices.SortFunc(errs, func(a, b Error) int {
		return cmp.Or(cmp.Compare(a.Pos.Line, b.Pos.Line), cmp.Compare(a.Pos.Column, b.Pos.Column))
	})
	return out, errs
}

// varDecls returns the var declarations at the level of the cell.
func (d *draft) varDecls() []*ast.GenDecl {
	var all []*ast.GenDecl
	for _, decl := range d.parts.Decls {
		if g, ok := decl.(*ast.GenDecl); ok && g.Tok == token.VAR {
			all = append(all, g)
		}
	}
	for _, s := range d.stmts {
		if s, ok := s.(*ast.DeclStmt); ok {
			if g, ok := s.Decl.(*ast.GenDecl); ok && g.Tok == token.VAR {
				all = append(all, g)
			}
		}
	}
	return all
}

// directivesOf returns the directives that are about a variable.
func directivesOf(fset *token.FileSet, all []*directive, decl *ast.GenDecl, spec *ast.ValueSpec) []*directive {
	at := fset.Position(spec.Pos())
	if !decl.Lparen.IsValid() {
		at = fset.Position(decl.Pos())
	}
	var of []*directive
	for _, x := range all {
		if x.target.Line == at.Line && x.target.Column == at.Column {
			x.used = true
			of = append(of, x)
		}
	}
	return of
}

// embedSpec reads the files for a variable.
func (d *draft) embedSpec(spec *ast.ValueSpec, of []*directive) (*Embed, *Error) {
	fail := func(format string, args ...any) (*Embed, *Error) {
		return nil, &Error{Pos: of[0].pos, Msg: fmt.Sprintf(format, args...)}
	}
	if len(spec.Names) > 1 {
		return fail("go:embed cannot apply to multiple vars")
	}
	if len(spec.Values) > 0 {
		return fail("go:embed cannot apply to var with initializer")
	}
	t := d.info.Defs[spec.Names[0]].Type()
	kind, ok := embedKind(t)
	if !ok {
		return fail("go:embed cannot apply to var of type %s", types.TypeString(t, (*types.Package).Name))
	}
	e := &Embed{Kind: kind}
	var names []string
	for _, x := range of {
		for _, p := range x.patterns {
			found, err := embedded(d.c.dir, p.text)
			if err != nil {
				return nil, &Error{Pos: p.pos, Msg: fmt.Sprintf("pattern %s: %v", p.text, err), Hint: "files are looked for in the notebook's folder, " + d.c.dir}
			}
			names = append(names, found...)
		}
	}
	files, err := readFiles(d.c.dir, names)
	if err != nil {
		return fail("%v", err)
	}
	if e.Files = files; kind != EmbedFS && len(files) > 1 {
		return fail("invalid go:embed: multiple files for type %s", types.TypeString(t, (*types.Package).Name))
	}
	return e, nil
}

// embedKind tells what a variable of a type can hold.
func embedKind(t types.Type) (EmbedKind, bool) {
	if n, ok := types.Unalias(t).(*types.Named); ok && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "embed" && n.Obj().Name() == "FS" {
		return EmbedFS, true
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return EmbedString, u.Kind() == types.String
	case *types.Slice:
		b, ok := u.Elem().Underlying().(*types.Basic)
		return EmbedBytes, ok && b.Kind() == types.Uint8
	}
	return 0, false
}
