package export

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// clean returns HTML of the notebook's as it may stand in a page: with its pictures, and without what runs.
func (m *maker) clean(text string) string {
	nodes, err := html.ParseFragment(strings.NewReader(text), &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div})
	if err != nil {
		m.warn(fmt.Sprintf("HTML is shown as it is written: %v", err))
		return "<pre>" + html.EscapeString(text) + "</pre>"
	}
	holder := &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div}
	for _, n := range nodes {
		holder.AppendChild(n)
	}
	m.embed(holder)
	var b strings.Builder
	for n := holder.FirstChild; n != nil; n = n.NextSibling {
		if err := html.Render(&b, n); err != nil {
			m.warn(fmt.Sprintf("a part of an output is left out: %v", err))
		}
	}
	if m.opts.Trust {
		return b.String()
	}
	return policy.Sanitize(b.String())
}

// embed puts pictures into the page: those that are files, and SVG, which becomes a picture.
func (m *maker) embed(n *html.Node) {
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		switch {
		case c.Type != html.ElementNode:
		case c.Data == "img" && c.Namespace == "":
			m.embedFile(c)
		case c.Data == "svg" && !m.opts.Trust:
			m.embedSVG(c)
		default:
			m.embed(c)
		}
		c = next
	}
}

func (m *maker) embedFile(n *html.Node) {
	src := attribute(n, "src")
	if strings.HasPrefix(src, "data:") {
		return
	}
	address, err := m.beside(src)
	if err == nil {
		setAttribute(n, "src", address)
		return
	}
	if m.opts.Trust {
		return
	}
	m.warn(fmt.Sprintf("the picture %s is not in the page: %v", src, err))
	said := attribute(n, "alt")
	if said == "" {
		said = "picture " + src
	}
	link := &html.Node{Type: html.ElementNode, Data: "span", DataAtom: atom.Span}
	if u, err := url.Parse(src); err == nil && u.Scheme != "" {
		link.Data, link.DataAtom = "a", atom.A
		link.Attr = []html.Attribute{{Key: "href", Val: src}}
	}
	link.AppendChild(&html.Node{Type: html.TextNode, Data: said})
	replace(n, link)
}

func (m *maker) embedSVG(n *html.Node) {
	var b strings.Builder
	err := html.Render(&b, n)
	var address string
	if err == nil {
		address, err = picture("image/svg+xml", b.String())
	}
	said := svgWords(b.String())
	if said == "" {
		said = attribute(n, "aria-label")
	}
	if said == "" {
		said = "picture"
	}
	if err != nil {
		m.warn(err.Error())
		replace(n, &html.Node{Type: html.TextNode, Data: said})
		return
	}
	replace(n, &html.Node{Type: html.ElementNode, Data: "img", DataAtom: atom.Img, Attr: []html.Attribute{{Key: "src", Val: address}, {Key: "alt", Val: said}}})
}

func replace(old, by *html.Node) {
	old.Parent.InsertBefore(by, old)
	old.Parent.RemoveChild(old)
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func setAttribute(n *html.Node, key, value string) {
	for i := range n.Attr {
		if n.Attr[i].Key == key {
			n.Attr[i].Val = value
			return
		}
	}
	n.Attr = append(n.Attr, html.Attribute{Key: key, Val: value})
}

// policy is what HTML of notebooks may hold.
var policy = newPolicy()

func newPolicy() *bluemonday.Policy {
	p := bluemonday.UGCPolicy()
	p.RequireNoFollowOnLinks(false)
	p.AllowDataAttributes()
	p.AllowElements("figure", "figcaption", "section", "details", "summary", "mark", "kbd", "samp", "var", "center", "font", "caption")
	p.AllowAttrs("alt").OnElements("img") // whatever it says: the policy's own rule knows few characters
	p.AllowAttrs("open").OnElements("details")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^[\w \-]+$`)).Globally()
	p.AllowAttrs("role", "aria-label", "aria-hidden", "title", "lang", "dir").Globally()
	p.AllowAttrs("id").Matching(regexp.MustCompile(`^[^\s<>"']+$`)).Globally()
	p.AllowAttrs("type").Matching(regexp.MustCompile(`^checkbox$`)).OnElements("input") // of task lists
	p.AllowAttrs("checked", "disabled").OnElements("input")
	p.AllowAttrs("value", "max", "min").OnElements("progress", "meter")
	p.AllowAttrs("colspan", "rowspan", "align", "valign", "width", "height", "border", "cellpadding", "cellspacing").OnElements("table", "tr", "td", "th", "img", "col", "colgroup")
	p.AllowAttrs("color").OnElements("font")
	p.AllowStyles(
		"color", "background", "background-color", "opacity", "text-align", "vertical-align", "text-decoration", "text-indent", "line-height", "letter-spacing",
		"font", "font-family", "font-size", "font-style", "font-weight", "font-variant", "white-space", "word-break", "overflow-wrap",
		"width", "min-width", "max-width", "height", "min-height", "max-height", "padding", "padding-left", "padding-right", "padding-top", "padding-bottom",
		"margin-left", "margin-right", "margin-top", "margin-bottom", "margin",
		"border", "border-left", "border-right", "border-top", "border-bottom", "border-color", "border-radius", "border-collapse", "border-spacing",
		"display", "flex", "flex-wrap", "flex-direction", "gap", "align-items", "justify-content", "float", "clear", "overflow", "overflow-x", "overflow-y",
	).MatchingHandler(harmless).Globally()
	p.AllowURLSchemeWithCustomPolicy("data", func(u *url.URL) bool {
		for _, t := range pictureTypes {
			if strings.HasPrefix(u.Opaque, t+";base64,") {
				return true
			}
		}
		return false
	})
	return p
}

var styleValue = regexp.MustCompile(`^[\w\s#.,%()+*/"'-]*$`)

// harmless reports whether a value of a style neither fetches nor runs anything, nor lays itself over the page.
func harmless(value string) bool {
	v := strings.ToLower(value)
	for _, bad := range []string{"url", "expression", "image-set", "element(", "attr(", "-webkit-cross-fade", "/*"} {
		if strings.Contains(v, bad) {
			return false
		}
	}
	return styleValue.MatchString(v)
}
