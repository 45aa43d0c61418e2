package lower

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"github.com/gobraid/gobraid/interp/check"
)

// The compiler embeds files into variables at package level that nothing else gives a value. The definition of a cell's variable
// is a statement, which may run again: so a variable of the lowered package's own embeds the files, and the
// definition copies it.

// embedValue returns the value that //go:embed gives a variable of the cell.
func (e *emitter) embedValue(v *types.Var) (text string, ok bool) {
	x := e.cell.Embeds[v]
	if x == nil {
		return "", false
	}
	name := "øembed" + v.Name()
	if x.Kind == check.EmbedFS {
		return name, true
	}
	return fmt.Sprintf("(%s)(%s)", e.typeText(v.Type()), name), true
}

// embeds declares the variables that embed files. Bytes are embedded as a string, of which each definition gets a copy.
func (e *emitter) embeds() string {
	var b strings.Builder
	var vars []*types.Var
	for v := range e.cell.Embeds {
		if v.Name() != "_" {
			vars = append(vars, v)
		}
	}
	slices.SortFunc(vars, func(a, b *types.Var) int { return int(a.Pos() - b.Pos()) })
	for _, v := range vars {
		x := e.cell.Embeds[v]
		if e.pkg.Embeds == nil {
			e.pkg.Embeds = map[string][]check.File{}
		}
		pattern := fmt.Sprintf("ø%d", len(e.pkg.Embeds))
		files, typ := slices.Clone(x.Files), e.predeclared("string")
		if x.Kind == check.EmbedFS {
			typ = e.typeText(v.Type())
		} else {
			files[0].Name = pattern // nobody sees it, and a file system may have another file of the name
		}
		e.pkg.Embeds[pattern] = files
		fmt.Fprintf(&b, "// %s\n//go:embed %s\nvar øembed%s %s\n", x.Sum(), pattern, v.Name(), typ)
	}
	return b.String()
}
