package live

import (
	"errors"
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"github.com/gobraid/gobraid/concurrency/process"
	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/interp/check"
	"github.com/gobraid/gobraid/interp/engine"
	"github.com/gobraid/gobraid/interp/workers"
)

// A needer is an engine that knows what another process has to load for a function of a cell.
type needer interface{ Needed(plugin string) []string }

// hostWorkers tells package process of the functions of cells.
func (s *Session) hostWorkers() {
	h := &process.Host{Check: func(name, file string, line int) error {
		if strings.Contains(name, "/interp/engine/yaegi/") {
			return errors.New("the function is interpreted, and a worker process gets such a one as text: " +
				"name it in a call that has the process.Pool itself, not a concurrency.Executor, or use %%engine compiled")
		}
		return s.workers.Refuse(name, file, line)
	}}
	if e, ok := s.engines["compiled"].(needer); ok {
		h.Needed = e.Needed
	}
	process.SetHost(h)
}

// checkCopies checks a cell, with concurrency.Copy carried out in it.
func (s *Session) checkCopies(id int, text string) (*check.Cell, []check.Error) {
	cell, errs := s.checker.Check(id, s.texts.virtual(id), text)
	if len(errs) > 0 || !strings.Contains(text, "Copy") {
		return cell, errs
	}
	carried, errs := workers.Copies(cell, text, s.checker.Imports())
	if len(errs) > 0 || carried == "" {
		return cell, errs
	}
	return s.checker.Check(id, s.texts.virtual(id), carried)
}

// checkWorkers returns an error if a cell hands functions to worker processes that cannot run there. If it will want a worker, one is
// started while the cell is made ready, and from then on there is always one ahead: a session is a large program, and takes 10 ms to start.
func (s *Session) checkWorkers(cell *check.Cell) *interp.Error {
	if errs := s.workers.Check(cell); len(errs) > 0 {
		return s.compileError(errs)
	}
	if workers.Starts(cell) {
		process.KeepSpare()
	}
	return nil
}

// forWorkers puts the engines in order for a cell that hands functions to worker processes: compiled code is found there as it is, interpreted
// functions are sent as text and interpreted. But what an interpreted cell has declared compiled code would not find.
func (s *Session) forWorkers(cell *check.Cell, names []string) []string {
	at := slices.Index(names, "compiled")
	if len(names) < 2 || at < 0 || !workers.Uses(cell) {
		return names
	}
	interpreted := slices.ContainsFunc(s.workers.Reached(cell), func(f *types.Func) bool {
		b := s.scope.Bindings[f]
		return b != nil && b.Engine == "yaegi"
	})
	if interpreted {
		return names
	}
	return []string{"compiled", "yaegi"}
}

// A handing program is one of an engine whose functions go to workers as text.
type handing interface {
	Handed() map[uint64]ast.Expr
	Give(number uint64, name, source string)
}

// handOver makes texts of the functions that a cell hands to worker processes, if its engine wants them. The error is an *engine.Refusal.
func (s *Session) handOver(cell *check.Cell, prog engine.Program) error {
	p, ok := prog.(handing)
	if !ok {
		return nil
	}
	for number, x := range p.Handed() {
		refusal := &engine.Refusal{Engine: "yaegi", Pos: cell.Fset.Position(x.Pos()), Remedy: "use %%engine compiled or auto"}
		if what := workers.Uninterpreted(cell, x); what != "" {
			refusal.Construct = what
			return refusal
		}
		if why, hint := s.workers.Missing(cell, x); why != "" { // of a function in a variable
			refusal.Construct, refusal.Remedy = "a function for worker processes: "+why, hint
			return refusal
		}
		source, err := s.programs.book.Function(cell, x)
		if err != nil {
			refusal.Construct = "a function for worker processes: " + err.Error()
			return refusal
		}
		p.Give(number, workers.Name(cell, x), source)
	}
	return nil
}
