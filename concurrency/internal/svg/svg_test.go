package svg

import (
	"encoding/xml"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestText(t *testing.T) {
	for _, c := range []struct{ in, out string }{
		{`a <b> & "c"`, "a &lt;b&gt; &amp; &quot;c&quot;"}, {"\x00\x1f\x7f\ufffe\uffff", "\ufffd\ufffd\ufffd\ufffd\ufffd"}, {"\xff!", "\ufffd!"},
		{"a\tb\rc\nd", "a b c\nd"}, {"x\u202ey\u2066", "x\ufffdy\ufffd"}, {"שלום 漢字 😀", "שלום 漢字 😀"}, {"]]>", "]]&gt;"},
	} {
		if got := Text(c.in); got != c.out {
			t.Errorf("Text(%q) = %q, want %q", c.in, got, c.out)
		}
	}
}

func TestFit(t *testing.T) {
	for _, s := range []string{"short", "a much longer name of a task", strings.Repeat("漢", 30), strings.Repeat("\xff", 50), "wwwwwwwwwwwwwwwwww", "two\nlines and more of it", ""} {
		for _, width := range []float64{0, 5, 20, 60, 100, 1000} {
			got := Fit(s, width, 10)
			if w := Width(got, 10); w > width && got != "…" || !utf8.ValidString(got) {
				t.Errorf("Fit(%q, %v) = %q, %v wide", s, width, got, w)
			}
			if width == 1000 && utf8.ValidString(s) && got != Line(s) {
				t.Errorf("Fit(%q, %v) = %q", s, width, got)
			}
		}
	}
}

func TestShort(t *testing.T) {
	if got := Short("häßlich", 4) + Short("nice", 4) + Short("\xff\xff\xff\xff\xff", 3); got != "häß…nice\ufffd\ufffd…" {
		t.Error(got)
	}
}

func TestNum(t *testing.T) {
	for x, want := range map[float64]string{0: "0", -0.01: "0", 1: "1", 1.25: "1.2", -3.96: "-4", 12.34: "12.3"} {
		if got := Num(x); got != want {
			t.Errorf("Num(%v) = %s, want %s", x, got, want)
		}
	}
}

// picture uses a pattern of each look.
func picture(text string) []byte {
	c := New()
	for l := range Look(Looks) {
		c.Open(c.Look(l))
		c.Path(Rect(1, 2, 3, 4), text)
		c.Close()
	}
	c.Label(1, 2, 10, "middle", Ink, text, ` font-weight="600"`)
	return c.Finish(100, 50, "A "+text, "About "+text)
}

var refs = regexp.MustCompile(`url\(#([^)]+)\)|labelledby="(\S+) (\S+)"`)

func TestPicture(t *testing.T) {
	one, again, other := picture("x"), picture("x"), picture("y")
	if string(one) != string(again) {
		t.Error("two equal pictures differ")
	}
	if err := xml.Unmarshal(one, new(struct{})); err != nil {
		t.Error(err)
	}
	found := 0
	for _, m := range refs.FindAllStringSubmatch(string(one), -1) {
		for _, id := range m[1:] {
			if id == "" {
				continue
			}
			found++
			if n := strings.Count(string(one), `id="`+id+`"`); n != 1 {
				t.Errorf("%d things have the id %s", n, id)
			}
			if strings.Contains(string(other), id) {
				t.Errorf("another picture has the id %s too", id)
			}
		}
	}
	if found < 8 {
		t.Errorf("only %d references", found)
	}
}

var classes = regexp.MustCompile(`class="(gb-[a-z0-9-]+)`)

// TestStyle: each class that shapes have has a colour for a dark page, and shapes have colours without the style.
func TestStyle(t *testing.T) {
	css := style()
	for _, m := range classes.FindAllStringSubmatch(string(picture("x")), -1) {
		if name := m[1]; name != "gb-picture" && !regexp.MustCompile(`\.`+name+`[,{]`).MatchString(css) {
			t.Errorf("no rule for %s", name)
		}
	}
	for _, p := range paints() {
		if len(p.light) != 7 || len(p.dark) != 7 || !strings.Contains(css, p.dark) {
			t.Errorf("colours of %s: %s, %s", p.class, p.light, p.dark)
		}
	}
	if !strings.HasPrefix(css, "<style>") || strings.ContainsAny(strings.TrimSuffix(strings.TrimPrefix(css, "<style>"), "</style>\n"), "<&>") {
		t.Error("the style must be escaped")
	}
}
