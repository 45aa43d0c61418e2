package notebooks

import (
	"encoding/json"
	"strings"

	"github.com/gobraid/gobraid/notebooks/internal/lazy"
)

// A PercentCell is a cell of a Go file in the percent format.
type PercentCell struct {
	Type     string // Code, Markdown or Raw
	Source   string // of code as a cell has it: with its magics, not as comments
	Line     int    // the line of the file that Source begins at, from 1
	Tags     []string
	Language string // of the cell, if it is not the file's
}

// Tagged reports whether the cell has the tag.
func (c *PercentCell) Tagged(tag string) bool {
	for _, t := range c.Tags {
		if t == tag {
			return true
		}
	}
	return false
}

var (
	percentMarker  = lazy.Regexp(`^\s*//\s*%%+(\s.*)?$`)
	percentType    = lazy.Regexp(`\[(markdown|md|raw)\]`)
	percentTags    = lazy.Regexp(`\btags=(\[[^\]]*\])`)
	percentLang    = lazy.Regexp(`\blanguage="([^"]*)"`)
	percentMagic   = lazy.Regexp(`^(// |//)+(!\*?|%{1,3})[a-zA-Z]`)
	percentEscaped = lazy.Regexp(`^((?://\s*)*)//\s*gonb:%%`)
	packageClause  = lazy.Regexp(`^package\s+\w`)
)

// Percent reads a Go file in the percent format of Jupytext and editors, in which a line "// %%" begins a cell, and reports whether it is one. A file
// without such a line is none, nor is one with a package clause before it. What comes before the first marker is a cell too, unless it is
// Jupytext's header. Magics, which Jupytext writes as comments, are taken out of them, and so is the text of cells that are not code.
func Percent(text string) (cells []PercentCell, ok bool) {
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	at := header(lines)
	var found []PercentCell
	c := PercentCell{Type: Code, Line: at + 1}
	var body []string
	end := func() {
		if c.finish(body); ok || strings.TrimSpace(c.Source) != "" {
			found = append(found, c)
		}
	}
	for i := at; i < len(lines); i++ {
		marker := percentMarker.FindStringSubmatch(lines[i])
		if marker == nil {
			if !ok && packageClause.MatchString(lines[i]) {
				return nil, false
			}
			body = append(body, lines[i])
			continue
		}
		end()
		ok = true
		c, body = markedCell(marker[1], i+2), nil
	}
	if !ok {
		return nil, false
	}
	end()
	return found, true
}

// header is how many lines Jupytext's header takes.
func header(lines []string) int {
	i := 0
	for i < len(lines) && (strings.TrimSpace(lines[i]) == "" || strings.HasPrefix(lines[i], "// -*-")) {
		i++
	}
	if i == len(lines) || strings.TrimSpace(lines[i]) != "// ---" {
		return 0
	}
	for j := i + 1; j < len(lines) && strings.HasPrefix(lines[j], "//"); j++ {
		if strings.TrimSpace(lines[j]) == "// ---" {
			return j + 1
		}
	}
	return 0
}

// markedCell is the cell that a marker begins.
func markedCell(said string, line int) PercentCell {
	c := PercentCell{Type: Code, Line: line}
	if kind := percentType.FindStringSubmatch(said); kind != nil {
		c.Type = map[string]string{"markdown": Markdown, "md": Markdown, "raw": Raw}[kind[1]]
	}
	if tags := percentTags.FindStringSubmatch(said); tags != nil {
		_ = json.Unmarshal([]byte(tags[1]), &c.Tags) // what is no list of tags is none
	}
	if language := percentLang.FindStringSubmatch(said); language != nil && language[1] != "go" {
		c.Language = language[1]
	}
	return c
}

// finish makes a cell of its lines.
func (c *PercentCell) finish(body []string) {
	for len(body) > 0 && strings.TrimSpace(body[len(body)-1]) == "" {
		body = body[:len(body)-1]
	}
	list := make([]string, len(body))
	for i, line := range body {
		switch {
		case c.Type != Code || c.Language != "":
			line = strings.TrimPrefix(strings.TrimPrefix(line, "//"), " ")
		case percentEscaped.MatchString(line):
			line = percentEscaped.ReplaceAllString(line, "${1}%%")
		case percentMagic.MatchString(line):
			line = strings.TrimPrefix(strings.TrimPrefix(line, "//"), " ")
		}
		list[i] = line
	}
	c.Source = strings.Join(list, "\n")
}
