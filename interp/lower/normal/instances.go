package normal

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/gobraid/gobraid/interp/check"
)

// Generics holds the generic declarations of a session and their instances. An instance is a function,
// a method or a struct type of its own in the normal form; it is emitted in the cell that first needs it,
// and later cells use the same one. Instances are told apart by their type arguments, which are compared as
// types: two interfaces of the same text are two types.
type Generics struct {
	types *types.Context
	decls map[types.Object]*generic
	list  map[types.Object][]*instance
	// sources are the packages that were asked for; nil stands for one without text.
	sources map[string]*sourcePackage
}

// A generic is a generic function or method, or a function of a package that is emitted from its source.
type generic struct {
	decl *ast.FuncDecl
	info *types.Info
	fset *token.FileSet
	std  bool // the text is not a cell's: its positions mean nothing to people
}

// An instance is one of a generic function, method or type.
type instance struct {
	origin types.Object
	targs  []types.Type
	// obj stands for the instance where objects are mapped to their texts.
	obj types.Object
	typ *types.Named // the type, if it is one
}

// NewGenerics returns an empty collection.
func NewGenerics() *Generics {
	return &Generics{types: types.NewContext(), decls: map[types.Object]*generic{}, list: map[types.Object][]*instance{}, sources: map[string]*sourcePackage{}}
}

// Add adds what a cell declared and instantiated, when the interpreter has it.
func (g *Generics) Add(c *check.Cell, out *Output) {
	for _, d := range c.Decls {
		if f, ok := d.(*ast.FuncDecl); ok {
			if obj, ok := c.Info.Defs[f.Name].(*types.Func); ok && isGeneric(obj) {
				g.decls[obj] = &generic{decl: f, info: c.Info, fset: c.Fset}
			}
		}
	}
	for _, i := range out.instances {
		g.list[i.origin] = append(g.list[i.origin], i)
	}
}

// isGeneric reports whether f is a generic function or a method of a generic type, before it is instantiated.
func isGeneric(f *types.Func) bool {
	sig := f.Signature()
	return sig.TypeParams() != nil || sig.RecvTypeParams() != nil && f.Origin() == f
}

// find returns the instance of origin with the given type arguments, of this cell or an earlier one.
func (e *emitter) find(origin types.Object, targs []types.Type) *instance {
	same := func(i *instance) bool {
		return i.origin == origin && slices.EqualFunc(i.targs, targs, types.Identical)
	}
	for _, list := range [][]*instance{e.generics.list[origin], e.out.instances} {
		if i := slices.IndexFunc(list, same); i >= 0 {
			return list[i]
		}
	}
	return nil
}

// maxInstances ends a cell whose instances need ever more instances.
const maxInstances = 2000

func (e *emitter) add(i *instance, prefix string) {
	if len(e.out.instances) > maxInstances {
		e.refuse(nil, "a generic function that needs more and more instances of itself")
	}
	e.out.instances = append(e.out.instances, i)
	e.out.Names[i.obj] = fmt.Sprintf("%s%d_%s", prefix, e.env.Fresh(), i.origin.Name())
}

// generic returns the declaration of a generic function of this cell or an earlier one.
func (e *emitter) generic(f *types.Func) *generic {
	if e.declared == nil {
		e.declared = map[types.Object]*generic{}
		for _, d := range e.checked.Decls {
			if f, ok := d.(*ast.FuncDecl); ok {
				e.declared[e.checked.Info.Defs[f.Name]] = &generic{decl: f, info: e.checked.Info, fset: e.checked.Fset}
			}
		}
	}
	if g, ok := e.declared[f]; ok {
		return g
	}
	if fromSource(f) {
		s := e.generics.source(f.Pkg().Path(), e.checked.Importer)
		if d := s.decls[f]; d != nil {
			return &generic{decl: d, info: s.info, fset: s.fset, std: true}
		}
	}
	return e.generics.decls[f]
}

// funcOf returns the function an identifier stands for: of a generic function the instance.
func (e *emitter) funcOf(id *ast.Ident) (*types.Func, bool) {
	f, ok := e.info.ObjectOf(id).(*types.Func)
	if !ok || f.Signature().TypeParams() == nil {
		return f, ok
	}
	if own, ok := e.sourced(f).(*types.Func); ok {
		f = own
	}
	targs, ok := e.typeArgs(id)
	if !ok {
		e.refuse(id, "the generic function "+f.Name())
	}
	if own := e.funcInstance(f, targs, id); own != nil {
		return own, true
	}
	return f, true
}

// typeArgs returns the type arguments of the instance an identifier stands for.
func (e *emitter) typeArgs(id *ast.Ident) ([]types.Type, bool) {
	inst, ok := e.info.Instances[id]
	if !ok {
		return nil, false
	}
	var targs []types.Type
	for t := range inst.TypeArgs.Types() {
		targs = append(targs, e.subst(t))
	}
	return targs, true
}

// funcInstance returns an instance of a generic function, which is emitted later if there is none yet.
func (e *emitter) funcInstance(f *types.Func, targs []types.Type, n ast.Node) *types.Func {
	if i := e.find(f, targs); i != nil {
		return i.obj.(*types.Func)
	}
	g := e.generic(f)
	if g == nil {
		return nil
	}
	e.unsent(f, targs, n)
	sig, err := types.Instantiate(e.generics.types, f.Signature(), targs, false)
	if err != nil {
		e.refuse(n, "the generic function "+f.Name())
	}
	own := types.NewFunc(f.Pos(), f.Pkg(), f.Name(), sig.(*types.Signature))
	e.request(&instance{origin: f, targs: targs, obj: own}, g, params(f.Signature().TypeParams()))
	return own
}

