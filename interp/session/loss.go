package session

import (
	"slices"
	"strings"

	"github.com/gobraid/gobraid/interp"
)

// report tells the user what the fresh process has and has not, given what was in scope in the one that
// died and what is now.
func (s *Supervisor) report(r Restored, declared bool, before, now []interp.Name) []string {
	text := "A fresh session process was started."
	if declared {
		text = "A fresh session process was started; imports, types, functions and constants are declared again."
	}
	lines := append([]string{text}, r.Errors...)
	s.mu.Lock()
	vars, others := r.losses(before, now, s.lost)
	s.lost = append(append(s.lost, vars...), others...)
	s.mu.Unlock()
	if len(others) > 0 {
		lines = append(lines, "Lost declarations: "+strings.Join(others, ", ")+".")
	}
	if len(vars) > 0 {
		lines = append(lines, "Lost variables: "+strings.Join(vars, ", ")+". %replay runs the earlier cells again.")
	}
	return lines
}

// losses lists what is gone: what the process says is, and the variables that were in scope before and are
// not now. What an earlier death took, and the user has not made again, is told already.
func (r Restored) losses(before, now []interp.Name, told []string) (vars, others []string) {
	kinds := make(map[string]string)
	for _, n := range before {
		kinds[n.Name] = n.Kind
	}
	gone := slices.Clone(r.Lost)
	for name, kind := range kinds {
		if kind == "var" && !slices.ContainsFunc(now, func(n interp.Name) bool { return n.Name == name }) {
			gone = append(gone, name)
		}
	}
	slices.Sort(gone)
	for _, name := range slices.Compact(gone) {
		kind, was := kinds[name]
		switch {
		case !was && slices.Contains(told, name):
		case !was || kind == "var": // the cell that died may have declared it
			vars = append(vars, name)
		default:
			others = append(others, name)
		}
	}
	return vars, others
}
