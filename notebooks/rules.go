package notebooks

import (
	"fmt"
	"strconv"
	"strings"
)

// A rule says how the outputs of a cell are compared; see the package's manual.
type rule struct {
	ignore    bool
	exact     bool
	unordered bool
	shape     bool
	numbers   float64 // the tolerance, as a share; negative without one
}

// ruleOf reads the tags of a cell.
func ruleOf(c *Cell) (rule, error) {
	r := rule{numbers: -1}
	tags, _ := c.Metadata["tags"].([]any)
	for _, t := range tags {
		tag, _ := t.(string)
		name, ok := strings.CutPrefix(tag, "compare:")
		if !ok {
			continue
		}
		name, value, given := strings.Cut(name, "=")
		switch {
		case name == "ignore" && !given:
			r.ignore = true
		case name == "exact" && !given:
			r.exact = true
		case name == "unordered" && !given:
			r.unordered = true
		case name == "shape" && !given:
			r.shape = true
		case name == "numbers" && given:
			n, err := strconv.ParseFloat(strings.TrimSuffix(value, "%"), 64)
			if err != nil || n < 0 || n-n != 0 {
				return r, fmt.Errorf("notebooks: cell %s has the tag %q: a tolerance is a number such as 20%% or 0.2", c.ID, tag)
			}
			if strings.HasSuffix(value, "%") {
				n /= 100
			}
			r.numbers = n
		default:
			return r, fmt.Errorf("notebooks: cell %s has the tag %q: the rules are compare:exact, compare:ignore, compare:unordered, compare:numbers=20%% and compare:shape", c.ID, tag)
		}
	}
	if r.exact && (r.ignore || r.unordered || r.shape || r.numbers >= 0) {
		return r, fmt.Errorf("notebooks: cell %s has compare:exact beside other rules", c.ID)
	}
	return r, nil
}

// String names the rule.
func (r rule) String() string {
	var parts []string
	add := func(is bool, name string) {
		if is {
			parts = append(parts, name)
		}
	}
	add(r.ignore, "ignore")
	add(r.exact, "exact")
	add(r.unordered, "unordered")
	add(r.shape, "shape")
	add(r.numbers >= 0, fmt.Sprintf("numbers within %.3g %%", r.numbers*100))
	if parts == nil {
		return "default"
	}
	return strings.Join(parts, ", ")
}
