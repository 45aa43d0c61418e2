package task

import "sync/atomic"

// away is how many things that other processes do may wake a task.
var away atomic.Int64

// Outside notes that n more things are done outside of the process, for libraries of the program, that will wake a task when they are
// done; n is negative for less. While there is one, no run is taken to be in a deadlock.
func Outside(n int) { away.Add(int64(n)) }

// Refuse panics with a [*Refused] if the calling task is under control: call names what waits for the world outside.
func Refuse(call string) { refuse(call) }
