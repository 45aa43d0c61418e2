package live

import (
	"context"
	"errors"
	"fmt"
	"go/types"
	"io"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gobraid/gobraid/concurrency/task"
	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/interp/check"
	"github.com/gobraid/gobraid/interp/display"
	"github.com/gobraid/gobraid/interp/engine"
	"github.com/gobraid/gobraid/interp/magic"
	"github.com/gobraid/gobraid/interp/split"
)

// Options say how a session runs cells.
type Options struct {
	// Engine is "auto" (the default), "yaegi" or "compiled".
	Engine string
	// Yaegi and Compiled are the engines. One may be nil.
	Yaegi, Compiled engine.Engine
	// Importer gives the types of packages, Suggest the import paths for a package name and a symbol.
	Importer types.Importer
	Suggest  func(pkg, symbol string) []string
	// Preload are the import paths of packages that are in scope from the beginning.
	Preload []string
}

// A Session runs cells in this process. It is an [interp.Runner].
type Session struct {
	engines  map[string]engine.Engine
	mode     string // the engine cells ask for
	magics   *magic.Registry
	texts    *texts
	runMu    sync.Mutex // held while a cell runs
	checker  *check.Checker
	scope    *engine.Scope
	log      *runs
	warming  sync.WaitGroup
	shutdown context.CancelFunc

	mu     sync.Mutex
	cancel context.CancelCauseFunc // ends the running cell; nil when none runs
	names  []interp.Name
}

// errInterrupt is the cause of a run that was interrupted.
var errInterrupt = errors.New("interrupted")

// New returns a session. It must be closed.
func New(opts Options) (*Session, error) {
	s := &Session{
		engines: map[string]engine.Engine{},
		mode:    "auto",
		texts:   newTexts(),
		checker: check.New(opts.Importer, opts.Suggest),
		scope:   &engine.Scope{Bindings: map[types.Object]*engine.Binding{}},
		log:     newRuns(),
	}
	if opts.Engine != "" {
		s.mode = opts.Engine
	}
	for name, e := range map[string]engine.Engine{"yaegi": opts.Yaegi, "compiled": opts.Compiled} {
		if e != nil {
			s.engines[name] = e
		}
	}
	if _, ok := s.engines[s.mode]; !ok && s.mode != "auto" {
		return nil, fmt.Errorf("there is no engine %q: it is auto, yaegi or compiled", s.mode)
	}
	for _, path := range opts.Preload {
		if err := s.checker.Preload(path); err != nil {
			return nil, err
		}
	}
	s.updateNames()
	s.magics = s.registry()
	var ctx context.Context
	ctx, s.shutdown = context.WithCancel(context.Background())
	task.InstallLog()
	s.log.watch(s)
	for _, e := range s.engines {
		if a, ok := e.(engine.Checker); ok {
			s.warming.Go(func() { _ = a.Available(ctx) }) // asked again, with the answer, when it is needed
		}
	}
	return s, nil
}

// Close ends everything the session's cells have started and waits for it; what is inside library
// code is given up after a moment.
func (s *Session) Close() error {
	s.Interrupt()
	s.runMu.Lock()
	defer s.runMu.Unlock()
	s.shutdown()
	s.warming.Wait()
	err := s.log.close()
	for _, e := range s.engines {
		if c, ok := e.(io.Closer); ok {
			err = errors.Join(err, c.Close())
		}
	}
	return err
}

// Interrupt ends the running cell.
func (s *Session) Interrupt() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cancel != nil {
		s.cancel(errInterrupt)
	}
}

// Names lists what is in scope.
func (s *Session) Names() []interp.Name {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.names)
}

// OnExit has announce called before a cell's os.Exit ends the process.
func (s *Session) OnExit(announce func(code int)) { task.OnExit(announce) }

// Run runs one cell.
func (s *Session) Run(ctx context.Context, req interp.Request, out interp.Sink) interp.Outcome {
	s.runMu.Lock()
	defer s.runMu.Unlock()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	s.mu.Lock()
	s.cancel = cancel
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		s.cancel = nil
		s.mu.Unlock()
	}()
	start := time.Now()
	outcome := s.run(ctx, req, out)
	if outcome.Error == nil && len(req.Expressions) > 0 {
		outcome.Expressions = s.expressions(ctx, req, out)
	}
	s.updateNames()
	if outcome.Metadata == nil {
		outcome.Metadata = map[string]any{}
	}
	outcome.Metadata["engine"] = outcome.Engine
	outcome.Metadata["seconds"] = time.Since(start).Seconds()
	return outcome
}

// run takes the cell through the magics and, if Go is left, through the stages.
func (s *Session) run(ctx context.Context, req interp.Request, out interp.Sink) interp.Outcome {
	calls, text := magic.Parse(req.Source)
	for _, c := range calls {
		if err := s.magics.Check(c); err != nil {
			return interp.Outcome{Error: magicError(err)}
		}
	}
	first := firstLine(text)
	var outcome interp.Outcome
	env := magic.Env{Out: out}
	after := slices.IndexFunc(calls, func(c magic.Call) bool { return c.Line > first })
	if after < 0 {
		after = len(calls)
	}
	for _, c := range calls[:after] {
		if err := s.magics.Run(ctx, c, env); err != nil {
			return interp.Outcome{Error: s.magicFailed(ctx, err)}
		}
	}
	if strings.TrimSpace(text) != "" {
		if outcome = s.runGo(ctx, req, text, out); outcome.Error != nil {
			return outcome
		}
	}
	for _, c := range calls[after:] {
		if err := s.magics.Run(ctx, c, env); err != nil {
			outcome.Error, outcome.Result = s.magicFailed(ctx, err), nil
			return outcome
		}
	}
	return outcome
}

