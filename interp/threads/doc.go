// Package threads shows which thread of the operating system and which P of Go's scheduler ran what, from Go's own execution
// trace.
//
// A goroutine needs a P to run, of which there are GOMAXPROCS, and a P needs a thread. Package timeline shows what tasks wait for; it
// cannot tell a task that runs from one that is ready and waits for a P. Here that can be seen:
//
//	c, err := threads.Start()
//	…
//	record, err := c.Stop()
//	picture, words := record.SVG(opt), record.Text(opt)
//
// or [Around] a function. [Read] reads a trace that somebody else has taken, such as the file of go test -trace.
//
// # What the picture shows
//
// There is a lane for each P, and one for each thread that ran anything, up to 24. A bar is a time in which a goroutine ran there without a
// break; it has the colour of the task and its name, or the number at its end, on it. On hover it says why the goroutine stopped, in the words
// of Go: "chan receive", "sync", "sleep", "preempted", "system call". Goroutines that are not tasks, as those of the Go runtime and of gobraid
// itself, are drawn as others. A lane of the garbage collector, when it worked, has marks where all else stood still.
// [Record.Text] also tells of each task how long it waited for a P.
//
// # Limits
//
// A trace is of the whole process, and there can be one capture at a time. About 8 MB of trace are kept, the newest; a
// program that does nothing but exchange values fills them in about a quarter of a second. Then the record says that its beginning is missing.
//
// # Costs
//
// BenchmarkCapture measures what a capture costs what it watches, on two shared cores: code that computes, within what can be
// measured; a channel operation that hands over to another goroutine takes 2.4 times as long. Reading takes about 60 ms for a MB of trace.
//
// It is not part of concurrency, which cells are built with, because of golang.org/x/exp/trace: the Go project's own reader of traces, whose API
// may change.
package threads
