package rt

import (
	"fmt"
	"go/types"
	"reflect"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
)

// A Type describes a type that reflect cannot name: one that a cell declared, or made of such. Two
// identical types have the same Type, so comparing pointers compares types. It also describes the interface types that
// assertions ask for.
type Type struct {
	ID     int
	Go     types.Type
	Name   string  // as fmt prints it
	Elem   *Type   // of a pointer, slice, array, map, channel
	Key    *Type   // of a map
	Fields []*Type // of a struct
	native bool    // reflect names it: no interpreted cell declared any part of it
	set    *Types

	wanted   []want // of an interface type
	compiled bool   // an interface type of a compiled package, which cells keep as it is
	methods  atomic.Pointer[map[string]*Method]
	cache    atomic.Pointer[map[any]bool] // what implements the interface
	fits     atomic.Pointer[map[reflect.Type]*adapterKind]
}

// A Method is one method of a type.
type Method struct {
	Sig  *types.Signature
	Func reflect.Value // takes the receiver first
}

// A want is one method of an interface type.
type want struct {
	name string
	sig  *types.Signature
}

// Types are the types of one engine. Types are added while the engine prepares a cell; reading needs no lock.
type Types struct {
	mu    sync.Mutex
	byKey map[string][]*Type
	list  []*Type
	reals sync.Map // *types.TypeName → reflect.Type
}

// NewTypes returns an empty set.
func NewTypes() *Types { return &Types{byKey: map[string][]*Type{}} }

// SetReal makes known the compiled type of a type that a compiled cell declared.
func (s *Types) SetReal(obj *types.TypeName, t reflect.Type) { s.reals.Store(obj, t) }

// Lookup returns the description of t if there is one.
func (s *Types) Lookup(t types.Type) *Type {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lookup(TypeName(t), t)
}

func (s *Types) lookup(key string, t types.Type) *Type {
	for _, d := range s.byKey[key] {
		if types.Identical(d.Go, t) {
			return d
		}
	}
	return nil
}

// All returns the types described so far.
func (s *Types) All() []*Type {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.list[:len(s.list):len(s.list)]
}

// Describe returns the description of t, made if there is none yet. native tells which types reflect names.
func (s *Types) Describe(t types.Type, native func(types.Type) bool) *Type {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.describe(t, native)
}

func (s *Types) describe(t types.Type, native func(types.Type) bool) *Type {
	t = types.Unalias(t)
	key := TypeName(t)
	if d := s.lookup(key, t); d != nil {
		return d
	}
	d := &Type{ID: len(s.list) + 1, Go: t, Name: TypeName(t), native: native(t), set: s}
	s.byKey[key] = append(s.byKey[key], d)
	s.list = append(s.list, d)
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		d.Elem = s.describe(u.Elem(), native)
	case *types.Slice:
		d.Elem = s.describe(u.Elem(), native)
	case *types.Array:
		d.Elem = s.describe(u.Elem(), native)
	case *types.Chan:
		d.Elem = s.describe(u.Elem(), native)
	case *types.Map:
		d.Key, d.Elem = s.describe(u.Key(), native), s.describe(u.Elem(), native)
	case *types.Struct:
		if !d.native {
			for f := range u.Fields() {
				d.Fields = append(d.Fields, s.describe(f.Type(), native))
			}
		}
	case *types.Interface:
		d.compiled = d.native && u.NumMethods() > 0 && isNamed(t)
		for i := range u.NumMethods() {
			m := u.Method(i)
			d.wanted = append(d.wanted, want{m.Name(), m.Signature()})
		}
		sort.Slice(d.wanted, func(i, j int) bool { return methodLess(d.wanted[i].name, d.wanted[j].name) })
	}
	return d
}

func isNamed(t types.Type) bool {
	_, ok := t.(*types.Named)
	return ok
}

// methodLess is the order of methods at run time: exported ones first, then by name.
func methodLess(a, b string) bool {
	if x, y := exported(a), exported(b); x != y {
		return x
	}
	return a < b
}

func exported(name string) bool { return name != "" && types.NewVar(0, nil, name, nil).Exported() }

// Method returns a method of the type, or nil.
func (t *Type) Method(name string) *Method {
	if m := t.methods.Load(); m != nil {
		return (*m)[name]
	}
	return nil
}

