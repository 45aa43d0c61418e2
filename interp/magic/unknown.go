package magic

import "strings"

// An UnknownError reports a magic that does not exist.
type UnknownError struct {
	Name    string // as it is written
	Nearest string // the most similar name there is, "" if none is similar
}

// Error names the magic and the one that may be meant.
func (e *UnknownError) Error() string {
	text := "unknown magic " + e.Name
	if e.Nearest != "" {
		return text + ", did you mean " + e.Nearest + "?"
	}
	return text + ", %lsmagic lists what there is"
}

// nearest returns the name most similar to name: one that name begins, or one with few edits between
// them. It returns "" if none is similar. names are sorted; the first of equals is taken.
func nearest(name string, names []string) string {
	best, least := "", 1+len(strings.Trim(name, "%"))/3
	for _, candidate := range names {
		d := distance(name, candidate)
		if len(name) > 2 && strings.HasPrefix(candidate, name) {
			d = min(d, 1)
		}
		if d <= least && (best == "" || d < least) {
			best, least = candidate, d
		}
	}
	return best
}

// distance counts the insertions, deletions, replacements and swaps of neighbours that make b of a.
func distance(a, b string) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before, last, row = last, row, before
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(last[j]+cost, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
	}
	return row[len(b)]
}
