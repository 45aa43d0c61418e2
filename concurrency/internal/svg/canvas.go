package svg

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"
)

// A Canvas is a picture while it is written. The zero Canvas is not usable; see [New].
type Canvas struct {
	b    bytes.Buffer
	used [Looks]bool // looks whose pattern is needed
}

// New returns an empty picture.
func New() *Canvas { return &Canvas{} }

// Len returns how many bytes have been written so far.
func (c *Canvas) Len() int { return c.b.Len() }

// Num writes a number with at most one decimal.
func Num(x float64) string {
	s := strconv.FormatFloat(x, 'f', 1, 64)
	s = strings.TrimSuffix(s, ".0")
	if s == "-0" {
		return "0"
	}
	return s
}

// Raw adds what fmt.Sprintf gives. A float64 is to be passed through [Num], text through [Text].
func (c *Canvas) Raw(format string, args ...any) { fmt.Fprintf(&c.b, format, args...) }

// Fill returns the attributes that fill a shape with a paint.
func Fill(p paint) string { return `class="` + p.class + p.role + `" fill="` + p.light + `"` }

// Stroke returns the attributes that draw a line with a paint.
func Stroke(p paint) string {
	return `class="` + p.class + `-l" stroke="` + p.light + `" fill="none"`
}

// mark stands in ids for what makes them the picture's own. It cannot occur elsewhere: [Text] lets no such byte through.
const mark = "\x00"

// Look returns the attributes that fill a shape with a look.
func (c *Canvas) Look(l Look) string {
	p := looks[l]
	if l.Solid() {
		return Fill(p)
	}
	c.used[l] = true
	return `fill="url(#` + mark + p.class + `) ` + p.light + `"`
}

// Plain returns the attributes that fill a shape with the colour of a look, without its pattern.
func Plain(l Look) string { return Fill(looks[l]) }

// Edge returns the attributes that draw a line with the colour of a look.
func Edge(l Look) string { return Stroke(looks[l]) }

// Rect returns the path of a rectangle, for the d attribute.
func Rect(x, y, w, h float64) string {
	return "M" + Num(x) + " " + Num(y) + "h" + Num(w) + "v" + Num(h) + "h" + Num(-w) + "z"
}

// Path adds a path with a text on hover. Colours come from the group around it.
func (c *Canvas) Path(d, title string) {
	if title == "" {
		c.Raw(`<path d="%s"/>`, d)
		return
	}
	c.Raw(`<path d="%s"><title>%s</title></path>`, d, Text(title))
}

// Title adds a text that is shown on hover of the element around it.
func (c *Canvas) Title(text string) { c.Raw("<title>%s</title>", Text(text)) }

// Label adds text at a place. anchor is start, middle or end; more are further attributes.
func (c *Canvas) Label(x, y, size float64, anchor string, p paint, text, more string) {
	if text = isolate(Line(text)); text == "" {
		return
	}
	if anchor != "start" {
		more = ` text-anchor="` + anchor + `"` + more
	}
	c.Raw(`<text x="%s" y="%s" font-size="%s" %s%s>%s</text>`, Num(x), Num(y), Num(size), Fill(p), more, Text(text))
}

// Open and Close a group.
func (c *Canvas) Open(attributes string) { c.Raw("<g %s>", attributes) }

// Close ends the group that was opened last.
func (c *Canvas) Close() { c.Raw("</g>\n") }

// shown is the size of a unit of a picture that is as large as it likes: one of 900 units fits into a notebook beside a
// sidebar. JupyterLab does not make larger ones smaller.
const shown = 0.92

// Finish returns the picture: width by height units, with a title and a description for those who cannot see it.
func (c *Canvas) Finish(width, height float64, title, about string) []byte {
	var b bytes.Buffer
	w, h := Num(width), Num(height)
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" class="gb-picture" role="img" viewBox="0 0 %s %s" width="%s" height="%s"`+
		` style="max-width:100%%;height:auto" font-family="system-ui,-apple-system,'Segoe UI','DejaVu Sans',sans-serif"`+
		` aria-labelledby="%[5]stitle %[5]sdesc">`+"\n", w, h, Num(width*shown), Num(height*shown), mark)
	fmt.Fprintf(&b, "<title id=\"%stitle\">%s</title>\n<desc id=\"%[1]sdesc\">%[3]s</desc>\n", mark, Text(title), Text(about))
	b.WriteString(style())
	b.WriteString("<defs>")
	for l := range patterns {
		if !c.used[l] {
			continue
		}
		t, p := patterns[l], looks[l]
		size, turn := Num(t.size), ""
		if t.turn != "" {
			turn = ` patternTransform="` + t.turn + `"`
		}
		fmt.Fprintf(&b, `<pattern id="%s%s" patternUnits="userSpaceOnUse" width="%s" height="%s"%s><g %s>`+
			`<rect width="%s" height="%s" fill-opacity=".3"/>%s</g></pattern>`, mark, p.class, size, size, turn, Fill(p), size, size, t.draw)
	}
	b.WriteString("</defs>\n")
	fmt.Fprintf(&b, "<rect width=\"%s\" height=\"%s\" rx=\"6\" %s/>\n", w, h, Fill(Ground))
	b.Write(c.b.Bytes())
	b.WriteString("</svg>\n")
	sum := fnv.New32a()
	sum.Write(b.Bytes())
	return bytes.ReplaceAll(b.Bytes(), []byte(mark), fmt.Appendf(nil, "gb%08x-", sum.Sum32()))
}
