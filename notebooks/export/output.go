package export

import (
	"encoding/json"
	"fmt"
	"html"
	"strings"

	"github.com/gobraid/gobraid/notebooks"
)

// output writes an output as HTML.
func (m *maker) output(b *strings.Builder, o *notebooks.Output) {
	switch o.Type {
	case notebooks.StreamOutput:
		if o.Text == "" {
			return
		}
		class := "stream"
		if o.Name == "stderr" {
			class = "stream stderr"
		}
		fmt.Fprintf(b, "<div class=\"output %s\"><pre tabindex=\"0\">%s</pre></div>\n", class, terminal(o.Text))
	case notebooks.ErrorOutput:
		fmt.Fprintf(b, "<div class=\"output error\"><pre tabindex=\"0\">%s</pre></div>\n", terminal(said(o)))
	case notebooks.DisplayOutput, notebooks.ResultOutput:
		if shown := m.data(o); shown != "" {
			fmt.Fprintf(b, "<div class=\"output\">%s</div>\n", shown)
		}
	}
}

// said is what an error says.
func said(o *notebooks.Output) string {
	if len(o.Traceback) == 0 {
		return o.EName + ": " + o.EValue
	}
	return strings.Join(o.Traceback, "\n")
}

// data returns the richest form of an output that can be shown.
func (m *maker) data(o *notebooks.Output) string {
	form := func(mime string) (string, bool) {
		s, ok := o.Data[mime].(string)
		return s, ok && strings.TrimSpace(s) != ""
	}
	if s, ok := form("application/javascript"); ok && m.opts.Trust {
		return "<script>" + s + "</script>"
	}
	if s, ok := form("text/html"); ok {
		return "<div class=\"html\">" + m.clean(s) + "</div>"
	}
	if s, ok := form("text/markdown"); ok {
		headings := m.headings // those of outputs are not in the contents
		shown := m.markdown("output", s, nil)
		m.headings = headings
		return "<div class=\"html\">" + shown + "</div>"
	}
	text, _ := form("text/plain")
	for _, kind := range pictureTypes {
		s, ok := form(kind)
		if !ok {
			if kind == "image/svg+xml" {
				if tex, ok := form("text/latex"); ok {
					return "<span class=\"math display\">" + html.EscapeString(tex) + "</span>"
				}
			}
			continue
		}
		address, err := picture(kind, s)
		if err != nil {
			m.warn(err.Error())
			continue
		}
		return fmt.Sprintf("<figure><label><input type=\"checkbox\" class=\"zoom\" aria-label=\"full size\"><img src=\"%s\" alt=\"%s\"%s></label></figure>",
			address, html.EscapeString(inWords(kind, s, text)), size(o, kind))
	}
	if v, ok := o.Data["application/json"]; ok && text == "" {
		if j, err := json.MarshalIndent(v, "", "  "); err == nil {
			return "<pre tabindex=\"0\">" + code("json", string(j)) + "</pre>"
		}
	}
	if text != "" {
		return "<pre tabindex=\"0\">" + terminal(text) + "</pre>"
	}
	if len(o.Data) > 0 {
		m.warn(fmt.Sprintf("an output has no form that a page can show: %s", kinds(o)))
	}
	return ""
}

func kinds(o *notebooks.Output) string {
	var list []string
	for k := range o.Data {
		list = append(list, k)
	}
	return strings.Join(list, ", ")
}

// inWords is the alternative text of a picture: its text form, unless that only says that it is a picture.
func inWords(kind, data, text string) string {
	words := ""
	if kind == "image/svg+xml" {
		words = svgWords(data)
	}
	switch t := strings.TrimSpace(text); {
	case t == "" || strings.HasPrefix(t, "(a picture") || strings.HasPrefix(t, "<"):
		if words == "" {
			words = "picture"
		}
		return words
	case words == "" || strings.Contains(t, words):
		return t
	default:
		title, _, _ := strings.Cut(words, "\n")
		return title + "\n" + t
	}
}

// size is the size that an output says its picture has.
func size(o *notebooks.Output, kind string) string {
	own, _ := o.Metadata[kind].(map[string]any)
	text := ""
	for _, key := range []string{"width", "height"} {
		if n, ok := own[key].(json.Number); ok {
			text += fmt.Sprintf(" %s=\"%s\"", key, html.EscapeString(n.String()))
		}
	}
	return text
}
