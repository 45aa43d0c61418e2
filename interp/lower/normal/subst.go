package normal

import "go/types"

// A typeEnv gives the type parameters of the generic function that is emitted their meaning.
type typeEnv struct {
	args  map[*types.TypeParam]types.Type
	types *types.Context
	// local says whether a type is declared in the body of the function, and locals has what stands for
	// those in this instance: each instance declares types of its own.
	local  func(*types.TypeName) bool
	locals map[*types.Named]*types.Named
}

// subst returns t with the type arguments in the place of the type parameters of the function that is
// emitted. It returns t itself if t mentions none.
func (e *emitter) subst(t types.Type) types.Type {
	if e.tenv == nil || t == nil {
		return t
	}
	return e.tenv.subst(t)
}

func (s *typeEnv) subst(t types.Type) types.Type {
	switch t := t.(type) {
	case *types.TypeParam:
		if a, ok := s.args[t]; ok {
			return a
		}
	case *types.Alias:
		u := types.Unalias(t)
		if v := s.subst(u); v != u {
			return v
		}
	case *types.Named:
		return s.named(t)
	case *types.Pointer:
		if elem := s.subst(t.Elem()); elem != t.Elem() {
			return types.NewPointer(elem)
		}
	case *types.Slice:
		if elem := s.subst(t.Elem()); elem != t.Elem() {
			return types.NewSlice(elem)
		}
	case *types.Array:
		if elem := s.subst(t.Elem()); elem != t.Elem() {
			return types.NewArray(elem, t.Len())
		}
	case *types.Chan:
		if elem := s.subst(t.Elem()); elem != t.Elem() {
			return types.NewChan(t.Dir(), elem)
		}
	case *types.Map:
		key, elem := s.subst(t.Key()), s.subst(t.Elem())
		if key != t.Key() || elem != t.Elem() {
			return types.NewMap(key, elem)
		}
	case *types.Tuple:
		if vars, changed := s.tuple(t); changed {
			return types.NewTuple(vars...)
		}
	case *types.Signature:
		return s.signature(t)
	case *types.Struct:
		return s.structType(t)
	case *types.Interface:
		return s.interfaceType(t)
	case *types.Union:
		return s.union(t)
	}
	return t
}

func (s *typeEnv) named(t *types.Named) types.Type {
	if t.TypeArgs() == nil {
		return s.localType(t)
	}
	var args []types.Type
	changed := false
	for a := range t.TypeArgs().Types() {
		b := s.subst(a)
		changed = changed || a != b
		args = append(args, b)
	}
	if !changed {
		return t
	}
	inst, err := types.Instantiate(s.types, t.Origin(), args, false)
	if err != nil {
		panic(&Refusal{Construct: "the type " + t.String()})
	}
	return inst
}

// localType returns what stands in this instance for a type that the body of the function declares.
func (s *typeEnv) localType(t *types.Named) types.Type {
	if !s.local(t.Obj()) {
		return t
	}
	if own, ok := s.locals[t]; ok {
		return own
	}
	own := types.NewNamed(types.NewTypeName(t.Obj().Pos(), t.Obj().Pkg(), t.Obj().Name(), nil), nil, nil)
	s.locals[t] = own
	own.SetUnderlying(s.subst(t.Underlying()))
	return own
}

func (s *typeEnv) vars(list func(func(*types.Var) bool), field bool) (vars []*types.Var, changed bool) {
	for v := range list {
		t := s.subst(v.Type())
		if t != v.Type() {
			changed = true
			if field {
				v = types.NewField(v.Pos(), v.Pkg(), v.Name(), t, v.Embedded())
			} else {
				v = types.NewParam(v.Pos(), v.Pkg(), v.Name(), t)
			}
		}
		vars = append(vars, v)
	}
	return vars, changed
}

func (s *typeEnv) tuple(t *types.Tuple) ([]*types.Var, bool) { return s.vars(t.Variables(), false) }

func (s *typeEnv) signature(t *types.Signature) types.Type {
	params, c1 := s.tuple(t.Params())
	results, c2 := s.tuple(t.Results())
	recv, c3 := t.Recv(), false
	if recv != nil {
		if r := s.subst(recv.Type()); r != recv.Type() {
			recv, c3 = types.NewParam(recv.Pos(), recv.Pkg(), recv.Name(), r), true
		}
	}
	if !c1 && !c2 && !c3 {
		return t
	}
	return types.NewSignatureType(recv, nil, nil, types.NewTuple(params...), types.NewTuple(results...), t.Variadic())
}

func (s *typeEnv) structType(t *types.Struct) types.Type {
	fields, changed := s.vars(t.Fields(), true)
	if !changed {
		return t
	}
	var tags []string
	for i := range t.NumFields() {
		tags = append(tags, t.Tag(i))
	}
	return types.NewStruct(fields, tags)
}

func (s *typeEnv) interfaceType(t *types.Interface) types.Type {
	var methods []*types.Func
	var embedded []types.Type
	changed := false
	for m := range t.ExplicitMethods() {
		sig := m.Signature()
		// The receiver of an interface method is the interface itself.
		params, c1 := s.tuple(sig.Params())
		results, c2 := s.tuple(sig.Results())
		changed = changed || c1 || c2
		own := types.NewSignatureType(nil, nil, nil, types.NewTuple(params...), types.NewTuple(results...), sig.Variadic())
		methods = append(methods, types.NewFunc(m.Pos(), m.Pkg(), m.Name(), own))
	}
	for t := range t.EmbeddedTypes() {
		u := s.subst(t)
		changed = changed || u != t
		embedded = append(embedded, u)
	}
	if !changed {
		return t
	}
	return types.NewInterfaceType(methods, embedded).Complete()
}

func (s *typeEnv) union(t *types.Union) types.Type {
	var terms []*types.Term
	changed := false
	for term := range t.Terms() {
		u := s.subst(term.Type())
		changed = changed || u != term.Type()
		terms = append(terms, types.NewTerm(term.Tilde(), u))
	}
	if !changed {
		return t
	}
	return types.NewUnion(terms)
}
