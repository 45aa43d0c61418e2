package assist

import (
	"slices"
	"strings"
)

// A magicHelp is what there is to know about a magic: what it does, and the arguments it may have.
type magicHelp struct {
	text string
	args []string
}

// magics are those a session has, and %replay, which its supervisor adds.
var magics = map[string]magicHelp{
	"%engine":  {"Shows the engine that runs cells, or chooses it.", []string{"auto", "yaegi", "compiled"}},
	"%help":    {"Tells what a magic does, or what all of them do.", []string{"engine", "lsmagic", "replay", "who"}},
	"%lsmagic": {"Lists the magics.", nil},
	"%replay":  {"Runs every cell that has succeeded again, in order.", nil},
	"%who":     {"Lists the variables, functions, types and constants in scope, and the cells that declared them.", nil},
}

// magicMatches completes a magic's name or its first argument.
func magicMatches(p place) []Match {
	words := make([]string, 0, len(magics))
	for name := range magics {
		words = append(words, name)
	}
	if p.magic != "" {
		words = slices.Clone(magics[p.magic].args)
	}
	slices.Sort(words)
	var out []Match
	for _, w := range words {
		if strings.HasPrefix(w, p.name) {
			out = append(out, Match{Text: w, Kind: "magic", Signature: magics[w].text})
		}
	}
	return out
}
