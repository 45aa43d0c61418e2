package session

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/gobraid/gobraid/interp"
)

// protocolVersion changes when frames change their meaning. Both ends are the same binary, so a
// difference means that the binary was replaced while the host ran.
const protocolVersion = 3

// Setup is what a session process is told before it opens its runner.
type Setup struct {
	// Engine is the session's engine: "", "auto", "yaegi" or "compiled".
	Engine string `json:"engine,omitempty"`
	// Memory is the limit in bytes that the host enforces; 0 when there is none. The session process
	// itself only makes the garbage collector work harder as it comes near.
	Memory int64 `json:"memory,omitempty"`
}

// A Restorer is a runner that can take earlier cells' declarations back after the process that
// held them died. [Serve] looks for it on the runner it is given.
type Restorer interface {
	// Restore declares again the imports, types, functions and constants of cells, oldest first,
	// without running a statement or an initialiser of a variable. Ending ctx abandons it.
	Restore(ctx context.Context, cells []interp.Request) Restored
}

// Restored is what came of a [Restorer.Restore].
type Restored struct {
	// Lost names the variables that cells had declared and that are not there any more.
	Lost []string `json:"lost,omitempty"`
	// Errors says, a line each, which declarations could not be brought back and why.
	Errors []string `json:"errors,omitempty"`
}

// An ExitNotifier is a runner that knows of user code's os.Exit before it happens. [Serve] hands it
// the function to call, which blocks until the host is certain to learn of it. Without it, an exit
// with status 2 and a crash are told apart by the crash's text alone.
type ExitNotifier interface {
	OnExit(announce func(code int))
}

// A Looker is a runner that has magics which only look at what runs. [Serve] tells the host their names, and runs cells of
// nothing else beside the running cell. Such a runner also runs cells of different subshells beside each other, or has
// them wait for each other.
type Looker interface {
	// Looks returns the names as they are written, such as "%tasks".
	Looks() []string
	// Subshells tells how many subshells there are; at first there is none.
	Subshells(n int)
}

type hello struct {
	Version int      `json:"version"`
	Error   string   `json:"error,omitempty"` // why there is no session
	Looks   []string `json:"looks,omitempty"` // see Looker
}

type subshellNote struct {
	Count int `json:"count"`
}

type clearNote struct {
	Wait bool `json:"wait,omitempty"`
}

type inputRequest struct {
	ID       uint64 `json:"id"`
	Prompt   string `json:"prompt"`
	Password bool   `json:"password,omitempty"`
}

type inputCancel struct {
	ID uint64 `json:"id"`
}

type inputReply struct {
	ID    uint64 `json:"id"`
	Text  string `json:"text"`
	Error string `json:"error,omitempty"`
	EOF   bool   `json:"eof,omitempty"`
}

type exitNote struct {
	Code int `json:"code"`
}

// The stream byte of an output frame.
const (
	streamStdout = 1
	streamStderr = 2
)

func streamByte(s interp.Stream) byte {
	if s == interp.Stderr {
		return streamStderr
	}
	return streamStdout
}

func streamOf(b byte) interp.Stream {
	if b == streamStderr {
		return interp.Stderr
	}
	return interp.Stdout
}

// send writes a frame whose body is v as JSON.
func (f *frameWriter) send(k kind, run uint64, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("session: frame of kind %d: %w", k, err)
	}
	return f.write(header{kind: k, run: run}, body)
}
