package measure

import "html"

// A Picture is a drawing, with what it says in words. As the last value of a cell it is shown.
type Picture struct{ svg, text string }

// SVG returns the drawing. It has no scripts, and a dark form for dark pages.
func (p *Picture) SVG() string { return p.svg }

// String returns what the drawing says, in words.
func (p *Picture) String() string { return p.text }

// HTML returns the drawing as part of a page, where its parts have texts on hover, and the words below it.
func (p *Picture) HTML() string { return embed(p.svg, p.text) }

// embed puts a drawing into a page. Front ends that do not trust a notebook leave it out, and the words remain.
func embed(svg, text string) string {
	return "<div>" + svg + "</div>\n<details open><summary>In words</summary><pre>" + html.EscapeString(text) + "</pre></details>"
}
