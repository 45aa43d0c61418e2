package assist

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"slices"
	"strings"

	"github.com/gobraid/gobraid/interp/magic"
	"github.com/gobraid/gobraid/interp/split"
)

// lessons are what cells have taught about the types they declare.
type lessons struct {
	count int
	types map[string]lesson
}

// A lesson is how a type was declared, and its methods without bodies.
type lesson struct {
	spec    string
	methods []method
}

type method struct{ name, text string }

// texts returns the declarations of the type and its methods.
func (l lesson) texts() []string {
	out := []string{"type " + l.spec}
	for _, m := range l.methods {
		out = append(out, m.text)
	}
	return out
}

// Learn takes the types and methods that a cell has declared from its text. It is to be called after
// every cell that has run: the names of a session do not tell methods and type parameters.
func (a *Assistant) Learn(text string) {
	_, text = magic.Parse(text)
	fset := token.NewFileSet()
	if t := scan(text); len(t.list) == 0 || t.list[0].tok != token.PACKAGE {
		text = "package main\n" + split.Keep(text, split.Declarations(text))
	}
	f, err := parser.ParseFile(fset, "", text, parser.SkipObjectResolution)
	if err != nil {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, d := range f.Decls {
		if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.TYPE {
			for _, s := range g.Specs {
				spec := s.(*ast.TypeSpec)
				a.learned.types[spec.Name.Name] = lesson{spec: source(fset, spec)}
				a.learned.count++
			}
		}
	}
	for _, d := range f.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv != nil {
			a.learnMethod(fset, fn)
		}
	}
}

// learnMethod adds a method to its type, in place of the one that had its name.
func (a *Assistant) learnMethod(fset *token.FileSet, fn *ast.FuncDecl) {
	name := split.Receiver(fn)
	l, ok := a.learned.types[name]
	if !ok {
		return
	}
	fn.Body, fn.Doc = nil, nil
	l.methods = slices.DeleteFunc(slices.Clone(l.methods), func(m method) bool { return m.name == fn.Name.Name })
	l.methods = append(l.methods, method{fn.Name.Name, source(fset, fn)})
	a.learned.types[name] = l
	a.learned.count++
}

// source writes a node as Go.
func source(fset *token.FileSet, n any) string {
	var b bytes.Buffer
	if err := printer.Fprint(&b, fset, n); err != nil {
		return ""
	}
	return strings.TrimSpace(b.String())
}