// SetMethods adds methods. The caller makes sure that only one goroutine does so at a time.
func (s *Types) SetMethods(t *Type, methods map[string]*Method) {
	all := map[string]*Method{}
	if old := t.methods.Load(); old != nil {
		for name, m := range *old {
			all[name] = m
		}
	}
	for name, m := range methods {
		all[name] = m
	}
	t.methods.Store(&all)
	for _, d := range s.All() {
		d.cache.Store(nil)
	}
}

// missing returns the first method of the interface type t that the type of x lacks, or "".
func (t *Type) missing(x any) string {
	if v, ok := x.(V); ok {
		if v.T.native {
			return t.missingNative(reflect.TypeOf(v.X))
		}
		for _, w := range t.wanted {
			if m := v.T.Method(w.name); m == nil || !types.Identical(m.Sig, w.sig) {
				return w.name
			}
		}
		return ""
	}
	return t.missingNative(reflect.TypeOf(x))
}

func (t *Type) missingNative(have reflect.Type) string {
	for _, w := range t.wanted {
		m, ok := have.MethodByName(w.name)
		if !ok || !t.set.sameSignature(m.Type, w.sig, have.Kind() != reflect.Interface) {
			return w.name
		}
	}
	return ""
}

// implementedBy reports whether x, not nil, implements the interface type t.
func (t *Type) implementedBy(x any) bool {
	if len(t.wanted) == 0 {
		return true
	}
	var key any = reflect.TypeOf(x)
	if v, ok := x.(V); ok {
		key = v.T
	}
	old := t.cache.Load()
	if old != nil {
		if yes, ok := (*old)[key]; ok {
			return yes
		}
	}
	yes := t.missing(x) == ""
	fresh := map[any]bool{key: yes}
	if old != nil {
		for k, v := range *old {
			fresh[k] = v
		}
	}
	t.cache.CompareAndSwap(old, &fresh) // a loser asks again
	return yes
}

// sameSignature reports whether a compiled method has the given signature.
func (s *Types) sameSignature(have reflect.Type, want *types.Signature, withReceiver bool) bool {
	skip := 0
	if withReceiver {
		skip = 1
	}
	if have.NumIn()-skip != want.Params().Len() || have.NumOut() != want.Results().Len() || have.IsVariadic() != want.Variadic() {
		return false
	}
	for i := range want.Params().Len() {
		if !s.sameType(have.In(i+skip), want.Params().At(i).Type()) {
			return false
		}
	}
	for i := range want.Results().Len() {
		if !s.sameType(have.Out(i), want.Results().At(i).Type()) {
			return false
		}
	}
	return true
}

// sameType reports whether a compiled type is the type t.
func (s *Types) sameType(have reflect.Type, t types.Type) bool {
	t = types.Unalias(t)
	if n, ok := t.(*types.Named); ok {
		path := ""
		if n.Obj().Pkg() != nil {
			path = n.Obj().Pkg().Path()
		}
		if path == "main" {
			t, ok := s.reals.Load(n.Obj())
			return ok && t == have
		}
		return have.PkgPath() == path && have.Name() != "" && have.String() == TypeName(t)
	}
	if b, ok := t.(*types.Basic); ok {
		return have.PkgPath() == "" && have.Name() != "" && have.String() == TypeName(b)
	}
	if have.Name() != "" {
		return false
	}
	switch t := t.(type) {
	case *types.Pointer:
		return have.Kind() == reflect.Pointer && s.sameType(have.Elem(), t.Elem())
	case *types.Slice:
		return have.Kind() == reflect.Slice && s.sameType(have.Elem(), t.Elem())
	case *types.Array:
		return have.Kind() == reflect.Array && int64(have.Len()) == t.Len() && s.sameType(have.Elem(), t.Elem())
	case *types.Map:
		return have.Kind() == reflect.Map && s.sameType(have.Key(), t.Key()) && s.sameType(have.Elem(), t.Elem())
	case *types.Chan:
		dir := map[types.ChanDir]reflect.ChanDir{types.SendRecv: reflect.BothDir, types.SendOnly: reflect.SendDir, types.RecvOnly: reflect.RecvDir}
		return have.Kind() == reflect.Chan && have.ChanDir() == dir[t.Dir()] && s.sameType(have.Elem(), t.Elem())
	case *types.Signature:
		return have.Kind() == reflect.Func && s.sameSignature(have, t, false)
	case *types.Interface:
		if have.Kind() != reflect.Interface || have.NumMethod() != t.NumMethods() {
			return false
		}
		for i := range t.NumMethods() {
			m, ok := have.MethodByName(t.Method(i).Name())
			if !ok || !s.sameSignature(m.Type, t.Method(i).Signature(), false) {
				return false
			}
		}
		return true
	}
	return s.sameStruct(have, t)
}

