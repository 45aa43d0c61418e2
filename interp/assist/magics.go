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
	"%cluster": {"Lists the pools of workers on other machines: what waits and was done, and each machine.", nil},
	"%get":     {"Adds modules to go.mod, so that cells can import their packages; without arguments it lists them.", nil},
	"%engine":  {"Shows the engine that runs cells, or chooses it.", []string{"auto", "yaegi", "compiled"}},
	"%help":    {"Tells what a magic does, or what all of them do.", nil},
	"%kill":    {"Ends tasks, by the id or the name that %tasks shows, or all tasks of a cell.", []string{"all", "cell"}},
	"%locks":   {"Lists the mutexes that tasks hold or wait for: who has each, and who waits for it.", nil},
	"%lsmagic": {"Lists the magics.", nil},
	"%replay":  {"Runs every cell that has succeeded again, in order.", nil},
	"%stats":   {"Chooses what is said under a cell about its run.", []string{"on", "off", "json", "auto"}},
	"%tasks":   {"Lists the tasks there are: what each does or waits for, and since when.", []string{"all", "cell"}},
	"%workers": {"Lists the pools of worker processes: their workers, what waits, and what they have done.", nil},
	"%who":     {"Lists the variables, functions, types and constants in scope, and the cells that declared them.", nil},

	"%%bench":    {"Measures the cell: its Benchmark functions or, without any, its statements in a loop.", []string{"-count", "-benchtime", "-save", "-against"}},
	"%%native":   {"Runs the cell as a Go program of its own, without gobraid.", []string{"-v"}},
	"%%race":     {"Runs the cell as a Go program with the race detector, and explains each data race.", []string{"-v"}},
	"%%test":     {"Runs the Test functions of the cell, its Examples, and its Fuzz targets on their seeds.", []string{"-run", "-count", "-race", "-v"}},
	"%%timeline": {"Runs the cell and draws what its tasks did over time.", []string{"-threads", "-hover"}},
	"%%virtual":  {"Runs the cell on a clock of its own, which jumps to what is next.", nil},
}

// arguments returns what the first argument of a magic may be.
func arguments(name string) []string {
	if name != "%help" {
		return magics[name].args
	}
	var names []string
	for m := range magics {
		names = append(names, strings.TrimLeft(m, "%"))
	}
	return names
}

// magicMatches completes a magic's name or its first argument.
func magicMatches(p place) []Match {
	words := make([]string, 0, len(magics))
	for name := range magics {
		words = append(words, name)
	}
	if p.magic != "" {
		words = slices.Clone(arguments(p.magic))
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
