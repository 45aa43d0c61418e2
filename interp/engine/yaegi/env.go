package yaegi

import (
	"fmt"
	"go/types"
	"reflect"

	"github.com/gobraid/gobraid/interp/engine"
	"github.com/gobraid/gobraid/interp/engine/yaegi/symbols"
	"github.com/gobraid/gobraid/interp/lower/normal"
	"github.com/traefik/yaegi/interp"
)

// An env is the surroundings of a cell while it is lowered.
type env struct {
	e     *Engine
	scope *engine.Scope
	// trying are the types of compiled cells that are just looked at.
	trying []*types.TypeName
}

// Symbol returns a name of a compiled package, which is given to the interpreter when first asked for.
func (v *env) Symbol(path, name string) (string, reflect.Value, bool) {
	p, ok := v.e.imported[path]
	if !ok {
		names, found := v.e.extra[path]
		if !found {
			names, found = symbols.Package(path)
		}
		if !found {
			return "", reflect.Value{}, false
		}
		p = v.e.use(path, names)
	}
	value, ok := p.names[name]
	return p.alias, value, ok
}

// Fresh returns a new number.
func (v *env) Fresh() int { return number() }

// Generics returns the generic declarations of earlier cells.
func (v *env) Generics() *normal.Generics { return v.e.generics }

// Object returns what stands for an object of an earlier cell. What the compiled engine declared is
// made a symbol when a cell first uses it, if reflect can name its type.
func (v *env) Object(obj types.Object) (string, bool) {
	if name, ok := v.e.names[obj]; ok {
		return name, true
	}
	b := v.scope.Bindings[obj]
	if b == nil || !v.reachable(obj) {
		return "", false
	}
	value, prefix := b.Pointer, "P"
	if _, ok := obj.(*types.Func); ok {
		value, prefix = b.Func, "F"
	}
	if !value.IsValid() {
		return "", false
	}
	name := fmt.Sprintf("%s%d", prefix, number())
	if err := v.e.vm.Use(interp.Exports{"v/v": {name: value}}); err != nil {
		return "", false
	}
	v.e.names[obj] = "v." + name
	return "v." + name, true
}
