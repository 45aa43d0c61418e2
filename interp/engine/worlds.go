package engine

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"

	"github.com/gobraid/gobraid/interp/check"
)

// To the interpreter the types that its cells declare have no names, so a value of such a type stands in an interface as a
// box that only interpreted code can open. Compiled code must never see one: it would be of the wrong type. Where a
// box has gone cannot be told by looking, since it may be in a channel or in the variables of a function; but code can only get at
// it by way of what it mentions. So the objects of a session are put into groups: all that one function mentions is in one
// group with it, all that a method mentions with its type, and all that the statements of a cell mention or declare. To
// mention a variable is to mention the types with methods that its type is made of, since their methods may be called.
// What cannot have an interface or a function in it joins nothing.
//
// A group that compiled code is part of is not for code that makes boxes, and one that may hold boxes not for compiled code; a
// cell that would join two such groups is refused.

// worlds are the groups, each known by one object of it.
type worlds struct {
	parent   map[types.Object]types.Object
	boxes    map[types.Object]bool // by group: it may hold boxes
	compiled map[types.Object]bool // by group: compiled code is part of it
	live     map[types.Object]bool // types whose methods reach something; others join nothing
}

// Admit decides whether a cell may be run by an engine, and is asked last before it is made ready. boxes are the places at
// which an interpreted cell makes boxes that may stay.
func (s *Scope) Admit(name string, c *check.Cell, boxes []token.Pos) *Refusal {
	if len(boxes) > 0 && s.Sparing {
		return &Refusal{
			Engine: name, Construct: "an interface with a value of a type that compiled cells would not know", Pos: c.Fset.Position(boxes[0]), Spared: true,
		}
	}
	if s.worlds == nil {
		s.worlds = &worlds{parent: map[types.Object]types.Object{}, boxes: map[types.Object]bool{}, compiled: map[types.Object]bool{}, live: map[types.Object]bool{}}
	}
	all := units(c)
	for _, u := range all {
		for _, at := range boxes {
			// What is not in the cell is in an instance of something generic that it uses.
			u.boxes = u.boxes || u.from <= at && at < u.to || !slices.ContainsFunc(all, func(u *unit) bool { return u.from <= at && at < u.to })
		}
	}
	s.worlds.liven(all)
	// First on trial: a cell that is refused has joined nothing.
	trial := s.worlds.clone()
	for _, u := range all {
		if r := trial.admit(name, c, u); r != nil {
			return r
		}
	}
	s.worlds = trial
	return nil
}

func (w *worlds) clone() *worlds {
	return &worlds{parent: maps.Clone(w.parent), boxes: maps.Clone(w.boxes), compiled: maps.Clone(w.compiled), live: w.live}
}

// liven finds the types whose methods reach anything: an object that is no type, a box, or such a type. The others are
// taken out of the units.
func (w *worlds) liven(all []*unit) {
	dead := func(obj types.Object) bool {
		_, isType := obj.(*types.TypeName)
		return isType && !w.live[obj]
	}
	for more := true; more; {
		more = false
		for _, u := range all {
			if u.of != nil && !w.live[u.of] && (u.boxes || !allOf(u.objects, dead)) {
				w.live[u.of], more = true, true
			}
		}
	}
	for _, u := range all {
		u.objects = slices.DeleteFunc(u.objects, dead)
	}
}

func allOf(list []types.Object, is func(types.Object) bool) bool {
	return !slices.ContainsFunc(list, func(obj types.Object) bool { return !is(obj) })
}

