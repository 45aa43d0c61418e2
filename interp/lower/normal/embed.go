package normal

import (
	"go/types"
	"strconv"

	"github.com/gobraid/gobraid/interp/check"
)

// mostEmbedded is the size in bytes of the largest file that becomes a literal.
const mostEmbedded = 1 << 20

// refuseEmbeds refuses what only the compiler can embed.
func (e *emitter) refuseEmbeds() {
	for v, x := range e.checked.Embeds {
		if e.pos = v.Pos(); e.checked.Program || x.Kind == check.EmbedFS || len(x.Files[0].Data) > mostEmbedded {
			e.refuse(nil, "go:embed of "+v.Name())
		}
	}
}

// embedded returns what a directive gives a variable, nil if there is none: the content of its file.
func (e *emitter) embedded(v *types.Var) *val {
	x := e.checked.Embeds[v]
	if x == nil {
		return nil
	}
	text := strconv.Quote(string(x.Files[0].Data))
	if name := e.typ(e.varType(v)); name != "string" {
		text = name + "(" + text + ")"
	}
	return &val{text: text, rank: operand}
}
