package split

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"slices"
	"strings"
)

// Parts are the parsed pieces of a cell.
type Parts struct {
	// File is the name positions carry.
	File string
	// Imports and Decls are the declarations that hold in the whole cell.
	Imports []*ast.ImportSpec
	Decls   []ast.Decl
	// Stmts are the statements, with the identifiers resolved inside the cell (ast.Ident.Obj).
	Stmts []ast.Stmt
	// Unresolved are the identifiers in Stmts that no earlier statement of the cell declares.
	Unresolved []*ast.Ident
	// Quiet is set when the last statement ends in a written semicolon: its value is not shown.
	Quiet bool
	// Program is set when the text is a whole program with a package clause.
	Program bool
	// Sources are the texts that were parsed, by token file.
	Sources map[*token.File][]byte
}

// An Error is a syntax error at a place in the cell.
type Error struct {
	Pos token.Position
	Msg string
}

// Error returns position and message.
func (e Error) Error() string { return fmt.Sprintf("%s: %s", e.Pos, e.Msg) }

// Split parses the text of a cell. file is the name that positions carry; see [task.CellFile]. On
// syntax errors it returns them all, by position, and no parts.
func Split(fset *token.FileSet, file, text string) (*Parts, []Error) {
	src := []byte(text)
	p := &splitter{
		fset:  fset,
		text:  src,
		parts: &Parts{File: file, Sources: map[*token.File][]byte{}},
	}
	ps, stray := pieces(src)
	switch {
	case len(ps) > 0 && ps[0].first == token.PACKAGE:
		p.program()
	case stray >= 0:
		p.errs = append(p.errs, Error{p.at(stray), fmt.Sprintf("syntax error: unexpected %c", src[stray])})
	default:
		p.declarations(ps, importation)
		p.declarations(ps, declaration)
		p.statements(ps)
	}
	if len(p.errs) > 0 {
		slices.SortStableFunc(p.errs, func(a, b Error) int {
			if a.Pos.Line != b.Pos.Line {
				return a.Pos.Line - b.Pos.Line
			}
			return a.Pos.Column - b.Pos.Column
		})
		return nil, p.errs
	}
	return p.parts, nil
}

type splitter struct {
	fset  *token.FileSet
	text  []byte
	parts *Parts
	errs  []Error
}

func (p *splitter) program() {
	f := p.parse(fmt.Sprintf("//line %s:1:1\n", p.parts.File), p.text, "", 0)
	if f == nil {
		return
	}
	p.parts.Program = true
	p.takeDecls(f)
}

func (p *splitter) declarations(ps []piece, k kind) {
	if !slices.ContainsFunc(ps, func(x piece) bool { return x.kind == k }) {
		return
	}
	head := fmt.Sprintf("package main\n//line %s:1:1\n", p.parts.File)
	f := p.parse(head, p.only(ps, k), "", parser.SkipObjectResolution)
	if f != nil {
		p.takeDecls(f)
	}
}

func (p *splitter) takeDecls(f *ast.File) {
	for _, d := range f.Decls {
		if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.IMPORT {
			continue
		}
		p.parts.Decls = append(p.parts.Decls, d)
	}
	p.parts.Imports = append(p.parts.Imports, f.Imports...)
}

func (p *splitter) statements(ps []piece) {
	stmts := slices.DeleteFunc(slices.Clone(ps), func(x piece) bool { return x.kind != statement })
	if len(stmts) == 0 {
		return
	}
	head := fmt.Sprintf("package main\nfunc _() {\n//line %s:1:1\n", p.parts.File)
	f := p.parse(head, p.only(ps, statement), "\n}\n", 0)
	if f == nil {
		return
	}
	body := f.Decls[0].(*ast.FuncDecl).Body
	for _, s := range body.List {
		if _, ok := s.(*ast.EmptyStmt); ok {
			continue
		}
		p.parts.Stmts = append(p.parts.Stmts, s)
	}
	p.parts.Unresolved = f.Unresolved
	p.parts.Quiet = stmts[len(stmts)-1].semicolon
}

// only returns the text with everything but the wanted pieces blanked, line ends kept.
func (p *splitter) only(ps []piece, k kind) []byte {
	out := blank(p.text)
	for _, x := range ps {
		if x.kind == k {
			copy(out[x.start:x.end], p.text[x.start:x.end])
		}
	}
	return out
}

// parse parses head+text+tail, of which only text is the user's.
func (p *splitter) parse(head string, text []byte, tail string, mode parser.Mode) *ast.File {
	src := slices.Concat([]byte(head), text, []byte(tail))
	f, err := parser.ParseFile(p.fset, p.parts.File, src, mode|parser.ParseComments)
	if err != nil {
		var list scanner.ErrorList
		if !errors.As(err, &list) {
			list = scanner.ErrorList{{Msg: err.Error()}}
		}
		for _, e := range list {
			pos, moved := p.inText(e.Pos)
			if moved && len(p.errs) > 0 {
				continue // what is missing at the end follows from what was wrong before
			}
			p.errs = append(p.errs, Error{pos, syntaxMessage(e.Msg, moved)})
		}
		return nil
	}
	p.parts.Sources[p.fset.File(f.FileStart)] = src
	return f
}

// at returns the position of a byte of the text.
func (p *splitter) at(offset int) token.Position {
	before := p.text[:offset]
	line := bytes.LastIndexByte(before, '\n') + 1
	return token.Position{Filename: p.parts.File, Offset: offset, Line: bytes.Count(before, []byte("\n")) + 1, Column: offset - line + 1}
}

// inText moves a position behind the end of the text, where a missing bracket is noticed, to its end.
func (p *splitter) inText(pos token.Position) (in token.Position, moved bool) {
	lines := strings.Split(strings.TrimRight(string(p.text), "\n"), "\n")
	if last := len(lines); pos.Line > last {
		pos.Line, pos.Column, moved = last, len(lines[last-1])+1, true
	}
	return pos, moved
}

// syntaxMessage gives the parser's message the Go compiler's head. At the end of the cell, what the
// parser found is not the user's.
func syntaxMessage(msg string, end bool) string {
	msg = strings.Replace(msg, "found 'EOF'", "found end of cell", 1)
	if end {
		msg = strings.Replace(msg, "found '}'", "found end of cell", 1)
	}
	return "syntax error: " + msg
}
