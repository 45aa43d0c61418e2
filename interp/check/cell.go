package check

import (
	"go/ast"
	"go/token"
	"go/types"
)

// A Cell is a checked cell: its syntax in the order of the text, and the facts the type checker found.
//
// Every cell is checked as a package of its own whose path and name are "main". Objects of earlier
// cells therefore belong to other packages of the same path: unexported names are visible, and
// identical types are identical across cells, as in one program.
type Cell struct {
	Number int
	Fset   *token.FileSet
	Pkg    *types.Package
	Info   *types.Info
	// Imports are the imports of the cell itself. Uses of packages imported by earlier cells are
	// found in Info.Uses as *types.PkgName.
	Imports []*ast.ImportSpec
	// Decls are the type, constant, function and method declarations, in order. They hold wherever in
	// the cell they stand.
	Decls []ast.Decl
	// Stmts are the statements, in order. The definition of a cell-level variable stands among them as
	// an *ast.AssignStmt with token DEFINE or a var *ast.DeclStmt; its identifiers are defined in
	// Info.Defs as package-level variables. In a definition that reuses a variable of the same cell,
	// the reused identifier is found in Info.Uses.
	Stmts []ast.Stmt
	// Result is the trailing expression whose value the cell shows, or nil. It is not in Stmts.
	Result ast.Expr
	// Vars are the cell-level variables the cell declares, in order.
	Vars []*types.Var
	// Used are the objects of earlier cells that the cell mentions, each once, in order of position.
	Used []types.Object
	// Program is set when the cell is a whole program: package main with a func main to be called.
	Program bool
	// Importer is what the cell's imports were resolved with.
	Importer types.Importer
	// Embeds is what //go:embed gives variables of the cell.
	Embeds map[*types.Var]*Embed
	// Dots are the paths that earlier cells imported with a dot.
	Dots []string

	objects []types.Object
	types   map[string]*typeDecl
	sources map[*token.File][]byte
}

// Objects returns what the cell declares at its level, sorted by name.
func (c *Cell) Objects() []types.Object { return c.objects }
