package yaegi

import (
	"fmt"
	"go/parser"
	"go/token"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"github.com/gobraid/gobraid/interp/engine/yaegi/steps"
	"github.com/traefik/yaegi/interp"
)

type tokenPos = token.Pos

// A pkg is a compiled package that the interpreter has.
type pkg struct {
	alias string
	names map[string]reflect.Value
}

// use gives the interpreter a compiled package and imports it. The import is made in a file without
// a name: then yaegi files it under its bare alias, where all later files find it.
func (e *Engine) use(path string, names map[string]reflect.Value) pkg {
	p := pkg{alias: aliasOf(path), names: names}
	// A path of our own: for the real paths of some packages yaegi has special cases.
	own := "gobraid/" + p.alias
	if path == "rt" || path == "v" {
		own = path
	}
	if err := e.vm.Use(interp.Exports{own + "/" + p.alias: names}); err != nil {
		panic(err) // a wrong table, found by every test
	}
	if err := e.eval("", fmt.Sprintf("package main\n\nimport %s %q\n", p.alias, own), nil, nil); err != nil {
		panic(err)
	}
	e.imported[path] = p
	return p
}

func aliasOf(path string) string {
	if path == "rt" || path == "v" {
		return path
	}
	return "p_" + strings.NewReplacer("/", "_", ".", "_", "-", "_").Replace(path)
}

// eval evaluates a file of declarations under the given name. lines, if any, map its lines to positions in the cell, which are of fset.
func (e *Engine) eval(name, text string, lines []token.Pos, fset *token.FileSet) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &defect{text: fmt.Sprint(r)}
		}
	}()
	file, err := parser.ParseFile(e.vm.FileSet(), name, text, parser.SkipObjectResolution)
	if err != nil {
		return newDefect(err, lines)
	}
	if len(lines) > 0 {
		e.tables.Store(e.vm.FileSet().File(file.Pos()), table{lines, fset})
	}
	prog, err := e.vm.CompileAST(file)
	if err != nil {
		return newDefect(err, lines)
	}
	defer steps.Improve(prog, &e.hooks)()
	if _, err := e.vm.Execute(prog); err != nil {
		return newDefect(err, lines)
	}
	return nil
}

var position = regexp.MustCompile(`^(?:[^:]*:)?(\d+):(\d+): `)

// newDefect finds the position in the cell that an error of the interpreter is about.
func newDefect(err error, lines []token.Pos) *defect {
	d := &defect{text: err.Error()}
	if m := position.FindStringSubmatch(d.text); m != nil {
		n, _ := strconv.Atoi(m[1])
		if n > 0 && n <= len(lines) {
			d.pos = lines[n-1]
		}
		d.text = d.text[len(m[0]):]
	}
	return d
}

// function returns a declared function as a value of compiled code.
func (e *Engine) function(name string) (f reflect.Value, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &defect{text: fmt.Sprint(r)}
		}
	}()
	f, err = e.vm.Eval(name)
	if err != nil {
		return f, newDefect(err, nil)
	}
	if f.Kind() != reflect.Func {
		return f, &defect{text: name + " is not a function"}
	}
	return f, nil
}
