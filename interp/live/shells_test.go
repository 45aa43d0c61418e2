package live_test

import (
	"fmt"
	"go/token"
	"strings"
	"sync"
	"testing"

	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/interp/check/stdtypes"
	"github.com/gobraid/gobraid/interp/engine/yaegi"
	"github.com/gobraid/gobraid/interp/live"
)

// TestShells runs cells of several shells beside each other: declarations, the same text in all of them, magics, and one of
// the main shell that waits for the others.
func TestShells(t *testing.T) {
	t.Run("compiled", func(t *testing.T) { testShells(t, newSession(t), 3) })
	t.Run("yaegi", func(t *testing.T) {
		if raceDetector {
			t.Skip("yaegi writes a field anew, with the same value, whenever it takes in a cell, and reads it in code that runs")
		}
		s, err := live.New(live.Options{
			Engine: "yaegi", Yaegi: yaegi.New(), Importer: stdtypes.NewImporter(token.NewFileSet()), Suggest: stdtypes.Exporting,
		})
		if err != nil {
			t.Fatal(err)
		}
		testShells(t, s, 30)
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
}

func testShells(t *testing.T, s *live.Session, each int) {
	const shells = 4
	s.Subshells(shells)
	defer s.Subshells(0)
	var numbers sync.Mutex
	last := 0
	run := func(shell, source string) string {
		numbers.Lock()
		last++
		req := interp.Request{Number: last, Source: source, Subshell: shell}
		numbers.Unlock()
		o := s.Run(t.Context(), req, newSink())
		if o.Error != nil {
			t.Errorf("%q: %s", source, strings.Join(o.Error.Traceback, "\n"))
			return ""
		}
		if o.Result == nil {
			return ""
		}
		return o.Result.MIME["text/plain"].(string)
	}
	run("", "import \"sync\"\nvar mu sync.Mutex\nshared := 0\ndone := make(chan bool)")
	var wg sync.WaitGroup
	wg.Go(func() {
		if got := run("", fmt.Sprintf("ended := 0\nfor range %d {\n\t<-done\n\tended++\n}\nended", shells)); got != fmt.Sprint(shells) {
			t.Errorf("the main shell's cell gives %s", got)
		}
	})
	for n := range shells {
		wg.Go(func() {
			shell := fmt.Sprint("shell", n)
			for i := range each {
				run(shell, fmt.Sprintf("own%d := %d", n, i))
				if got := run(shell, fmt.Sprintf("own%d", n)); got != fmt.Sprint(i) {
					t.Errorf("shell %d reads %s, want %d", n, got, i)
				}
				run(shell, "mu.Lock()\nshared++\nmu.Unlock()") // one text, in all shells
				run(shell, "%tasks")
			}
			run(shell, "done <- true")
		})
	}
	wg.Wait()
	if got := run("", "shared"); got != fmt.Sprint(shells*each) {
		t.Errorf("shared is %s, want %d", got, shells*each)
	}
	if got := run("", "own0 + own1 + own2 + own3"); got != fmt.Sprint(shells*(each-1)) {
		t.Errorf("the names of the shells give %s", got)
	}
}
