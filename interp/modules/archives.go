package modules

import (
	"context"
	"fmt"
)

// Archives has the go command compile packages that the session has imported, and all they need, with other flags than the running
// binary's: for programs that are built of cells. It returns lines of an import configuration. It blocks until the go command has
// answered or ctx ends.
func (s *Set) Archives(ctx context.Context, paths, flags []string) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	args := append([]string{"list", "-export", "-deps", "-f", "{{if .Export}}packagefile {{.ImportPath}}={{.Export}}{{end}}"}, flags...)
	out, said, err := s.runWith(ctx, "", append(append(args, "--"), paths...)...)
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("go list -export: %w", failed(said, err))
	}
	return out, nil
}

// Has reports whether the session has imported a package of a module.
func (s *Set) Has(path string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.imported[path] != nil
}
