package program

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/types"

	"github.com/gobraid/gobraid/interp/check"
)

// embed writes the directive for a variable that embeds files, "" for all others. It embeds what it did when its cell was
// checked.
func (w *writer) embed(u *unit, n *ast.ValueSpec) string {
	v, _ := u.cell.Info.Defs[n.Names[0]].(*types.Var)
	x := u.cell.Embeds[v]
	if x == nil {
		return ""
	}
	if w.embeds == nil {
		w.embeds, w.files = map[string][]string{}, map[string][]byte{}
	}
	w.imports[imported{"_", "embed"}] = "_"
	pattern := fmt.Sprintf("embedded%d", len(w.embeds))
	w.embeds[pattern] = nil
	for _, f := range x.Files {
		name := f.Name
		if x.Kind != check.EmbedFS {
			name = pattern // nobody sees it
		}
		if other, ok := w.files[name]; ok && !bytes.Equal(other, f.Data) && w.err == nil {
			w.err = fmt.Errorf("variables embed %s as it is and as it was: run their cells again", name)
		}
		w.files[name] = f.Data
		w.embeds[pattern] = append(w.embeds[pattern], name)
	}
	return fmt.Sprintf("// %s\n//go:embed %s\n", x.Sum(), pattern)
}
