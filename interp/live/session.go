package live

import (
	"context"
	"errors"
	"fmt"
	"go/types"
	"io"
	"io/fs"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gobraid/gobraid/concurrency/process"
	"github.com/gobraid/gobraid/concurrency/task"
	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/interp/check"
	"github.com/gobraid/gobraid/interp/display"
	"github.com/gobraid/gobraid/interp/engine"
	"github.com/gobraid/gobraid/interp/magic"
	"github.com/gobraid/gobraid/interp/modules"
	"github.com/gobraid/gobraid/interp/split"
	"github.com/gobraid/gobraid/interp/workers"
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
	// Sources are gobraid's own sources, which programs are built against when the binary was built with
	// -trimpath; Cache is the folder for what is built, by default one in the user's cache folder.
	Sources fs.FS
	Cache   string
	// Modules gives the packages of modules. It may be nil: then there are none.
	Modules *modules.Set
	// Preload are the import paths of packages that are in scope from the beginning.
	Preload []string
}

// A Session runs cells in this process. It is an [interp.Runner].
type Session struct {
	engines    map[string]engine.Engine
	mode       string // the engine cells ask for
	stats      string // how what a cell has cost is said; mu guards it
	magics     *magic.Registry
	wrappers   map[string]wrapper
	texts      *texts
	places     *places
	turns      turns
	checker    *check.Checker
	scope      *engine.Scope
	log        *runs
	programs   *programs
	modules    *modules.Set
	background *background
	workers    *workers.Book
	warming    sync.WaitGroup
	running    sync.WaitGroup // calls of Run
	shutdown   context.CancelFunc

	mu      sync.Mutex
	cancels map[*context.CancelCauseFunc]bool // end the running cells
	closed  bool
	names   []interp.Name
}

// errInterrupt is the cause of a run that was interrupted.
var errInterrupt = errors.New("interrupted")

// New returns a session. It must be closed.
func New(opts Options) (*Session, error) {
	s := &Session{
		engines:    map[string]engine.Engine{},
		mode:       "auto",
		stats:      statsAuto,
		texts:      newTexts(),
		places:     newPlaces(),
		checker:    check.New(opts.Importer, opts.Suggest),
		scope:      &engine.Scope{Bindings: map[types.Object]*engine.Binding{}},
		log:        newRuns(),
		turns:      newTurns(),
		cancels:    map[*context.CancelCauseFunc]bool{},
		programs:   newPrograms(opts),
		modules:    opts.Modules,
		background: newBackground(),
		workers:    workers.NewBook(),
	}
	if dir, err := os.Getwd(); err == nil {
		s.checker.Folder(dir) // as it is now: a cell may change it
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
	s.hostWorkers()
	s.magics = s.registry()
	var ctx context.Context
	ctx, s.shutdown = context.WithCancel(context.Background())
	task.InstallLog()
	task.OnListing(func() map[string]any { return s.listing(0, false) })
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
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.Interrupt()
	s.running.Wait()
	s.shutdown()
	s.background.close()
	process.DropSpare()
	s.warming.Wait()
	err := s.log.close()
	for _, e := range s.engines {
		if c, ok := e.(io.Closer); ok {
			err = errors.Join(err, c.Close())
		}
	}
	return err
}

// Interrupt ends the running cells.
func (s *Session) Interrupt() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for cancel := range s.cancels {
		(*cancel)(errInterrupt)
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

// Aside reports whether a request only looks at what runs: Run does such a one at once, beside the running cell. It may
// be called from any goroutine.
func (s *Session) Aside(req interp.Request) bool {
	return len(req.Expressions) == 0 && s.magics.Aside(req.Source)
}

// Looks returns the names of the magics that only look, for package session.
func (s *Session) Looks() []string { return s.magics.Asides() }

// Subshells tells how many subshells there are, for package session: while there is one, it may wake what waits for ever.
func (s *Session) Subshells(n int) { task.Expect(n) }

// aside runs the magics of such a request.
func (s *Session) aside(ctx context.Context, req interp.Request, out interp.Sink) interp.Outcome {
	calls, _ := magic.Parse(req.Source)
	for _, c := range calls {
		if err := s.magics.Run(ctx, c, magic.Env{Out: out}); err != nil {
			return interp.Outcome{Error: s.magicFailed(ctx, err)}
		}
	}
	return interp.Outcome{}
}

// begin notes a call of Run, whose context the function cancels. It reports false when the session is closed.
func (s *Session) begin(cancel *context.CancelCauseFunc) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	s.running.Add(1)
	s.cancels[cancel] = true
	return true
}

func (s *Session) end(cancel *context.CancelCauseFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.cancels, cancel)
	s.running.Done()
}

