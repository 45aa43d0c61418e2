package rt

import (
	"go/types"
	"reflect"
	"slices"
	"sort"
)

//go:generate go run ./internal/generate

// An adapterKind is a type that holds a V and has the methods of an interface.
type adapterKind struct {
	typ     reflect.Type
	methods []string // beside those of V
	put     func(v V) any
}

// adapterKinds are all but those of errors, those with the fewest methods first.
var adapterKinds []*adapterKind

func addAdapter(put func(v V) any) {
	k := &adapterKind{typ: reflect.TypeOf(put(V{})), put: put}
	for i := range k.typ.NumMethod() {
		if m := k.typ.Method(i); !promoted[m.Name] {
			k.methods = append(k.methods, m.Name)
		}
	}
	at := sort.Search(len(adapterKinds), func(i int) bool { return len(adapterKinds[i].methods) > len(k.methods) })
	adapterKinds = slices.Insert(adapterKinds, at, k)
}

// promoted are the methods that adapters have from V.
var promoted = map[string]bool{"Carried": true, "CarriedMethod": true, "Format": true, "PanicText": true}

// wanted are the methods that compiled functions look for in a value that has the method of the key, beside those that they
// ask for.
var wanted = map[string][]string{
	"Read":         {"WriteTo", "ReadByte", "UnreadByte", "ReadRune", "UnreadRune", "Close", "Seek", "ReadAt", "ReadFrom", "ReadDir", "Peek"},
	"Write":        {"ReadFrom", "WriteString", "WriteByte", "WriteRune", "Close", "Flush", "Seek", "WriteAt", "Sync"},
	"WriteHeader":  {"Flush", "FlushError", "Hijack", "Unwrap", "Push", "CloseNotify", "ReadFrom", "WriteString", "SetReadDeadline", "SetWriteDeadline", "EnableFullDuplex"},
	"Deadline":     {"AfterFunc"},
	"Open":         {"ReadFile", "ReadDir", "Stat", "Glob", "Sub", "ReadLink", "Lstat"},
	"Set":          {"IsBoolFlag", "Get"},
	"Int63":        {"Uint64"},
	"ColorModel":   {"Opaque", "RGBA64At", "SubImage", "PixOffset", "ColorIndexAt", "Palette", "YCbCrAt"},
	"BlockSize":    {"MarshalBinary", "AppendBinary", "UnmarshalBinary", "Clone", "Sum32", "Sum64"},
	"RoundTrip":    {"CloseIdleConnections", "CancelRequest"},
	"RemoteAddr":   {"CloseWrite", "CloseRead", "SyscallConn", "File"},
	"MarshalJSON":  {"MarshalJSONTo", "MarshalText", "AppendText"},
	"MarshalText":  {"AppendText"},
	"LogValue":     {},
	"ServeHTTP":    {},
	"RuntimeError": {},
}

// Fit returns the kind of adapter for a type in the compiled interface type to, or nil if there is none with the methods that
// the type has and others look for. method returns the signature of a method of the type, or nil.
func (s *Types) Fit(to reflect.Type, method func(name string) *types.Signature) *adapterKind {
	has := func(typ reflect.Type, name string) bool {
		sig := method(name)
		m, _ := typ.MethodByName(name)
		return sig != nil && s.sameSignature(m.Type, sig, true)
	}
	var need []string
	for i := range to.NumMethod() {
		for _, name := range wanted[to.Method(i).Name] {
			if method(name) != nil {
				need = append(need, name)
			}
		}
	}
	for _, k := range adapterKinds {
		if !k.typ.Implements(to) || slices.ContainsFunc(k.methods, func(name string) bool { return !has(k.typ, name) }) {
			continue
		}
		if !slices.ContainsFunc(need, func(name string) bool { return !slices.Contains(k.methods, name) }) {
			return k
		}
	}
	return nil
}

// errorAdapters put a V into an error; the key says which of the methods that package errors looks for there are.
var errorAdapters = map[[4]int]func(v V) error{}

func (v V) held() V { return v }

// Adapt stores x through p, a pointer to a variable of the compiled interface type t, which x implements.
func Adapt(x any, t *Type, p any) {
	x = Any(x)
	to := reflect.ValueOf(p).Elem()
	if x == nil {
		to.SetZero()
		return
	}
	adapt(x, t, p)
}

func adapt(x any, t *Type, p any) {
	v, ok := x.(V)
	if !ok {
		reflect.ValueOf(p).Elem().Set(reflect.ValueOf(x))
		return
	}
	if v.T.native {
		reflect.ValueOf(p).Elem().Set(reflect.ValueOf(v.X))
		return
	}
	if e, ok := p.(*error); ok {
		*e = v.asError()
		return
	}
	to := reflect.ValueOf(p).Elem()
	if k := v.T.adapter(to.Type()); k != nil {
		to.Set(reflect.ValueOf(k.put(v)))
		return
	}
	panic(&Unsupported{"a value of type " + v.T.Name + " as a " + t.Name})
}

// Error returns x, which implements error, as an error.
func Error(x any) error {
	switch x := Any(x).(type) {
	case nil:
		return nil
	case V:
		if x.T.native {
			return x.X.(error)
		}
		return x.asError()
	case error:
		return x
	}
	panic(&Defect{x})
}

// asError returns the value as an error with exactly those methods that package errors and others look for in errors.
func (v V) asError() error {
	var key [4]int
	if m := v.T.Method("Unwrap"); m != nil && m.Sig.Params().Len() == 0 && m.Sig.Results().Len() == 1 {
		switch TypeName(m.Sig.Results().At(0).Type()) {
		case "error":
			key[0] = 1
		case "[]error":
			key[0] = 2
		}
	}
	if v.T.has("Is", "func(error) bool") {
		key[1] = 1
	}
	if v.T.has("As", "func(interface {}) bool") {
		key[2] = 1
	}
	if v.T.has("Timeout", "func() bool") {
		key[3] = 1
		if v.T.has("Temporary", "func() bool") {
			key[3] = 2
		}
	}
	return errorAdapters[key](v)
}

// has reports whether the type has a method with that type.
func (t *Type) has(name, signature string) bool {
	m := t.Method(name)
	return m != nil && TypeName(m.Sig) == signature
}

// adapter returns the kind of adapter for values of type t in the compiled interface type to, or nil.
func (t *Type) adapter(to reflect.Type) *adapterKind {
	old := t.fits.Load()
	if old != nil {
		if k, ok := (*old)[to]; ok {
			return k
		}
	}
	k := t.set.Fit(to, func(name string) *types.Signature {
		if m := t.Method(name); m != nil {
			return m.Sig
		}
		return nil
	})
	fresh := map[reflect.Type]*adapterKind{to: k}
	if old != nil {
		for to, k := range *old {
			fresh[to] = k
		}
	}
	t.fits.CompareAndSwap(old, &fresh) // a loser looks again
	return k
}

func (t *Type) isInterface() bool { return types.IsInterface(t.Go) }
