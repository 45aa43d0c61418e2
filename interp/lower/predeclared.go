package lower

import (
	"fmt"
	"go/types"
)

// A cell may declare predeclared names anew, in any scope. What it wrote itself means what it means there; the text that the lowering
// adds must mean the predeclared ones all the same, so in such a cell it mentions the names of package task.

// findRedeclared notes the predeclared names that the cell declares anew.
func (e *emitter) findRedeclared() {
	e.redeclared = map[string]bool{}
	for id, obj := range e.cell.Info.Defs {
		if obj != nil && types.Universe.Lookup(id.Name) != nil && !selected(obj) {
			e.redeclared[id.Name] = true
		}
	}
	for p := range e.cell.Info.Implicits { // imports, and the variables of type switches, have names too
		if obj := e.cell.Info.Implicits[p]; obj != nil && types.Universe.Lookup(obj.Name()) != nil {
			e.redeclared[obj.Name()] = true
		}
	}
	for _, name := range e.cell.Pkg.Scope().Names() {
		if types.Universe.Lookup(name) != nil {
			e.redeclared[name] = true
		}
	}
}

// selected reports whether an object is a field, such as the one of struct{ int }, or a method: these are named after a dot and
// hide nothing.
func selected(obj types.Object) bool {
	switch obj := obj.(type) {
	case *types.Var:
		return obj.IsField()
	case *types.Func:
		return obj.Signature().Recv() != nil
	}
	return false
}

// predeclared writes the name of a predeclared type.
func (e *emitter) predeclared(name string) string {
	if e.redeclared[name] {
		return "øtask." + Prefix + name
	}
	return name
}

// zero writes the zero value of a type.
func (e *emitter) zero(t string) string {
	if e.redeclared["new"] {
		return fmt.Sprintf("func() (ø %s) { return }()", t)
	}
	return fmt.Sprintf("*new(%s)", t)
}

// null writes the nil pointer to a type.
func (e *emitter) null(t string) string {
	if e.redeclared["nil"] {
		return fmt.Sprintf("func() (ø *%s) { return }()", t)
	}
	return fmt.Sprintf("(*%s)(nil)", t)
}

// never writes a statement that is not reached, and that ends a function as a return does.
func (e *emitter) never() string {
	if e.redeclared["panic"] {
		return "for { }"
	}
	return `panic("unreachable")`
}
