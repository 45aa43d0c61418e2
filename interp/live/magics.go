package live

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/interp/engine"
	"github.com/gobraid/gobraid/interp/magic"
)

// registry returns the magics of a session.
func (s *Session) registry() *magic.Registry {
	r := magic.NewRegistry()
	s.registerPrograms(r)
	s.registerModules(r)
	r.Register(magic.Magic{
		Name: "engine", Usage: "[auto|yaegi|compiled]", Help: "Shows the engine that runs cells, or chooses it.",
		Run: s.engineMagic,
	})
	r.Register(magic.Magic{
		Name: "who", Help: "Lists the variables, functions, types and constants in scope, and the cells that declared them.",
		Run: s.whoMagic,
	})
	r.Register(magic.Magic{
		Name: "tasks", Usage: "[all|cell N]", Aside: true, Run: s.tasksMagic,
		Help: `Lists the tasks there are: what each does or waits for, and since when.
A task is a goroutine of a cell. It stands under the task that started it, with its id, its name, the line it was
started at and, in brackets after what it waits for, the line that declares that. Many tasks that are alike share
a line; "all" gives each its own, "cell N" lists those of one cell. It answers while a cell runs when it comes from a
second console or a subshell.`,
	})
	r.Register(magic.Magic{
		Name: "kill", Usage: "ID|NAME|cell N|all", Aside: true, Run: s.killMagic,
		Help: `Ends tasks, by the id or the name that %tasks shows, or all tasks of a cell, or all there are.
Their deferred functions run. A task that is inside library code ends when that returns; %kill waits a quarter of
a second and says which have not ended. With its main task the running cell ends.`,
	})
	r.Register(magic.Magic{
		Name: "locks", Aside: true, Run: s.locksMagic,
		Help: `Lists the mutexes that tasks hold or wait for: who has each and where it was locked, and who waits for it.
It answers while a cell runs when it comes from a second console or a subshell. A lock that only library code uses is
not known.`,
	})
	r.Register(magic.Magic{
		Name: "workers", Aside: true, Run: s.workersMagic,
		Help: `Lists the pools of worker processes: what waits, what was done and what went wrong, and for each worker its process, what it
runs and since when, how much it has done at what pace, and its memory. It answers while a cell runs when it comes from a
second console or a subshell.`,
	})
	r.Register(magic.Magic{
		Name: "cluster", Aside: true, Run: s.clusterMagic,
		Help: `Lists the pools of workers on other machines, over NATS: what waits, runs, was done and went wrong (redelivered: given to another
worker; duplicated: a result that was not the first; dead-lettered: given up after the last attempt), and for each worker its
machine, process and labels, how many functions it runs and can run, what it has done and at what rate, and why it takes
no work of the pool if it does not. It answers while a cell runs when it comes from a second console or a subshell.`,
	})
	r.Register(magic.Magic{
		Name: "stats", Usage: "[on|off|json|auto]", Aside: true, Run: s.statsMagic,
		Help: `Chooses what a line under each cell says of its cost, or shows what is chosen.
The line has how long the cell took, how long its tasks ran, waited (and for what) and slept, all of them added up; how
many tasks there were; the CPU time and the memory that the process used meanwhile. "auto" shows it when it is
worth one: after half a second with several tasks, or ten with one. "json" shows the figures for programs. They
are in the metadata of the reply in any case.
Tasks that a cell leaves behind are always told of.`,
	})
	s.wrappers = map[string]wrapper{}
	for _, w := range s.wraps() {
		r.Register(w.Magic)
		s.wrappers[w.Name] = w
	}
	return r
}

// wraps lists the wrapping magics.
func (s *Session) wraps() []wrapper {
	return []wrapper{timelineMagic(), virtualWrapper()}
}

func (s *Session) engineMagic(ctx context.Context, call magic.Call, env magic.Env) error {
	switch want := strings.TrimSpace(call.Args); {
	case want == "":
		env.Printf("%s\n", s.mode)
		for _, name := range []string{"yaegi", "compiled"} {
			env.Printf("%-9s %s\n", name, s.engineState(ctx, name))
		}
	case want == "auto" || s.engines[want] != nil:
		s.mode = want
	case want == "yaegi" || want == "compiled":
		return fmt.Errorf("the %s engine is %s", want, s.engineState(ctx, want))
	default:
		return fmt.Errorf("there is no engine %q: it is auto, yaegi or compiled", want)
	}
	return nil
}

// engineState tells whether an engine can be used.
func (s *Session) engineState(ctx context.Context, name string) string {
	e := s.engines[name]
	if e == nil {
		return "not in this binary"
	}
	if a, ok := e.(engine.Checker); ok {
		if err := a.Available(ctx); err != nil {
			return "not available: " + err.Error()
		}
	}
	return "available"
}

func (s *Session) whoMagic(_ context.Context, _ magic.Call, env magic.Env) error {
	s.updateNames()
	width := 0
	names := slices.DeleteFunc(s.Names(), func(n interp.Name) bool { return n.Kind == "package" })
	for _, n := range names {
		width = max(width, len(n.Name))
	}
	for _, n := range names {
		env.Printf("%-5s %-*s %s  (cell %d)\n", n.Kind, width, n.Name, n.Type, n.Cell)
	}
	return nil
}
