package notebooks

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A spoken line is a line of output and the task that wrote it: 0 if nobody knows, or if several wrote at it.
type spoken struct {
	text string
	task int64
}

// spokenLines cuts a stream into lines.
func spokenLines(text string, pieces []piece) []spoken {
	var out []spoken
	i, left := 0, 0
	if len(pieces) > 0 {
		left = pieces[0].size
	}
	for l := range strings.Lines(text) {
		s := spoken{text: l}
		for n, first := len(l), true; n > 0 && i < len(pieces); first = false {
			if first {
				s.task = pieces[i].task
			} else if pieces[i].task != s.task {
				s.task = 0
			}
			step := min(n, left)
			n, left = n-step, left-step
			if left == 0 {
				if i++; i < len(pieces) {
					left = pieces[i].size
				}
			}
		}
		out = append(out, s)
	}
	return out
}

// several reports whether several tasks wrote the lines.
func several(lines []spoken) bool {
	for _, l := range lines {
		if l.task != lines[0].task {
			return true
		}
	}
	return false
}

// outOfOrder compares the order of lines that are the same but for their order with that in which each task wrote them. It returns a
// sentence about the first task whose lines are not in its order, "" if there is none. Lines that several tasks wrote alike say nothing.
func outOfOrder(stored []string, ran []spoken) string {
	owner := map[string]int64{} // of each text; -1 if there are several
	own := map[int64][]string{}
	for _, l := range ran {
		if t, ok := owner[l.text]; ok && t != l.task || l.task == 0 {
			owner[l.text] = -1
		} else {
			owner[l.text] = l.task
		}
	}
	for _, l := range ran {
		if owner[l.text] == l.task {
			own[l.task] = append(own[l.task], l.text)
		}
	}
	then := map[int64][]string{}
	for _, text := range stored {
		if t, ok := owner[text]; ok && t > 0 {
			then[t] = append(then[t], text)
		}
	}
	for _, t := range slices.Sorted(maps.Keys(own)) {
		for i, text := range own[t] {
			if i < len(then[t]) && then[t][i] != text {
				return fmt.Sprintf("one task wrote both lines, first %q and then %q; stored the other way round", text, then[t][i])
			}
		}
	}
	return ""
}
