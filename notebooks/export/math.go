package export

import (
	"fmt"
	"html"
	"regexp"
	"strconv"
	"strings"
)

// Markdown would take the underscores and backslashes of a formula for its own, so formulas are taken out before it is read, as
// Jupyter does, and put back when it is HTML. What stands for them is in Unicode's private use, which means nothing to Markdown.
const (
	mathBegin = "\uE0A0"
	mathEnd   = "\uE0A1"
)

type formulas []string

var formulaPlace = regexp.MustCompile(mathBegin + "([0-9]+)" + mathEnd)

// restore puts the formulas back as they were written.
func (f formulas) restore(text string) string {
	return formulaPlace.ReplaceAllStringFunc(text, func(at string) string { return f.at(at) })
}

func (f formulas) at(place string) string {
	i, err := strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(place, mathBegin), mathEnd))
	if err != nil || i >= len(f) {
		return place
	}
	return f[i]
}

// html puts the formulas back into HTML.
func (f formulas) html(text string) string {
	return formulaPlace.ReplaceAllStringFunc(text, func(at string) string {
		s := f.at(at)
		class := "math"
		if strings.HasPrefix(s, "$$") || strings.HasPrefix(s, `\[`) || strings.HasPrefix(s, `\begin`) {
			class = "math display"
		}
		return fmt.Sprintf("<span class=%q>%s</span>", class, html.EscapeString(s))
	})
}

// takeMath takes formulas out of Markdown: $x$, $$x$$, \(x\), \[x\] and \begin{x}…\end{x}, but not those in code.
func takeMath(source string) (string, formulas) {
	source = strings.NewReplacer(mathBegin, "", mathEnd, "").Replace(source)
	var f formulas
	var b strings.Builder
	start := true // of a line
	for i := 0; i < len(source); {
		rest := source[i:]
		if start {
			if n := fenced(rest); n > 0 {
				b.WriteString(rest[:n])
				i += n
				continue
			}
		}
		start = false
		n := 1
		switch {
		case rest[0] == '\n':
			start = true
		case rest[0] == '`':
			n = span(rest)
		default:
			if l := formula(rest); l > 0 {
				fmt.Fprintf(&b, "%s%d%s", mathBegin, len(f), mathEnd)
				f = append(f, rest[:l])
				i += l
				continue
			}
			if rest[0] == '\\' && len(rest) > 1 && rest[1] != '\n' {
				n = 2
			}
		}
		b.WriteString(rest[:n])
		i += n
	}
	return b.String(), f
}

var fenceLine = regexp.MustCompile("^ {0,3}(```+|~~~+)")

// fenced is the length of the fenced block that text begins with, 0 if it does not.
func fenced(text string) int {
	at := fenceLine.FindStringSubmatch(text)
	if at == nil {
		return 0
	}
	n := 0
	for line := range strings.Lines(text) {
		body := strings.TrimSpace(line)
		if n > 0 && strings.HasPrefix(body, at[1]) && strings.Trim(body, at[1][:1]) == "" {
			return n + len(line)
		}
		n += len(line)
	}
	return n
}

// span is the length of the code span that text begins with, or of its backquotes if that has no end.
func span(text string) int {
	ticks := len(text) - len(strings.TrimLeft(text, "`"))
	for i := ticks; i < len(text); {
		j := strings.IndexByte(text[i:], '`')
		if j < 0 {
			break
		}
		i += j
		run := len(text[i:]) - len(strings.TrimLeft(text[i:], "`"))
		if i += run; run == ticks {
			return i
		}
	}
	return ticks
}

// formula is the length of the formula that text begins with, 0 if it does not.
func formula(text string) int {
	within := func(from int, end string) int {
		i := strings.Index(text[from:], end)
		if i <= 0 || strings.Contains(text[from:from+i], "\n\n") {
			return 0
		}
		return from + i + len(end)
	}
	switch {
	case strings.HasPrefix(text, "$$"):
		return within(2, "$$")
	case strings.HasPrefix(text, `\(`):
		return within(2, `\)`)
	case strings.HasPrefix(text, `\[`):
		return within(2, `\]`)
	case strings.HasPrefix(text, `\begin{`):
		name, _, ok := strings.Cut(text[len(`\begin{`):], "}")
		if !ok {
			return 0
		}
		return within(len(`\begin{`), `\end{`+name+`}`)
	case text[0] != '$' || len(text) < 3 || strings.ContainsRune(" \t\n", rune(text[1])):
		return 0
	}
	// A dollar that ends a formula follows no space and stands before no digit: $5 and $6 are none.
	for i := 1; i < len(text) && !strings.HasPrefix(text[i:], "\n\n"); i++ {
		switch {
		case text[i] == '\\':
			i++
		case text[i] == '$' && !strings.ContainsRune(" \t\n", rune(text[i-1])) && (i+1 == len(text) || text[i+1] < '0' || text[i+1] > '9'):
			return i + 1
		case text[i] == '`':
			return 0
		}
	}
	return 0
}
