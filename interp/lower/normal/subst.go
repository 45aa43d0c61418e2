package normal

import "go/types"

// A typeEnv gives the type parameters of the generic function that is emitted their meaning.
type typeEnv struct {
	args map[*types.TypeParam]types.Type
}

// subst returns t with the type arguments in the place of the type parameters of the function that is
// emitted. It returns t itself if t mentions none.
func (e *emitter) subst(t types.Type) types.Type {
	if e.tenv == nil || t == nil {
		return t
	}
	return e.tenv.subst(t)
}

func (s *typeEnv) subst(t types.Type) types.Type { return t }
