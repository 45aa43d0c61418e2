package kernel

import (
	"strings"
	"testing"
)

func TestGlob(t *testing.T) {
	for _, test := range []struct {
		pattern, text string
		want          bool
	}{
		{"", "", true},
		{"", "a", false},
		{"*", "", true},
		{"*", "a/b\nc", true},
		{"a*c", "abbbc", true},
		{"a*c", "abbbcd", false},
		{"a*b*c", "a--b-c-b--c", true},
		{"?", "é", true},
		{"??", "é", false},
		{"1?2*", "1+2", true},
		{"1?2*", "12", false},
		{"*x", "aaax", true},
		{"[a]", "[a]", true},
		{"**", "ab", true},
		{strings.Repeat("*a", 30) + "b", strings.Repeat("a", 200), false},
	} {
		if got := glob(test.pattern, test.text); got != test.want {
			t.Errorf("glob(%q, %q) = %v", test.pattern, test.text, got)
		}
	}
}

// History forgets the oldest, by number and by size.
func TestHistoryIsBounded(t *testing.T) {
	var h history
	for i := range maxHistory + 10 {
		h.add(i+1, "x")
	}
	if n := len(h.entries); n != maxHistory || h.entries[0].line != 11 {
		t.Errorf("%d entries from %d on", n, h.entries[0].line)
	}
	big := strings.Repeat("y", maxHistoryText-5)
	h.add(1, big)
	if n := len(h.entries); n != 6 || h.bytes != maxHistoryText {
		t.Errorf("%d entries, %d bytes", n, h.bytes)
	}
	h.add(2, big)
	if n := len(h.entries); n != 1 || h.entries[0].line != 2 {
		t.Errorf("%d entries", n)
	}
}
