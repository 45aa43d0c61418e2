// Package lower is the third stage of a cell: it rewrites checked Go to plain Go over the task
// runtime, so that every goroutine, every wait and every line of output has an owner, and writes the
// cell down as a package of its own that imports the packages of earlier cells.
//
// The text of the cell is kept, and only what must change is changed, in place and on its line:
//
//	go f(x)                  task.Go, with function and arguments evaluated first
//	c <- v, <-c, range c     task.To(c).Send(v), task.Recv, a loop over task.Recv2
//	select                   a switch over task.Select
//	mu.Lock(), wg.Wait() …   task.Lock, task.WaitGroupWait …
//	time.Sleep, fmt.Println  task.Sleep, task.Println …: see redirect.go
//	loops, functions         a safepoint at the head: one load that is nearly always zero
//
// # How a cell becomes a package
//
// Names that a later cell may mention are exported under the prefix Ʞ: functions and variables carry
// it themselves, types keep their names (which are printed) and get an alias. Methods whose names are
// not exported carry it too, so that a type of one cell can implement an interface of another.
// Unexported fields keep their names, which printing and encoding see; another cell reaches them
// through an accessor that the declaring package exports and the compiler inlines.
//
// A variable of a cell is a package-level variable without initializer; its definition is an
// assignment in the cell function, which runs the statements in order.
//
// The package clause says [PackageName], four letters that the compiled engine turns into "main" in
// the linked plugin, because a type prints as main.T in Go.
package lower
