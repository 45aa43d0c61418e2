package measure

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A Profile tells in which calls a function spent its time, or waited. As the last value of a cell it is shown as a flame graph with
// the top functions in words; [Profile.CallGraph] draws it in another way. Its methods may be called by many goroutines at once.
type Profile struct {
	title  string
	what   string // "of CPU time", "of waiting"
	stacks []Stack
	notes  []string
}

// Stacks returns all stacks, that with the most first.
func (p *Profile) Stacks() []Stack {
	all := slices.Clone(p.stacks)
	for i := range all {
		all[i].Frames = slices.Clone(all[i].Frames)
	}
	return all
}

// Total returns what all stacks add up to, in seconds.
func (p *Profile) Total() float64 {
	sum := 0.0
	for _, s := range p.stacks {
		sum += s.Value
	}
	return sum
}

// Notes returns what has to be known to read the profile right, such as what is not in it.
func (p *Profile) Notes() []string { return slices.Clone(p.notes) }

// A Share is what one frame has of a profile, in seconds.
type Share struct {
	Frame Frame
	Self  float64 // in the frame itself
	All   float64 // with all that it calls
}

// Shares returns the frames, that with the most of its own first. Lines of libraries are put together.
func (p *Profile) Shares() []Share {
	index := map[Frame]int{}
	var all []Share
	for _, s := range p.stacks {
		seen := map[Frame]bool{}
		for i, f := range s.Frames {
			k := f.key()
			at, ok := index[k]
			if !ok {
				at = len(all)
				index[k] = at
				all = append(all, Share{Frame: k})
			}
			if !seen[k] { // a function that calls itself
				seen[k] = true
				all[at].All += s.Value
			}
			if i == len(s.Frames)-1 {
				all[at].Self += s.Value
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Share) int {
		if c := cmp.Or(cmp.Compare(b.Self, a.Self), cmp.Compare(b.All, a.All)); c != 0 {
			return c
		}
		return compareFrames(a.Frame, b.Frame)
	})
	return all
}

// topLines is how many functions a text lists.
const topLines = 12

// String returns the top functions as text.
func (p *Profile) String() string {
	var s strings.Builder
	total := p.Total()
	fmt.Fprintf(&s, "%s: %s\n", p.title, p.amount())
	shares := p.Shares()
	if len(shares) > 0 {
		s.WriteString("  self   all\n")
	}
	for i, x := range shares {
		if i == topLines {
			fmt.Fprintf(&s, "and %d more\n", len(shares)-i)
			break
		}
		fmt.Fprintf(&s, "%s %s  %s\n", pad(percent(x.Self, total), 6), pad(percent(x.All, total), 5), x.Frame)
	}
	for _, n := range p.notes {
		s.WriteString(n + "\n")
	}
	return strings.TrimSuffix(s.String(), "\n")
}

// amount says how much there is in it.
func (p *Profile) amount() string {
	n := int64(0)
	for _, s := range p.stacks {
		n += s.Count
	}
	if n == 0 {
		return "nothing was seen"
	}
	thing := "sample"
	if p.what != "of CPU time" {
		thing = "wait"
	}
	return fmt.Sprintf("%s %s, %s", format(p.Total(), "s"), p.what, count(int(n), thing))
}

func pad(s string, width int) string {
	return strings.Repeat(" ", max(width-utf8.RuneCountInString(s), 0)) + s
}

func percent(part, whole float64) string {
	switch x := 100 * part / whole; {
	case whole <= 0 || math.IsNaN(x):
		return "0 %"
	case part > 0 && x < 0.5:
		return "<1 %"
	default:
		return fmt.Sprintf("%.0f %%", x)
	}
}

// HTML returns the flame graph as part of a page, and the top functions as text.
func (p *Profile) HTML() string { return embed(p.SVG(), p.String()) }

// Folded returns the stacks one in a line, as many programs for flame graphs read them, with microseconds as the value.
func (p *Profile) Folded() string {
	var s strings.Builder
	for _, x := range p.stacks {
		fmt.Fprintf(&s, "%s %.0f\n", folded(x.Frames), math.Round(x.Value*1e6))
	}
	return s.String()
}

// A ProfileRow is the share of a function as a row, for other programs.
type ProfileRow struct {
	Function string  `json:"function"`
	Place    string  `json:"place"`
	Kind     string  `json:"kind"`
	Self     float64 `json:"self"` // seconds
	All      float64 `json:"all"`
}

// Rows returns the shares of all functions.
func (p *Profile) Rows() []ProfileRow {
	var all []ProfileRow
	for _, x := range p.Shares() {
		all = append(all, ProfileRow{x.Frame.Func, x.Frame.Place(), x.Frame.Kind.String(), x.Self, x.All})
	}
	return all
}

// CSV returns the rows as a table with a header.
func (p *Profile) CSV() string {
	return toCSV([]string{"function", "place", "kind", "self", "all"}, p.Rows(), func(r ProfileRow) []string {
		return []string{r.Function, r.Place, r.Kind, strconv.FormatFloat(r.Self, 'g', -1, 64), strconv.FormatFloat(r.All, 'g', -1, 64)}
	})
}

// JSON returns the rows as a list of objects.
func (p *Profile) JSON() string { return toJSON(p.Rows()) }
