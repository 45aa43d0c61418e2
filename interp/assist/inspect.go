package assist

import (
	"context"
	"fmt"
	"go/token"
	"go/types"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Inspect tells what the name at a cursor is, or the function whose arguments the cursor is in, as plain
// text and Markdown. It reports false when there is nothing to say, or when ctx has ended. With a detail
// above 0 the methods of a variable's type are listed too.
func (a *Assistant) Inspect(ctx context.Context, code string, cursor, detail int) (mime map[string]any, ok bool) {
	at := nameEnd(code, byteOffset(code, cursor))
	if at < 0 || ctx.Err() != nil {
		return nil, false
	}
	d := a.describe(ctx, code, at, detail)
	if d.code == "" && d.text == "" {
		return nil, false
	}
	return map[string]any{"text/plain": d.plain(), "text/markdown": d.markdown()}, true
}

// A description is what there is to say: Go text, and a sentence about it.
type description struct{ code, text string }

func (d description) plain() string {
	return strings.TrimSpace(d.code + "\n\n" + d.text)
}

func (d description) markdown() string {
	if d.code == "" {
		return d.text
	}
	return strings.TrimSpace("```go\n" + d.code + "\n```\n\n" + d.text)
}

// nameEnd returns where the name at an offset ends, or that of the function whose arguments the offset
// is in; -1 if there is none.
func nameEnd(code string, at int) int {
	end := at
	for r, n := utf8.DecodeRuneInString(code[end:]); inName(r); r, n = utf8.DecodeRuneInString(code[end:]) {
		end += n
	}
	if r, _ := utf8.DecodeLastRuneInString(code[:end]); inName(r) {
		return end
	}
	t := scan(code[:at])
	if t.open {
		return at
	}
	for levels := t.levels(); len(levels) > 1; levels = levels[:len(levels)-1] {
		if l := levels[len(levels)-1]; l.closing == ")" && l.open.tok == token.IDENT {
			return l.open.end
		}
	}
	return -1
}

func inName(r rune) bool {
	return r == '_' || r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

// describe describes the name that ends at an offset.
func (a *Assistant) describe(ctx context.Context, code string, at, detail int) description {
	p := locate(code[:at])
	switch p.kind {
	case inMagic:
		if p.magic == "" {
			return description{"", magics[p.name].text}
		}
		return description{"", magics["%"+strings.TrimLeft(p.name, "%")].text}
	case inImport:
		rest, _, _ := strings.Cut(code[at:], "\n")
		path, _, _ := strings.Cut(p.name+rest, `"`)
		return a.describePackage(path)
	case inCode, afterDot:
	default:
		return description{}
	}
	if text, ok := keywords[p.name]; ok && p.kind == inCode {
		return description{p.name, text}
	}
	for _, c := range a.candidates(ctx, p, code, at) {
		if c.name == p.name {
			return a.describeCandidate(c, detail)
		}
	}
	return description{}
}

func (a *Assistant) describeCandidate(c candidate, detail int) description {
	switch {
	case c.path != "":
		d := a.describePackage(c.path)
		if c.unknown {
			d.text = fmt.Sprintf("It is not imported: `import %q`.", c.path)
		}
		return d
	case c.session != nil:
		d := c.fromSession(detail)
		if c.session.Cell > 0 {
			d.text = fmt.Sprintf("Declared in cell %d.", c.session.Cell)
		}
		return d
	case c.obj == nil:
		return description{}
	}
	if doc, ok := predeclared[c.name]; ok && c.obj.Pkg() == nil && c.obj.Parent() == types.Universe {
		return description{doc.usage, doc.text}
	}
	d := description{code: c.withMethods(declaration(c.obj), detail)}
	if pkg := c.obj.Pkg(); pkg != nil && pkg.Path() != "main" {
		d.code = heading(pkg) + "\n\n" + d.code
	}
	return d
}

// fromSession writes the declaration of a name of the session.
func (c candidate) fromSession(detail int) description {
	if c.obj != nil && c.session.Kind == "type" {
		return description{code: declaration(c.obj)}
	}
	text := c.session.Kind + " " + c.session.Name + " " + c.session.Type
	if c.session.Kind == "func" {
		text = "func " + c.session.Name + strings.TrimPrefix(c.session.Type, "func")
	}
	return description{code: c.withMethods(text, detail)}
}

// withMethods adds the methods of a variable's type to its declaration.
func (c candidate) withMethods(text string, detail int) string {
	if v, ok := c.obj.(*types.Var); ok && detail > 0 && known(v.Type()) {
		return strings.TrimSpace(text + "\n" + strings.Join(methods(v.Type(), v.Pkg()), "\n"))
	}
	return text
}

// describePackage lists a package of the standard library.
func (a *Assistant) describePackage(path string) description {
	pkg, err := a.importer.importer.Import(path)
	if err != nil {
		return description{}
	}
	return description{code: overview(pkg)}
}
