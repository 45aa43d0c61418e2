package check

import (
	"go/types"
	"slices"
)

// What a cell declares may have to be taken back: it was answered before it was compiled, and then the compiler found
// something. So as long as there are such cells, the checker keeps what each name meant before.

// A meaning is what a name meant.
type meaning struct {
	cell *Cell // that gave it, nil for what was there before
	obj  types.Object
	path string // of an import
	decl *typeDecl
	lost string
}

// Keep has the checker remember what names mean until [Checker.Settled] is called, so that [Checker.Retract]
// can take back what cells declare from now on.
func (c *Checker) Keep() {
	if c.past == nil {
		c.past = map[string][]meaning{}
	}
}

// Settled says that nothing declared so far has to be taken back any more.
func (c *Checker) Settled() { c.past = nil }

// Retract takes back what a cell has declared since [Checker.Keep]: a name that still means what the cell declared
// means again what it meant before. An import with a dot stays.
func (c *Checker) Retract(cell *Cell) {
	for name, list := range c.past {
		current := list[len(list)-1]
		list = slices.DeleteFunc(list, func(m meaning) bool { return m.cell == cell })
		c.past[name] = list // never empty: the first is what was there before
		if current.cell == cell {
			c.mean(name, list[len(list)-1])
		}
	}
}

// change has a name mean something else, and remembers what it meant.
func (c *Checker) change(cell *Cell, name string, change func()) {
	if c.past != nil && c.past[name] == nil {
		c.past[name] = []meaning{c.meaning(nil, name)}
	}
	change()
	if c.past != nil {
		c.past[name] = append(c.past[name], c.meaning(cell, name))
	}
}

// meaning returns what a name means now.
func (c *Checker) meaning(cell *Cell, name string) meaning {
	return meaning{cell, c.names[name], c.imports[name], c.types[name], c.lost[name]}
}

// mean gives a name a meaning.
func (c *Checker) mean(name string, m meaning) {
	set(c.names, name, m.obj, m.obj != nil)
	set(c.imports, name, m.path, m.path != "")
	set(c.types, name, m.decl, m.decl != nil)
	set(c.lost, name, m.lost, m.lost != "")
}

func set[V any](m map[string]V, name string, v V, there bool) {
	if delete(m, name); there {
		m[name] = v
	}
}
