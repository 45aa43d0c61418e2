package export

import (
	"bytes"
	_ "embed"
	"fmt"
	"html"
	"html/template"
	"strings"
	"time"

	"github.com/gobraid/gobraid/notebooks"
)

//go:embed page.html
var pageText string

//go:embed page.css
var pageStyle string

var pageTemplate = template.Must(template.New("page").Parse(pageText))

// HTML exports a notebook as a page for a browser. It does not block, but reads pictures beside the notebook.
func HTML(nb *notebooks.Notebook, opts Options) (*Page, error) {
	m := newMaker(nb, opts)
	var body strings.Builder
	for _, c := range nb.Cells {
		m.cell(&body, c)
	}
	record := recordHTML(nb)
	contents := m.contents()
	if record != "" {
		contents = append(contents, heading{level: 2, id: "run-record", text: "Run record"})
	}
	head, rest := "", body.String()
	if i := strings.Index(rest, "</h1>"); i >= 0 && strings.HasPrefix(rest, "<section class=\"cell text\"") && strings.Count(rest[:i], "<section") == 1 {
		head, rest = rest[:i+len("</h1>")], rest[i+len("</h1>"):] // the contents come below the title
	}
	var page bytes.Buffer
	err := pageTemplate.Execute(&page, map[string]any{
		"Title":    m.title(),
		"Style":    template.CSS(pageStyle + codeStyle()),
		"Policy":   !opts.Trust,
		"Contents": entries(contents),
		"Head":     template.HTML(head),
		"Body":     template.HTML(rest),
		"Record":   template.HTML(record),
	})
	if err != nil {
		return nil, fmt.Errorf("export: %w", err)
	}
	return &Page{Text: page.Bytes(), Title: m.title(), Warnings: m.warnings}, nil
}

// An entry is a heading as the template wants it.
type entry struct {
	Level    int
	ID, Text string
}

func entries(list []heading) []entry {
	var es []entry
	for _, h := range list {
		es = append(es, entry{h.level, h.id, h.text})
	}
	return es
}

func (m *maker) cell(b *strings.Builder, c *notebooks.Cell) {
	input, hidden, outputs := shown(c)
	if !input && !outputs {
		return
	}
	switch c.Type {
	case notebooks.Markdown:
		if input {
			fmt.Fprintf(b, "<section class=\"cell text\" id=\"cell-%s\">\n%s</section>\n", c.ID, m.markdown(c.ID, c.Source, attachments(c)))
		}
	case notebooks.Raw:
		m.raw(b, c)
	case notebooks.Code:
		if !input && len(c.Outputs) == 0 {
			return
		}
		fmt.Fprintf(b, "<section class=\"cell code\" id=\"cell-%s\">\n", c.ID)
		if input {
			m.input(b, c, hidden)
		}
		if outputs {
			for _, o := range c.Outputs {
				m.output(b, o)
			}
		}
		b.WriteString("</section>\n")
	}
}

func (m *maker) input(b *strings.Builder, c *notebooks.Cell, hidden bool) {
	prompt := "[ ]"
	if c.Count > 0 {
		prompt = fmt.Sprintf("[%d]", c.Count)
	}
	if hidden {
		b.WriteString("<details class=\"hidden\"><summary>Code</summary>\n")
	}
	b.WriteString("<div class=\"input\"><div>")
	if took := took(c); took != "" {
		fmt.Fprintf(b, "<span class=\"took\" title=\"how long the cell took\">%s</span>", took)
	}
	fmt.Fprintf(b, "<a class=\"prompt\" href=\"#cell-%s\" aria-label=\"cell %s\">%s</a></div>", c.ID, strings.Trim(prompt, "[] "), prompt)
	fmt.Fprintf(b, "<pre class=\"chroma\" tabindex=\"0\"><code>%s</code></pre></div>\n", cellCode(m.language(), c.Source))
	if hidden {
		b.WriteString("</details>\n")
	}
}

// took is how long a cell ran, by what Jupyter notes of it; "" if it does not say.
func took(c *notebooks.Cell) string {
	times, _ := c.Metadata["execution"].(map[string]any)
	at := func(key string) (time.Time, bool) {
		s, _ := times[key].(string)
		t, err := time.Parse(time.RFC3339Nano, s)
		return t, err == nil
	}
	from, ok := at("iopub.execute_input")
	to, ok2 := at("shell.execute_reply")
	if !ok || !ok2 || to.Before(from) {
		return ""
	}
	switch d := to.Sub(from); {
	case d < time.Millisecond:
		return fmt.Sprintf("%.1f ms", d.Seconds()*1e3)
	case d < time.Second:
		return fmt.Sprintf("%.0f ms", d.Seconds()*1e3)
	case d < time.Minute:
		return fmt.Sprintf("%.1f s", d.Seconds())
	default:
		return d.Round(time.Second).String()
	}
}

func (m *maker) raw(b *strings.Builder, c *notebooks.Cell) {
	format, _ := c.Metadata["raw_mimetype"].(string)
	if format == "" {
		format, _ = c.Metadata["format"].(string)
	}
	switch format {
	case "text/html":
		fmt.Fprintf(b, "<section class=\"cell text\" id=\"cell-%s\">%s</section>\n", c.ID, m.clean(c.Source))
	case "text/markdown":
		fmt.Fprintf(b, "<section class=\"cell text\" id=\"cell-%s\">%s</section>\n", c.ID, m.markdown(c.ID, c.Source, nil))
	case "":
		fmt.Fprintf(b, "<section class=\"cell text\" id=\"cell-%s\"><pre>%s</pre></section>\n", c.ID, html.EscapeString(c.Source))
	}
}