// declaredFunc returns a function of a package that is emitted from its text, and is not generic.
func (e *emitter) declaredFunc(f *types.Func) (*types.Func, bool) {
	if i := e.find(f, nil); i != nil {
		return i.obj.(*types.Func), true
	}
	g := e.generic(f)
	if g == nil {
		return nil, false
	}
	e.request(&instance{origin: f, obj: f}, g, nil)
	return f, true
}

// method returns the instance of a method of a generic type.
func (e *emitter) method(f *types.Func) (*types.Func, bool) {
	origin := f.Origin()
	targs := e.receiverArgs(f)
	if i := e.find(origin, targs); i != nil {
		return i.obj.(*types.Func), true
	}
	g := e.generic(origin)
	if g == nil || targs == nil {
		return nil, false
	}
	e.request(&instance{origin: origin, targs: targs, obj: f}, g, params(origin.Signature().RecvTypeParams()))
	return f, true
}

// receiverArgs returns the type arguments of a method's receiver.
func (e *emitter) receiverArgs(f *types.Func) (targs []types.Type) {
	t := types.Unalias(e.sigOf(f).Recv().Type())
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	if named, ok := t.(*types.Named); ok {
		for a := range named.TypeArgs().Types() {
			targs = append(targs, e.subst(a))
		}
	}
	return targs
}

func params(list *types.TypeParamList) (out []*types.TypeParam) {
	for p := range list.TypeParams() {
		out = append(out, p)
	}
	return out
}

// A request is an instance of a function that is named and not yet emitted.
type request struct {
	*instance
	g      *generic
	params []*types.TypeParam
	pos    token.Pos // of what asked for it
}

func (e *emitter) request(i *instance, g *generic, params []*types.TypeParam) {
	e.add(i, "G")
	e.requests = append(e.requests, request{i, g, params, e.pos})
}

// stencil emits the instances that were asked for, and those that they ask for.
func (e *emitter) stencil() {
	for len(e.requests) > 0 {
		r := e.requests[0]
		e.requests = e.requests[1:]
		e.emitInstance(r)
	}
}

// emitInstance emits the body of a generic function with its type arguments. What the emitter knows of
// variables is known of those of one instance.
func (e *emitter) emitInstance(r request) {
	saved := *e
	e.info, e.fset = r.g.info, r.g.fset
	e.facts, e.names, e.within = map[*types.Var]*fact{}, nil, nil
	e.tenv = &typeEnv{
		args: map[*types.TypeParam]types.Type{}, types: e.generics.types,
		locals: map[*types.Named]*types.Named{}, local: declaredIn(r.g.decl),
	}
	for i, p := range r.params {
		e.tenv.args[p] = r.targs[i]
	}
	e.level = nil
	first := len(e.funcs)
	e.std, e.asked = r.g.std, r.pos
	e.scan(r.g.decl, r.g.decl)
	e.declare(r.g.decl, e.out.Names[r.obj])
	if e.std {
		for _, f := range e.funcs[first:] {
			for i := range f {
				f[i].pos = token.NoPos
			}
		}
	}
	e.std, e.asked = false, token.NoPos
	e.info, e.fset, e.tenv, e.facts, e.names, e.within, e.level = saved.info, saved.fset, saved.tenv, saved.facts, saved.names, saved.within, saved.level
	e.pos = saved.pos
}

// declaredIn reports of a type whether the body of d declares it.
func declaredIn(d *ast.FuncDecl) func(*types.TypeName) bool {
	return func(obj *types.TypeName) bool {
		return obj.Parent() != nil && obj.Pkg() != nil && obj.Parent() != obj.Pkg().Scope() && d.Pos() <= obj.Pos() && obj.Pos() < d.End()
	}
}

func newTypeInstance(t *types.Named, targs []types.Type) *instance {
	origin := t.Origin().Obj()
	return &instance{origin: origin, targs: targs, obj: types.NewTypeName(token.NoPos, origin.Pkg(), origin.Name(), nil), typ: t}
}

// typeInstance returns the instance of a generic type. Of the types that are identical to t it is always the
// same one.
func (e *emitter) typeInstance(t *types.Named) *instance {
	var targs []types.Type
	for a := range t.TypeArgs().Types() {
		targs = append(targs, a)
	}
	if own, ok := e.sourceType(t); ok {
		t = own
	}
	origin := t.Origin().Obj()
	if i := e.find(origin, targs); i != nil {
		return i
	}
	i := newTypeInstance(t, targs)
	if made := e.isMade(t); made || e.alone(t) {
		e.out.instances = append(e.out.instances, i)
		if made {
			e.makeType(i.obj, t)
		} else {
			e.declareAlone(i.obj, t)
		}
		return i
	}
	st, ok := t.Underlying().(*types.Struct)
	if !ok {
		e.out.instances = append(e.out.instances, i)
		return i
	}
	e.add(i, "T")
	text := e.structType(st) // may declare other types
	e.types = append(e.types, "type "+e.out.Names[i.obj]+" "+text)
	return i
}
