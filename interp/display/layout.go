package display

import (
	"strings"
	"unicode/utf8"
)

// indent is one level of indentation: not a tab, which many places show eight columns wide.
const indent = "    "

// A node is a shown value before it is laid out: a leaf with a text, or a composite.
type node struct {
	text        string // of a leaf
	open, close string // of a composite, such as "[]int{" and "}"
	items       []item
}

// An item is an element of a composite.
type item struct {
	key   string // "X: " for a field, `"a": ` for an element of a map, else ""
	value node
}

func leaf(text string) node { return node{text: text} }

func (n node) isLeaf() bool { return n.open == "" }

// columns returns the width of a text of one line.
func columns(s string) int { return utf8.RuneCountInString(s) }

// flat returns n on one line. It stops early, with some text that is too wide, beyond width.
func (n node) flat(width int) string {
	if n.isLeaf() {
		return n.text
	}
	var b strings.Builder
	b.WriteString(n.open)
	for i, it := range n.items {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(it.key)
		b.WriteString(it.value.flat(width))
		if b.Len() > 4*width { // a column takes at most four bytes
			break
		}
	}
	b.WriteString(n.close)
	return b.String()
}

// layout returns n on one line if that has room, else on several. It starts at column col of a line that
// is indented by prefix; a comma follows it. (At the top none does: col is -1 there.)
func (n node) layout(prefix string, col, width int) string {
	flat := n.flat(width)
	if n.isLeaf() || len(n.items) == 0 || col+columns(flat)+len(",") <= width && !strings.Contains(flat, "\n") {
		return flat
	}
	inner := prefix + indent
	var b strings.Builder
	b.WriteString(n.open + "\n")
	if n.small() {
		n.fill(&b, inner, width)
	} else {
		for _, it := range n.items {
			line := inner + it.key
			b.WriteString(line + it.value.layout(inner, columns(line), width) + ",\n")
		}
	}
	b.WriteString(prefix + n.close)
	return b.String()
}

// small reports whether the items of n are so short that several go on a line.
func (n node) small() bool {
	for i, it := range n.items {
		last := i == len(n.items)-1
		if it.key != "" || !it.value.isLeaf() || columns(it.value.text) > 16 && !last || strings.Contains(it.value.text, "\n") {
			return false
		}
	}
	return true
}

// fill writes the items of n, as many on a line as have room.
func (n node) fill(b *strings.Builder, prefix string, width int) {
	line := prefix
	for _, it := range n.items {
		text := it.value.text + ","
		if line != prefix {
			if columns(line)+1+columns(text) > width {
				b.WriteString(line + "\n")
				line = prefix
			} else {
				line += " "
			}
		}
		line += text
	}
	b.WriteString(line + "\n")
}
