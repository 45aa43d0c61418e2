package assist

import (
	"go/scanner"
	"go/token"
	"strings"
)

// An item is a token and its place.
type item struct {
	tok        token.Token
	lit        string // of a name
	start, end int
	auto       bool // a semicolon that a line end stands for
}

// tokens are the tokens of a text, without those that the end of the text makes.
type tokens struct {
	list []item
	open bool // the text ends inside the last token: a string, a comment
}

// scan takes a text apart.
func scan(text string) tokens {
	var t tokens
	fset := token.NewFileSet()
	file := fset.AddFile("", fset.Base(), len(text))
	var s scanner.Scanner
	unterminated := false
	s.Init(file, []byte(text), func(_ token.Position, msg string) {
		unterminated = unterminated || strings.HasSuffix(msg, "not terminated")
	}, scanner.ScanComments)
	for {
		unterminated = false
		pos, tok, lit := s.Scan()
		at := file.Offset(pos)
		i := item{tok: tok, lit: lit, start: at, end: at + len(lit), auto: tok == token.SEMICOLON && lit == "\n"}
		if tok == token.EOF || i.auto && at == len(text) {
			break
		}
		if lit == "" {
			i.end = at + len(tok.String())
		}
		if i.auto {
			i.end = at + 1
		}
		if tok == token.COMMENT {
			t.open = unterminated || strings.HasPrefix(lit, "//") && !strings.Contains(text[at:], "\n")
			if !t.open {
				continue
			}
		} else {
			t.open = unterminated && !strings.Contains(text[i.end:], "\n")
		}
		t.list = append(t.list, i)
	}
	return t
}

// last returns the token n before the last one, a zero item if there is none.
func (t tokens) last(n int) item {
	if n >= len(t.list) {
		return item{}
	}
	return t.list[len(t.list)-1-n]
}

// statement reports whether a statement may begin after the tokens, at the level of the cell.
func (t tokens) statement() bool {
	if t.open {
		return false
	}
	last := t.last(0)
	return len(t.list) == 0 || last.tok == token.SEMICOLON && len(t.levels()) == 1
}

// importing reports whether the last token, a string, is the path of an import.
func (t tokens) importing() bool {
	for n := 1; ; n++ {
		switch i := t.last(n); i.tok {
		case token.IMPORT:
			return true
		case token.IDENT, token.PERIOD, token.STRING, token.LPAREN:
		case token.SEMICOLON:
			if before := (tokens{list: t.list[:len(t.list)-n]}); len(before.levels()) == 1 {
				return false
			}
		default:
			return false
		}
	}
}

// A level is a bracket that is open, or the text itself, with what is unfinished in it.
type level struct {
	closing string
	open    item
	header  bool // a for, if, switch or select has no body yet
	colon   bool // a case has no colon yet
	call    bool // what go or defer calls is not known yet to be a call
}

var closing = map[token.Token]string{token.LPAREN: ")", token.LBRACK: "]", token.LBRACE: "}"}

// levels returns the brackets that are open, the innermost last. The first is the text itself.
func (t tokens) levels() []level {
	all := []level{{}}
	for n, i := range t.list {
		top := &all[len(all)-1]
		switch i.tok {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			if i.tok == token.LBRACE {
				top.header = false
			}
			before := item{}
			if n > 0 {
				before = t.list[n-1]
			}
			all = append(all, level{closing: closing[i.tok], open: before})
		case token.RPAREN, token.RBRACK, token.RBRACE:
			if len(all) > 1 {
				all = all[:len(all)-1]
			}
		case token.FOR, token.IF, token.SWITCH, token.SELECT:
			top.header = true
		case token.CASE, token.DEFAULT:
			top.colon = true
		case token.GO, token.DEFER:
			top.call = true
		case token.COLON:
			top.colon = false
		case token.SEMICOLON:
			top.call = false
			top.header = top.header && !i.auto
		}
	}
	return all
}

// rest returns a text that closes what is open after the tokens and a name.
func (t tokens) rest() string {
	var b strings.Builder
	all := t.levels()
	for n := len(all) - 1; n >= 0; n-- {
		l := all[n]
		if l.call {
			b.WriteString("()")
		}
		if l.header {
			b.WriteString(" {}")
		}
		if l.colon {
			b.WriteString(":")
		}
		b.WriteString(l.closing)
	}
	return b.String()
}
