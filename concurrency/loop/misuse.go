package loop

import "github.com/gobraid/gobraid/concurrency/task"

// A MisuseError is what a wrong use of this package panics with. It stands for a bug in the program.
type MisuseError struct {
	Object  string // what was misused, such as "Lock"
	Problem string // how
	Place   string // where
}

// Error says all of it.
func (e *MisuseError) Error() string {
	return "concurrency/loop: " + e.Object + ": " + e.Problem + ", at " + e.Place
}

func misused(object, problem string) {
	panic(&MisuseError{Object: object, Problem: problem, Place: task.Here().String()})
}
