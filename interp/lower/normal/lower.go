package normal

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"strings"

	"github.com/gobraid/gobraid/concurrency/task"
	"github.com/gobraid/gobraid/interp/check"
)

// An Env is the surroundings of a cell: what the interpreter knows already.
type Env interface {
	// Symbol returns the value of an exported name of a compiled package and the name under which
	// the interpreter has imported the package.
	Symbol(path, name string) (alias string, value reflect.Value, ok bool)
	// Object returns the text that stands for an object of an earlier cell: the name of a function
	// or a struct type, or the pointer to a variable.
	Object(obj types.Object) (text string, ok bool)
	// Compiled reports whether another engine declared an object of an earlier cell.
	Compiled(obj types.Object) bool
	// Fresh returns a number that was never returned before.
	Fresh() int
	// Generics returns the generic declarations of earlier cells and their instances.
	Generics() *Generics
	Foreign
	Descriptors
}

// Descriptors are what the engine knows of types whose names reflect does not know, and of interface types.
type Descriptors interface {
	// Type returns the text of the descriptor of a type, and TypeID its number at run time.
	Type(t types.Type) string
	TypeID(t types.Type) int
	// TypeName returns the name of a type as package fmt prints it.
	TypeName(t types.Type) string
	// Adapts reports whether values of type from can get into the interface type to of a compiled package.
	Adapts(from, to types.Type) bool
	// Registered returns the function that is known as a method of t, or "".
	Registered(t types.Type, method string) string
	// Described returns the concrete types of earlier cells that have a descriptor.
	Described() []types.Type
}

// An Output is a cell in normal form. It has two parts: Types must be evaluated before Funcs,
// because Funcs mentions the variables that the functions of Types allocate.
type Output struct {
	// Structs are recursive struct types, to be declared before all else.
	Structs []Struct
	// Types is a file that declares the struct types of the cell and one allocator for each variable.
	Types string
	// Funcs is a file that declares the functions of the cell, and Entry among them.
	Funcs string
	// Entry is the function that runs the cell; it returns the values of the trailing expression.
	Entry string
	// Mark is the symbol of a *uint64 that the entry keeps at the site of its statement, and Count that of
	// an *int that it keeps at the number of variables it has defined.
	Mark, Count string
	// Boxed are the places where values of declared types get into interfaces that may outlast the statement.
	Boxed []token.Pos
	// Vars are the variables the cell declares.
	Vars []Var
	// make makes the other recursive types.
	make func(func(string) reflect.Type) map[string]reflect.Type
	// Names are the texts that stand for what the cell declares.
	Names map[types.Object]string
	// Methods are the methods of types whose values get into interfaces.
	Methods []Method
	// Lines gives for each line of Funcs the position it comes from, or token.NoPos.
	Lines []token.Pos
	// Sites gives the position of each function of Funcs by its name.
	Sites map[string]Func

	// Handed are the functions that calls of package concurrency hand to worker processes, by the number of the call.
	Handed map[uint64]ast.Expr

	instances []*instance
}

// A Var is a cell-level variable: its object, the name of the symbol that holds its pointer, and the
// function that allocates it.
type Var struct {
	Object *types.Var
	Symbol string
	New    string
}

// A Method is a method of a type: Func is the function that has the receiver as its first parameter.
type Method struct {
	Type types.Type
	Name string
	Sig  *types.Signature
	Func string
}

// A Func tells what function of the cell a function of the normal form comes from.
type Func struct {
	Name  string // as Go's tracebacks call it, such as "fib" or "main.func1"
	Pos   token.Pos
	Shell bool // it is the outer half of a function with defer
}

// A Refusal is the error of Lower when the normal form has nothing that means the same.
type Refusal struct {
	Construct string
	Pos       token.Pos
	Remedy    string
}

// Error returns the refusal in one phrase.
func (r *Refusal) Error() string { return "no normal form of " + r.Construct }

// Lower returns the normal form of a checked cell, or a *Refusal.
func Lower(c *check.Cell, env Env) (out *Output, err error) {
	e := newEmitter(c, env)
	defer func() {
		if r := recover(); r != nil {
			refusal, ok := r.(*Refusal)
			if !ok {
				panic(r)
			}
			out, err = nil, refusal
		}
	}()
	e.cell()
	e.finish()
	e.nameReached()
	e.out.make = e.makeTypes
	return e.output(), nil
}

