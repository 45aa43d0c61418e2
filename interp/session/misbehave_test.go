//go:build unix

package session_test

import "runtime/debug"

// What a cell would do to its process. The directives give the functions the places that lowered cells
// have, so that the runtime's own accounts of them can be checked.

//line /gobraid.cell/3.go:2
func mapRace() {
	m := make(map[int]int)
	for range 4 {
		go func() {
			for {
				m[1] = 1
			}
		}()
	}
	select {}
}

//line /gobraid.cell/4.go:1
func overflow(n int) int {
	if n >= 0 {
		return overflow(n+1) + 1
	}
	return n
}

//line /gobraid.cell/5.go:3
func libraryPanic() {
	done := make(chan int)
	go func() {
		panic("boom")
	}()
	<-done
}

//line misbehave_test.go:40
func smallStack() { debug.SetMaxStack(64 << 20) }
