package task_test

import (
	"fmt"
	"log"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/gobraid/gobraid/concurrency/task"
)

func TestRedirect(t *testing.T) {
	task.InstallLog()
	flags := log.Flags()
	log.SetFlags(0)
	defer log.SetFlags(flags)
	run, out := newRun(t, 1)
	into := newRecord()
	var during string
	run.Do(func() {
		me := task.Current()
		task.Println("before")
		me.Redirect(into)
		task.Println("printed")
		task.BuiltinPrintln("builtin", 1)
		log.Print("logged")
		fmt.Fprintln(task.Stdout(), "file")
		task.Println("printed again")
		cmd := task.Command("echo", "child")
		cmd.Stdout = task.Stdout()
		cmd.Run()
		fmt.Fprintln(task.Stderr(), "error file")
		done := make(chan bool)
		task.Go(0, func() {
			defer close(done)
			task.Println("task")
			inner := make(chan bool)
			task.Go(0, func() {
				defer close(inner)
				task.Println("task's task")
			})
			task.Recv(inner, 0)
		})
		task.Recv(done, 0)
		me.Redirect(nil)
		during = into.stdout()
		task.Println("after")
	})
	if want := "printed\nfile\nprinted again\nchild\ntask\ntask's task\n"; during != want {
		t.Errorf("when Redirect(nil) had returned there was %q, want %q", during, want)
	}
	if want := "builtin 1\nlogged\nerror file\n"; into.stderr() != want {
		t.Errorf("errors: %q, want %q", into.stderr(), want)
	}
	if out.stdout() != "before\nafter\n" || out.stderr() != "" {
		t.Errorf("the cell has %q, %q", out.stdout(), out.stderr())
	}
}

func TestRedirectNests(t *testing.T) {
	run, out := newRun(t, 1)
	outer, inner := newRecord(), newRecord()
	run.Do(func() {
		me := task.Current()
		me.Redirect(nil) // nothing to undo
		me.Redirect(outer)
		task.Print("a")
		me.Redirect(inner)
		task.Print("b")
		me.Redirect(nil)
		task.Print("c")
		me.Redirect(nil)
		task.Print("d")
	})
	if outer.stdout() != "ac" || inner.stdout() != "b" || out.stdout() != "d" {
		t.Errorf("%q, %q, %q", outer.stdout(), inner.stdout(), out.stdout())
	}
}

// Only what the task starts while it is redirected is redirected with it, and stays so.
func TestRedirectIsOfTheTask(t *testing.T) {
	run, out := newRun(t, 1)
	into := newRecord()
	run.Do(func() {
		me := task.Current()
		var before, during sync.WaitGroup
		go1, go2 := make(chan bool), make(chan bool)
		task.WaitGroupGo(&before, 0, func() { task.Recv(go1, 0); task.Print("1") })
		me.Redirect(into)
		later := task.Spawner(0)
		close(go1)
		task.WaitGroupWait(&before, 0)
		task.WaitGroupGo(&during, 0, func() { task.Recv(go2, 0); task.Print("2") })
		during.Go(func() { task.Recv(go2, 0); task.Print("2") }) // as a library starts it
		me.Redirect(nil)
		close(go2)
		during.Add(1)
		later(func() { defer during.Done(); task.Print("2") })
		task.WaitGroupWait(&during, 0)
		task.Print("1")
	})
	if out.stdout() != "11" || into.stdout() != "222" {
		t.Errorf("the cell has %q, the other %q", out.stdout(), into.stdout())
	}
}

// Ten tasks capture at once.
func TestRedirectMany(t *testing.T) {
	run, out := newRun(t, 1)
	const lines = 200
	var into [10]*record
	run.Do(func() {
		var wg sync.WaitGroup
		for i := range into {
			into[i] = newRecord()
			task.WaitGroupGo(&wg, 0, func() {
				me := task.Current()
				for n := range lines {
					me.Redirect(into[i])
					if n%10 == 0 {
						fmt.Fprintln(task.Stdout(), i)
					} else {
						task.Println(i)
					}
					me.Redirect(nil)
					if got := strings.Count(into[i].stdout(), "\n"); got != n+1 {
						t.Errorf("%d lines are there, want %d", got, n+1)
					}
					runtime.Gosched()
				}
			})
		}
		task.WaitGroupWait(&wg, 0)
	})
	for i := range into {
		if want := strings.Repeat(fmt.Sprintln(i), lines); into[i].stdout() != want {
			t.Errorf("task %d has %q", i, into[i].stdout())
		}
	}
	if out.stdout() != "" {
		t.Errorf("the cell has %q", out.stdout())
	}
}

// A kill ends a task that waits for its output to be delivered.
func TestKillWhileRedirected(t *testing.T) {
	run, _ := newRun(t, 1)
	stuck := &dam{record: newRecord(), full: make(chan bool), open: make(chan bool)}
	undone := false
	go func() {
		<-stuck.full
		run.Kill(errStop)
	}()
	end := run.Do(func() {
		task.Current().Redirect(stuck)
		task.Stdout().WriteString("text")
		task.Current().Redirect(nil)
		undone = true
	})
	if !end.Killed || undone {
		t.Errorf("ended with %+v, undone: %t", end, undone)
	}
	close(stuck.open)
}

// A dam is an Output that holds up what is written.
type dam struct {
	*record
	once       sync.Once
	full, open chan bool
}

func (d *dam) Write(stream string, p []byte) {
	d.once.Do(func() { close(d.full) })
	<-d.open
	d.record.Write(stream, p)
}
