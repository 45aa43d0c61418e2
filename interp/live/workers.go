package live

import (
	"errors"
	"go/token"
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
			return errors.New("the function is interpreted, and a worker process has compiled ones only: " +
				"use %%engine compiled, or give the process.Pool itself where the function is given")
		}
		return s.workers.Refuse(name, file, line)
	}}
	if e, ok := s.engines["compiled"].(needer); ok {
		h.Needed = e.Needed
	}
	process.SetHost(h)
}

// checkWorkers returns an error if a cell hands functions to worker processes that cannot run there.
func (s *Session) checkWorkers(cell *check.Cell) *interp.Error {
	if errs := s.workers.Check(cell); len(errs) > 0 {
		return s.compileError(errs)
	}
	return nil
}

// onlyCompiled leaves of the engines the one whose functions a worker process can have.
func (s *Session) onlyCompiled(cell *check.Cell, names []string) ([]string, error) {
	if !workers.Uses(cell) {
		return names, nil
	}
	if s.engines["compiled"] != nil && (len(names) > 1 || names[0] == "compiled") {
		return []string{"compiled"}, nil
	}
	at := token.Position{}
	for _, st := range cell.Stmts {
		at = cell.Fset.Position(st.Pos())
		break
	}
	return nil, &refusals{list: []*engine.Refusal{{
		Engine: "yaegi", Construct: "functions in worker processes", Pos: at, Remedy: "use %%engine compiled or auto",
	}}}
}
