package task_test

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"log/slog"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/gobraid/gobraid/concurrency/task"
)

func TestPrint(t *testing.T) {
	r, out := newRun(t, 1)
	r.Do(func() {
		n, err := task.Print("a", 1, 2, "b")
		m, _ := task.Printf("%03d|", 7)
		k, _ := task.Println("x", 1.5, nil)
		if n != 5 || m != 4 || k != 12 || err != nil {
			t.Errorf("%d, %d, %d, %v", n, m, k, err)
		}
	})
	if got, want := out.stdout(), "a1 2b007|x 1.5 <nil>\n"; got != want {
		t.Errorf("stdout = %q, want %q", got, want)
	}
}

// Whatever way a line takes to a stream, lines come in the order in which they were written.
func TestStreamKeepsOrder(t *testing.T) {
	r, out := newRun(t, 1)
	var want strings.Builder
	r.Do(func() {
		for i := range 50 {
			task.Println("print", i)
			if i > 10 {
				fmt.Fprintln(task.Stdout(), "file", i)
			}
			if i%20 == 19 {
				cmd := task.Command("echo", "child", fmt.Sprint(i))
				cmd.Stdout = task.Stdout()
				if err := cmd.Run(); err != nil {
					t.Error(err)
				}
			}
		}
	})
	for i := range 50 {
		fmt.Fprintln(&want, "print", i)
		if i > 10 {
			fmt.Fprintln(&want, "file", i)
		}
		if i%20 == 19 {
			fmt.Fprintln(&want, "child", i)
		}
	}
	if got := out.stdout(); got != want.String() {
		t.Errorf("stdout:\n%s", got)
	}
}

// All that was written is there when Do returns, many times over.
func TestDoDeliversEverything(t *testing.T) {
	r, out := newRun(t, 1)
	size := 0
	for i := range 200 {
		line := strings.Repeat("x", i*701%70_000) + "\n"
		r.Do(func() {
			_, _ = io.WriteString(task.Stdout(), line)
			_, _ = io.WriteString(task.Stderr(), line)
		})
		size += len(line)
		if a, b := len(out.stdout()), len(out.stderr()); a != size || b != size {
			t.Fatalf("round %d: %d and %d bytes of %d", i, a, b, size)
		}
	}
}

// slow is an Output that takes its time, like a client over a bad connection.
type slow struct {
	*record
	gate chan struct{}
}

func (s slow) Write(stream string, p []byte) {
	<-s.gate
	s.record.Write(stream, p)
}

func TestDoWaitsForSlowOutput(t *testing.T) {
	out := slow{newRecord(), make(chan struct{})}
	r := task.NewRun(1, out)
	written := make(chan struct{})
	done := make(chan struct{})
	go func() {
		defer close(done)
		r.Do(func() {
			fmt.Fprint(task.Stdout(), "slow")
			close(written)
		})
	}()
	<-written
	select {
	case <-done:
		t.Error("Do returned before its output was delivered")
	case out.gate <- struct{}{}:
	}
	await(t, done, "end of Do")
	if got := out.stdout(); got != "slow" {
		t.Errorf("stdout = %q", got)
	}
	closeRun(t, r)
}

// A task that prints for ever to somebody who does not listen can be killed.
func TestKillBlockedPrinters(t *testing.T) {
	for _, form := range []string{"direct", "pipe"} {
		t.Run(form, func(t *testing.T) {
			out := slow{newRecord(), make(chan struct{})}
			r := task.NewRun(1, out)
			blocked := func() bool { return count(r, task.WaitOutput) >= 3 }
			go func() {
				until(t, "printers wait", blocked)
				r.Kill(nil)
			}()
			end := r.Do(func() {
				if form == "pipe" {
					task.Stdout()
				}
				for range 4 {
					task.Go(0, func() {
						for {
							task.Print(strings.Repeat("y", 8000))
						}
					})
				}
				task.Forever(0)
			})
			if !end.Killed {
				t.Errorf("end = %+v", end)
			}
			close(out.gate)
			closeRun(t, r)
		})
	}
}

