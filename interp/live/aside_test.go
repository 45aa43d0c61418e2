package live_test

import (
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/gobraid/gobraid/interp"
)

// TestAside asks for the tasks and the locks while a cell runs, and ends the cell with %kill.
func TestAside(t *testing.T) {
	s := newSession(t)
	cell, out := newSink(), newSink()
	ended := make(chan interp.Outcome)
	go func() {
		ended <- s.Run(t.Context(), interp.Request{Number: 1, Source: "import \"sync\"\nvar mu sync.Mutex\nmu.Lock()\nc := make(chan int)\n" +
			"go func() { println(\"lock\"); mu.Lock() }()\nfor {\n\tselect {\n\tcase <-c:\n\tdefault:\n\t}\n}"}, cell)
	}()
	cell.await(t, interp.Stderr, "lock\n")
	for deadline := time.Now().Add(patience); ; {
		if o := s.Run(t.Context(), interp.Request{Number: 2, Source: "%tasks cell 1\n%locks"}, out); o.Error != nil {
			t.Fatal(o.Error)
		}
		shown := out.shown()
		if strings.Contains(shown, "cell 1, running") && strings.Contains(shown, "func at line 5  waits for mu (line 2)") &&
			strings.Contains(shown, "cell 1, locked at cell 1, line 3") {
			break
		}
		select {
		case o := <-ended:
			t.Fatalf("the cell has ended: %+v, %v\n%s\n%s", o.Error, o.Metadata, cell.take(interp.Stderr), shown)
		default:
		}
		if time.Now().After(deadline) {
			t.Fatal(shown)
		}
		runtime.Gosched()
	}
	if o := s.Run(t.Context(), interp.Request{Number: 3, Source: "%kill cell 1"}, out); o.Error != nil {
		t.Fatal(o.Error)
	}
	o := <-ended
	if o.Error == nil || o.Error.Value != "the cell was ended by %kill" {
		t.Errorf("the cell ended with %v", o.Error)
	}
	if got := out.take(interp.Stdout); !strings.Contains(got, "ended 2 tasks") {
		t.Errorf("%%kill says %q", got)
	}
	about, _ := o.Metadata["gobraid"].(map[string]any)
	if about["tasks"] != int64(2) || about["engine"] != "compiled" {
		t.Errorf("the metadata is %v", about)
	}
}
