package live

import (
	"context"
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strings"

	"github.com/gobraid/gobraid/concurrency/task"
	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/interp/check"
	"github.com/gobraid/gobraid/interp/magic"
	"github.com/gobraid/gobraid/interp/session"
	"github.com/gobraid/gobraid/interp/split"
)

// Restore declares again what earlier cells declared, without running a statement. Variables are
// lost, and so is every declaration that mentions a lost one: a function that saw zeros in place of
// the values it was written for would give wrong answers. The name of what is lost stays known, so
// that using it says what has become of it.
func (s *Session) Restore(ctx context.Context, cells []interp.Request) session.Restored {
	var r restorer
	r.s = s
	leave, ok := s.turns.enter(ctx, interp.Request{})
	if !ok {
		r.out.Errors = append(r.out.Errors, context.Cause(ctx).Error())
		return r.out
	}
	defer leave()
	for _, req := range cells {
		if ctx.Err() != nil {
			r.out.Errors = append(r.out.Errors, fmt.Sprintf("cell %d and later: %v", req.Number, context.Cause(ctx)))
			break
		}
		r.cell(ctx, req)
	}
	s.updateNames()
	r.out.Lost = slices.DeleteFunc(r.out.Lost, func(name string) bool { return s.checker.Lookup(name) != nil })
	return r.out
}

type restorer struct {
	s   *Session
	out session.Restored
}

func (r *restorer) lose(req interp.Request, name string) {
	if name == "_" {
		return
	}
	r.s.checker.Lose(name, fmt.Sprintf("%s was lost when the session ended: run cell %d again, or %%replay", name, req.Number))
	if !slices.Contains(r.out.Lost, name) {
		r.out.Lost = append(r.out.Lost, name)
	}
}

// cell restores one cell.
func (r *restorer) cell(ctx context.Context, req interp.Request) {
	_, text := magic.Parse(req.Source)
	parts, errs := split.Split(token.NewFileSet(), "", text)
	if len(errs) > 0 || strings.TrimSpace(text) == "" || isExcluded(req, text) {
		return // it did not run then either
	}
	if parts.Program {
		for _, name := range declaredNames(parts.Decls) {
			r.lose(req, name)
		}
		return
	}
	for _, name := range variables(parts.Stmts) {
		r.lose(req, name)
	}
	r.declarations(ctx, req, text)
}

// declarations restores the declarations of a cell, leaving out those that do not check any more.
func (r *restorer) declarations(ctx context.Context, req interp.Request, text string) {
	decls := split.Declarations(text)
	if err := r.s.resolve(ctx, text, nil); err != nil {
		r.out.Errors = append(r.out.Errors, fmt.Sprintf("cell %d: %v", req.Number, err))
		return
	}
	for len(decls) > 0 {
		kept := split.Keep(text, decls)
		id := r.s.texts.id(req, kept)
		cell, errs := r.s.checker.Check(id, r.s.texts.virtual(id), kept)
		if len(errs) == 0 {
			r.declare(ctx, req, cell)
			return
		}
		before := len(decls)
		decls = slices.DeleteFunc(decls, func(d split.Declaration) bool {
			if !at(kept, d, errs) {
				return false
			}
			r.loseDeclaration(req, text, d, errs[0].Msg)
			return true
		})
		if len(decls) == before {
			r.out.Errors = append(r.out.Errors, fmt.Sprintf("cell %d: %s", req.Number, errs[0].Msg))
			return
		}
	}
}

// at tells whether one of the errors is inside a declaration.
func at(text string, d split.Declaration, errs []check.Error) bool {
	first := strings.Count(text[:d.Start], "\n") + 1
	last := strings.Count(text[:d.End], "\n") + 1
	return slices.ContainsFunc(errs, func(e check.Error) bool { return e.Pos.Line >= first && e.Pos.Line <= last })
}

func (r *restorer) loseDeclaration(req interp.Request, text string, d split.Declaration, why string) {
	parts, errs := split.Split(token.NewFileSet(), "", text[d.Start:d.End])
	if len(errs) > 0 {
		return
	}
	for _, name := range declaredNames(parts.Decls) {
		r.lose(req, name)
		r.out.Errors = append(r.out.Errors, fmt.Sprintf("cell %d: %s could not be brought back: %s", req.Number, name, why))
	}
}

func (r *restorer) declare(ctx context.Context, req interp.Request, cell *check.Cell) {
	r.s.workers.Add(cell)
	prog, _, err := r.s.prepare(ctx, cell, req.Engine, nil)
	if err != nil {
		r.out.Errors = append(r.out.Errors, fmt.Sprintf("cell %d: %v", req.Number, err))
		return
	}
	r.s.declare(cell, prog, task.End{})
}

// variables returns the names that the statements of a cell define at its level.
func variables(stmts []ast.Stmt) []string {
	var out []string
	for _, s := range stmts {
		switch s := s.(type) {
		case *ast.AssignStmt:
			if s.Tok == token.DEFINE {
				for _, l := range s.Lhs {
					if id, ok := l.(*ast.Ident); ok {
						out = append(out, id.Name)
					}
				}
			}
		case *ast.DeclStmt:
			out = append(out, declaredNames([]ast.Decl{s.Decl})...)
		}
	}
	return out
}

// declaredNames returns the names that declarations declare, methods apart.
func declaredNames(decls []ast.Decl) []string {
	var out []string
	for _, d := range decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil {
				out = append(out, d.Name.Name)
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				switch spec := spec.(type) {
				case *ast.TypeSpec:
					out = append(out, spec.Name.Name)
				case *ast.ValueSpec:
					for _, n := range spec.Names {
						out = append(out, n.Name)
					}
				}
			}
		}
	}
	return out
}