// admit has a unit join its groups.
func (w *worlds) admit(name string, c *check.Cell, u *unit) *Refusal {
	var boxed, compiled types.Object
	for _, obj := range u.objects {
		if w.boxes[w.group(obj)] && boxed == nil {
			boxed = obj
		}
		if w.compiled[w.group(obj)] && compiled == nil {
			compiled = obj
		}
	}
	interpreted := name == "yaegi"
	switch {
	case interpreted && u.boxes && compiled != nil:
		return &Refusal{
			Engine: name, Pos: use(c, compiled), Remedy: "run the cell with the compiled engine (%engine compiled)",
			Construct: fmt.Sprintf("%s, which compiled cells use too, beside an interface with a value of a type that only this engine knows", compiled.Name()),
		}
	case interpreted && boxed != nil && compiled != nil:
		return &Refusal{
			Engine: name, Pos: use(c, compiled), Remedy: "run the cells that use them with one engine",
			Construct: fmt.Sprintf("%s, which compiled cells use, beside %s, in which values of types may be that only this engine knows", compiled.Name(), boxed.Name()),
		}
	case !interpreted && boxed != nil:
		return &Refusal{
			Engine: name, Pos: use(c, boxed), Remedy: "run the cell with the yaegi engine (%engine yaegi), or run those again that made " + boxed.Name() + " with %engine compiled",
			Construct: fmt.Sprintf("%s, in which values of types may be that only the yaegi engine knows", boxed.Name()),
		}
	}
	if len(u.objects) == 0 {
		return nil
	}
	to := w.group(u.objects[0])
	for _, obj := range u.objects[1:] {
		if g := w.group(obj); g != to {
			w.parent[g] = to
			w.boxes[to] = w.boxes[to] || w.boxes[g]
			w.compiled[to] = w.compiled[to] || w.compiled[g]
		}
	}
	w.boxes[to] = w.boxes[to] || u.boxes
	w.compiled[to] = w.compiled[to] || !interpreted
	return nil
}

// A unit is a part of a cell whose objects are in one group.
type unit struct {
	from, to token.Pos
	objects  []types.Object
	boxes    bool
	of       types.Object // the type that a method belongs to
}

func (u *unit) add(obj types.Object) {
	if !slices.Contains(u.objects, obj) {
		u.objects = append(u.objects, obj)
	}
}

// units returns the parts of a cell: each function and method, and all the rest, in which init functions are.
func units(c *check.Cell) []*unit {
	rest := &unit{}
	all := []*unit{rest}
	for _, d := range c.Decls {
		u := rest
		if f, ok := d.(*ast.FuncDecl); ok && (f.Recv != nil || f.Name.Name != "init" && f.Name.Name != "main") {
			u = &unit{from: f.Pos(), to: f.End()}
			all = append(all, u)
			if fn, ok := c.Info.Defs[f.Name].(*types.Func); ok {
				mentions(u, fn)
				u.of = receiver(fn)
			}
		} else {
			rest.reach(d)
		}
		mentionsIn(u, c, d)
	}
	for _, s := range c.Stmts {
		rest.reach(s)
		mentionsIn(rest, c, s)
	}
	if c.Result != nil {
		rest.reach(c.Result)
		mentionsIn(rest, c, c.Result)
	}
	return all
}

// receiver returns the name of the type that a method belongs to, nil for a function.
func receiver(f *types.Func) types.Object {
	r := f.Signature().Recv()
	if r == nil {
		return nil
	}
	t := types.Unalias(r.Type())
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	if n, ok := t.(*types.Named); ok {
		return n.Origin().Obj()
	}
	return nil
}

// reach makes a part of the cell a part of the unit. Functions may stand between.
func (u *unit) reach(n ast.Node) {
	if !u.from.IsValid() || n.Pos() < u.from {
		u.from = n.Pos()
	}
	u.to = max(u.to, n.End())
}

func mentionsIn(u *unit, c *check.Cell, n ast.Node) {
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if obj := c.Info.Uses[id]; obj != nil {
				mentions(u, obj)
			}
			if obj := c.Info.Defs[id]; obj != nil {
				mentions(u, obj)
			}
		}
		return true
	})
}

// mentions adds what can be reached by mentioning an object of a cell.
func mentions(u *unit, obj types.Object) {
	if obj.Pkg() == nil || obj.Pkg().Path() != "main" || obj.Type() == nil {
		return
	}
	var seen []types.Type
	eachWithMethods(obj.Type(), &seen, u.add)
	if _, ok := obj.(*types.Const); ok || obj.Parent() != obj.Pkg().Scope() || !mayCarry(obj.Type(), nil) {
		return
	}
	if _, ok := obj.(*types.TypeName); !ok {
		u.add(obj)
	}
}

