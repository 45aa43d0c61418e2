package concurrency

import (
	"fmt"
	"strings"

	"github.com/gobraid/gobraid/concurrency/internal/callsite"
	"github.com/gobraid/gobraid/concurrency/task"
)

// A MisuseError is what a wrong use of this package, or of package loop, panics with: of a lock by one who does not hold it, of a count below zero, of
// something that was copied. It stands for a bug in the program.
type MisuseError struct {
	Object  string // what was misused, such as "Lock"; of package loop "loop.Lock"
	Problem string // how, such as "release by one who does not hold it"
	Place   string // where: "cell 3 line 7", or "main.go:12" outside cells
	Holder  string // who holds it and since where, such as "main (task 18) since cell 3 line 2"; "" if nobody does
}

// Error says all of it.
func (e *MisuseError) Error() string {
	text := fmt.Sprintf("concurrency: %s: %s, at %s", e.Object, e.Problem, e.Place)
	if e.Holder != "" {
		text += "; held by " + e.Holder
	}
	return text
}

// A Holder is who holds a lock or the like: the task and the place where it has taken it. Outside cells the task is the
// goroutine, and the place is not known.
type Holder = task.Holder

// misused panics because an object was misused, that the owners hold.
func misused(object, problem string, owners ...task.Owner) {
	var held []string
	for _, o := range owners {
		if o.Goroutine() != 0 {
			held = append(held, ownerText(o))
		}
	}
	panic(&MisuseError{Object: object, Problem: problem, Place: callsite.Line(), Holder: strings.Join(held, ", ")})
}

func ownerText(o task.Owner) string {
	h := o.Holder()
	who := fmt.Sprintf("goroutine %d", h.Task)
	if h.Cell != 0 {
		who = fmt.Sprintf("task %d", h.Task)
	}
	if h.Name != "" {
		who = fmt.Sprintf("%s (%s)", h.Name, who)
	}
	text := who + " since " + o.Place()
	if h.Ended {
		text += ", which has ended"
	}
	return text
}
