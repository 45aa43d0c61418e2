package assist

import (
	"go/token"
	"strings"
	"unicode"

	"github.com/gobraid/gobraid/interp/magic"
)

// A kind of place says what could stand at a cursor.
type placeKind int

const (
	nowhere  placeKind = iota // in a string, a comment, a number, or where a new name is made up
	inCode                    // a name in scope
	afterDot                  // a member of what stands before the dot
	inImport                  // the path of an import
	inMagic                   // a magic or its argument
)

// A place is where a cursor is.
type place struct {
	kind  placeKind
	start int    // where the name at the cursor begins
	name  string // the name, as far as it stands before the cursor
	magic string // in the arguments of a magic: which
	tokens
}

// locate tells where the end of a text is.
func locate(text string) place {
	line := strings.LastIndexByte(text, '\n') + 1
	_, before := magic.Parse(text[:line])
	p := place{start: len(text), tokens: scan(before)}
	if trimmed := strings.TrimLeft(text[line:], " \t"); strings.HasPrefix(trimmed, "%") && p.tokens.statement() {
		return p.inMagic(text, trimmed)
	} else if strings.HasPrefix(trimmed, "!") && p.tokens.statement() {
		return p
	}
	p.tokens = scan(before + text[line:])
	last := p.last(0)
	switch {
	case p.open && last.tok == token.STRING && p.importing():
		p.kind, p.start = inImport, last.start+1
	case p.open, last.end == len(text) && (last.tok == token.INT || last.tok == token.FLOAT || last.tok == token.IMAG):
		return p
	case last.end == len(text) && (last.tok == token.IDENT || last.tok.IsKeyword()):
		p.start = last.start
		p.list = p.list[:len(p.list)-1]
		p.kind = p.kindAfter(p.last(0).tok)
	default:
		p.kind = p.kindAfter(last.tok)
	}
	p.name = text[p.start:]
	return p
}

// kindAfter tells what a name after a token is.
func (p place) kindAfter(before token.Token) placeKind {
	switch before {
	case token.PERIOD:
		return afterDot
	case token.VAR, token.CONST, token.TYPE, token.FUNC, token.PACKAGE, token.IMPORT, token.GOTO:
		return nowhere
	}
	return inCode
}

// inMagic finds the word at the end of a line that begins with a percent sign.
func (p place) inMagic(text, line string) place {
	word := line[strings.LastIndexFunc(line, unicode.IsSpace)+1:]
	switch words := strings.Fields(line); {
	case len(words) == 1 && word != "":
	case len(words) == 1 || len(words) == 2 && word != "":
		p.magic = words[0]
	default:
		return p
	}
	p.kind, p.start, p.name = inMagic, len(text)-len(word), word
	return p
}