// eachWithMethods calls f for the types of cells that have methods and that t is made of.
func eachWithMethods(t types.Type, seen *[]types.Type, f func(types.Object)) {
	t = types.Unalias(t)
	if slices.Contains(*seen, t) {
		return
	}
	*seen = append(*seen, t)
	in := func(t types.Type) { eachWithMethods(t, seen, f) }
	switch t := t.(type) {
	case *types.Named:
		for a := range t.TypeArgs().Types() {
			in(a)
		}
		if t.Obj().Pkg() == nil || t.Obj().Pkg().Path() != "main" {
			return
		}
		if t.NumMethods() > 0 {
			f(t.Origin().Obj())
		}
		for m := range t.Methods() {
			in(m.Signature())
		}
		in(t.Underlying())
	case *types.Pointer:
		in(t.Elem())
	case *types.Slice:
		in(t.Elem())
	case *types.Array:
		in(t.Elem())
	case *types.Chan:
		in(t.Elem())
	case *types.Map:
		in(t.Key())
		in(t.Elem())
	case *types.Struct:
		for v := range t.Fields() {
			in(v.Type())
		}
	case *types.Signature:
		if r := t.Recv(); r != nil {
			in(r.Type())
		}
		in(t.Params())
		in(t.Results())
	case *types.Tuple:
		for v := range t.Variables() {
			in(v.Type())
		}
	case *types.Interface:
		for m := range t.Methods() {
			in(m.Signature())
		}
	}
}

// use returns where a cell mentions an object first.
func use(c *check.Cell, obj types.Object) token.Position {
	at := token.NoPos
	for id, o := range c.Info.Uses {
		if o == obj && (!at.IsValid() || id.Pos() < at) {
			at = id.Pos()
		}
	}
	return c.Fset.Position(at)
}

// group returns the object by which the group of obj is known.
func (w *worlds) group(obj types.Object) types.Object {
	for {
		up, ok := w.parent[obj]
		if !ok {
			return obj
		}
		obj = up
	}
}

// mayCarry tells whether a box may be in a value of a type: whether it has an interface in it, a function, which may
// return or panic with anything, or something of a library that may hold anything.
func mayCarry(t types.Type, seen []types.Type) bool {
	t = types.Unalias(t)
	if slices.Contains(seen, t) {
		return false
	}
	seen = append(seen, t)
	switch t := t.(type) {
	case *types.Basic:
		return t.Kind() == types.UnsafePointer
	case *types.Pointer:
		return mayCarry(t.Elem(), seen)
	case *types.Slice:
		return mayCarry(t.Elem(), seen)
	case *types.Array:
		return mayCarry(t.Elem(), seen)
	case *types.Chan:
		return mayCarry(t.Elem(), seen)
	case *types.Map:
		return mayCarry(t.Key(), seen) || mayCarry(t.Elem(), seen)
	case *types.Struct:
		for f := range t.Fields() {
			if mayCarry(f.Type(), seen) {
				return true
			}
		}
		return false
	case *types.Named:
		if obj := t.Obj(); obj.Pkg() != nil && obj.Pkg().Path() != "main" {
			_, basic := t.Underlying().(*types.Basic)
			return !basic && !slices.Contains(closed, obj.Pkg().Path()+"."+obj.Name())
		}
		return mayCarry(t.Underlying(), seen)
	}
	return true
}

// closed are types of libraries that hold nothing that anybody has put in but bytes and numbers.
var closed = []string{
	"bytes.Buffer", "math/big.Float", "math/big.Int", "math/big.Rat", "math/rand.Rand", "regexp.Regexp", "strings.Builder", "strings.Reader",
	"sync.Mutex", "sync.RWMutex", "sync.WaitGroup", "time.Location", "time.Ticker", "time.Time", "time.Timer",
	"sync/atomic.Bool", "sync/atomic.Int32", "sync/atomic.Int64", "sync/atomic.Uint32", "sync/atomic.Uint64", "sync/atomic.Uintptr",
}
