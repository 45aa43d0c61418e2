package task_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/gobraid/gobraid/concurrency/task"
)

func TestScan(t *testing.T) {
	r, out := newRun(t, 1)
	out.lines <- "12 hello\n"
	out.lines <- "3,4\n"
	out.lines <- "a line"
	end := r.Do(func() {
		var n, x, y int
		var s, u, v string
		if k, err := task.Scan(&n, &s); k != 2 || err != nil || n != 12 || s != "hello" {
			t.Errorf("Scan: %d, %v: %d %q", k, err, n, s)
		}
		if k, err := task.Scanf("%d,%d\n", &x, &y); k != 2 || err != nil || x != 3 || y != 4 {
			t.Errorf("Scanf: %d, %v: %d %d", k, err, x, y)
		}
		if k, err := task.Scanln(&u, &v); k != 2 || err != nil || u != "a" || v != "line" {
			t.Errorf("Scanln: %d, %v: %q %q", k, err, u, v)
		}
	})
	if end.Panic != nil {
		t.Error(end.Panic)
	}
}

func TestStdinFile(t *testing.T) {
	r, out := newRun(t, 1)
	for i := range 5 {
		out.lines <- fmt.Sprintf("line %d\n", i)
	}
	close(out.lines)
	var got []string
	r.Do(func() {
		for s := bufio.NewScanner(task.Stdin()); s.Scan(); {
			got = append(got, s.Text())
		}
	})
	if want := "line 0|line 1|line 2|line 3|line 4"; strings.Join(got, "|") != want {
		t.Errorf("got %q", got)
	}
}

func TestStdinOfChild(t *testing.T) {
	r, out := newRun(t, 1)
	out.lines <- "to the child\n"
	close(out.lines)
	r.Do(func() {
		cmd := task.Command("cat")
		cmd.Stdin, cmd.Stdout = task.Stdin(), task.Stdout()
		if err := cmd.Run(); err != nil {
			t.Error(err)
		}
	})
	if got := out.stdout(); got != "to the child\n" {
		t.Errorf("stdout = %q", got)
	}
}

// asked counts how often the user was asked.
type asked struct {
	*record
	times atomic.Int32
}

func (a *asked) Input(ctx context.Context, prompt string, password bool) (string, error) {
	a.times.Add(1)
	return a.record.Input(ctx, prompt, password)
}

// The user is asked only when somebody waits to read, and once for a line.
func TestInputIsAskedForOnDemand(t *testing.T) {
	out := &asked{record: newRecord()}
	out.lines <- "first\n"
	out.lines <- "second\n"
	r := task.NewRun(1, out)
	r.Do(func() {
		in := bufio.NewReader(task.Stdin())
		// Passing the time in which the feeder looks for readers again and again.
		if err := task.Command("sleep", "0.05").Run(); err != nil {
			t.Error(err)
		}
		if n := out.times.Load(); n != 0 {
			t.Errorf("asked %d times before anybody read", n)
		}
		if s, err := in.ReadString('\n'); s != "first\n" || err != nil {
			t.Errorf("%q, %v", s, err)
		}
		if err := task.Command("sleep", "0.05").Run(); err != nil {
			t.Error(err)
		}
		if n := out.times.Load(); n != 1 {
			t.Errorf("asked %d times for a line", n)
		}
	})
	closeRun(t, r)
}

func TestInputEndsWithTheRun(t *testing.T) {
	r, _ := newRun(t, 1)
	var in *os.File
	r.Do(func() { in = task.Stdin() })
	if b, err := io.ReadAll(in); len(b) != 0 || err != nil {
		t.Errorf("%q, %v", b, err)
	}
	late := make(chan error)
	r.Do(func() {
		task.Go(0, func() {
			if in == task.Stdin() {
				t.Error("the next run has the same file")
			}
			_, err := in.Read(make([]byte, 1))
			task.To(late, 0).Send(err)
		})
	})
	if err := <-late; err != io.EOF {
		t.Errorf("err = %v", err)
	}
}

func TestAssignedStdin(t *testing.T) {
	r, _ := newRun(t, 1)
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	if _, err := write.WriteString("word\n"); err != nil {
		t.Fatal(err)
	}
	write.Close()
	r.Do(func() {
		original := os.Stdin
		defer func() { os.Stdin = original }()
		os.Stdin = read
		var s string
		if _, err := task.Scan(&s); err != nil || s != "word" {
			t.Errorf("%q, %v", s, err)
		}
	})
}
