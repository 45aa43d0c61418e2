package split

import (
	"go/token"
	"strings"
)

// A Status tells whether more lines are to be expected.
type Status string

// The answers to whether a cell is complete, as Jupyter spells them.
const (
	Complete   Status = "complete"
	Incomplete Status = "incomplete"
	Invalid    Status = "invalid"
)

// IsComplete tells whether text is a whole cell, and if it is incomplete, the indentation that the
// next line should begin with.
func IsComplete(text string) (status Status, indent string) {
	open := false // a raw string or comment is open
	sc := newScan([]byte(text), func(_ token.Position, msg string) {
		if strings.Contains(msg, "not terminated") && !strings.Contains(msg, "rune") &&
			msg != "string literal not terminated" {
			open = true
		}
	})
	depth, last := 0, token.SEMICOLON
	for {
		_, tok, _ := sc.next()
		if tok == token.EOF {
			break
		}
		switch tok {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			depth++
		case token.RPAREN, token.RBRACK, token.RBRACE:
			if depth--; depth < 0 {
				return Invalid, ""
			}
		}
		last = tok
	}
	switch {
	case open:
		return Incomplete, ""
	case depth > 0:
		return Incomplete, strings.Repeat("\t", depth)
	case wantsMore(last):
		return Incomplete, "\t"
	}
	if _, errs := Split(token.NewFileSet(), "", text); len(errs) > 0 {
		return Invalid, ""
	}
	return Complete, ""
}

// wantsMore tells whether a text cannot end in tok.
func wantsMore(tok token.Token) bool {
	switch tok {
	case token.SEMICOLON, token.RPAREN, token.RBRACK, token.RBRACE, token.INC, token.DEC, token.IDENT,
		token.INT, token.FLOAT, token.IMAG, token.CHAR, token.STRING, token.ILLEGAL, token.COMMENT,
		token.BREAK, token.CONTINUE, token.FALLTHROUGH, token.RETURN:
		return false
	}
	return tok.IsOperator() || tok.IsKeyword()
}
