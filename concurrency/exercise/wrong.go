package exercise

import (
	"fmt"
	"strings"

	"github.com/gobraid/gobraid/concurrency/task"
)

// panicked is what is wrong with a run that ended by a panic.
type panicked struct{ *task.PanicError }

// Error returns the panic and where it was.
func (p *panicked) Error() string {
	text := p.Text()
	if len(p.Stack) > 0 && p.Stack[0].Cell != 0 {
		text += fmt.Sprintf(" (cell %d line %d)", p.Stack[0].Cell, p.Stack[0].Line)
	}
	return text
}

// Unwrap returns the panic.
func (p *panicked) Unwrap() error { return p.PanicError }

// stuck is what is wrong with a run that had to be ended: why, and what its tasks waited for then.
type stuck struct {
	why   error
	tasks []task.Info
}

// shownTasks is how many tasks a text lists.
const shownTasks = 6

// Error says why the run was ended and what its tasks did.
func (s *stuck) Error() string {
	var b strings.Builder
	b.WriteString(s.why.Error())
	for i, t := range s.tasks {
		if i == shownTasks {
			fmt.Fprintf(&b, "\n  and %d more", len(s.tasks)-i)
			break
		}
		name := t.Name
		if name == "" {
			name = fmt.Sprintf("task started at %v", t.Site)
		}
		doing := "runs"
		if t.Wait.Kind != task.WaitNone {
			doing = "waits: " + t.Wait.Kind.String()
			if t.Wait.Site != 0 {
				doing += ", " + t.Wait.Site.String()
			}
		}
		fmt.Fprintf(&b, "\n  %s %s", name, doing)
	}
	return b.String()
}

// Unwrap returns why the run was ended.
func (s *stuck) Unwrap() error { return s.why }
