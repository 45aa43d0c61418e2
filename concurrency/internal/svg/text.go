package svg

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Text escapes s for the content of an element or an attribute. Characters that XML forbids, and those that
// would turn the direction of the text around them, become U+FFFD.
func Text(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '&':
			b.WriteString("&amp;")
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '"':
			b.WriteString("&quot;")
		case r == '\t' || r == '\r':
			b.WriteByte(' ')
		case r == '\n':
			b.WriteByte('\n')
		case r < ' ', r == 0x7f, r == 0xfffe, r == 0xffff, turns(r):
			b.WriteRune(utf8.RuneError)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// turns reports whether r is a character that changes the direction of text.
func turns(r rune) bool {
	return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0x200e || r == 0x200f || r == 0x061c
}

// isolate keeps a text with letters that are read from right to left from reordering its neighbours.
func isolate(s string) string {
	for _, r := range s {
		if unicode.In(r, unicode.Hebrew, unicode.Arabic, unicode.Syriac, unicode.Thaana, unicode.Nko) {
			return "\u2068" + s + "\u2069"
		}
	}
	return s
}

// Line makes a single line of s, with single blanks.
func Line(s string) string { return strings.Join(strings.Fields(s), " ") }

// Width estimates how wide s is at a size of text, both in units of the picture.
func Width(s string, size float64) float64 {
	w := 0.0
	for _, r := range s {
		w += runeWidth(r)
	}
	return w * size
}

func runeWidth(r rune) float64 {
	switch {
	case strings.ContainsRune("iljtfI.,:;'!|()[] ", r):
		return 0.33
	case strings.ContainsRune("mwMW@%", r):
		return 0.88
	case r < 0x7f && unicode.IsUpper(r):
		return 0.68
	case unicode.Is(unicode.Mn, r):
		return 0
	case r >= 0x1100 && (r < 0x2000 || r >= 0x2e80):
		return 1.05
	}
	return 0.57
}

// Fit shortens s to a single line of at most width units at a size of text, with an ellipsis for what is left out.
func Fit(s string, width, size float64) string {
	s = strings.ToValidUTF8(Line(s), "\ufffd")
	left := width/size - runeWidth('…')
	w, cut := 0.0, 0
	for i, r := range s {
		w += runeWidth(r)
		if w <= left {
			cut = i + utf8.RuneLen(r)
		}
		if w*size > width {
			return s[:cut] + "…"
		}
	}
	return s
}

// Short cuts s to at most n characters, with an ellipsis for what is left out.
func Short(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n-1]) + "…"
}
