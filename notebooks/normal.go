package notebooks

import (
	"html"
	"math"
	"os"
	"strconv"
	"strings"

	"github.com/gobraid/gobraid/notebooks/internal/lazy"
)

// What differs from run to run is written as one of these before texts are compared.
var variable = []struct {
	what *lazy.Expression
	as   string
}{
	{lazy.Regexp(`\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b`), "‹uuid›"},
	// Addresses as Go has them: of the heap, of code and data, of stacks and libraries; and offsets in stack traces.
	{lazy.Regexp(`\b0xc[0-9a-f]{9}\b|\b0x7[0-9a-f]{11}\b|\b0x[0-9a-f]{6,7}\b|\+0x[0-9a-f]+\b`), "‹address›"},
	{lazy.Regexp(`\b(127\.\d+\.\d+\.\d+|localhost|\[::1?\]|0\.0\.0\.0):\d{2,5}\b`), "$1:‹port›"},
	// Names that os.MkdirTemp and os.CreateTemp make.
	{lazy.Regexp(`(/tmp/[^\s/"'` + "`" + `,;:)\]]*?)\d{5,}`), "$1‹n›"},
	{lazy.Regexp(`\b\d{4}[-/]\d\d[-/]\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?: ?(?:Z|[+-]\d\d:?\d\d))?(?: [A-Z]{3,5})?(?: m=[+-][\d.]+)?)?`), "‹time›"},
	{lazy.Regexp(`\b\d\d?:\d\d:\d\d(?:\.\d+)?\b`), "‹time›"},
	{lazy.Regexp(`\b(goroutine|goroutines|thread|task|pid|process|PID)([ =:#]{1,2})\d+\b`), "$1$2‹n›"},
}

// duration finds durations as Go and people write them.
var duration = lazy.Regexp(`(?:\d+h)?\d+m\d+(?:\.\d+)?s\b|(?:\d+(?:\.\d+)?|\.\d+)(?:e[+-]?\d+)? ?(?:ns|µs|μs|us|ms|seconds?|milliseconds?|microseconds?|nanoseconds?|minutes?|hours?|min|h|m|s)\b`)

// number finds numbers.
var number = lazy.Regexp(`\d+(?:[_,]\d{3})*(?:\.\d+)?(?:e[+-]?\d+)?`)

var (
	spaces = lazy.Regexp(`[ \t\x{a0}]+`)
	rules  = lazy.Regexp(`-{3,}|─{3,}|═{3,}|={3,}|━{3,}`)
)

// A normalizer writes texts so that those that are to count as equal are equal.
type normalizer struct {
	rule
	clock bool // times and durations count: the cell ran on a clock of its own
	ids   bool // numbers that are not those of cells and lines are ids
}

var (
	virtual = lazy.Regexp(`(?m)^%%virtual\b`)
	bench   = lazy.Regexp(`(?m)^%%bench\b`)
	listing = lazy.Regexp(`(?m)^%(?:tasks|locks|kill|workers|cluster)\b|\bdisplay\.Tasks\b`)
	// What the line about the cost of a run looks like. It is there when it is worth saying, and says nothing but times.
	cost = lazy.Regexp(`^[\d.]+ ?(?:ns|µs|ms|s|min|h)\b.* · .*\bCPU [\d.]`)
	// What gobraid says when it is long enough to be said, or when there was somebody to say it of.
	said = lazy.Regexp(` since (?:‹duration›|[\d.]+ ?(?:µs|ms|s|min|h)\b)|(?m)^(?:\d+ other tasks? of this cell (?:was|were) ended|The compiled engine is being made ready\.).*\n?`)
	id   = lazy.Regexp(`(\b(?:line|cell) )?\b\d+\b`)
)

// normalizerOf returns how outputs of a cell are compared.
func normalizerOf(source string, r rule) normalizer {
	n := normalizer{rule: r, clock: virtual.MatchString(source), ids: listing.MatchString(source)}
	if bench.MatchString(source) && !r.exact && r.numbers < 0 {
		n.shape = true
	}
	return n
}

// forms returns the normal forms of two texts. Those of texts that differ only in what a rule lets differ are the same line by line.
func (n normalizer) forms(a, b string) (string, string) {
	x, varies := n.form(a)
	y, also := n.form(b)
	if varies || also {
		// Columns are as wide as what is in them.
		x, y = narrow(x), narrow(y)
	}
	return trim(x), trim(y)
}

// narrow writes one space or dash for several.
func narrow(s string) string {
	return rules.ReplaceAllString(spaces.ReplaceAllString(s, " "), "---")
}

// trim removes what ends lines, and the text, that nobody sees.
func trim(s string) string {
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " \t\r")
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n")
}

