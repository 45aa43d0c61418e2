package yaegi

import (
	"reflect"

	"github.com/gobraid/gobraid/interp/lower/normal"
	"github.com/traefik/yaegi/interp"
)

// recursive makes the recursive types of a cell. The interpreter makes some itself, before it sees anything else;
// the others are given to it as those of a compiled package.
func (e *Engine) recursive(out *normal.Output) error {
	for _, s := range out.Structs {
		if err := e.eval("types", s.Text, nil, nil); err != nil {
			return err
		}
		alloc, err := e.function(s.New)
		if err != nil {
			return err
		}
		e.made[s.Name] = alloc.Call(nil)[0].Type().Elem()
	}
	made, err := out.Make(func(text string) reflect.Type { return e.made[text] })
	if err != nil || len(made) == 0 {
		return err
	}
	symbols := map[string]reflect.Value{}
	for name, t := range made {
		symbols[name] = reflect.Zero(reflect.PointerTo(t))
		e.made["v."+name] = t
	}
	return e.vm.Use(interp.Exports{"v/v": symbols})
}
