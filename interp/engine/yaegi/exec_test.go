package yaegi_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"go/token"
	"io"
	"os"
	"reflect"
	"sync"
	"testing"

	"github.com/gobraid/gobraid/concurrency/task"
	"github.com/gobraid/gobraid/interp/check"
	"github.com/gobraid/gobraid/interp/check/stdtypes"
	"github.com/gobraid/gobraid/interp/engine"
	"github.com/gobraid/gobraid/interp/engine/yaegi"
	"go/types"
)

// TestMain makes the test binary a program that runs one file, so that the tests may kill it and the
// conformance command can drive it: yaegi.test exec --engine yaegi FILE.
func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == "exec" {
		os.Exit(execFile(os.Args[len(os.Args)-1]))
	}
	os.Exit(m.Run())
}

// A session runs cells on one engine.
type session struct {
	checker *check.Checker
	engine  *yaegi.Engine
	scope   *engine.Scope
	cells   int
}

func newSession() *session {
	return &session{
		checker: check.New(stdtypes.NewImporter(token.NewFileSet()), nil),
		engine:  yaegi.New(),
		scope:   &engine.Scope{Bindings: map[types.Object]*engine.Binding{}},
	}
}

// prepare takes a cell to the engine.
func (s *session) prepare(text string) (*check.Cell, engine.Program, error) {
	s.cells++
	cell, errs := s.checker.Check(s.cells, task.CellFile(s.cells), text)
	if len(errs) > 0 {
		return nil, nil, fmt.Errorf("%v: %s", errs[0].Pos, errs[0].Msg)
	}
	p, err := s.engine.Prepare(cell, s.scope)
	return cell, p, err
}

// run runs a cell and returns its results and how it ended.
func (s *session) run(text string, out task.Output) ([]reflect.Value, task.End, error) {
	cell, p, err := s.prepare(text)
	if err != nil {
		return nil, task.End{}, err
	}
	var vals []reflect.Value
	run := task.NewRun(s.cells, out)
	end := run.Do(func() { vals = p.Run() })
	for obj, b := range p.Bindings() {
		s.scope.Bindings[obj] = b
	}
	s.checker.Declare(cell, len(cell.Vars))
	return vals, end, closeRun(run)
}

// closeRun ends what the run has left.
func closeRun(r *task.Run) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	return r.Close(ctx)
}

// buffer is an Output that keeps everything.
type buffer struct {
	mu  sync.Mutex
	out bytes.Buffer
	err bytes.Buffer
}

func (b *buffer) Write(stream string, p []byte) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if stream == "stdout" {
		b.out.Write(p)
		return
	}
	b.err.Write(p)
}

func (b *buffer) Input(context.Context, string, bool) (string, error) { return "", io.EOF }

func (b *buffer) text() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.out.String()
}

// streams is an Output that goes to the process's own.
type streams struct{}

func (streams) Write(stream string, p []byte) {
	if stream == "stdout" {
		os.Stdout.Write(p)
		return
	}
	os.Stderr.Write(p)
}

func (streams) Input(context.Context, string, bool) (string, error) { return "", io.EOF }

// execFile runs one program as gobraid exec does and returns the exit status.
func execFile(name string) int {
	text, err := os.ReadFile(name)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	_, end, err := newSession().run(string(text), streams{})
	var refused *engine.Refusal
	switch {
	case errors.As(err, &refused):
		fmt.Fprintln(os.Stderr, err)
		return 3
	case err != nil:
		fmt.Fprintln(os.Stderr, "check:", err)
		return 1
	case end.Panic != nil:
		fmt.Fprintln(os.Stderr, end.Panic.Text())
		for _, f := range end.Panic.Stack {
			fmt.Fprintf(os.Stderr, "\tcell %d line %d, in %s\n", f.Cell, f.Line, f.Func)
		}
		return 2
	}
	return 0
}
