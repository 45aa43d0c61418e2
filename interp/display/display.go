package display

import (
	"go/types"
	"reflect"
	"strings"
	"time"

	"github.com/gobraid/gobraid/concurrency/display"
	"github.com/gobraid/gobraid/interp"
)

// A Printer shows values within limits. Start from [Default] and change what should differ: a limit of
// zero leaves nothing. A Printer may be used from several goroutines.
type Printer struct {
	Width    int           // columns before a composite goes on several lines
	Depth    int           // nested composites
	Pointers int           // pointers followed, one after another
	Elems    int           // elements of one slice, array or map
	Nodes    int           // values altogether
	String   int           // bytes of one string
	Timeout  time.Duration // for all method calls of one value together

	// Go starts a goroutine for a method of the user's; nil means a go statement.
	Go func(f func())
}

// Default returns the printer that [Values] and [Text] use.
func Default() *Printer {
	return &Printer{Width: 80, Depth: 8, Pointers: 2, Elems: 100, Nodes: 1000, String: 1000, Timeout: time.Second}
}

// Values shows the values of an expression with the default printer: see [Printer.Values].
func Values(vals []reflect.Value, typs []types.Type) *interp.Data {
	return Default().Values(vals, typs)
}

// Text shows one value as text with the default printer: see [Printer.Text].
func Text(v reflect.Value, t types.Type) string { return Default().Text(v, t) }

// Values shows the values of an expression, several where a call returns several. typs are their static
// types; nil types are unknown. The data always hold text/plain. They hold richer forms when there is one
// value, nil errors apart, and it has some. Without values, and for the handle of what was shown, Values returns nil.
func (p *Printer) Values(vals []reflect.Value, typs []types.Type) *interp.Data {
	if len(vals) == 0 || shown(vals) {
		return nil
	}
	s := p.start()
	var texts []string
	width, several := 0, false
	for i, v := range vals {
		text := s.text(v, at(typs, i))
		texts = append(texts, text)
		width += columns(text) + len(", ")
		several = several || strings.Contains(text, "\n")
	}
	sep := ", "
	if several || width-len(sep) > p.Width {
		sep = "\n"
	}
	mime := map[string]any{"text/plain": strings.Join(texts, sep)}
	data := &interp.Data{MIME: mime}
	if v, t, ok := single(vals, typs); ok {
		data.Metadata = s.rich(mime, v, t)
	}
	return data
}

// shown tells whether the values are what display.Show returns: what that stands for is to be seen already.
func shown(vals []reflect.Value) bool {
	return len(vals) == 1 && vals[0].IsValid() && vals[0].Type() == reflect.TypeFor[*display.Handle]()
}

// Text shows one value as text. t is its static type, nil if unknown.
func (p *Printer) Text(v reflect.Value, t types.Type) string { return p.start().text(v, t) }

// single returns the only value that is not a nil error.
func single(vals []reflect.Value, typs []types.Type) (v reflect.Value, t types.Type, ok bool) {
	for i, val := range vals {
		if len(vals) > 1 && (!val.IsValid() || val.Kind() == reflect.Interface && val.IsNil()) {
			continue
		}
		if ok {
			return v, t, false
		}
		v, t, ok = val, at(typs, i), true
	}
	return v, t, ok
}

// at returns the type at index i, nil if there is none.
func at(typs []types.Type, i int) types.Type {
	if i < len(typs) {
		return typs[i]
	}
	return nil
}
