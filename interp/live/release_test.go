package live_test

import (
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/gobraid/gobraid/interp"
)

// descriptors returns how many descriptors the process has open.
func descriptors(t *testing.T) int {
	t.Helper()
	list, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip(err)
	}
	return len(list)
}

func TestRunsAreReleased(t *testing.T) {
	s := newSession(t)
	out := newSink()
	number := 0
	run := func(text string) {
		t.Helper()
		number++
		if o := s.Run(t.Context(), interp.Request{Number: number, Source: text}, out); o.Error != nil {
			t.Fatal(o.Error.Traceback)
		}
	}
	run("import (\"fmt\"; \"os\"; \"time\")\nvar kept *os.File\ntell, told := make(chan bool), make(chan bool)")
	run("kept = os.Stdout\ngo func() { <-tell; fmt.Fprintln(os.Stdout, \"from the task\"); told <- true }()")
	run("time.AfterFunc(24*time.Hour, func() { fmt.Fprintln(os.Stdout, \"never\") })")
	before := descriptors(t)
	const cells = 150
	for range cells {
		run("fmt.Fprintln(os.Stdout, \"x\")")
	}
	for deadline := time.Now().Add(20 * time.Second); descriptors(t) > before+4; runtime.Gosched() {
		if time.Now().After(deadline) {
			t.Fatalf("%d descriptors are open after %d cells, %d before", descriptors(t), cells, before)
		}
		runtime.GC()
	}
	out.take(interp.Stdout)
	run("close(tell)\n<-told\nfmt.Fprintln(kept, \"to the kept file\")")
	want := "from the task\nto the kept file\n"
	if got := out.await(t, interp.Stdout, want); got != want {
		t.Fatalf("output %q, want %q", got, want)
	}
}
