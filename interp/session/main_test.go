//go:build unix

package session_test

import (
	"context"
	"fmt"
	"os"
	"testing"

	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/interp/session"
	"go.uber.org/goleak"
)

// The test binary plays all parts: run with this variable set to "session" it is a session process over
// the scripted runner, with "host" a host that somebody will kill.
const roleVariable = "GOBRAID_SESSION_TEST_ROLE"

func TestMain(m *testing.M) {
	switch os.Getenv(roleVariable) {
	case "session":
		os.Exit(session.Child(context.Background(), openScripted))
	case "host":
		os.Exit(beHost())
	}
	goleak.VerifyTestMain(m)
}

// beHost starts a session, has it start a process, tells both process ids and waits to be killed.
func beHost() int {
	s, err := session.Start(context.Background(), testConfig("stderr"))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	o := s.Run(context.Background(), interp.Request{Number: 1, Source: "pid\nspawn"}, printSink{})
	if o.Error != nil {
		fmt.Fprintln(os.Stderr, o.Error)
		return 1
	}
	fmt.Println("ready")
	select {}
}

// printSink prints what it gets.
type printSink struct{}

func (printSink) Output(_ interp.Stream, text []byte) { os.Stdout.Write(text) }
func (printSink) Display(interp.Data)                 {}
func (printSink) Input(context.Context, string, bool) (string, error) {
	return "", fmt.Errorf("no input")
}

// testConfig starts this binary as a session process. The race detector's reports of the deliberate
// races go to log.
func testConfig(log string) session.Config {
	path, err := os.Executable()
	if err != nil {
		panic(err)
	}
	return session.Config{
		Path:   path,
		Env:    append(os.Environ(), roleVariable+"=session", "GORACE=atexit_sleep_ms=0 log_path="+log),
		Memory: -1,
	}
}
