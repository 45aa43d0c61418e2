package main

import (
	"context"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"regexp"
	"strconv"

	"github.com/gobraid/gobraid/conformance/generate"
)

// mixed is the engine of sessions whose cells take turns.
const mixed = "mixed"

// alternate runs cells in one session, each with an engine that the name of the test and its number draw: most of those that
// declare something are compiled, and half of the others. A cell that yaegi refuses is compiled when the session is run again.
func (g gobraid) alternate(ctx context.Context, test, dir string, cells []string) (ending, error) {
	engines := make([]string, len(cells))
	for i, cell := range cells {
		h := fnv.New32a()
		fmt.Fprint(h, test, i)
		engines[i] = "compiled"
		if draw := h.Sum32() >> 8 % 8; draw == 0 || draw < 5 && !generate.Declares(cell) {
			engines[i] = "yaegi"
		}
	}
	for {
		args := []string{"exec", "--engine", "auto"}
		for i, cell := range cells {
			name := fmt.Sprintf("cell%03d.go", i+1)
			text := "%engine " + engines[i] + "\n" + cell
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				return ending{}, err
			}
			args = append(args, name)
		}
		e, err := execute(ctx, g.timeout, dir, g.program, args...)
		if err != nil || e.Exit != refusedExit {
			return e, err
		}
		n, ok := refusedCell(string(e.Stderr))
		if !ok || n > len(cells) {
			return e, nil
		}
		if engines[n-1] == "compiled" { // it needs what yaegi keeps to itself
			if n = lastYaegi(cells[:n], engines); n == 0 {
				return e, nil
			}
		}
		engines[n-1] = "compiled"
	}
}

// lastYaegi returns the number of the last cell that yaegi has: of those that declare something, if there is one.
func lastYaegi(cells, engines []string) (last int) {
	for i := range cells {
		if engines[i] == "yaegi" && (generate.Declares(cells[i]) || last == 0 || !generate.Declares(cells[last-1])) {
			last = i + 1
		}
	}
	return last
}

var cellFile = regexp.MustCompile(`cell(\d{3})\.go`)

// refusedCell returns the number of the cell that a session says it refuses.
func refusedCell(stderr string) (int, bool) {
	m := cellFile.FindAllStringSubmatch(stderr, -1)
	if m == nil {
		return 0, false
	}
	n, err := strconv.Atoi(m[len(m)-1][1])
	return n, err == nil && n > 0
}
