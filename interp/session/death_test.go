//go:build unix

package session_test

import (
	"strings"
	"testing"

	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/interp/session"
)

var deathTests = []struct {
	name, cell string
	error      string
	exit       int // -1: none
	value      string
	lines      []string
}{
	{"os.Exit", "exit 3", interp.ErrExit, 3, "exit status 3", nil},
	{"os.Exit(0)", "exit 0", interp.ErrExit, 0, "exit status 0", nil},
	{"os.Exit(2)", "builtin panic: no panic\nexit 2", interp.ErrExit, 2, "exit status 2", nil},
	{"a library's os.Exit", "raw-exit 2", interp.ErrExit, 2, "exit status 2", nil},
	{"concurrent map writes", "map-race", interp.ErrSession, -1, "fatal error: concurrent map writes",
		[]string{"\ncell 3, line 7, in mapRace.func1\n    7 | line seven of the cell\ngoroutine started at cell 3, line 5\n"}},
	{"stack overflow", "overflow", interp.ErrSession, -1, "fatal error: stack overflow",
		[]string{"\ncell 4, line 3, in overflow\nand so on\n"}},
	{"panic in a library's goroutine", "library-panic", interp.ErrSession, -1, "panic: boom",
		[]string{"\ncell 5, line 6, in libraryPanic.func1\ngoroutine started at cell 5, line 5\n"}},
	{"kill -9", "kill 9", interp.ErrSession, -1,
		"the session process was ended by a signal: killed (if not by you, then perhaps by the system, short of memory)", nil},
	{"SIGTERM", "kill 15", interp.ErrSession, -1, "the session process was ended by a signal: terminated", nil},
	{"SIGSEGV", "kill 11", interp.ErrSession, -1, "SIGSEGV: segmentation violation", nil},
	{"nonsense on the connection", "garbage", interp.ErrSession, -1, "the session process broke its connection: session: not a frame", nil},
	{"a closed connection", "close-connection", interp.ErrSession, -1, "the session process closed its connection", nil},
}

func TestDeath(t *testing.T) {
	for _, test := range deathTests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			h := start(t, nil)
			h.good("func f\nfunc g")
			h.good("var x\nvar data")
			r := newRecorder()
			o := h.cell("print before\neprint too\n"+test.cell+"\n\n\n\nline seven of the cell", r)
			if o.Error == nil {
				t.Fatal("the cell succeeded")
			}
			text := strings.Join(o.Error.Traceback, "\n")
			if o.Error.Name != test.error || o.Error.Value != test.value {
				t.Errorf("error %s %q, want %s %q\n%s", o.Error.Name, o.Error.Value, test.error, test.value, text)
			}
			if exit := exitOf(o); exit != test.exit {
				t.Errorf("exit %d, want %d", exit, test.exit)
			}
			contains(t, text, test.lines...)
			contains(t, text, "\nLost variables: data, x. %replay runs")
			if r.stdout() != "before\n" || strings.Contains(r.stderr(), "goroutine") {
				t.Errorf("printed %q and %q", r.stdout(), r.stderr())
			}
			if got := h.good("print after"); got != "after\n" {
				t.Errorf("the next cell printed %q", got)
			}
			if names := h.Names(); len(names) != 2 || names[0].Name != "f" || names[1].Name != "g" {
				t.Errorf("names afterwards: %v", names)
			}
		})
	}
}

func exitOf(o interp.Outcome) int {
	if o.Exit == nil {
		return -1
	}
	return *o.Exit
}

func TestOnce(t *testing.T) {
	t.Parallel()
	h := start(t, func(c *session.Config) { c.Once = true })
	_, text := h.bad("exit 3", interp.ErrExit)
	if text != "exit status 3" {
		t.Errorf("report %q", text)
	}
	_, text = h.bad("print on", interp.ErrSession)
	contains(t, text, "there is no session: exit status 3")
}

func TestDeathInRestore(t *testing.T) {
	t.Parallel()
	h := start(t, nil)
	h.good("func f")
	// The cell that dies is brought back as well, and kills the fresh process: it is left out then.
	_, text := h.bad("restore-exit\nexit 3", interp.ErrExit)
	contains(t, text, "Bringing the declarations of 2 cells back failed: exit status 9", "are declared again")
	if names := h.Names(); len(names) != 1 {
		t.Errorf("names %v", names)
	}
	// One that succeeded cannot be left out alone.
	h.good("restore-exit\nfunc g")
	_, text = h.bad("raw-exit 4", interp.ErrExit)
	contains(t, text, "failed: exit status 9", "A fresh session process was started.")
	if names := h.Names(); len(names) != 0 {
		t.Errorf("names %v", names)
	}
	h.good("print on")
}

func TestRestoreErrors(t *testing.T) {
	t.Parallel()
	h := start(t, nil)
	h.good("restore-error")
	_, text := h.bad("exit 1", interp.ErrExit)
	contains(t, text, "\nfunc f cannot be declared")
}

func TestInterruptedRestore(t *testing.T) {
	t.Parallel()
	h := start(t, nil)
	hanging := fifo(t)
	h.good("restore-hang " + hanging)
	done := h.running("exit 1", newRecorder())
	awaitWriter(t, hanging)
	h.Interrupt()
	o := <-done
	if o.Error == nil || o.Error.Name != interp.ErrExit {
		t.Fatalf("outcome %+v", o)
	}
	contains(t, strings.Join(o.Error.Traceback, "\n"), "back failed: context canceled", "A fresh session process was started.")
}

func TestNoStart(t *testing.T) {
	for mode, want := range map[string]string{
		"error": "no engine at all",
		"exit":  "exit status 4\ncannot go on",
		"panic": "open panics",
	} {
		cfg := testConfig("stderr")
		cfg.Env = append(cfg.Env, "GOBRAID_SESSION_TEST_OPEN="+mode)
		_, err := session.Start(t.Context(), cfg)
		if err == nil {
			t.Fatalf("%s: started", mode)
		}
		contains(t, err.Error(), want)
	}
	if _, err := session.Start(t.Context(), session.Config{Path: "/nowhere/gobraid"}); err == nil {
		t.Error("started without a program")
	}
}

// A session that cannot start again is said to be none, cell after cell, without spinning.
func TestNoSecondStart(t *testing.T) {
	t.Parallel()
	flag := t.TempDir() + "/flag"
	h := start(t, func(c *session.Config) {
		c.Env = append(c.Env, "GOBRAID_SESSION_TEST_OPEN=once", "GOBRAID_SESSION_TEST_FLAG="+flag)
	})
	_, text := h.bad("exit 3", interp.ErrExit)
	contains(t, text, "There is no session now: the session process did not start: exit status 5")
	_, text = h.bad("print on", interp.ErrSession)
	contains(t, text, "there is no session: the session process did not start: exit status 5")
	remove(t, flag)
	if got := h.good("print on"); got != "on\n" {
		t.Errorf("printed %q", got)
	}
}