// Run runs one cell. Cells of the main shell wait for each other. Requests that only look ([Session.Aside]) do not wait, and
// the Go code of a subshell runs beside the main shell's.
func (s *Session) Run(ctx context.Context, req interp.Request, out interp.Sink) interp.Outcome {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	if !s.begin(&cancel) {
		return interp.Outcome{Error: interrupted()}
	}
	defer s.end(&cancel)
	if s.Aside(req) {
		return s.aside(ctx, req, out)
	}
	leave, ok := s.turns.enter(ctx, req)
	if !ok {
		return interp.Outcome{Error: interrupted()}
	}
	defer leave()
	switch req.Engine {
	case "", "auto", "yaegi", "compiled":
	default:
		return interp.Outcome{Error: magicError(fmt.Errorf("the cell asks for the engine %q: it is auto, yaegi or compiled", req.Engine))}
	}
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
	if outcome.Metadata["gobraid"] == nil { // nothing of it has run
		outcome.Metadata["gobraid"] = map[string]any{"seconds": 0.0, "tasks": 0, "left": 0, "engine": outcome.Engine}
	}
	return outcome
}

// run takes the cell through the magics and, if Go is left, through the stages.
func (s *Session) run(ctx context.Context, req interp.Request, out interp.Sink) interp.Outcome {
	source, how, err := s.unwrap(req.Source)
	if err != nil {
		return interp.Outcome{Error: magicError(err)}
	}
	calls, text := magic.Parse(source)
	for _, c := range calls {
		if err := s.magics.Check(c); err != nil {
			return interp.Outcome{Error: magicError(err)}
		}
	}
	first := firstLine(text)
	var outcome interp.Outcome
	env := magic.Env{Out: out, Request: req, Note: func(d interp.Data) { outcome.Notes = append(outcome.Notes, d) }}
	after := slices.IndexFunc(calls, func(c magic.Call) bool { return c.Line > first })
	if after < 0 {
		after = len(calls)
	}
	for _, c := range calls[:after] {
		if err := s.magics.Run(ctx, c, env); err != nil {
			outcome.Error = s.magicFailed(ctx, err)
			return outcome
		}
	}
	if strings.TrimSpace(text) != "" {
		before := outcome.Notes
		outcome = s.runGo(ctx, req, text, how, out)
		if outcome.Notes = append(before, outcome.Notes...); outcome.Error != nil {
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
func (s *Session) runGo(ctx context.Context, req interp.Request, text string, h how, out interp.Sink) interp.Outcome {
	id := s.texts.id(req, text)
	release, ok := s.turns.claim(ctx, id)
	if !ok {
		return interp.Outcome{Error: interrupted()}
	}
	defer release()
	s.settle()
	if o := s.excluded(req, id, text); o != nil {
		return *o
	}
	if err := s.resolve(ctx, text, out); err != nil {
		return interp.Outcome{Error: interrupted()}
	}
	cell, errs := s.checkCopies(id, split.CallMain(text))
	if len(errs) > 0 {
		return interp.Outcome{Error: s.compileError(errs)}
	}
	if e := s.missedBy(cell); e != nil {
		return interp.Outcome{Error: e}
	}
	if e := s.checkWorkers(cell); e != nil {
		return interp.Outcome{Error: e}
	}
	if v, ok := cell.Untyped(); ok && tooLarge(v) && len(cell.Stmts) == 0 && len(cell.Decls) == 0 {
		return interp.Outcome{Result: constantData(v, cell.Info.Types[cell.Result].Type)} // no engine has a value like that
	}
	s.places.set(id, scan(cell, s.texts.virtual(id)))
	s.workers.Add(cell)
	if onlyImports(cell) {
		s.checker.Declare(cell, 0)
		s.programs.book.Add(cell)
		return interp.Outcome{}
	}
	if e := s.refuseReal(cell, h); e != nil {
		return interp.Outcome{Error: e}
	}
	if h == (how{}) && !req.Wait {
		if name, ok := s.postpone(cell, id, req.Engine, out); ok {
			outcome := interp.Outcome{Engine: name}
			run := s.log.start(id, &output{sink: out, tasks: req.Tasks})
			end := run.Do(func() {})
			s.log.ended(run)
			s.conclude(run, end, nil, req.Silent, &outcome)
			return outcome
		}
	}
	prog, name, err := s.prepare(ctx, cell, req.Engine, out)
	if err != nil {
		return interp.Outcome{Error: s.prepareError(ctx, err)}
	}
	sink := &output{sink: out, allowed: req.AllowStdin, tasks: req.Tasks}
	run := s.log.start(id, sink)
	s.places.bind(cell.Fset, prog.Bindings())
	rec := s.dress(run, h)
	stop := context.AfterFunc(ctx, func() { run.Kill(errInterrupt) })
	defer stop()
	var vals []reflect.Value
	var result *interp.Data
	var end task.End
	s.turns.behind(func() {
		end = run.Do(func() {
			vals = prog.Run()
			if !req.Silent {
				result = s.result(cell, vals)
			}
		})
		s.log.ended(run)
	})
	s.declare(cell, prog, end)
	outcome := interp.Outcome{Engine: name, Error: s.endError(end, id, unless(req.Silent, out))}
	s.conclude(run, end, rec, req.Silent, &outcome)
	h.timeVirtual(run, &outcome)
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
	s.background.renew(cell)
	s.programs.book.Add(cell)
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
		o := s.runGo(ctx, interp.Request{Number: req.Number, Source: text, Engine: req.Engine}, text, how{}, out)
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
		names = append(names, interp.Name{Name: name, Kind: "package", Type: path, File: s.moduleFile(path)})
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
