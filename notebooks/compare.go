package notebooks

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gobraid/gobraid/concurrency/experiment"
)

// A comparing compares the outputs of one cell.
type comparing struct {
	normalizer
	run   *run
	loose bool // several tasks gave something out, or order does not count
	found []Difference
}

// compare returns what differs between a cell as it is stored and as it was run.
func (r *run) compare(stored, ran *Cell, rule rule) []Difference {
	c := &comparing{normalizer: normalizerOf(stored.Source, rule), run: r}
	switch {
	case stored.Count == 0 && len(stored.Outputs) == 0 && len(ran.Outputs) > 0:
		c.add("cell", "it was never run, or its outputs were removed", "")
		return c.found
	case c.failures(stored, ran):
		return c.found
	case rule.ignore:
		return nil
	}
	a, b := c.flatten(stored), c.flatten(ran)
	c.loose = rule.unordered || !rule.exact && (tasksOf(ran) > 1 || slices.ContainsFunc(b, func(p part) bool { return several(p.lines) }))
	if c.loose {
		a, b = together(a), together(b)
	}
	c.parts(a, b)
	return c.found
}

func (c *comparing) add(what, why, diff string) {
	c.found = append(c.found, Difference{what, why, diff})
}

// tasksOf returns how many tasks the run of a cell had.
func tasksOf(c *Cell) int {
	own, _ := c.Metadata["gobraid"].(map[string]any)
	run, _ := own["run"].(map[string]any)
	return int(seconds(run["tasks"]))
}

// failures reports whether one of the two failed and the other did not, and notes it.
func (c *comparing) failures(stored, ran *Cell) bool {
	a, b := errorOf(stored), errorOf(ran)
	switch {
	case a == nil && b != nil:
		c.add("error", "it fails now and did not", marked("+", b.EName+": "+b.EValue+"\n"+strings.Join(b.Traceback, "\n")))
	case a != nil && b == nil:
		c.add("error", "it failed and does not now", marked("-", a.EName+": "+a.EValue))
	}
	return (a == nil) != (b == nil)
}

func errorOf(c *Cell) *Output {
	for _, o := range c.Outputs {
		if o.Type == ErrorOutput {
			return o
		}
	}
	return nil
}

// A part is a stream, up to the next output of another kind, or one of these.
type part struct {
	name   string   // stdout, stderr, or ""
	lines  []spoken // of a stream
	output *Output  // what is no stream
}

// flatten returns the outputs of a cell in order, with the pieces of streams put together.
func (c *comparing) flatten(cell *Cell) []part {
	var out []part
	from := 0 // the streams from here on may be added to
	for _, o := range cell.Outputs {
		if o.Type != StreamOutput {
			out = append(out, part{output: o})
			from = len(out)
			continue
		}
		var pieces []piece
		if s := c.run.written[o]; s != nil {
			pieces = s.pieces
		}
		lines := spokenLines(o.Text, pieces)
		i := slices.IndexFunc(out[from:], func(p part) bool { return p.name == o.Name })
		if i < 0 {
			out = append(out, part{name: o.Name, lines: lines})
			continue
		}
		p := &out[from+i]
		if n := len(p.lines); n > 0 && len(lines) > 0 && !strings.HasSuffix(p.lines[n-1].text, "\n") {
			p.lines[n-1].text += lines[0].text // a line that came in two pieces
			lines = lines[1:]
		}
		p.lines = append(p.lines, lines...)
	}
	// Which of the two streams came first is not recorded.
	slices.SortStableFunc(out[from:], func(a, b part) int { return strings.Compare(b.name, a.name) })
	return out
}

// together puts all of each stream together, before the rest.
func together(parts []part) []part {
	var out, rest []part
	for _, p := range parts {
		if p.output != nil {
			rest = append(rest, p)
			continue
		}
		if i := slices.IndexFunc(out, func(q part) bool { return q.name == p.name }); i >= 0 {
			out[i].lines = append(out[i].lines, p.lines...)
		} else {
			out = append(out, p)
		}
	}
	slices.SortStableFunc(out, func(a, b part) int { return strings.Compare(b.name, a.name) })
	return append(out, rest...)
}