// firstLine returns the number of the first line that is not blank, a large one if all are.
func firstLine(text string) int {
	n := 0
	for line := range strings.Lines(text) {
		n++
		if strings.TrimSpace(line) != "" {
			return n
		}
	}
	return n + 1
}

// runGo takes the Go text of a cell through the stages.
func (s *Session) runGo(ctx context.Context, req interp.Request, text string, out interp.Sink) interp.Outcome {
	id := s.texts.id(req, text)
	cell, errs := s.checker.Check(id, s.texts.virtual(id), split.CallMain(text))
	if len(errs) > 0 {
		return interp.Outcome{Error: s.compileError(errs)}
	}
	if v, ok := cell.Untyped(); ok && tooLarge(v) && len(cell.Stmts) == 0 && len(cell.Decls) == 0 {
		return interp.Outcome{Result: constantData(v, cell.Info.Types[cell.Result].Type)} // no engine has a value like that
	}
	if onlyImports(cell) {
		s.checker.Declare(cell, 0)
		return interp.Outcome{}
	}
	prog, name, err := s.prepare(ctx, cell, req.Engine, out)
	if err != nil {
		return interp.Outcome{Error: s.prepareError(ctx, err)}
	}
	sink := &output{sink: out, allowed: req.AllowStdin}
	run := s.log.start(id, sink)
	stop := context.AfterFunc(ctx, func() { run.Kill(errInterrupt) })
	defer stop()
	var vals []reflect.Value
	var result *interp.Data
	end := run.Do(func() {
		vals = prog.Run()
		if !req.Silent {
			result = s.result(cell, vals)
		}
	})
	s.log.ended(run)
	s.declare(cell, prog, end)
	outcome := interp.Outcome{Engine: name, Error: s.endError(end)}
	if outcome.Error == nil {
		outcome.Result = result
	}
	return outcome
}

// onlyImports tells whether there is nothing to run in a cell. An import for its effects is something.
func onlyImports(cell *check.Cell) bool {
	for _, spec := range cell.Imports {
		if spec.Name != nil && spec.Name.Name == "_" {
			return false
		}
	}
	return len(cell.Decls) == 0 && len(cell.Stmts) == 0 && cell.Result == nil && !cell.Program
}

// declare makes what the cell declared visible to later cells.
func (s *Session) declare(cell *check.Cell, prog engine.Program, end task.End) {
	defined := len(cell.Vars)
	if c, ok := prog.(engine.Counter); ok && (end.Panic != nil || end.Killed || end.Goexit) {
		defined = c.Defined()
	}
	for obj, b := range prog.Bindings() {
		s.scope.Bindings[obj] = b
	}
	s.checker.Declare(cell, defined)
}

// result shows the value of the trailing expression.
func (s *Session) result(cell *check.Cell, vals []reflect.Value) *interp.Data {
	if cell.Result == nil {
		return nil
	}
	if v, ok := cell.Untyped(); ok {
		return constantData(v, cell.Info.Types[cell.Result].Type)
	}
	var typs []types.Type
	switch t := cell.Info.Types[cell.Result].Type.(type) {
	case *types.Tuple:
		for v := range t.Variables() {
			typs = append(typs, v.Type())
		}
	default:
		typs = append(typs, t)
	}
	if len(vals) == 0 || len(vals) != len(typs) {
		return nil
	}
	return display.Values(vals, typs)
}

// expressions evaluates user expressions, each as a cell of its own.
func (s *Session) expressions(ctx context.Context, req interp.Request, out interp.Sink) map[string]interp.Expression {
	all := map[string]interp.Expression{}
	for name, text := range req.Expressions {
		o := s.runGo(ctx, interp.Request{Number: req.Number, Source: text, Engine: req.Engine}, text, out)
		all[name] = interp.Expression{Result: o.Result, Error: o.Error}
	}
	return all
}

func (s *Session) updateNames() {
	var names []interp.Name
	for _, obj := range s.checker.Objects() {
		n := interp.Name{Name: obj.Name(), Type: typeText(obj), Cell: s.texts.number(s.checker.CellOf(obj)), Kind: "var"}
		switch obj.(type) {
		case *types.Func:
			n.Kind = "func"
		case *types.TypeName:
			n.Kind = "type"
		case *types.Const:
			n.Kind = "const"
		}
		names = append(names, n)
	}
	for name, path := range s.checker.Imports() {
		names = append(names, interp.Name{Name: name, Kind: "package", Type: path})
	}
	slices.SortFunc(names, func(a, b interp.Name) int { return strings.Compare(a.Name, b.Name) })
	s.mu.Lock()
	s.names = names
	s.mu.Unlock()
}

// typeText writes the type of an object as a reader of the notebook would.
func typeText(obj types.Object) string {
	t := obj.Type()
	if _, ok := obj.(*types.TypeName); ok {
		t = t.Underlying()
	}
	return types.TypeString(t, func(p *types.Package) string {
		if p.Path() == "main" {
			return ""
		}
		return p.Name()
	})
}
