package export

import (
	"fmt"
	"html"
	"regexp"
	"strconv"
	"strings"
)

var escape = regexp.MustCompile("\x1b\\[[0-9;:?]*[ -/]*[@-~]|\x1b\\][^\x07\x1b]*(\x07|\x1b\\\\)|\x1b[@-Z\\\\-_]")

// plain returns text of a terminal without what only a terminal understands.
func plain(text string) string { return printable(overwritten(escape.ReplaceAllString(text, ""))) }

// terminal returns text of a terminal as HTML, with its colours.
func terminal(text string) string {
	text = overwritten(text)
	var b strings.Builder
	var now graphic
	put := func(s string) {
		if s = printable(s); s == "" {
			return
		}
		class, style := now.class(), now.style()
		if class == "" && style == "" {
			b.WriteString(html.EscapeString(s))
			return
		}
		b.WriteString("<span")
		if class != "" {
			fmt.Fprintf(&b, " class=%q", class)
		}
		if style != "" {
			fmt.Fprintf(&b, " style=%q", style)
		}
		b.WriteString(">" + html.EscapeString(s) + "</span>")
	}
	for {
		at := escape.FindStringIndex(text)
		if at == nil {
			put(text)
			return b.String()
		}
		put(text[:at[0]])
		if code := text[at[0]:at[1]]; strings.HasPrefix(code, "\x1b[") && strings.HasSuffix(code, "m") {
			now.apply(code[2 : len(code)-1])
		}
		text = text[at[1]:]
	}
}

// A graphic is how a terminal writes.
type graphic struct {
	bold, faint, italic, underline bool
	fore, back                     string // a class such as a1, or a colour
}

func (g *graphic) apply(codes string) {
	list := strings.FieldsFunc(codes, func(r rune) bool { return r == ';' || r == ':' })
	if len(list) == 0 {
		*g = graphic{}
	}
	for i := 0; i < len(list); i++ {
		n, err := strconv.Atoi(list[i])
		switch {
		case err != nil:
		case n == 0:
			*g = graphic{}
		case n == 1:
			g.bold = true
		case n == 2:
			g.faint = true
		case n == 3:
			g.italic = true
		case n == 4:
			g.underline = true
		case n == 22:
			g.bold, g.faint = false, false
		case n == 23:
			g.italic = false
		case n == 24:
			g.underline = false
		case n >= 30 && n <= 37:
			g.fore = "a" + strconv.Itoa(n-30)
		case n >= 90 && n <= 97:
			g.fore = "a" + strconv.Itoa(n-90)
		case n == 39:
			g.fore = ""
		case n >= 40 && n <= 47:
			g.back = "g" + strconv.Itoa(n-40)
		case n >= 100 && n <= 107:
			g.back = "g" + strconv.Itoa(n-100)
		case n == 49:
			g.back = ""
		case n == 38 || n == 48:
			colour, used := extended(list[i+1:])
			i += used
			if n == 38 {
				g.fore = colour
			} else if rest, ok := strings.CutPrefix(colour, "a"); ok {
				g.back = "g" + rest
			} else {
				g.back = colour
			}
		}
	}
}

// extended reads a colour of 256 or of all, and says how many numbers that took.
func extended(list []string) (colour string, used int) {
	number := func(i int) int {
		if i >= len(list) {
			return 0
		}
		n, _ := strconv.Atoi(list[i])
		return min(max(n, 0), 255)
	}
	switch number(0) {
	case 2:
		return fmt.Sprintf("#%02x%02x%02x", number(1), number(2), number(3)), 4
	case 5:
		switch n := number(1); {
		case n < 16:
			return "a" + strconv.Itoa(n%8), 2
		case n >= 232:
			v := 8 + 10*(n-232)
			return fmt.Sprintf("#%02x%02x%02x", v, v, v), 2
		default:
			level := func(v int) int {
				if v == 0 {
					return 0
				}
				return 55 + 40*v
			}
			n -= 16
			return fmt.Sprintf("#%02x%02x%02x", level(n/36), level(n/6%6), level(n%6)), 2
		}
	}
	return "", 1
}

func (g *graphic) class() string {
	var list []string
	for _, c := range []struct {
		on   bool
		name string
	}{{g.bold, "b"}, {g.faint, "f"}, {g.italic, "i"}, {g.underline, "u"}} {
		if c.on {
			list = append(list, c.name)
		}
	}
	for _, c := range []string{g.fore, g.back} {
		if c != "" && c[0] != '#' {
			list = append(list, c)
		}
	}
	return strings.Join(list, " ")
}

func (g *graphic) style() string {
	s := ""
	if strings.HasPrefix(g.fore, "#") {
		s = "color:" + g.fore
	}
	if strings.HasPrefix(g.back, "#") {
		s = strings.TrimPrefix(s+";background:"+g.back, ";")
	}
	return s
}

// overwritten leaves of each line what a terminal would: a carriage return begins it anew.
func overwritten(text string) string {
	if !strings.Contains(text, "\r") {
		return text
	}
	var b strings.Builder
	for line := range strings.Lines(text) {
		body, end := line, ""
		if strings.HasSuffix(body, "\n") {
			body, end = strings.TrimSuffix(body, "\n"), "\n"
		}
		body = strings.TrimRight(body, "\r")
		b.WriteString(body[strings.LastIndexByte(body, '\r')+1:] + end)
	}
	return b.String()
}

// printable drops control characters, which HTML has no place for.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, text)
}
