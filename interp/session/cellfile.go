package session

import (
	"strconv"
	"strings"
)

// parseCellFile tells the number of the cell that a file name in a stack stands for.
func parseCellFile(file string) (int, bool) {
	name, ok := strings.CutPrefix(file, "/gobraid.cell/")
	if !ok {
		return 0, false
	}
	n, err := strconv.Atoi(strings.TrimSuffix(name, ".go"))
	return n, err == nil
}