// sameStruct reports whether a compiled type without a name is the struct type t.
func (s *Types) sameStruct(have reflect.Type, t types.Type) bool {
	u, ok := t.(*types.Struct)
	if !ok || have.Kind() != reflect.Struct || have.NumField() != u.NumFields() || have.String() != TypeName(t) {
		return false
	}
	for i := range u.NumFields() {
		if !s.sameType(have.Field(i).Type, u.Field(i).Type()) {
			return false
		}
	}
	return true
}

// TypeName returns the name of a type as package fmt prints it.
func TypeName(t types.Type) string {
	switch t := types.Unalias(t).(type) {
	case *types.Basic:
		if t.Kind() == types.UnsafePointer {
			return "unsafe.Pointer"
		}
		return types.Typ[t.Kind()].Name()
	case *types.Named:
		return namedName(t)
	case *types.Pointer:
		return "*" + TypeName(t.Elem())
	case *types.Slice:
		return "[]" + TypeName(t.Elem())
	case *types.Array:
		return fmt.Sprintf("[%d]%s", t.Len(), TypeName(t.Elem()))
	case *types.Map:
		return "map[" + TypeName(t.Key()) + "]" + TypeName(t.Elem())
	case *types.Chan:
		return chanName(t)
	case *types.Signature:
		return "func" + signatureName(t)
	case *types.Struct:
		return structName(t)
	case *types.Interface:
		return interfaceName(t)
	}
	return t.String()
}

func namedName(t *types.Named) string {
	name := t.Obj().Name()
	if p := t.Obj().Pkg(); p != nil {
		name = p.Name() + "." + name
	}
	if t.TypeArgs().Len() == 0 {
		return name
	}
	var args []string
	for a := range t.TypeArgs().Types() {
		args = append(args, types.TypeString(a, nil))
	}
	return name + "[" + strings.Join(args, ",") + "]"
}

func chanName(t *types.Chan) string {
	elem := TypeName(t.Elem())
	switch t.Dir() {
	case types.SendOnly:
		return "chan<- " + elem
	case types.RecvOnly:
		return "<-chan " + elem
	}
	if c, ok := types.Unalias(t.Elem()).(*types.Chan); ok && c.Dir() == types.RecvOnly {
		elem = "(" + elem + ")"
	}
	return "chan " + elem
}

func signatureName(t *types.Signature) string {
	var params, results []string
	for i := range t.Params().Len() {
		p := t.Params().At(i).Type()
		if t.Variadic() && i == t.Params().Len()-1 {
			params = append(params, "..."+TypeName(p.(*types.Slice).Elem()))
			continue
		}
		params = append(params, TypeName(p))
	}
	for v := range t.Results().Variables() {
		results = append(results, TypeName(v.Type()))
	}
	s := "(" + strings.Join(params, ", ") + ")"
	switch len(results) {
	case 0:
		return s
	case 1:
		return s + " " + results[0]
	}
	return s + " (" + strings.Join(results, ", ") + ")"
}

func structName(t *types.Struct) string {
	if t.NumFields() == 0 {
		return "struct {}"
	}
	var fields []string
	for i := range t.NumFields() {
		f := t.Field(i)
		s := f.Name() + " " + TypeName(f.Type())
		if f.Embedded() {
			s = TypeName(f.Type())
		}
		if tag := t.Tag(i); tag != "" {
			s += fmt.Sprintf(" %q", tag)
		}
		fields = append(fields, s)
	}
	return "struct { " + strings.Join(fields, "; ") + " }"
}

func interfaceName(t *types.Interface) string {
	if t.NumMethods() == 0 {
		return "interface {}"
	}
	var methods []*types.Func
	for i := range t.NumMethods() {
		methods = append(methods, t.Method(i))
	}
	sort.Slice(methods, func(i, j int) bool { return methodLess(methods[i].Name(), methods[j].Name()) })
	var texts []string
	for _, m := range methods {
		name := m.Name()
		if !m.Exported() && m.Pkg() != nil {
			name = m.Pkg().Name() + "." + name
		}
		texts = append(texts, name+signatureName(m.Signature()))
	}
	return "interface { " + strings.Join(texts, "; ") + " }"
}