// form returns a text with what varies written as one, and whether there is such in it.
func (n normalizer) form(s string) (form string, varies bool) {
	s = ansi.ReplaceAllString(s, "")
	s = strings.ReplaceAll(s, lateLine, "")
	if n.exact {
		return s, false
	}
	if dir := os.TempDir(); dir != "/tmp" && dir != "" {
		s = strings.ReplaceAll(s, strings.TrimSuffix(dir, "/")+"/", "/tmp/")
	}
	before := s
	for _, v := range variable {
		if n.clock && v.as == "‹time›" {
			continue
		}
		s = v.what.ReplaceAllString(s, v.as)
	}
	if !n.clock && (n.numbers < 0 || n.shape) {
		s = n.durations(s)
	}
	if !n.clock {
		s = said.ReplaceAllString(s, "")
	}
	if n.ids {
		s = id.ReplaceAllStringFunc(s, func(found string) string {
			if found[0] == 'l' || found[0] == 'c' {
				return found
			}
			return "‹n›"
		})
	}
	if n.shape {
		s = number.ReplaceAllString(s, "‹#›")
		s = strings.ReplaceAll(s, "-‹", "‹") // a sign is part of the number
	}
	return s, s != before || n.numbers >= 0
}

// durations writes durations as one, unless a letter or another number is before them, as in v2s.
func (n normalizer) durations(s string) string {
	var b strings.Builder
	for {
		at := duration.FindStringIndex(s)
		if at == nil {
			b.WriteString(s)
			return b.String()
		}
		as := "‹duration›"
		if at[0] > 0 {
			if c := s[at[0]-1]; c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == '.' || c >= '0' && c <= '9' {
				as = s[at[0]:at[1]]
			}
		}
		b.WriteString(s[:at[0]] + as)
		s = s[at[1]:]
	}
}

// same reports whether two lines in normal form are to count as equal.
func (n normalizer) same(a, b string) bool {
	if a == b {
		return true
	}
	if n.numbers < 0 || n.shape {
		return false
	}
	xs, ys := number.FindAllString(a, -1), number.FindAllString(b, -1)
	if len(xs) != len(ys) {
		return false
	}
	// Durations may be in different units, so they are compared first, and then count as text.
	xd, yd := duration.FindAllString(a, -1), duration.FindAllString(b, -1)
	if len(xd) == len(yd) {
		for i := range xd {
			if !n.close(inSeconds(xd[i]), inSeconds(yd[i])) {
				return false
			}
		}
		a, b = duration.ReplaceAllString(a, "‹duration›"), duration.ReplaceAllString(b, "‹duration›")
	}
	if number.ReplaceAllString(a, "‹#›") != number.ReplaceAllString(b, "‹#›") {
		return false
	}
	xs, ys = number.FindAllString(a, -1), number.FindAllString(b, -1)
	for i := range xs {
		if !n.close(value(xs[i]), value(ys[i])) {
			return false
		}
	}
	return true
}

// close reports whether two numbers differ by no more than the tolerance, of the first.
func (n normalizer) close(x, y float64) bool {
	return x == y || math.Abs(x-y) <= n.numbers*math.Abs(x)*(1+1e-9)
}

func value(s string) float64 {
	f, err := strconv.ParseFloat(strings.NewReplacer("_", "", ",", "").Replace(s), 64)
	if err != nil {
		return math.NaN()
	}
	return f
}

var durationPart = lazy.Regexp(`([\d.]+(?:e[+-]?\d+)?) ?([a-zµμ]+)`)

// inSeconds reads a duration that was found.
func inSeconds(s string) float64 {
	sum := 0.0
	for _, m := range durationPart.FindAllStringSubmatch(s, -1) {
		scale := 1.0
		switch u := m[2]; {
		case u == "ns" || strings.HasPrefix(u, "nano"):
			scale = 1e-9
		case u == "µs" || u == "μs" || u == "us" || strings.HasPrefix(u, "micro"):
			scale = 1e-6
		case u == "ms" || strings.HasPrefix(u, "milli"):
			scale = 1e-3
		case u == "m" || strings.HasPrefix(u, "min"):
			scale = 60
		case strings.HasPrefix(u, "h"):
			scale = 3600
		}
		sum += value(m[1]) * scale
	}
	return sum
}

var (
	hidden = lazy.Regexp(`(?s)<svg\b.*?</svg>|<style\b.*?</style>|<script\b.*?</script>`)
	breaks = lazy.Regexp(`</(?:tr|p|div|li|h\d|pre|summary)>|<br ?/?>`)
	tags   = lazy.Regexp(`<[^>]*>`)
)

// page returns what a page says, a line for each of its parts.
func page(s string) string {
	s = hidden.ReplaceAllString(s, " ‹picture› ")
	s = breaks.ReplaceAllString(s, "\n")
	s = html.UnescapeString(tags.ReplaceAllString(s, " "))
	var out []string
	for l := range strings.Lines(s) {
		if l = strings.TrimSpace(spaces.ReplaceAllString(l, " ")); l != "" {
			out = append(out, l)
		}
	}
	return strings.Join(out, "\n")
}