// An emitter writes the normal form of one cell.
type emitter struct {
	checked *check.Cell
	fset    *token.FileSet
	tenv    *typeEnv // of the instance that is emitted, nil outside of generic functions
	info    *types.Info
	env     Env
	out     Output
	types   []string // finished declarations of Output.Types
	funcs   [][]line // finished functions of Output.Funcs
	fn      *function
	buf     []line
	pos     token.Pos
	// printing is set while the arguments of a function that does not keep them are written.
	printing bool
	// showing is the function in which the arguments of a function of fmt are written that only prints them.
	showing *function
	raw     bool // it is a helper that a package's own text calls
	facts   map[*types.Var]*fact
	seen    map[types.Type]bool
	names   map[*types.Var]string
	// within maps the index variable of a range to the local list it is an index of.
	within map[*types.Var]string
	temps  int
	// safe are index expressions that need no check now, and rows those that a variable holds: see fastloop.go.
	safe map[ast.Node]bool
	rows map[ast.Expr]string
	// lengths are the lengths of local lists, if they are names or constants that do not change.
	lengths map[string]string
	level   *ast.BlockStmt // the owner of the statements of the cell
	selfs   map[*types.Named]bool
	pending []pendingType
	gotos   map[*types.Label]bool // what something jumps to
	labels  map[labelOf]string
	anon    map[string]int // function literals so far, by the name of the function around them

	generics *Generics
	declared map[types.Object]*generic // the functions of the cell
	requests []request
	apart    *types.Named // the recursive struct whose file is written
	std      bool         // what is emitted is not of a cell
	asked    token.Pos    // what asked for the instance that is emitted

	// described are the concrete types that the cell puts into interfaces or asks for.
	described   []types.Type
	dispatchers []*dispatcher
	calls       []dispatchedCall
}

// A line is one line of text and where it comes from.
type line struct {
	text string
	pos  token.Pos
}

func newEmitter(c *check.Cell, env Env) *emitter {
	return &emitter{
		checked: c, info: c.Info, fset: c.Fset, env: env, generics: env.Generics(),
		out:   Output{Names: map[types.Object]string{}, Sites: map[string]Func{}},
		facts: map[*types.Var]*fact{},
		anon:  map[string]int{},
		gotos: map[*types.Label]bool{},
	}
}

// refuse gives up on the cell: there is no normal form of construct.
func (e *emitter) refuse(n ast.Node, construct string) {
	pos := e.pos
	if n != nil {
		pos = n.Pos()
	}
	if e.std {
		pos = e.asked
	}
	panic(&Refusal{Construct: construct, Pos: pos, Remedy: "run the cell with the compiled engine (%engine compiled)"})
}

// emit writes one line into the current function.
func (e *emitter) emit(format string, args ...any) {
	text := format
	if len(args) > 0 {
		text = fmt.Sprintf(format, args...)
	}
	e.buf = append(e.buf, line{text, e.pos})
}

// capture returns the lines that f emits.
func (e *emitter) capture(f func()) []line {
	saved := e.buf
	e.buf = nil
	f()
	lines := e.buf
	e.buf = saved
	return lines
}

// replay emits captured lines.
func (e *emitter) replay(lines []line) { e.buf = append(e.buf, lines...) }

// temp returns a new name for a local of the current function.
func (e *emitter) temp() string {
	e.temps++
	return fmt.Sprintf("t%d", e.temps)
}

// site returns the position of n as the helpers of the runtime take it.
func (e *emitter) site(n ast.Node) string {
	if e.std {
		return "0"
	}
	p := e.fset.Position(n.Pos())
	number, ok := task.ParseCellFile(p.Filename)
	if !ok {
		number = e.checked.Number
	}
	return fmt.Sprint(uint64(task.At(number, p.Line, p.Column)))
}

// output joins the finished declarations into the two files.
func (e *emitter) output() *Output {
	e.out.Types = "package main\n" + strings.Join(e.types, "\n") + "\n"
	var b strings.Builder
	b.WriteString("package main\n")
	e.out.Lines = []token.Pos{token.NoPos}
	for _, f := range e.funcs {
		for _, l := range f {
			b.WriteString(l.text)
			b.WriteByte('\n')
			e.out.Lines = append(e.out.Lines, l.pos)
		}
	}
	e.out.Funcs = b.String()
	return &e.out
}
