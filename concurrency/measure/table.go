package measure

import (
	"fmt"
	"html"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A line is a row of the table: what one function has of one metric.
type line struct {
	metric                      Metric
	name, value, spread, versus string
	shown                       bool // there is a difference
}

// lines returns the table, metric by metric. What is not known of any function has no lines.
func (c *Comparison) lines() []line {
	var all []line
	for _, m := range c.shown() {
		if c.unknown(m) != "" {
			continue
		}
		for i, r := range c.results {
			center, lo, hi := summary(r.values[m])
			l := line{metric: m, name: r.name, value: m.Format(center), spread: spread(center, lo, hi)}
			if i > 0 {
				x := c.Ratio(i, m)
				l.versus, l.shown = x.String(), x.Shown()
			}
			all = append(all, l)
		}
	}
	return all
}

// unknown says why a metric is not known.
func (c *Comparison) unknown(m Metric) string { return c.results[0].why[m] }

// heading says how it was measured.
func (c *Comparison) heading() string {
	var s strings.Builder
	fmt.Fprintf(&s, "%s of ", count(c.repetitions, "repetition"))
	calls := func(r *Result) int { return r.calls }
	if slices.ContainsFunc(c.results, func(r *Result) bool { return r.calls != c.results[0].calls }) {
		for i, r := range c.results {
			if i > 0 {
				s.WriteString(", ")
			}
			fmt.Fprintf(&s, "%s of %s", count(calls(r), "call"), r.name)
		}
	} else {
		s.WriteString(count(calls(c.results[0]), "call"))
	}
	s.WriteString("; medians, of one call")
	if len(c.results) > 1 {
		fmt.Fprintf(&s, "; compared with %s", c.results[0].name)
	}
	if c.virtual {
		s.WriteString("; time is virtual: what tasks compute takes none")
	}
	return s.String()
}

// notes says what is not known, and what to mind.
func (c *Comparison) notes() []string {
	reasons := map[string][]string{}
	var order []string
	for _, m := range c.shown() {
		if why := c.unknown(m); why != "" {
			if reasons[why] == nil {
				order = append(order, why)
			}
			reasons[why] = append(reasons[why], m.String())
		}
	}
	var all []string
	for _, why := range order {
		all = append(all, fmt.Sprintf("Not known: %s (%s).", strings.Join(reasons[why], ", "), why))
	}
	if c.repetitions < 6 {
		all = append(all, "With fewer than six repetitions there is no telling how sure the medians are.")
	}
	return all
}

// String returns the table as text.
func (c *Comparison) String() string {
	var s strings.Builder
	if len(c.results) == 1 {
		s.WriteString(c.results[0].name + ": ")
	}
	s.WriteString(c.heading() + "\n")
	all := c.lines()
	name, value, spread := 0, 0, 0
	for _, l := range all {
		name = max(name, utf8.RuneCountInString(c.label(l)))
		value, spread = max(value, utf8.RuneCountInString(l.value)), max(spread, utf8.RuneCountInString(l.spread))
	}
	for i, l := range all {
		if len(c.results) > 1 && i%len(c.results) == 0 {
			s.WriteString(l.metric.String() + "\n")
		}
		text := fmt.Sprintf("  %-*s  %*s  %-*s  %s", name, c.label(l), value, l.value, spread, l.spread, l.versus)
		s.WriteString(strings.TrimRight(text, " ") + "\n")
	}
	for _, note := range c.notes() {
		s.WriteString(note + "\n")
	}
	return strings.TrimSuffix(s.String(), "\n")
}

// label is what a line of the text begins with.
func (c *Comparison) label(l line) string {
	if len(c.results) == 1 {
		return l.metric.String()
	}
	return l.name
}

// HTML returns the table and the picture below it. Front ends that do not trust a notebook leave the picture out.
func (c *Comparison) HTML() string {
	var s strings.Builder
	caption := c.heading()
	if len(c.results) == 1 {
		caption = c.results[0].name + ": " + caption
	}
	fmt.Fprintf(&s, "<table><caption>%s</caption>\n<thead><tr><th scope=\"col\"></th>", html.EscapeString(caption))
	heads := []string{"median", "spread"}
	if len(c.results) > 1 {
		heads = []string{"function", "median", "spread", "times " + c.results[0].name}
	}
	for _, h := range heads {
		fmt.Fprintf(&s, "<th scope=\"col\">%s</th>", html.EscapeString(h))
	}
	s.WriteString("</tr></thead>\n<tbody>\n")
	for i, l := range c.lines() {
		s.WriteString("<tr>")
		if i%len(c.results) == 0 {
			fmt.Fprintf(&s, "<th scope=\"rowgroup\" rowspan=\"%d\">%s</th>", len(c.results), l.metric)
		}
		if len(c.results) > 1 {
			fmt.Fprintf(&s, "<td>%s</td>", html.EscapeString(l.name))
		}
		fmt.Fprintf(&s, "<td>%s</td><td>%s</td>", l.value, l.spread)
		if len(c.results) > 1 {
			versus := html.EscapeString(l.versus)
			if l.shown {
				versus = "<b>" + versus + "</b>"
			}
			fmt.Fprintf(&s, "<td>%s</td>", versus)
		}
		s.WriteString("</tr>\n")
	}
	s.WriteString("</tbody></table>\n")
	for _, note := range c.notes() {
		fmt.Fprintf(&s, "<p>%s</p>\n", html.EscapeString(note))
	}
	return s.String() + "<div>" + c.SVG() + "</div>"
}

// String returns the table as text.
func (r *Result) String() string { return r.alone().String() }

// HTML returns the table and the picture below it.
func (r *Result) HTML() string { return r.alone().HTML() }

// SVG returns the picture.
func (r *Result) SVG() string { return r.alone().SVG() }

// alone returns the result as a comparison with nothing.
func (r *Result) alone() *Comparison {
	return &Comparison{results: []*Result{r}, repetitions: len(r.values[Wall]), virtual: r.virtual}
}

// count writes a number of things, with commas.
func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return thousands(n) + " " + thing + "s"
}

func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
