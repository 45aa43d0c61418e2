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
	r.Register(magic.Magic{
		Name: "engine", Usage: "[auto|yaegi|compiled]", Help: "Shows the engine that runs cells, or chooses it.",
		Run: s.engineMagic,
	})
	r.Register(magic.Magic{
		Name: "who", Help: "Lists the variables, functions, types and constants in scope, and the cells that declared them.",
		Run: s.whoMagic,
	})
	return r
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
