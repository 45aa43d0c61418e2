package task_test

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/gobraid/gobraid/concurrency/task"
)

// screen is an Output for a host with a terminal.
type screen struct{}

func (screen) Write(stream string, p []byte) { fmt.Printf("%s: %s", stream, p) }

func (screen) Input(context.Context, string, bool) (string, error) { return "", io.EOF }

func ExampleRun() {
	run := task.NewRun(3, screen{})
	end := run.Do(func() {
		// for i := range 3 { go func() { c <- i }() }; println(<-c + <-c + <-c), lowered:
		c := make(chan int)
		for i := range 3 {
			task.Go(task.At(3, 1, 21), func() { task.To(c, task.At(3, 1, 35)).Send(i) })
		}
		task.BuiltinPrintln(task.Recv(c, 0) + task.Recv(c, 0) + task.Recv(c, 0))
	})
	fmt.Println(end.Panic, end.Killed)
	// Output:
	// stderr: 3
	// <nil> false
}

func ExampleRun_Kill() {
	run := task.NewRun(3, screen{})
	end := run.Do(func() {
		defer task.BuiltinPrintln("cleaned up")
		task.Go(0, func() { run.Kill(errors.New("interrupted")) })
		task.Forever(task.At(3, 2, 1)) // select {}
	})
	fmt.Println(end.Killed, end.Cause)
	// Output:
	// stderr: cleaned up
	// true interrupted
}
