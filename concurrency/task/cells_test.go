package task_test

import "github.com/gobraid/gobraid/concurrency/task"

// The functions of this file stand where a cell's code would.

//line /gobraid.cell/9.go:3
func inCell(c chan int) {
	<-c
}

//line /gobraid.cell/9.go:10
func boom(n int) int {
	return []int{1}[n]
}

//line /gobraid.cell/9.go:20
type Ʞthing struct{ n int }

//line /gobraid.cell/9.go:21
func (t *Ʞthing) fail() { panic(t.n) }

//go:noinline
//line /gobraid.cell/9.go:30
func Ʞoutermost(f func()) {
	func() {
		f()
	}()
}

//line /gobraid.cell/9.go:40
func repanic(f func()) {
	defer func() {
		panic(recover())
	}()
	f()
}

//line /gobraid.cell/9.go:50
func here() task.Site { return task.Here() }
