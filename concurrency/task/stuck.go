package task

import "fmt"

// stuck ends the run because none of its tasks can go on.
func (c *control) stuck() {
	tasks := c.run.tasks()
	LookInside(tasks) // where coroutines wait
	d := &Deadlock{Tasks: tasks, Locks: Locks(), count: len(tasks)}
	others := 0
	each(func(t *Task) {
		if c.beside(t) {
			others++
		}
	})
	switch n := c.run.Untracked(); {
	case others == 1:
		d.Note = "a task that goes by real time is alive and has not helped within a tenth of a second"
	case others > 1:
		d.Note = fmt.Sprintf("%d tasks that go by real time are alive and have not helped within a tenth of a second", others)
	case n > 0:
		d.Note = fmt.Sprintf("%d goroutines of libraries are alive and have not helped within a tenth of a second", n)
	}
	c.run.Kill(d)
}