func TestOutputBelongsToTheTask(t *testing.T) {
	const cells, tasks, lines = 10, 50, 40
	var outs []*record
	var all sync.WaitGroup
	for c := range cells {
		r, out := newRun(t, c)
		outs = append(outs, out)
		r.Do(func() {
			for i := range tasks / cells {
				all.Add(1)
				task.Go(0, func() {
					defer all.Done()
					for range lines {
						switch i % 5 {
						case 0:
							task.Println("cell", c)
						case 1:
							fmt.Fprintln(task.Stdout(), "cell", c)
						case 2:
							task.Printf("cell %d\n", c)
						case 3:
							_, _ = task.Stdout().WriteString(fmt.Sprintf("cell %d\n", c))
						default:
							cmd := task.Command("echo", "cell", fmt.Sprint(c))
							cmd.Stdout = task.Stdout()
							_ = cmd.Run()
						}
					}
				})
			}
		})
	}
	all.Wait()
	for c, out := range outs {
		want := fmt.Sprintf("cell %d\n", c)
		until(t, "all lines", func() bool { return len(out.stdout()) == len(want)*lines*tasks/cells })
		if got := strings.ReplaceAll(out.stdout(), want, ""); got != "" {
			t.Errorf("cell %d also printed %q", c, got)
		}
	}
}

// The file of a stream can be kept and used when its run is long over.
func TestFileOutlivesTheRun(t *testing.T) {
	out := newRecord()
	var w *os.File
	func() {
		task.NewRun(1, out).Do(func() { w = task.Stdout() })
	}()
	r, _ := newRun(t, 2)
	r.Do(func() {
		for range 3 {
			runtime.GC()
		}
		if _, err := fmt.Fprint(w, "late"); err != nil {
			t.Error(err)
		}
	})
	until(t, "the late text", func() bool { return out.stdout() == "late" })
	if w.Name() != "/dev/stdout" {
		t.Errorf("it is called %s", w.Name())
	}
	w = nil
	// What nobody can write to any more is collected, and its goroutine ends: goleak checks that.
	r.Do(runtime.GC)
}

func TestAssignedStdout(t *testing.T) {
	r, out := newRun(t, 1)
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	r.Do(func() {
		old := task.Stdout() // what a cell gets that saves os.Stdout
		original := os.Stdout
		defer func() { os.Stdout = original }()
		os.Stdout = write
		task.Print("to the pipe")
		fmt.Fprint(task.Stdout(), ", all of it")
		os.Stdout = old
		task.Print("back")
		if task.Stdout() != old {
			t.Error("not the cell's file")
		}
		// Another cell is not affected by the file that was put back.
		q, other := newRun(t, 2)
		q.Do(func() { task.Print("other") })
		if got := other.stdout(); got != "other" {
			t.Errorf("the other cell printed %q", got)
		}
	})
	write.Close()
	if got, _ := io.ReadAll(read); string(got) != "to the pipe, all of it" {
		t.Errorf("the pipe got %q", got)
	}
	if got := out.stdout(); got != "back" {
		t.Errorf("stdout = %q", got)
	}
}

// A goroutine that is no task prints for the run in the foreground.
func TestForeignGoroutinePrintsInForeground(t *testing.T) {
	r, out := newRun(t, 1)
	r.Do(func() {
		done := make(chan int)
		go func() {
			defer close(done)
			task.Print("foreign ")
			fmt.Fprint(task.Stdout(), "file")
		}()
		<-done
	})
	if got := out.stdout(); got != "foreign file" {
		t.Errorf("stdout = %q", got)
	}
}

func TestInstallLog(t *testing.T) {
	flags, w := log.Flags(), log.Writer()
	defer func() { log.SetFlags(flags); log.SetOutput(w) }()
	task.InstallLog()
	log.SetFlags(0)
	r, out := newRun(t, 1)
	q, other := newRun(t, 2)
	r.Do(func() {
		log.Print("one")
		q.Do(func() { log.Print("two") })
		slog.Info("three", "n", 3)
		fmt.Fprintln(task.Stderr(), "four")
		log.Print("five")
	})
	if got, want := out.stderr(), "one\nINFO three n=3\nfour\nfive\n"; got != want {
		t.Errorf("stderr = %q, want %q", got, want)
	}
	if got := other.stderr(); got != "two\n" {
		t.Errorf("the other cell has %q", got)
	}
}

