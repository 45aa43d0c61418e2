package kernel

import (
	"sync"

	"github.com/gobraid/gobraid/interp"
)

// maxHistory is how many cells are remembered, and maxHistoryText how much of their text.
const (
	maxHistory     = 10_000
	maxHistoryText = 16 << 20
)

// session is the number of this session in the history; there are no others, for nothing is kept.
const session = 1

// history remembers the cells of this session.
type history struct {
	mu      sync.Mutex
	entries []entry
	bytes   int
}

type entry struct {
	line   int
	source string
	output any // what the cell's value looked like, or nil
}

// add remembers a cell.
func (h *history) add(line int, source string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.entries = append(h.entries, entry{line: line, source: source})
	h.bytes += len(source)
	for len(h.entries) > maxHistory || len(h.entries) > 1 && h.bytes > maxHistoryText {
		h.bytes -= len(h.entries[0].source)
		h.entries = h.entries[1:]
	}
}

// result remembers the value of the last cell.
func (h *history) result(line int, d *interp.Data) {
	h.mu.Lock()
	defer h.mu.Unlock()
	text, ok := d.MIME["text/plain"].(string)
	if n := len(h.entries); ok && len(text) < 1<<10 && n > 0 && h.entries[n-1].line == line {
		h.entries[n-1].output = text
	}
}

// recall answers history_request, of every access type.
func recall(k *Kernel, r *request) any {
	var c historyRequest
	if bad := parse(r, &c); bad != nil {
		return bad
	}
	reply := historyReply{Status: statusOK, History: [][3]any{}}
	for _, e := range k.history.find(c) {
		var text any = e.source
		if c.Output {
			text = [2]any{e.source, e.output}
		}
		reply.History = append(reply.History, [3]any{session, e.line, text})
	}
	return reply
}

// find returns the entries that a request asks for, oldest first.
func (h *history) find(c historyRequest) []entry {
	h.mu.Lock()
	defer h.mu.Unlock()
	var found []entry
	for _, e := range h.entries {
		if c.wants(e) {
			found = append(found, e)
		}
	}
	if c.Access == "search" && c.Unique {
		found = unique(found)
	}
	if c.Access != "range" && c.N != nil {
		found = found[max(0, len(found)-max(0, *c.N)):]
	}
	return found
}

// wants tells whether a request asks for an entry, its place among the others left aside. A session of
// 0 or less counts back from the present one.
func (c historyRequest) wants(e entry) bool {
	switch c.Access {
	case "range":
		mine := c.Session == session || c.Session == 0
		return mine && e.line >= c.Start && (c.Stop == nil || e.line < *c.Stop)
	case "search":
		return glob(c.Pattern, e.source)
	}
	return true
}

// unique keeps the last of each text.
func unique(entries []entry) (kept []entry) {
	last := map[string]int{}
	for i, e := range entries {
		last[e.source] = i
	}
	for i, e := range entries {
		if last[e.source] == i {
			kept = append(kept, e)
		}
	}
	return kept
}

// glob matches text with a pattern in which * stands for any text and ? for any character.
func glob(pattern, text string) bool {
	p, t := []rune(pattern), []rune(text)
	star, from := -1, 0 // the last * seen, and what it has been tried up to
	i, j := 0, 0
	for j < len(t) {
		switch {
		case i < len(p) && p[i] == '*':
			star, from = i, j
			i++
		case i < len(p) && (p[i] == '?' || p[i] == t[j]):
			i++
			j++
		case star >= 0:
			from++
			i, j = star+1, from
		default:
			return false
		}
	}
	for i < len(p) && p[i] == '*' {
		i++
	}
	return i == len(p)
}
