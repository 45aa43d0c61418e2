package yaegi

import (
	"fmt"
	"go/types"
	"reflect"

	"github.com/gobraid/gobraid/interp/engine/yaegi/rt"
	"github.com/gobraid/gobraid/interp/engine/yaegi/symbols"
	"github.com/gobraid/gobraid/interp/lower/normal"
	"github.com/traefik/yaegi/interp"
)

// describe returns the descriptor of t.
func (e *Engine) describe(t types.Type) *rt.Type { return e.types.Describe(t, e.plain) }

// Type returns the symbol of the descriptor of t.
func (v *env) Type(t types.Type) string {
	d := v.e.describe(t)
	text, ok := v.e.texts[d]
	if !ok {
		name := fmt.Sprintf("Y%d", number())
		if err := v.e.vm.Use(interp.Exports{"v/v": {name: reflect.ValueOf(d)}}); err != nil {
			panic(err)
		}
		text = "v." + name
		v.e.texts[d] = text
	}
	return text
}

// TypeID returns the number of t.
func (v *env) TypeID(t types.Type) int { return v.e.describe(t).ID }

// TypeName returns the name of t as fmt prints it.
func (v *env) TypeName(t types.Type) string { return rt.TypeName(t) }

// Adapts reports whether there is an adapter for values of type from in the compiled interface type to.
func (v *env) Adapts(from, to types.Type) bool {
	n, ok := types.Unalias(to).(*types.Named)
	if !ok {
		return false
	}
	if n.Obj().Pkg() == nil {
		return n.Obj().Name() == "error"
	}
	names, ok := symbols.Package(n.Obj().Pkg().Path())
	if !ok {
		return false
	}
	p, ok := names[n.Obj().Name()]
	if !ok || p.Kind() != reflect.Pointer || p.Type().Elem().Kind() != reflect.Interface {
		return false
	}
	ms := types.NewMethodSet(from)
	return v.e.types.Fit(p.Type().Elem(), func(name string) *types.Signature {
		if m := ms.Lookup(n.Obj().Pkg(), name); m != nil {
			return m.Type().(*types.Signature)
		}
		return nil
	}) != nil
}

// Registered returns the function that is a method of t.
func (v *env) Registered(t types.Type, method string) string {
	if d := v.e.types.Lookup(t); d != nil {
		return v.e.methods[d][method]
	}
	return ""
}

// Described returns the types of earlier cells that have methods.
func (v *env) Described() []types.Type {
	var list []types.Type
	for _, d := range v.e.types.All() {
		if v.e.methods[d] != nil {
			list = append(list, d.Go)
		}
	}
	return list
}

// Compiled reports whether another engine declared obj.
func (v *env) Compiled(obj types.Object) bool {
	b := v.scope.Bindings[obj]
	return b != nil && b.Engine != v.e.Name()
}

// register makes functions of the cell methods of types.
func (e *Engine) register(list []normal.Method) error {
	byType := map[*rt.Type]map[string]*rt.Method{}
	for _, m := range list {
		f, err := e.function(m.Func)
		if err != nil {
			return err
		}
		d := e.describe(m.Type)
		if byType[d] == nil {
			byType[d] = map[string]*rt.Method{}
		}
		byType[d][m.Name] = &rt.Method{Sig: m.Sig, Func: f}
		if e.methods[d] == nil {
			e.methods[d] = map[string]string{}
		}
		e.methods[d][m.Name] = m.Func
	}
	for d, methods := range byType {
		e.types.SetMethods(d, methods)
	}
	return nil
}
