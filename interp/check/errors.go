package check

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"slices"
	"strings"

	"github.com/gobraid/gobraid/interp/split"
)

// An Error is a fault of a cell at its place, in the words of the Go compiler.
type Error struct {
	Pos  token.Position
	Msg  string
	Hint string // what to do about it, or ""
}

// Error returns position and message.
func (e Error) Error() string { return fmt.Sprintf("%s: %s", e.Pos, e.Msg) }

// collector gathers the errors of one run of the type checker.
type collector struct {
	cell    *draft
	errs    []Error
	unkeyed map[token.Pos]bool // elements of literals that need keys
	dropped bool               // the last error was dropped, and its continuation lines are too
}

// add takes an error from the type checker; continuation lines begin with a tab.
func (c *collector) add(err error) {
	te, ok := err.(types.Error)
	if !ok {
		c.errs = append(c.errs, Error{Msg: err.Error()})
		return
	}
	if unexportedInLiteral(te) {
		c.unkeyed[te.Pos] = true
		return
	}
	msg := c.cell.mismatch(te, inCellWords(te.Msg))
	if strings.HasPrefix(msg, "\t") {
		if !c.dropped && len(c.errs) > 0 {
			last := &c.errs[len(c.errs)-1]
			last.Msg += "\n" + msg
		}
		return
	}
	if c.dropped = c.cell.tolerates(te); !c.dropped {
		c.errs = append(c.errs, Error{Pos: te.Fset.Position(te.Pos), Msg: msg, Hint: c.cell.hint(msg, te.Pos)})
	}
}

// severalValues is what the type checker says of "var x = f()" where f returns several values. For
// x := f(), which the cell has, Go says it in other words.
var severalValues = regexp.MustCompile(`^multiple-value (.*) \(value of type \((.*)\)\) in single-value context$`)

// mismatch returns msg, or what Go says of a short variable declaration.
func (d *draft) mismatch(te types.Error, msg string) string {
	if !severalValues.MatchString(msg) {
		return msg
	}
	for _, s := range d.stmts {
		a, ok := s.(*ast.AssignStmt)
		if ok && a.Tok == token.DEFINE && len(a.Lhs) == 1 && len(a.Rhs) == 1 && a.Rhs[0].Pos() == te.Pos {
			call, isCall := ast.Unparen(a.Rhs[0]).(*ast.CallExpr)
			if tuple, ok := d.info.Types[a.Rhs[0]].Type.(*types.Tuple); ok && isCall {
				return fmt.Sprintf("assignment mismatch: 1 variable but %s returns %d values", types.ExprString(call.Fun), tuple.Len())
			}
		}
	}
	return msg
}

// ownPackage is how the type checker qualifies names of other cells.
var ownPackage = regexp.MustCompile(`\bmain\.`)

// inCellWords takes out of a message what only the checker's way of checking cells put in.
func inCellWords(msg string) string {
	return ownPackage.ReplaceAllString(strings.ReplaceAll(msg, oldMark, ""), "")
}

// sorted returns the errors by position, the same one only once.
func (c *collector) sorted() []Error {
	slices.SortStableFunc(c.errs, func(a, b Error) int {
		if a.Pos.Line != b.Pos.Line {
			return a.Pos.Line - b.Pos.Line
		}
		return a.Pos.Column - b.Pos.Column
	})
	return slices.CompactFunc(c.errs, func(a, b Error) bool { return a.Pos == b.Pos && a.Msg == b.Msg })
}

// tolerates tells whether the error is none in a cell, whose statements run one after the other and
// whose last expression is shown.
func (d *draft) tolerates(te types.Error) bool {
	switch {
	case d.result != nil && te.Pos >= d.result.Pos() && te.Pos <= d.result.End() && strings.HasSuffix(te.Msg, "is not used"):
		return true
	case d.parts.Program:
		return false
	case strings.Contains(te.Msg, "imported and not used"), strings.Contains(te.Msg, "imported as") && strings.Contains(te.Msg, "and not used"):
		return true
	case strings.HasPrefix(te.Msg, "initialization cycle"):
		return slices.ContainsFunc(d.vars, func(v ast.Decl) bool { return v.Pos() <= te.Pos && te.Pos <= v.End() })
	}
	return false
}

// hint tells what to do about an error.
func (d *draft) hint(msg string, pos token.Pos) string {
	if name, ok := strings.CutPrefix(msg, "undefined: "); ok {
		if why, ok := d.c.lost[name]; ok {
			return why
		}
		if hint := d.importHint(name); hint != "" {
			return hint
		}
	}
	if meant := d.meant(msg, pos); meant != "" {
		return meant
	}
	if rest, ok := strings.CutPrefix(msg, "could not import "); ok {
		return d.importRemedy(rest)
	}
	for name, old := range d.c.replaced {
		if strings.Contains(msg, "type "+name+")") || strings.Contains(msg, name+" value") {
			return fmt.Sprintf("%s was declared in cell %d and again later; values made before keep the old type, so run the cells that made them again", name, old)
		}
	}
	return ""
}

// importRemedy says what to do about an import that failed, of which the message has the path, and more.
func (d *draft) importRemedy(rest string) string {
	path, _, _ := strings.Cut(rest, " ")
	if im, ok := d.c.importer.(interface{ Hint(path string) string }); ok {
		if hint := im.Hint(path); hint != "" {
			return hint
		}
	}
	if strings.HasSuffix(rest, " is not in std)") {
		return "cells import the standard library, gobraid's own packages, and those of modules: %get adds one"
	}
	return ""
}

// importHint names the import that would define a package name.
func (d *draft) importHint(name string) string {
	pkg, sym, _ := strings.Cut(name, ".")
	if d.c.suggest == nil {
		return ""
	}
	if s := d.selected[pkg]; sym == "" && s != "" {
		sym = s
	}
	if paths := d.c.suggest(pkg, sym); len(paths) > 0 {
		return fmt.Sprintf("add: import %q", paths[0])
	}
	return ""
}

func fromSplit(errs []split.Error) []Error {
	out := make([]Error, len(errs))
	for i, e := range errs {
		out[i] = Error{Pos: e.Pos, Msg: e.Msg}
	}
	return out
}