// Go itself is asked how the builtins print.
func TestBuiltinPrint(t *testing.T) {
	type celsius float64
	var nothing []int
	if os.Getenv(panicVariable) == "builtin" {
		print("a", 1, -2, uint8(3), true, 'x', "\n")
		println("b", 1.5, float32(0.1), 1e100, 2i, complex64(1+2i), celsius(3))
		println(nothing, (*int)(nil), (chan int)(nil), (func())(nil), (map[int]int)(nil), uintptr(7), any(nil))
		println()
		return
	}
	r, out := newRun(t, 1)
	r.Do(func() {
		task.BuiltinPrint("a", 1, -2, uint8(3), true, 'x', "\n")
		task.BuiltinPrintln("b", 1.5, float32(0.1), 1e100, 2i, complex64(1+2i), celsius(3))
		task.BuiltinPrintln(nothing, (*int)(nil), (chan int)(nil), (func())(nil), (map[int]int)(nil), uintptr(7), any(nil))
		task.BuiltinPrintln()
	})
	cmd := exec.Command(os.Args[0], "-test.run=^TestBuiltinPrint$")
	cmd.Env = append(os.Environ(), panicVariable+"=builtin")
	var want bytes.Buffer
	cmd.Stderr = &want
	if err := cmd.Run(); err != nil {
		t.Fatal(err)
	}
	if got := out.stderr(); got != want.String() {
		t.Errorf("printed\n%swant\n%s", got, &want)
	}
}

func TestBuiltinPrintAddresses(t *testing.T) {
	r, out := newRun(t, 1)
	s := make([]int, 2, 5)
	r.Do(func() { task.BuiltinPrintln(s, &s, make(chan int), task.BuiltinPrint, struct{ a, b int }{1, 2}) })
	if !regexp.MustCompile(`^\[2/5\]0x[0-9a-f]+( 0x[0-9a-f]+){4}\n$`).MatchString(out.stderr()) {
		t.Errorf("stderr = %q", out.stderr())
	}
}

func TestExit(t *testing.T) {
	if os.Getenv(panicVariable) == "exit" {
		task.OnExit(func(code int) { fmt.Printf("goodbye %d", code) })
		task.NewRun(1, toProcess{}).Do(func() {
			task.Print("direct ")
			fmt.Fprint(task.Stdout(), "piped ")
			task.Exit(3)
		})
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestExit$")
	cmd.Env = append(os.Environ(), panicVariable+"=exit")
	out, err := cmd.Output()
	if exit, ok := err.(*exec.ExitError); !ok || exit.ExitCode() != 3 || string(out) != "direct piped goodbye 3" {
		t.Errorf("%v: %q", err, out)
	}
}

// toProcess is an Output that writes to the process's own descriptors, slowly.
type toProcess struct{ *record }

func (toProcess) Write(stream string, p []byte) {
	f := os.Stdout
	if stream == "stderr" {
		f = os.Stderr
	}
	for i := range p {
		runtime.Gosched()
		_, _ = f.Write(p[i : i+1])
	}
}

func TestFatal(t *testing.T) {
	forms := map[string]func(){
		"fatal":   func() { task.Fatal("bye", 1) },
		"fatalf":  func() { task.Fatalf("bye%d", 1) },
		"fatalln": func() { task.Fatalln("bye1") },
	}
	if f := forms[os.Getenv(panicVariable)]; f != nil {
		task.InstallLog()
		log.SetFlags(log.Lshortfile)
		task.NewRun(1, toProcess{}).Do(func() {
			fmt.Fprint(task.Stdout(), "piped ")
			f()
		})
	}
	for name := range forms {
		cmd := exec.Command(os.Args[0], "-test.run=^TestFatal$")
		cmd.Env = append(os.Environ(), panicVariable+"="+name)
		var stdout, stderr bytes.Buffer
		cmd.Stdout, cmd.Stderr = &stdout, &stderr
		err := cmd.Run()
		if exit, ok := err.(*exec.ExitError); !ok || exit.ExitCode() != 1 || stdout.String() != "piped " ||
			!regexp.MustCompile(`^output_test.go:\d+: bye1\n$`).Match(stderr.Bytes()) {
			t.Errorf("%v: %q, %q", err, &stdout, &stderr)
		}
	}
}
