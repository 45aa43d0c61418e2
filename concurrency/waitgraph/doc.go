// Package waitgraph draws who waits for whom: the wait-for graph of tasks that are stuck.
//
// A [Graph] is plain data: tasks, the locks, channels and groups they wait for, and who holds these. [SVG] draws it, [Text] tells
// it in words; both are pure functions, which any number of goroutines can call, and equal graphs give equal bytes.
//
//	g := waitgraph.FromDeadlock(end.Deadlock, waitgraph.Options{})
//	picture, words := waitgraph.SVG(g), waitgraph.Text(g)
//
// # What the picture shows
//
// Tasks are round boxes; locks, channels and groups have other shapes and colours. A line leads from a task to what it
// waits for, with the place of the statement, and a dashed one from a lock to the task that holds it, with the place where it
// was locked. Whoever follows the lines comes to what must happen first, or, in a deadlock of locks, back to where he
// began: such a circle is drawn as one, with thick lines, and [Text] spells it out. A part without circles is drawn from the
// left to the right.
//
// Of more than 18 nodes, tasks that nobody waits for and that wait for the same thing at the same place are drawn as one, with their number. Where
// more than 30 nodes are left, the middle of long circles, and what hangs on no circle, are left out, and the picture says how many tasks
// these are.
//
// The picture is static, stands light and dark, and has all details on hover, as those of package timeline.
package waitgraph
