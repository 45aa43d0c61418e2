package display_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"go/types"
	"image/png"
	"reflect"
	"strings"
	"testing"

	"github.com/gobraid/gobraid/interp/display"
)

// of returns the values of the variables that the pointers point to, so that interfaces stay interfaces.
func of(pointers ...any) []reflect.Value {
	var vals []reflect.Value
	for _, p := range pointers {
		vals = append(vals, reflect.ValueOf(p).Elem())
	}
	return vals
}

func TestValuesText(t *testing.T) {
	n, s, wordy := 3, "a", strings.Repeat("x", 50)
	var none error
	failed := errors.New("boom")
	shown := &Grid{[]string{"ab", "cd"}}
	tests := []struct {
		name string
		vals []reflect.Value
		want string
	}{
		{"one", of(&n), "3"},
		{"two", of(&n, &s), `3, "a"`},
		{"nil error", of(&n, &none), "3, nil"},
		{"error", of(&n, &failed), "3, *errors.errorString: boom"},
		{"only nil", of(&none), "nil"},
		{"wide", of(&wordy, &wordy), `"` + wordy + "\"\n\"" + wordy + `"`},
		{"lines", of(&n, &shown), "3\nab\ncd"},
		{"invalid", []reflect.Value{{}}, "nil"},
	}
	for _, test := range tests {
		d := display.Values(test.vals, nil)
		if got := d.MIME["text/plain"]; got != test.want || len(d.MIME) != 1 {
			t.Errorf("%s: %q, want only the text %q", test.name, d.MIME, test.want)
		}
	}
	if d := display.Values(nil, nil); d != nil {
		t.Errorf("no values are shown as %v", d)
	}
}

type page struct{ body string }

func (p page) HTML() string         { return "<p>" + p.body + "</p>" }
func (p page) Markdown() string     { return "*" + p.body + "*" }
func (p page) LaTeX() string        { panic("no") }
func (p page) PNG() []byte          { return []byte(p.body) }
func (p page) SVG(scale int) string { return "wrong signature" }

type drawing struct{}

func (*drawing) SVG() string { return "<svg/>" }

type bundle map[string]any

func (b bundle) MIMEBundle() map[string]any { return b }

func TestRichForms(t *testing.T) {
	var none error
	failed := errors.New("boom")
	p, d, np := page{"hi"}, drawing{}, (*page)(nil)
	b := bundle{"application/json": map[string]any{"a": 1}, "image/gif": []byte{1}, "text/plain": "own", "bad/value": func() {}}
	var i any = p
	tests := []struct {
		name string
		vals []reflect.Value
		want map[string]any // without text/plain
	}{
		{"methods", of(&p), map[string]any{"text/html": "<p>hi</p>", "text/markdown": "*hi*", "image/png": base64.StdEncoding.EncodeToString([]byte("hi"))}},
		{"method of the pointer", of(&d), map[string]any{"image/svg+xml": "<svg/>"}},
		{"in an interface", of(&i, &none), map[string]any{"text/html": "<p>hi</p>", "text/markdown": "*hi*", "image/png": "aGk="}},
		{"nil pointer", of(&np), map[string]any{}},
		{"with an error", of(&p, &failed), map[string]any{}},
		{"two of them", of(&p, &p), map[string]any{}},
		{"bundle", of(&b), map[string]any{"application/json": map[string]any{"a": 1}, "image/gif": "AQ=="}},
	}
	for _, test := range tests {
		got := display.Values(test.vals, nil).MIME
		text, _ := got["text/plain"].(string)
		delete(got, "text/plain")
		if !reflect.DeepEqual(got, test.want) || text == "" {
			t.Errorf("%s: %q and text %q, want %q", test.name, got, text, test.want)
		}
	}
	if got := display.Values(of(&b), nil).MIME["text/plain"]; got != "own" {
		t.Errorf("the bundle's own text is lost: %v", got)
	}
}

func TestImage(t *testing.T) {
	data, _ := display.Values(of(&picture), nil).MIME["image/png"].(string)
	raw, err := base64.StdEncoding.DecodeString(data)
	if err != nil {
		t.Fatal(err)
	}
	got, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	if got.Bounds() != picture.Bounds() {
		t.Errorf("the image came as %v, want %v", got.Bounds(), picture.Bounds())
	}
}

