package display

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"go/types"
	"image"
	"image/png"
	"reflect"
)

// maxPixels limits the images that are encoded unasked.
const maxPixels = 16 << 20

// forms are the methods that give a value in a MIME type.
var forms = []struct {
	method, mime string
	result       reflect.Type
}{
	{"HTML", "text/html", reflect.TypeFor[string]()},
	{"Markdown", "text/markdown", reflect.TypeFor[string]()},
	{"LaTeX", "text/latex", reflect.TypeFor[string]()},
	{"SVG", "image/svg+xml", reflect.TypeFor[string]()},
	{"PNG", "image/png", reflect.TypeFor[[]byte]()},
	{"JPEG", "image/jpeg", reflect.TypeFor[[]byte]()},
	{"MIMEBundle", "", reflect.TypeFor[map[string]any]()},
}

// rich adds the richer forms of a value to mime. A method that fails adds nothing.
func (s *show) rich(mime map[string]any, v reflect.Value, t types.Type) {
	if v.IsValid() && v.Kind() == reflect.Interface {
		v, t = v.Elem(), nil
	}
	if !v.IsValid() || !v.CanInterface() || v.Kind() == reflect.Pointer && v.IsNil() {
		return
	}
	if v = readable(v); v.Kind() != reflect.Pointer && v.CanAddr() { // a method of the pointer does as well
		v = v.Addr()
	}
	for _, form := range forms {
		m := s.method(v, t, form.method, form.result)
		if !m.IsValid() {
			continue
		}
		var out any
		if s.guard(func() { out = m.Call(nil)[0].Interface() }) == nil {
			add(mime, form.mime, out)
		}
	}
	img, ok := v.Interface().(image.Image)
	if !ok || mime["image/png"] != nil {
		return
	}
	var data []byte
	if s.guard(func() { data = encode(img) }) == nil && data != nil {
		add(mime, "image/png", data)
	}
}

// add adds what a method returned, if it can be sent as JSON.
func add(mime map[string]any, name string, out any) {
	switch data := out.(type) {
	case []byte:
		mime[name] = base64.StdEncoding.EncodeToString(data)
	case map[string]any:
		if name == "" {
			for name, data := range data {
				add(mime, name, data)
			}
			return
		}
		if _, err := json.Marshal(data); err == nil {
			mime[name] = data
		}
	default:
		if _, err := json.Marshal(data); err == nil && name != "" && data != "" {
			mime[name] = data
		}
	}
}

// encode returns an image as PNG, nil if it is empty or too large.
func encode(img image.Image) []byte {
	r := img.Bounds()
	if r.Empty() || r.Dx() > maxPixels/r.Dy() {
		return nil
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return nil
	}
	return b.Bytes()
}