// parts compares the parts of two cells.
func (c *comparing) parts(a, b []part) {
	a, b = c.spoken(a), c.spoken(b)
	if c.loose {
		for _, name := range []string{"stdout", "stderr"} {
			c.stream(name, linesOf(a, name), linesOf(b, name))
		}
		a, b = c.unpaired(outputs(a), outputs(b))
	}
	for i := range max(len(a), len(b)) {
		switch {
		case i >= len(b):
			c.add(a[i].what(), "it is stored and not given out now", marked("-", c.plain(a[i])))
		case i >= len(a):
			c.add(b[i].what(), "it is given out now and not stored", marked("+", c.plain(b[i])))
		case a[i].what() != b[i].what():
			c.add(a[i].what(), "now there is "+b[i].what()+" in its place", marked("-", c.plain(a[i]))+marked("+", c.plain(b[i])))
			return // what follows is out of step
		case a[i].output == nil:
			c.stream(a[i].name, a[i].lines, b[i].lines)
		default:
			c.found = append(c.found, c.output(a[i].output, b[i].output)...)
		}
	}
}

// spoken leaves out streams that say nothing but when they say it, and what a cell has cost.
func (c *comparing) spoken(parts []part) []part {
	return slices.DeleteFunc(slices.Clone(parts), func(p part) bool {
		if p.output == nil {
			return strings.TrimSpace(said.ReplaceAllString(strings.ReplaceAll(joinLines(p.lines), lateLine, ""), "")) == "" && !c.exact
		}
		text, ok := p.output.Data["text/plain"].(string)
		return ok && p.output.Type == DisplayOutput && cost.MatchString(text)
	})
}

func linesOf(parts []part, name string) []spoken {
	for _, p := range parts {
		if p.output == nil && p.name == name {
			return p.lines
		}
	}
	return nil
}

func outputs(parts []part) []part {
	return slices.DeleteFunc(slices.Clone(parts), func(p part) bool { return p.output == nil })
}

// unpaired takes away what is in both, in whatever order.
func (c *comparing) unpaired(a, b []part) ([]part, []part) {
	var left []part
	for _, x := range a {
		i := slices.IndexFunc(b, func(y part) bool { return x.what() == y.what() && len(c.output(x.output, y.output)) == 0 })
		if i < 0 {
			left = append(left, x)
		} else {
			b = slices.Delete(slices.Clone(b), i, i+1)
		}
	}
	return left, b
}

// what names a part.
func (p part) what() string {
	switch {
	case p.output == nil:
		return p.name
	case p.output.Type == ResultOutput:
		return "result"
	case p.output.Type == DisplayOutput:
		return "display"
	}
	return p.output.Type
}

func joinLines(lines []spoken) string {
	var b strings.Builder
	for _, l := range lines {
		b.WriteString(l.text)
	}
	return b.String()
}

// stream compares two texts of a stream.
func (c *comparing) stream(name string, a, b []spoken) {
	x, y := c.normal(joinLines(a), joinLines(b))
	if c.equal(x, y) {
		return
	}
	if !c.loose {
		c.add(name, "it differs", difference(x, y, c.same))
		return
	}
	left, right := c.without(x, y), c.without(y, x)
	if len(left)+len(right) > 0 {
		c.add(name, "it has other lines", difference(x, y, c.same))
		return
	}
	if c.unordered {
		return
	}
	// The lines as they were compared, with who wrote them.
	var ran []spoken
	for i, l := range slices.DeleteFunc(slices.Clone(b), func(l spoken) bool { return l.text == lateLine }) {
		if i < len(y) {
			ran = append(ran, spoken{y[i].form, l.task})
		}
	}
	var stored []string
	for _, l := range x {
		stored = append(stored, l.form)
	}
	if why := outOfOrder(stored, ran); why != "" {
		c.add(name, why, difference(x, y, c.same))
	}
}

// A line has a form to be compared, and what it is.
type line struct{ form, text string }

// normal returns the lines of two texts.
func (c *comparing) normal(a, b string) (x, y []line) {
	p, q := c.forms(a, b)
	return lined(p, a), lined(q, b)
}

func lined(form, text string) []line {
	if form == "" {
		return nil
	}
	shown := strings.Split(strings.TrimRight(strings.ReplaceAll(ansi.ReplaceAllString(text, ""), lateLine, ""), "\n"), "\n")
	forms := strings.Split(form, "\n")
	if len(shown) != len(forms) { // a line is left out
		shown = forms
	}
	var out []line
	for i, f := range forms {
		out = append(out, line{f, shown[i]})
	}
	return out
}