func TestStaticTypesNameInterpretedValues(t *testing.T) {
	// The interpreter's type of Point{1, 2} with an unexported field y, and of a slice of it.
	type ofInterpreter = struct{ X, Xy int }
	pkg := types.NewPackage("main", "main")
	field := func(name string) *types.Var { return types.NewField(0, pkg, name, types.Typ[types.Int], false) }
	named := types.NewNamed(types.NewTypeName(0, pkg, "Point", nil), types.NewStruct([]*types.Var{field("X"), field("y")}, nil), nil)
	var hidden any = ofInterpreter{3, 4} // where the interpreter keeps an interface and the cell has none
	tests := []struct {
		v    reflect.Value
		t    types.Type
		want string
	}{
		{reflect.ValueOf(ofInterpreter{1, 2}), named, "Point{X: 1, y: 2}"},
		{reflect.ValueOf([]ofInterpreter{{1, 2}}), types.NewSlice(named), "[]Point{{X: 1, y: 2}}"},
		{reflect.ValueOf(&ofInterpreter{1, 2}), types.NewPointer(named), "&Point{X: 1, y: 2}"},
		{reflect.ValueOf(&hidden).Elem(), named, "Point{X: 3, y: 4}"},
		{reflect.ValueOf([]any{ofInterpreter{3, 4}}), types.NewSlice(named), "[]Point{{X: 3, y: 4}}"},
		{reflect.ValueOf((*ofInterpreter)(nil)), types.NewPointer(named), "(*Point)(nil)"},
		{reflect.ValueOf("contradiction"), named, `Point("contradiction")`},
		{reflect.ValueOf([]int{1}), types.NewMap(named, named), "map[Point]Point{1}"},
		{reflect.ValueOf(errEOF), types.Universe.Lookup("error").Type(), "*errors.errorString: EOF"},
		{reflect.ValueOf(uint8(7)), types.NewInterfaceType(nil, nil), "uint8(7)"},
		{reflect.ValueOf(7), types.Typ[types.UntypedInt], "7"},
		{reflect.ValueOf('x'), types.Typ[types.UntypedRune], "'x'"},
	}
	for _, test := range tests {
		if got := display.Text(test.v, test.t); got != test.want {
			t.Errorf("%v of %v is shown as %s, want %s", test.v.Type(), test.t, got, test.want)
		}
	}
}

func TestMethodOfInterpretedType(t *testing.T) {
	pkg := types.NewPackage("main", "main")
	named := types.NewNamed(types.NewTypeName(0, pkg, "Level", nil), types.Typ[types.Int], nil)
	result := types.NewTuple(types.NewVar(0, pkg, "", types.Typ[types.String]))
	recv := types.NewVar(0, pkg, "l", named)
	named.AddMethod(types.NewFunc(0, pkg, "String", types.NewSignatureType(recv, nil, nil, nil, result, false)))
	for _, v := range []any{carrier{1, named}, []any{carrier{1, named}}[0]} {
		if got := display.Text(reflect.ValueOf(&v).Elem(), nil); got != "String of level" {
			t.Errorf("shown as %q", got)
		}
	}
	if got := display.Text(reflect.ValueOf([]any{carrier{1, named}, carrier{2, types.Typ[types.Int]}}), nil); got != "[]any{String of level, 2}" {
		t.Errorf("a list is shown as %q", got)
	}
	if got := display.Text(reflect.ValueOf(1), named); got != "Level(1)" {
		t.Errorf("without a carrier it is shown as %q", got)
	}
}

// A carrier carries a value as the interpreter does.
type carrier struct {
	x any
	t types.Type
}

func (c carrier) Carried() (reflect.Value, types.Type) { return reflect.ValueOf(c.x), c.t }

func (c carrier) CarriedMethod(_ reflect.Value, _ types.Type, name string) reflect.Value {
	if name != "String" {
		return reflect.Value{}
	}
	return reflect.ValueOf(func() string { return name + " of level" })
}
