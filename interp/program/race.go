package program

import (
	"regexp"
	"slices"
	"strings"
)

// A Race is two accesses to the same memory by different goroutines, at least one of them a write, that nothing
// orders.
type Race struct {
	// Accesses are the later one, which was caught, and the earlier one.
	Accesses [2]Access
	// Names are the variables that both lines have in common, such as "counter" or "c.n"; or, if they have
	// none, all those that the access can be about. It is empty if none was found.
	Names []string
	// Count is how often the detector reported this race.
	Count int
}

// An Access is one side of a race.
type Access struct {
	Write bool
	// Stack is the stack of the access, innermost first. It is empty if the detector had forgotten it.
	Stack []Frame
	// Goroutine is "main goroutine" or "goroutine 7".
	Goroutine string
	// Started is the stack of the go statement that started the goroutine; empty for the main one.
	Started []Frame
}

// At returns the place in a cell where the access is, nil if it is in none: the innermost frame in one.
func (a *Access) At() *Frame { return inCell(a.Stack) }

// StartedAt returns the place in a cell where the goroutine was started, nil if there is none.
func (a *Access) StartedAt() *Frame { return inCell(a.Started) }

func inCell(stack []Frame) *Frame {
	for i := range stack {
		if stack[i].Cell != 0 {
			return &stack[i]
		}
	}
	return nil
}

var (
	accessLine  = regexp.MustCompile(`^(Previous )?(?:atomic )?([Rr]ead|[Ww]rite|[Aa]tomic read|[Aa]tomic write) at 0x[0-9a-f]+ by (main goroutine|goroutine \d+)`)
	createdLine = regexp.MustCompile(`^Goroutine (\d+) \([a-z]+\) created at:`)
)

// ParseRaces reads the reports of the race detector. Reports of the same two places are one race with a count.
func ParseRaces(log string) []*Race {
	var all []*Race
	for _, report := range strings.Split(log, "==================\n") {
		if !strings.HasPrefix(report, "WARNING: DATA RACE") {
			continue
		}
		r := parseRace(report)
		if r == nil {
			continue
		}
		if i := slices.IndexFunc(all, r.same); i >= 0 {
			all[i].Count++
			continue
		}
		all = append(all, r)
	}
	return all
}

// parseRace reads one report; nil if it cannot be read.
func parseRace(report string) *Race {
	r := &Race{Count: 1}
	n := 0 // accesses seen
	var stack *[]Frame
	function := ""
	for line := range strings.Lines(report) {
		line = strings.TrimRight(line, "\n")
		if m := accessLine.FindStringSubmatch(line); m != nil {
			if n == len(r.Accesses) {
				return nil
			}
			a := &r.Accesses[n]
			n++
			a.Write, a.Goroutine = strings.HasSuffix(strings.ToLower(m[2]), "write"), m[3]
			stack = &a.Stack
			continue
		}
		if m := createdLine.FindStringSubmatch(line); m != nil {
			stack = nil
			for i := range r.Accesses {
				if a := &r.Accesses[i]; a.Goroutine == "goroutine "+m[1] && len(a.Started) == 0 {
					stack = &a.Started
					break
				}
			}
			continue
		}
		if line == "" {
			stack = nil
			continue
		}
		if m := placeLine.FindStringSubmatch(line); m != nil && strings.HasPrefix(line, "      ") {
			if stack != nil {
				*stack = append(*stack, frame(strings.TrimSpace(function), m[1], m[2]))
			}
			continue
		}
		function = line
	}
	if n < len(r.Accesses) {
		return nil
	}
	return r
}

// place is what tells one access from another.
func (a *Access) place() Frame {
	if f := a.At(); f != nil {
		return Frame{Cell: f.Cell, Line: f.Line}
	}
	if len(a.Stack) > 0 {
		return Frame{File: a.Stack[0].File, Line: a.Stack[0].Line}
	}
	return Frame{}
}

// same tells whether two races are between the same two places.
func (r *Race) same(x *Race) bool {
	a, b := r.Accesses[0].place(), r.Accesses[1].place()
	c, d := x.Accesses[0].place(), x.Accesses[1].place()
	return a == c && b == d || a == d && b == c
}
