package split

import (
	"bytes"
	"go/scanner"
	"go/token"
)

// A piece is a stretch of the top level of a cell, up to and including its closing semicolon. The header
// of a for statement is several; only that they are statements counts, and that nothing between is lost.
type piece struct {
	start, end int // byte offsets
	kind       kind
	semicolon  bool // ended by a written semicolon
	first      token.Token
}

// A kind says in which file a piece is parsed.
type kind int

const (
	statement kind = iota
	importation
	declaration
)

// scan is the token stream of a cell.
type scan struct {
	s    scanner.Scanner
	file *token.File
}

func newScan(src []byte, onError scanner.ErrorHandler) *scan {
	fset := token.NewFileSet()
	sc := &scan{file: fset.AddFile("", fset.Base(), len(src))}
	sc.s.Init(sc.file, src, onError, 0)
	return sc
}

// next returns the next token with its offset.
func (sc *scan) next() (offset int, tok token.Token, lit string) {
	pos, tok, lit := sc.s.Scan()
	return sc.file.Offset(pos), tok, lit
}

// pieces cuts src at the semicolons of its top level. stray is the offset of the first closing
// bracket that nothing opened, or -1.
func pieces(src []byte) (out []piece, stray int) {
	sc := newScan(src, func(token.Position, string) {}) // the parser reports what is wrong
	stray = -1
	var (
		toks  []token.Token // of the current piece, at most those that tell its kind
		cur   = piece{start: -1}
		depth int
	)
	end := func(at int, written bool) {
		if cur.start >= 0 {
			cur.end, cur.semicolon = at, written
			cur.first = toks[0]
			cur.kind = kindOf(toks)
			out = append(out, cur)
		}
		cur, toks, depth = piece{start: -1}, toks[:0], 0
	}
	for {
		offset, tok, lit := sc.next()
		switch tok {
		case token.EOF:
			end(len(src), false)
			return out, stray
		case token.LPAREN, token.LBRACK, token.LBRACE:
			depth++
		case token.RPAREN, token.RBRACK, token.RBRACE:
			if depth--; depth < 0 && stray < 0 {
				stray = offset
			}
		case token.SEMICOLON:
			if depth <= 0 {
				at, written := offset, lit == ";"
				if written {
					at++
				}
				if cur.start < 0 && written && len(out) > 0 {
					out[len(out)-1].end = at // the second of "for ; ; {"
				}
				end(at, written)
				continue
			}
		}
		if cur.start < 0 {
			cur.start = directives(src, offset)
		}
		toks = append(toks, tok)
	}
}

// directives returns where the //go: lines right above a piece begin.
func directives(src []byte, start int) int {
	for {
		line := bytes.LastIndexByte(src[:start], '\n') + 1
		if line == 0 || len(bytes.TrimSpace(src[line:start])) > 0 {
			return start
		}
		above := bytes.LastIndexByte(src[:line-1], '\n') + 1
		if !bytes.HasPrefix(src[above:], []byte("//go:")) {
			return start
		}
		start = above
	}
}

// kindOf tells a piece's kind from the tokens it begins with.
func kindOf(toks []token.Token) kind {
	switch toks[0] {
	case token.IMPORT:
		return importation
	case token.TYPE, token.CONST:
		return declaration
	case token.FUNC:
		if isFuncDecl(toks) {
			return declaration
		}
	}
	return statement
}

// isFuncDecl tells a function or method declaration from a function literal: after "func", or after
// "func" and a receiver, a declaration has a name and a parenthesis (or type parameters).
func isFuncDecl(toks []token.Token) bool {
	at := func(i int) token.Token {
		if i < len(toks) {
			return toks[i]
		}
		return token.ILLEGAL
	}
	if at(1) == token.IDENT {
		return true
	}
	if at(1) != token.LPAREN {
		return false
	}
	depth := 0
	for i := 1; i < len(toks); i++ {
		switch toks[i] {
		case token.LPAREN:
			depth++
		case token.RPAREN:
			depth--
		}
		if depth == 0 {
			return at(i+1) == token.IDENT && at(i+2) == token.LPAREN
		}
	}
	return false
}
