package export

import (
	"bytes"
	"fmt"
	"html"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	goldmarkhtml "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"github.com/gobraid/gobraid/notebooks"
)

// markdown returns Markdown as HTML and notes its headings. owner makes the addresses of footnotes unique.
func (m *maker) markdown(owner, source string, attached map[string]string) string {
	source, formulas := takeMath(source)
	md := goldmark.New(
		goldmark.WithExtensions(extension.GFM, extension.NewFootnote(extension.WithFootnoteIDPrefix(owner+"-"))),
		goldmark.WithRendererOptions(
			goldmarkhtml.WithUnsafe(), // what must not be there is taken out below, from all of it
			renderer.WithNodeRenderers(util.Prioritized(fences{m}, 100)),
		),
	)
	src := []byte(source)
	doc := md.Parser().Parse(text.NewReader(src), parser.WithContext(parser.NewContext()))
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // the function returns no errors
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Heading:
			said := formulas.restore(words(n, src))
			id := m.address(said)
			n.SetAttributeString("id", []byte(id))
			m.headings = append(m.headings, heading{n.Level, id, said})
		case *ast.Image:
			if data, ok := attached[strings.TrimPrefix(string(n.Destination), "attachment:")]; ok {
				n.Destination = []byte(data)
			}
		}
		return ast.WalkContinue, nil
	})
	var b bytes.Buffer
	if err := md.Renderer().Render(&b, src, doc); err != nil {
		m.warn(fmt.Sprintf("a Markdown cell is shown as it is written: %v", err))
		return "<pre>" + html.EscapeString(formulas.restore(source)) + "</pre>\n"
	}
	return formulas.html(m.clean(b.String()))
}

// address returns the id of a heading: Jupyter's, which is the text with dashes for spaces, so that links in notebooks hold.
func (m *maker) address(said string) string {
	id := strings.ReplaceAll(strings.TrimSpace(said), " ", "-")
	if id == "" {
		id = "section"
	}
	m.ids[id]++
	if n := m.ids[id]; n > 1 {
		id = fmt.Sprintf("%s-%d", id, n)
	}
	return id
}

// words are the words of a node, without its markup.
func words(n ast.Node, src []byte) string {
	var b strings.Builder
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Text:
			b.Write(util.UnescapePunctuations(n.Value(src)))
			if n.SoftLineBreak() || n.HardLineBreak() {
				b.WriteByte(' ')
			}
		case *ast.String:
			b.Write(n.Value)
		case *ast.AutoLink:
			b.Write(n.Label(src))
		}
		return ast.WalkContinue, nil
	})
	return html.UnescapeString(b.String())
}

// fences renders blocks of code in colour.
type fences struct{ m *maker }

// RegisterFuncs is what goldmark asks for.
func (f fences) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(ast.KindFencedCodeBlock, f.fence)
}

func (f fences) fence(w util.BufWriter, src []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	block := n.(*ast.FencedCodeBlock)
	var b strings.Builder
	for _, line := range block.Lines().Sliced(0, block.Lines().Len()) {
		b.Write(line.Value(src))
	}
	language := string(block.Language(src))
	colored := html.EscapeString(b.String())
	if language != "" {
		colored = code(language, b.String())
	}
	_, err := fmt.Fprintf(w, "<pre class=\"chroma\"><code>%s</code></pre>\n", colored)
	return ast.WalkContinue, err
}

// attachments are the pictures that a cell has with it, as addresses.
func attachments(c *notebooks.Cell) map[string]string {
	found := map[string]string{}
	for name, forms := range c.Attachments() {
		for _, mime := range pictureTypes {
			if s, ok := forms[mime]; ok {
				found[name] = pictureAddress(mime, s)
				break
			}
		}
	}
	return found
}
