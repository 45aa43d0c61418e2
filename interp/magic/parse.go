package magic

import (
	"go/scanner"
	"go/token"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Shell is the name of the magic that runs shell commands.
const Shell = "!"

// A Call is one use of a magic in a cell.
type Call struct {
	Name string // without its percent signs; [Shell] for a shell command
	Args string // what follows the name, without blanks around it
	Cell bool   // whether it is written with two percent signs
	Body string // of a cell magic: the lines after it
	Late bool   // whether it is a cell magic that something comes before
	// Line and Column tell where the magic begins in the cell; both count from 1, columns in bytes.
	Line, Column int
}

// String returns the call as it is written, without its body.
func (c Call) String() string {
	if c.Name == Shell {
		return Shell + c.Args
	}
	return strings.TrimSpace(c.title() + " " + c.Args)
}

// title returns the name as it is written.
func (c Call) title() string {
	switch {
	case c.Name == Shell:
		return Shell
	case c.Cell:
		return "%%" + c.Name
	}
	return "%" + c.Name
}

// Parse takes the magics out of the text of a cell. rest is the text with blanks in their place: as long
// as source, with all its line ends.
func Parse(source string) (calls []Call, rest string) {
	text := []byte(source)
	empty := true // so far there is nothing but comments and magics
	for from := 0; ; {
		at, code := next(text, from)
		empty = empty && !code
		if at < 0 {
			return calls, string(text)
		}
		call, end := parseCall(source, at)
		call.Late = call.Cell && !empty
		if call.Cell && empty {
			end = len(source)
		}
		calls = append(calls, call)
		blank(text[at:end])
		from = end
	}
}

// next returns the offset of the first magic at or after the offset from, where a statement may begin; it
// is -1 if there is none. code reports whether there is Go text before it.
func next(text []byte, from int) (at int, code bool) {
	var s scanner.Scanner
	fset := token.NewFileSet()
	file := fset.AddFile("", fset.Base(), len(text)-from)
	s.Init(file, text[from:], func(token.Position, string) {}, 0)
	depth, before := 0, token.SEMICOLON
	for {
		pos, tok, lit := s.Scan()
		offset := from + file.Offset(pos)
		switch tok {
		case token.EOF:
			return -1, code
		case token.LPAREN, token.LBRACK, token.LBRACE:
			depth++
		case token.RPAREN, token.RBRACK, token.RBRACE:
			depth = max(0, depth-1)
		case token.REM, token.NOT:
			if depth == 0 && before == token.SEMICOLON && begins(text, offset) {
				return offset, code
			}
		}
		if tok != token.SEMICOLON || lit == ";" {
			code = true
		}
		before = tok
	}
}

// begins reports whether a magic may begin at an offset where the text has a % or a !.
func begins(text []byte, offset int) bool {
	line := text[:offset]
	if i := strings.LastIndexByte(string(line), '\n'); strings.TrimSpace(string(line[i+1:])) != "" {
		return false // something comes before it on its line
	}
	if text[offset] == '!' {
		return true
	}
	name := strings.TrimPrefix(string(text[offset+1:]), "%")
	r, _ := utf8.DecodeRuneInString(name)
	return unicode.IsLetter(r)
}

// parseCall parses the magic at an offset and returns the offset of the end of its line.
func parseCall(source string, at int) (Call, int) {
	lineStart := strings.LastIndexByte(source[:at], '\n') + 1
	c := Call{Line: strings.Count(source[:at], "\n") + 1, Column: at - lineStart + 1}
	line, end := lineAt(source, at)
	if after, ok := strings.CutPrefix(line, "!"); ok {
		for strings.HasSuffix(after, `\`) && end < len(source) {
			line, end = lineAt(source, end+1)
			after = strings.TrimSuffix(after, `\`) + line
		}
		c.Name, c.Args = Shell, strings.TrimSpace(after)
		return c, end
	}
	line = line[1:]
	if after, ok := strings.CutPrefix(line, "%"); ok {
		c.Cell, line = true, after
		if end < len(source) {
			c.Body = source[end+1:]
		}
	}
	n := strings.IndexFunc(line, unicode.IsSpace)
	if n < 0 {
		n = len(line)
	}
	c.Name, c.Args = line[:n], strings.TrimSpace(line[n:])
	return c, end
}

// lineAt returns the line from an offset on without its end, and the offset of its newline.
func lineAt(source string, from int) (line string, end int) {
	end = len(source)
	if i := strings.IndexByte(source[from:], '\n'); i >= 0 {
		end = from + i
	}
	return strings.TrimSuffix(source[from:end], "\r"), end
}

// blank overwrites everything but line ends.
func blank(text []byte) {
	for i, c := range text {
		if c != '\n' && c != '\r' {
			text[i] = ' '
		}
	}
}
