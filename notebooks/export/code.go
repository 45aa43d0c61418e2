package export

import (
	"html"
	"strings"

	"github.com/alecthomas/chroma/v2"
	chromahtml "github.com/alecthomas/chroma/v2/formatters/html"
	"github.com/alecthomas/chroma/v2/lexers"
	"github.com/alecthomas/chroma/v2/styles"
)

var formatter = chromahtml.New(chromahtml.WithClasses(true), chromahtml.PreventSurroundingPre(true))

// code returns text as HTML, coloured if its language is known.
func code(language, text string) string {
	lexer := lexers.Get(language)
	if lexer == nil {
		return html.EscapeString(text)
	}
	var b strings.Builder
	tokens, err := chroma.Coalesce(lexer).Tokenise(nil, text)
	if err == nil {
		err = formatter.Format(&b, styles.Fallback, tokens)
	}
	if err != nil {
		return html.EscapeString(text)
	}
	return b.String()
}

// cellCode is code of a cell, whose magics are no Go.
func cellCode(language, text string) string {
	var b, pending strings.Builder
	flush := func() {
		if pending.Len() > 0 {
			b.WriteString(code(language, pending.String()))
			pending.Reset()
		}
	}
	for line := range strings.Lines(strings.TrimRight(text, "\n")) {
		if isMagic(line) {
			flush()
			b.WriteString(`<span class="magic">` + html.EscapeString(line) + `</span>`)
			continue
		}
		pending.WriteString(line)
	}
	flush()
	return b.String()
}

// isMagic reports whether a line is for gobraid or the shell.
func isMagic(line string) bool {
	rest := strings.TrimLeft(line, "%!")
	return len(rest) < len(line) && rest != "" && (rest[0] >= 'a' && rest[0] <= 'z' || line[0] == '!' && rest[0] != '=')
}

// codeStyle are the rules for coloured code.
func codeStyle() string {
	var light, dark strings.Builder
	_ = formatter.WriteCSS(&light, styles.Get("github")) // a strings.Builder takes everything
	_ = formatter.WriteCSS(&dark, styles.Get("github-dark"))
	return "@media print, (prefers-color-scheme: light) {\n" + colours(light.String()) + "}\n@media screen and (prefers-color-scheme: dark) {\n" + colours(dark.String()) + "}\n"
}

// colours leaves out the rules of whole blocks: the page has its own.
func colours(css string) string {
	var b strings.Builder
	for line := range strings.Lines(css) {
		if _, rule, ok := strings.Cut(line, "*/ "); ok && strings.HasPrefix(rule, ".chroma .") {
			for _, own := range []string{".err", ".lnlinks", ".lntable", ".lntd", ".hl", ".ln", ".lnt", ".line"} {
				if strings.HasPrefix(rule, ".chroma "+own+" ") {
					rule = ""
					break
				}
			}
			b.WriteString(rule)
		}
	}
	return b.String()
}