func (c *comparing) equal(x, y []line) bool {
	return slices.EqualFunc(x, y, func(a, b line) bool { return c.same(a.form, b.form) })
}

// without returns the lines of x that are not in y, each counted.
func (c *comparing) without(x, y []line) []line {
	left := slices.Clone(y)
	var out []line
	for _, l := range x {
		i := slices.IndexFunc(left, func(o line) bool { return c.same(l.form, o.form) })
		if i < 0 {
			out = append(out, l)
		} else {
			left = slices.Delete(left, i, i+1)
		}
	}
	return out
}

// output compares two outputs of a kind that are no streams.
func (c *comparing) output(a, b *Output) []Difference {
	if a.Type == ErrorOutput {
		return c.texts("error", a.EName+": "+a.EValue+"\n"+strings.Join(a.Traceback, "\n"), b.EName+": "+b.EValue+"\n"+strings.Join(b.Traceback, "\n"))
	}
	what := part{output: a}.what()
	var out []Difference
	keys := slices.Sorted(maps.Keys(a.Data))
	for _, k := range slices.Sorted(maps.Keys(b.Data)) {
		if !slices.Contains(keys, k) {
			out = append(out, Difference{what, "it has the form " + k + " now", ""})
		}
	}
	for _, k := range keys {
		x := a.Data[k]
		y, ok := b.Data[k]
		if !ok {
			out = append(out, Difference{what, "it has no form " + k + " now", ""})
			continue
		}
		if k == "text/plain" && pictured(a) && !c.exact && !c.clock {
			continue // the words of a picture, which have in them what it shows
		}
		out = append(out, c.form(what, k, x, y)...)
	}
	return out
}

// pictured reports whether an output is a picture.
func pictured(o *Output) bool {
	for mime := range o.Data {
		if strings.HasPrefix(mime, "image/") {
			return true
		}
	}
	return false
}

// form compares one form of an output.
func (c *comparing) form(what, mime string, x, y any) []Difference {
	a, textual := x.(string)
	b, both := y.(string)
	textual = textual && both
	switch {
	case strings.HasPrefix(mime, "image/") && !c.exact:
		if textual && (strings.TrimSpace(a) == "") != (strings.TrimSpace(b) == "") {
			return []Difference{{what, "the picture " + mime + " is empty in one of the two", ""}}
		}
		return nil
	case mime == "text/html" && textual && !c.exact && !c.clock && strings.Contains(a, "<svg") && strings.Contains(b, "<svg"):
		return nil // the same picture with texts on hover
	case mime == "text/html" && textual && !c.exact:
		return c.texts(what+", "+mime, page(a), page(b))
	case textual:
		return c.texts(what+", "+mime, a, b)
	case mime == experiment.MIME:
		return c.records(what, x, y)
	}
	return c.texts(what+", "+mime, asJSON(x), asJSON(y))
}

// records compares what was recorded. A time that was measured is as good as another.
func (c *comparing) records(what string, x, y any) []Difference {
	a, isA := experiment.ParseRow(x)
	b, isB := experiment.ParseRow(y)
	if isA && isB && a.Name == b.Name && a.Unit == b.Unit && !c.exact && !c.clock && (c.numbers < 0 || c.shape) {
		_, numA := a.Number()
		_, numB := b.Number()
		if numA && numB && (c.shape || slices.Contains([]string{"ns", "us", "µs", "μs", "ms", "s", "min", "h"}, a.Unit)) {
			return nil
		}
	}
	return c.texts(what+", record", asJSON(x), asJSON(y))
}

func asJSON(v any) string {
	b, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(b)
}

// texts compares two texts line by line.
func (c *comparing) texts(what, a, b string) []Difference {
	x, y := c.normal(a, b)
	if c.equal(x, y) || c.unordered && len(c.without(x, y))+len(c.without(y, x)) == 0 {
		return nil
	}
	return []Difference{{what, "it differs", difference(x, y, c.same)}}
}

// plain returns what a part says.
func (c *comparing) plain(p part) string {
	switch {
	case p.output == nil:
		return joinLines(p.lines)
	case p.output.Type == ErrorOutput:
		return p.output.EName + ": " + p.output.EValue
	}
	if s, ok := p.output.Data["text/plain"].(string); ok {
		return s
	}
	return strings.Join(slices.Sorted(maps.Keys(p.output.Data)), ", ")
}
