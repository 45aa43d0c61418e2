package symbols

import (
	"reflect"

	"github.com/gobraid/gobraid/concurrency/display"
)

// own are the names of gobraid's own packages that interpreted cells may import. Package concurrency is not
// among them: most of it is generic.
var own = map[string]map[string]reflect.Value{
	"github.com/gobraid/gobraid/concurrency/display": {
		"Bundle":   reflect.ValueOf((*display.Bundle)(nil)),
		"Capture":  reflect.ValueOf(display.Capture),
		"Clear":    reflect.ValueOf(display.Clear),
		"HTML":     reflect.ValueOf((*display.HTML)(nil)),
		"Handle":   reflect.ValueOf((*display.Handle)(nil)),
		"JSON":     reflect.ValueOf(display.JSON),
		"LaTeX":    reflect.ValueOf((*display.LaTeX)(nil)),
		"Markdown": reflect.ValueOf((*display.Markdown)(nil)),
		"PNG":      reflect.ValueOf((*display.PNG)(nil)),
		"SVG":      reflect.ValueOf((*display.SVG)(nil)),
		"Show":     reflect.ValueOf(display.Show),
		"Tasks":    reflect.ValueOf(display.Tasks),
		"Text":     reflect.ValueOf((*display.Text)(nil)),
	},
}
