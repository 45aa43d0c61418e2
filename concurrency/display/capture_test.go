package display_test

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/gobraid/gobraid/concurrency/display"
	"github.com/gobraid/gobraid/concurrency/task"
)

func TestCapture(t *testing.T) {
	p := &page{}
	in(t, p, func() {
		task.Print("before")
		var out, err string
		outer, _ := display.Capture(func() {
			task.Print("outer ")
			out, err = display.Capture(func() {
				task.Print("printed ")
				fmt.Fprint(task.Stdout(), "written ")
				fmt.Fprint(task.Stderr(), "an error")
				display.Show(1)
				var wg sync.WaitGroup
				task.WaitGroupGo(&wg, 0, func() { task.Print("by a task ") })
				task.WaitGroupWait(&wg, 0)
				if err := task.Command("echo", "by a child").Run(); err != nil {
					t.Error(err)
				}
			})
			task.Print("again")
		})
		task.Print("after")
		if out != "printed written by a task " || err != "an error" || outer != "outer again" {
			t.Errorf("captured %q and %q, around it %q", out, err, outer)
		}
	})
	equal(t, p.lines, []string{`stdout "before"`, `show map[text/plain:1] map[]`, `stdout "after"`})
}

// TestCaptureChild captures what a child process writes that is given the streams.
func TestCaptureChild(t *testing.T) {
	in(t, &page{}, func() {
		out, _ := display.Capture(func() {
			c := task.Command("echo", "by a child")
			c.Stdout = task.Stdout()
			if err := c.Run(); err != nil {
				t.Error(err)
			}
		})
		if out != "by a child\n" {
			t.Errorf("captured %q", out)
		}
	})
}

// TestCaptureLate shows what a task prints after the capture that it was started in.
func TestCaptureLate(t *testing.T) {
	p := &page{}
	in(t, p, func() {
		let, told := make(chan bool), make(chan bool)
		out, _ := display.Capture(func() {
			task.Go(0, func() {
				<-let
				task.Print("late")
				close(told)
			})
			task.Print("early")
		})
		close(let)
		<-told
		if out != "early" {
			t.Errorf("captured %q", out)
		}
	})
	equal(t, p.lines, []string{`stdout "late"`})
}

// TestCaptureOthers leaves what other tasks print alone.
func TestCaptureOthers(t *testing.T) {
	const n = 100
	p := &page{}
	in(t, p, func() {
		var wg sync.WaitGroup
		task.WaitGroupGo(&wg, 0, func() {
			for range n {
				task.Print("shown")
			}
		})
		for range n {
			if out, _ := display.Capture(func() { task.Print("kept") }); out != "kept" {
				t.Errorf("captured %q", out)
			}
		}
		task.WaitGroupWait(&wg, 0)
	})
	for _, line := range p.lines {
		if line != `stdout "shown"` {
			t.Errorf("shown is %s", line)
		}
	}
}

func TestCapturePanic(t *testing.T) {
	p := &page{}
	in(t, p, func() {
		func() {
			defer func() {
				if recover() != "x" {
					t.Error("no panic")
				}
			}()
			display.Capture(func() { panic("x") })
		}()
		task.Print("after")
	})
	equal(t, p.lines, []string{`stdout "after"`})
}

// TestCaptureProcess captures in a program without cells, more than a pipe holds.
func TestCaptureProcess(t *testing.T) {
	long := strings.Repeat("x", 1<<20)
	stdout, stderr := os.Stdout, os.Stderr
	out, err := display.Capture(func() {
		fmt.Print(long)
		fmt.Fprint(os.Stderr, "an error")
	})
	if out != long || err != "an error" {
		t.Errorf("captured %d bytes and %q", len(out), err)
	}
	if os.Stdout != stdout || os.Stderr != stderr {
		t.Error("the streams are not what they were")
	}
}
