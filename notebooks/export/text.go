package export

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/gobraid/gobraid/notebooks"
)

// Markdown exports a notebook as one Markdown file: pictures are in it, as data: addresses, outputs are blocks of text.
func Markdown(nb *notebooks.Notebook, opts Options) (*Page, error) {
	m := newMaker(nb, opts)
	var body strings.Builder
	for _, c := range nb.Cells {
		m.textCell(&body, c)
	}
	facts, tables := recordOf(nb)
	var b strings.Builder
	slugs := map[string]int{}
	for i := range m.headings {
		m.headings[i].id = slug(m.headings[i].text, slugs)
	}
	contents := m.contents()
	if len(facts)+len(tables) > 0 {
		contents = append(contents, heading{2, "run-record", "Run record"})
	}
	text := strings.TrimLeft(body.String(), "\n")
	head := ""
	if first, rest, ok := strings.Cut(text, "\n"); ok && strings.HasPrefix(first, "# ") {
		head, text = first+"\n", rest
	}
	b.WriteString(head)
	if len(contents) > 0 {
		b.WriteString("\n**Contents**\n\n")
		for _, h := range contents {
			fmt.Fprintf(&b, "%s- [%s](#%s)\n", strings.Repeat("  ", max(h.level-2, 0)), escapeText(h.text), h.id)
		}
	}
	b.WriteString("\n" + text)
	if len(facts)+len(tables) > 0 {
		b.WriteString("\n## Run record\n\n")
		writeTable(&b, []string{"", ""}, pairs(facts))
		for _, t := range tables {
			fmt.Fprintf(&b, "\n**%s**\n\n", t.name)
			writeTable(&b, t.columns, t.rows)
		}
	}
	return &Page{Text: []byte(b.String()), Title: m.title(), Warnings: m.warnings}, nil
}

func (m *maker) textCell(b *strings.Builder, c *notebooks.Cell) {
	input, _, outputs := shown(c)
	switch c.Type {
	case notebooks.Markdown:
		if !input {
			return
		}
		m.markdown(c.ID, c.Source, nil) // for the headings
		m.warnings = nil
		fmt.Fprintf(b, "\n%s\n", m.embedText(c))
	case notebooks.Raw:
		if format, _ := c.Metadata["raw_mimetype"].(string); format == "text/markdown" || format == "" {
			fmt.Fprintf(b, "\n%s\n", c.Source)
		}
	case notebooks.Code:
		if input {
			fmt.Fprintf(b, "\n%s\n", block(m.language(), c.Source))
		}
		if outputs {
			for _, o := range c.Outputs {
				m.textOutput(b, o)
			}
		}
	}
}

func (m *maker) textOutput(b *strings.Builder, o *notebooks.Output) {
	switch o.Type {
	case notebooks.StreamOutput:
		if o.Text != "" {
			fmt.Fprintf(b, "\n%s\n", block("text", plain(o.Text)))
		}
		return
	case notebooks.ErrorOutput:
		fmt.Fprintf(b, "\n%s\n", block("text", plain(said(o))))
		return
	}
	text, _ := o.Data["text/plain"].(string)
	for _, kind := range pictureTypes {
		s, ok := o.Data[kind].(string)
		if !ok || s == "" {
			continue
		}
		address, err := picture(kind, s)
		if err != nil {
			m.warn(err.Error())
			continue
		}
		fmt.Fprintf(b, "\n![%s](%s)\n", escapeText(strings.Join(strings.Fields(inWords(kind, s, text)), " ")), address)
		return
	}
	switch md, _ := o.Data["text/markdown"].(string); {
	case md != "":
		fmt.Fprintf(b, "\n%s\n", md)
	case text != "":
		fmt.Fprintf(b, "\n%s\n", block("text", plain(text)))
	case len(o.Data) > 0:
		m.warn(fmt.Sprintf("an output has no form that Markdown can show: %s", kinds(o)))
	}
}

var imageLink = regexp.MustCompile(`(!\[[^\]]*\]\()([^)\s]+)`)

// embedText puts the pictures of a Markdown cell into it.
func (m *maker) embedText(c *notebooks.Cell) string {
	attached := attachments(c)
	return imageLink.ReplaceAllStringFunc(c.Source, func(link string) string {
		part := imageLink.FindStringSubmatch(link)
		if data, ok := attached[strings.TrimPrefix(part[2], "attachment:")]; ok {
			return part[1] + data
		}
		if strings.HasPrefix(part[2], "data:") {
			return link
		}
		address, err := m.beside(part[2])
		if err != nil {
			m.warn(fmt.Sprintf("the picture %s is not in the page: %v", part[2], err))
			return link
		}
		return part[1] + address
	})
}

// block is a block of code whose fence does not occur in it.
func block(language, text string) string {
	fence := "```"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	return fence + language + "\n" + strings.TrimRight(text, "\n") + "\n" + fence
}

var notInSlug = regexp.MustCompile(`[^\p{L}\p{N}\p{M}_ -]`)

// slug is the address of a heading on the places where Markdown is read, as GitHub makes it.
func slug(text string, seen map[string]int) string {
	s := strings.ReplaceAll(notInSlug.ReplaceAllString(strings.ToLower(text), ""), " ", "-")
	n := seen[s]
	if seen[s]++; n > 0 {
		return fmt.Sprintf("%s-%d", s, n)
	}
	return s
}

func escapeText(s string) string {
	return strings.NewReplacer(`\`, `\\`, "[", `\[`, "]", `\]`, "|", `\|`, "<", "&lt;", "*", `\*`, "_", `\_`, "`", "\\`").Replace(s)
}

func pairs(facts []fact) [][]string {
	var rows [][]string
	for _, f := range facts {
		rows = append(rows, []string{f.name, f.value})
	}
	return rows
}

func writeTable(b *strings.Builder, columns []string, rows [][]string) {
	if len(rows) == 0 {
		return
	}
	line := func(cells []string) {
		for _, c := range cells {
			fmt.Fprintf(b, "| %s ", escapeText(strings.ReplaceAll(c, "\n", " ")))
		}
		b.WriteString("|\n")
	}
	line(columns)
	b.WriteString(strings.Repeat("| --- ", len(columns)) + "|\n")
	for _, r := range rows {
		line(r)
	}
}
