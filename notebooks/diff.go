package notebooks

import "strings"

// Differences are shown with so many lines around them, and no longer than so many lines.
const (
	around   = 2
	maxShown = 60
	maxWidth = 200
)

// marked writes each line of a text after a sign.
func marked(sign, text string) string {
	var b strings.Builder
	n := 0
	for l := range strings.Lines(ansi.ReplaceAllString(text, "")) {
		if n++; n > maxShown {
			b.WriteString("  …\n")
			break
		}
		b.WriteString(sign + " " + cut(strings.TrimRight(l, "\r\n")) + "\n")
	}
	return b.String()
}

// cut shortens a line that is too long to be shown.
func cut(s string) string {
	if r := []rune(s); len(r) > maxWidth {
		return string(r[:maxWidth-1]) + "…"
	}
	return s
}

// difference shows how two texts differ, by lines, as diff -u does.
func difference(x, y []line, same func(a, b string) bool) string {
	// What is the same at both ends needs no table.
	head := 0
	for head < len(x) && head < len(y) && same(x[head].form, y[head].form) {
		head++
	}
	tail := 0
	for tail < len(x)-head && tail < len(y)-head && same(x[len(x)-1-tail].form, y[len(y)-1-tail].form) {
		tail++
	}
	type edit struct{ sign, text string }
	var edits []edit
	for _, l := range x[:head] {
		edits = append(edits, edit{" ", l.text})
	}
	a, b := x[head:len(x)-tail], y[head:len(y)-tail]
	const most = 1 << 22 // places of the table
	if len(a)*len(b) > most {
		for _, l := range a {
			edits = append(edits, edit{"-", l.text})
		}
		for _, l := range b {
			edits = append(edits, edit{"+", l.text})
		}
		a, b = nil, nil
	}
	// common[i][j] is how many lines a[i:] and b[j:] have in common.
	common := make([][]int, len(a)+1)
	for i := range common {
		common[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if same(a[i].form, b[j].form) {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	for i, j := 0, 0; i < len(a) || j < len(b); {
		switch {
		case i < len(a) && j < len(b) && same(a[i].form, b[j].form):
			edits = append(edits, edit{" ", a[i].text})
			i, j = i+1, j+1
		case j >= len(b) || i < len(a) && common[i+1][j] >= common[i][j+1]:
			edits = append(edits, edit{"-", a[i].text})
			i++
		default:
			edits = append(edits, edit{"+", b[j].text})
			j++
		}
	}
	for _, l := range x[len(x)-tail:] {
		edits = append(edits, edit{" ", l.text})
	}
	near := make([]bool, len(edits))
	for i, e := range edits {
		if e.sign == " " {
			continue
		}
		for j := max(0, i-around); j <= min(len(edits)-1, i+around); j++ {
			near[j] = true
		}
	}
	var out strings.Builder
	shown, gap := 0, false
	for i, e := range edits {
		if !near[i] {
			gap = true
			continue
		}
		if shown++; shown > maxShown {
			out.WriteString("  …\n")
			break
		}
		if gap {
			out.WriteString("  …\n")
			gap = false
		}
		out.WriteString(strings.TrimRight(e.sign+" "+cut(e.text), " ") + "\n")
	}
	return out.String()
}
