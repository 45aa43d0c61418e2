package program

import (
	"context"
	"errors"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// command writes and builds a program of one cell.
func command(t *testing.T, body string) (*Command, *strings.Builder) {
	t.Helper()
	n := newNotebook(t)
	p, err := n.book.Program(n.check(body), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	return &Command{
		Exe: build(t, p, false), Stdout: func(b []byte) { out.WriteString("1>" + string(b)) },
		Stderr: func(b []byte) { out.WriteString("2>" + string(b)) },
	}, &out
}

func TestEnd(t *testing.T) {
	for _, test := range []struct {
		name, body, out, death, signal string
		status                         int
	}{
		{name: "good", body: `println("x")`, out: "2>x\n"},
		{name: "status", body: "import \"os\"\nos.Exit(3)", status: 3},
		{name: "panic", body: "println(\"before\")\npanic(\"oh\")", out: "2>before\n", death: "panic: oh\n", status: 2},
		{name: "no panic", body: `println("panic: only said")`, out: "2>panic: only said\n"},
		{name: "no death", body: "import \"os\"\nprintln(\"panic: only said\")\nos.Exit(2)", out: "2>panic: only said\n", status: 2},
		{name: "fatal", body: `select {}`, death: "fatal error: all goroutines are asleep - deadlock!\n", status: 2},
		{name: "signal", body: "import \"syscall\"\nsyscall.Kill(syscall.Getpid(), syscall.SIGTERM)\nselect {}", signal: "SIGTERM", status: -1},
		{name: "input", body: "import (\"bufio\"; \"os\")\n_, err := bufio.NewReader(os.Stdin).ReadString('x')\nprintln(err.Error())", out: "2>EOF\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, out := command(t, test.body)
			end, err := c.Run(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.ReplaceAll(strings.ReplaceAll(out.String(), "2>\n", "\n"), "\n\n", "\n"); got != test.out {
				t.Errorf("output %q, want %q", got, test.out)
			}
			if end.Status != test.status || end.Signal != test.signal {
				t.Errorf("status %d, signal %q", end.Status, end.Signal)
			}
			if !strings.HasPrefix(end.Death, test.death) || (end.Death != "") != (test.death != "") {
				t.Errorf("death %q", end.Death)
			}
		})
	}
}

// TestInterrupt ends a program with a child of its own: both are gone.
func TestInterrupt(t *testing.T) {
	c, _ := command(t, `import ("fmt"; "os/exec")
cmd := exec.Command("sleep", "1000")
if err := cmd.Start(); err != nil { panic(err) }
fmt.Println(cmd.Process.Pid)
cmd.Wait()`)
	ctx, cancel := context.WithCancelCause(t.Context())
	cause := errors.New("interrupted by the test")
	var pid int
	c.Stdout = func(b []byte) {
		pid, _ = strconv.Atoi(strings.TrimSpace(string(b)))
		cancel(cause)
	}
	if _, err := c.Run(ctx); !errors.Is(err, cause) {
		t.Errorf("error %v", err)
	}
	if pid == 0 {
		t.Fatal("the child did not start")
	}
	for deadline := time.Now().Add(10 * time.Second); syscall.Kill(pid, 0) == nil && !zombie(pid); {
		if time.Now().After(deadline) {
			t.Fatal("the child still runs")
		}
	}
}

// zombie tells whether a process has ended and only waits to be noticed.
func zombie(pid int) bool {
	b, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	_, after, _ := strings.Cut(string(b), ") ")
	return err != nil || strings.HasPrefix(after, "Z")
}

// TestLeft runs a program that leaves a process behind which holds its output.
func TestLeft(t *testing.T) {
	c, _ := command(t, `import ("os"; "os/exec")
cmd := exec.Command("sleep", "1000")
cmd.Stdout = os.Stdout
if err := cmd.Start(); err != nil { panic(err) }`)
	end, err := c.Run(t.Context())
	if err != nil || !end.Left {
		t.Errorf("end %+v, error %v", end, err)
	}
}

// TestDeathWatch cuts a text everywhere: what is passed on and what is kept does not depend on it.
func TestDeathWatch(t *testing.T) {
	const text = "panicky\nnot a panic: x\npanic: oh\n\ngoroutine 1 [running]:\nmain.main()\n"
	for i := range len(text) {
		for j := i; j < len(text); j++ {
			var out strings.Builder
			d := &deathWatch{to: func(b []byte) { out.Write(b) }}
			for _, part := range []string{text[:i], text[i:j], text[j:]} {
				if part != "" {
					d.write([]byte(part))
				}
			}
			if got := d.take(); got != text[len("panicky\nnot a panic: x\n"):] || out.String() != "panicky\nnot a panic: x\n" {
				t.Fatalf("cut at %d and %d: kept %q, passed on %q", i, j, got, &out)
			}
		}
	}
}

func TestParseTrace(t *testing.T) {
	tr := ParseTrace(`panic: runtime error: invalid memory address or nil pointer dereference
[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x1]

goroutine 7 [running]:
sort.Slice({0x1, 0x2}, 0x3)
	/go/src/sort/slice.go:29 +0x3c
main.(*box[...]).less(0x1, {0x2})
	/gobraid.cell/3.go:7 +0x18
main.main.func1()
	/gobraid.cell/4.go:2 +0x2
created by main.main in goroutine 1
	/gobraid.cell/4.go:1 +0x2

goroutine 1 [chan receive]:
main.main()
	/gobraid.cell/4.go:9 +0x2
`)
	if tr.Title != "panic: runtime error: invalid memory address or nil pointer dereference" || len(tr.Stack) != 2 || tr.Started == nil {
		t.Fatalf("%+v", tr)
	}
	if f := tr.Stack[0]; f.Cell != 3 || f.Line != 7 || f.Func != "(*box[...]).less" {
		t.Errorf("%+v", f)
	}
	if tr.Started.Line != 1 || tr.Started.Cell != 4 {
		t.Errorf("%+v", tr.Started)
	}
}
