// Package form knows in which forms besides text a value can be shown: the methods that give them, and
// images. It is what package display and the values at the end of cells of gobraid agree on.
package form

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"image"
	"image/png"
	"reflect"
)

// A Method is a method without arguments by which a value gives itself in a form.
type Method struct {
	Name   string       // such as "HTML"
	MIME   string       // the type of the form; "" when the method gives a map from types to forms
	Result reflect.Type // what the method returns
}

// Methods returns the methods there are, in the order in which they are asked.
func Methods() []Method {
	text, data, bundle := reflect.TypeFor[string](), reflect.TypeFor[[]byte](), reflect.TypeFor[map[string]any]()
	return []Method{
		{"HTML", "text/html", text},
		{"Markdown", "text/markdown", text},
		{"LaTeX", "text/latex", text},
		{"SVG", "image/svg+xml", text},
		{"PNG", "image/png", data},
		{"JPEG", "image/jpeg", data},
		{"MIMEBundle", "", bundle},
	}
}

// Metadata is the name of the method that gives a map[string]any to go with the forms: what front ends read
// beside them, by MIME type, such as the width of an image.
const Metadata = "MIMEMetadata"

// Add adds what a method returned to a bundle, if it can be sent as JSON: bytes in base64, an empty text not at all.
// mime is the method's, see [Method].
func Add(bundle map[string]any, mime string, result any) {
	switch data := result.(type) {
	case []byte:
		bundle[mime] = base64.StdEncoding.EncodeToString(data)
	case map[string]any:
		if mime == "" {
			for mime, data := range data {
				if mime != "" {
					Add(bundle, mime, data)
				}
			}
			return
		}
		if sendable(data) {
			bundle[mime] = data
		}
	default:
		if mime != "" && data != "" && sendable(data) {
			bundle[mime] = data
		}
	}
}

// sendable reports whether a value has a form in JSON.
func sendable(v any) bool {
	_, err := json.Marshal(v)
	return err == nil
}

// maxPixels limits the images that are encoded unasked.
const maxPixels = 16 << 20

// Image returns an image as PNG, nil if it is empty or has more than 16 million pixels.
func Image(img image.Image) []byte {
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

// Of returns the forms of a value, text/plain only if the value gives it, and its metadata. It calls the value's
// methods; one that panics gives nothing.
func Of(v any) (bundle, metadata map[string]any) {
	bundle = map[string]any{}
	value := reflect.ValueOf(v)
	if !value.IsValid() || value.Kind() == reflect.Pointer && value.IsNil() {
		return bundle, nil
	}
	for _, m := range Methods() {
		if result, ok := call(value, m.Name, m.Result); ok {
			Add(bundle, m.MIME, result)
		}
	}
	if img, ok := v.(image.Image); ok && bundle["image/png"] == nil {
		if data := safely(func() any { return Image(img) }); data != nil && data.([]byte) != nil {
			Add(bundle, "image/png", data)
		}
	}
	if result, ok := call(value, Metadata, reflect.TypeFor[map[string]any]()); ok && sendable(result) {
		metadata = result.(map[string]any)
	}
	return bundle, metadata
}

// call calls a method of a value, if it has that one and it does not panic.
func call(v reflect.Value, name string, result reflect.Type) (any, bool) {
	m := v.MethodByName(name)
	if !m.IsValid() || m.Type().NumIn() != 0 || m.Type().NumOut() != 1 || m.Type().Out(0) != result {
		return nil, false
	}
	out := safely(func() any { return m.Call(nil)[0].Interface() })
	return out, out != nil
}

// safely returns what f returns, nil if it panics.
func safely(f func() any) (v any) {
	defer func() { _ = recover() }()
	return f()
}
