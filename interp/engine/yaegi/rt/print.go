package rt

import (
	"bytes"
	"fmt"
	"go/types"
	"reflect"
	"strings"
	"unicode/utf8"
	"unsafe"
)

// Format prints the value as fmt prints one of its type, for package fmt, which sees a V at the top only: see Show.
func (v V) Format(f fmt.State, verb rune) {
	p := newPrinter(f)
	p.top(reflect.ValueOf(v.X), v.T, verb)
	_, _ = f.Write(p.Bytes())
}

// A raw is a value that reflect can name, but that may hold a V somewhere: package fmt does not know how deep inside it
// is when it comes to a V, and writes pointers inside in another way.
type raw struct{ v reflect.Value }

// Format prints the value as fmt does.
func (r raw) Format(f fmt.State, verb rune) {
	p := newPrinter(f)
	p.top(r.v, nil, verb)
	_, _ = f.Write(p.Bytes())
}

// A printer is package fmt's printing of one operand, over values with descriptors of their types.
type printer struct {
	bytes.Buffer
	state     fmt.State
	plusV     bool
	sharpV    bool
	erroring  bool
	panicking bool
	cleared   bool  // of flags, while a panic of a method is shown
	arg       value // what a complaint about the verb names
}

// A value is a value with its type; without one, reflect names the type.
type value struct {
	v reflect.Value
	t *Type
}

func (x value) typeName() string {
	if x.t != nil {
		return x.t.Name
	}
	return x.v.Type().String()
}

// readOnly says what reflect would: fields without an exported name have no methods.
type readOnly int

const (
	open readOnly = iota
	embedded
	sticky
)

func (r readOnly) inside() readOnly {
	if r != open {
		return sticky
	}
	return open
}

func newPrinter(f fmt.State) *printer {
	return &printer{state: f}
}

// Width, Precision and Flag make the printer a fmt.State for the Format methods of what it prints.
func (p *printer) Width() (int, bool) { return p.state.Width() }

// Precision returns the precision.
func (p *printer) Precision() (int, bool) { return p.state.Precision() }

// Flag reports whether a flag is set.
func (p *printer) Flag(c int) bool { return p.state.Flag(c) }

// top prints the operand itself.
func (p *printer) top(v reflect.Value, t *Type, verb rune) {
	p.plusV = verb == 'v' && p.state.Flag('+')
	p.sharpV = verb == 'v' && p.state.Flag('#')
	p.arg = value{v, t}
	if !p.methods(value{v, t}, verb) {
		p.print(value{v, t}, verb, 0, open)
	}
}

// leaf has package fmt print a value of a basic type.
func (p *printer) leaf(x any, verb rune) {
	if p.cleared {
		fmt.Fprintf(p, "%"+string(verb), x)
		return
	}
	fmt.Fprintf(p, fmt.FormatString(p.state, verb), x)
}

func (p *printer) badVerb(verb rune) {
	p.erroring = true
	fmt.Fprintf(p, "%%!%c(", verb)
	if p.arg.v.IsValid() {
		p.WriteString(p.arg.typeName() + "=")
		p.printArg(p.arg, 'v')
	} else {
		p.WriteString("<nil>")
	}
	p.WriteByte(')')
	p.erroring = false
}

func (p *printer) printArg(x value, verb rune) {
	p.arg = x
	if !p.methods(x, verb) {
		p.print(x, verb, 0, open)
	}
}

// methods calls the method that fmt would call, if there is one.
func (p *printer) methods(x value, verb rune) bool {
	if p.erroring {
		return false
	}
	if x.t == nil || x.t.native {
		return p.nativeMethods(x, verb)
	}
	if m := x.t.Method("Format"); m != nil && isFormat(m.Sig) {
		p.guard(x, verb, "Format", func() {
			m.Func.Call([]reflect.Value{x.v, reflect.ValueOf(fmt.State(p)), reflect.ValueOf(verb)})
		})
		return true
	}
	names := []string{"Error", "String"}
	if p.sharpV {
		names = []string{"GoString"}
	} else if !strings.ContainsRune("vsxXq", verb) {
		return false
	}
	for _, name := range names {
		if m := x.t.Method(name); m != nil && isText(m.Sig) {
			p.guard(x, verb, name, func() { p.text(m.Func.Call([]reflect.Value{x.v})[0].String(), verb) })
			return true
		}
	}
	return false
}

func (p *printer) nativeMethods(x value, verb rune) bool {
	if !x.v.CanInterface() {
		return false
	}
	switch f := x.v.Interface().(type) {
	case fmt.Formatter:
		p.guard(x, verb, "Format", func() { f.Format(p, verb) })
		return true
	case fmt.GoStringer:
		if p.sharpV {
			p.guard(x, verb, "GoString", func() { p.text(f.GoString(), verb) })
			return true
		}
	}
	if p.sharpV || !strings.ContainsRune("vsxXq", verb) {
		return false
	}
	switch f := x.v.Interface().(type) {
	case error:
		p.guard(x, verb, "Error", func() { p.text(f.Error(), verb) })
		return true
	case fmt.Stringer:
		p.guard(x, verb, "String", func() { p.text(f.String(), verb) })
		return true
	}
	return false
}

// text prints what a method returned.
func (p *printer) text(s string, verb rune) {
	if p.sharpV { // GoString: as it is
		fmt.Fprintf(p, strings.Replace(fmt.FormatString(p.state, 's'), "#", "", 1), s)
		return
	}
	p.leaf(s, verb)
}

// guard calls f and shows a panic of it as fmt does.
func (p *printer) guard(x value, verb rune, method string, f func()) {
	defer func() {
		err := recover()
		if err == nil {
			return
		}
		if x.v.Kind() == reflect.Pointer && x.v.IsNil() {
			p.WriteString("<nil>")
			return
		}
		if p.panicking {
			panic(err)
		}
		take()
		plusV, sharpV, cleared := p.plusV, p.sharpV, p.cleared
		p.plusV, p.sharpV, p.cleared, p.panicking = false, false, true, true
		fmt.Fprintf(p, "%%!%c(PANIC=%s method: ", verb, method)
		fmt.Fprintf(p, "%v", Show(genuine(err))...)
		p.WriteByte(')')
		p.plusV, p.sharpV, p.cleared, p.panicking = plusV, sharpV, cleared, false
	}()
	f()
}

func isText(sig *types.Signature) bool {
	return sig.Params().Len() == 0 && sig.Results().Len() == 1 && types.Identical(sig.Results().At(0).Type(), types.Typ[types.String])
}

func isFormat(sig *types.Signature) bool {
	return sig.Params().Len() == 2 && sig.Results().Len() == 0 && TypeName(sig.Params().At(0).Type()) == "fmt.State" && TypeName(sig.Params().At(1).Type()) == "int32"
}

// print prints a value without methods of its own, or looks for them if it is inside another.
func (p *printer) print(x value, verb rune, depth int, ro readOnly) {
	v := x.v
	if v.IsValid() {
		if in, ok := holds(v); ok {
			x, v = in, in.v
		}
	}
	if depth > 0 && v.IsValid() && ro == open && v.CanInterface() {
		if p.methods(x, verb) {
			return
		}
	}
	p.arg = x
	switch v.Kind() {
	case reflect.Invalid:
		if verb == 'v' {
			p.WriteString("<nil>")
			return
		}
		p.badVerb(verb)
	case reflect.Map:
		p.printMap(x, verb, depth, ro)
	case reflect.Struct:
		p.printStruct(x, verb, depth, ro)
	case reflect.Interface:
		in := v.Elem()
		switch {
		case in.IsValid():
			p.print(value{in, nil}, verb, depth+1, ro.inside())
		case p.sharpV:
			p.WriteString(x.typeName() + "(nil)")
		default:
			p.WriteString("<nil>")
		}
	case reflect.Array, reflect.Slice:
		p.printList(x, verb, depth, ro)
	case reflect.Pointer:
		if depth == 0 && !v.IsNil() {
			switch v.Elem().Kind() {
			case reflect.Array, reflect.Slice, reflect.Struct, reflect.Map:
				p.WriteByte('&')
				p.print(value{v.Elem(), x.elem()}, verb, depth+1, ro.inside())
				return
			}
		}
		p.pointer(x, verb)
	case reflect.Chan, reflect.Func, reflect.UnsafePointer:
		p.pointer(x, verb)
	default:
		p.basic(x, verb)
	}
}

// holds returns what a V or an adapter holds.
func holds(v reflect.Value) (value, bool) {
	if v.Kind() != reflect.Struct || !v.CanInterface() {
		return value{}, false
	}
	switch in := v.Interface().(type) {
	case V:
		return value{reflect.ValueOf(in.X), in.T}, true
	case adapter:
		return value{reflect.ValueOf(in.held().X), in.held().T}, true
	}
	return value{}, false
}

func (x value) elem() *Type {
	if x.t == nil {
		return nil
	}
	return x.t.Elem
}

func (x value) key() *Type {
	if x.t == nil {
		return nil
	}
	return x.t.Key
}

func (p *printer) separate(i int) {
	switch {
	case i == 0:
	case p.sharpV:
		p.WriteString(", ")
	default:
		p.WriteByte(' ')
	}
}

func (p *printer) printMap(x value, verb rune, depth int, ro readOnly) {
	end := byte(']')
	if p.sharpV {
		p.WriteString(x.typeName())
		if x.v.IsNil() {
			p.WriteString("(nil)")
			return
		}
		p.WriteByte('{')
		end = '}'
	} else {
		p.WriteString("map[")
	}
	for i, m := range sortedEntries(x.v) {
		p.separate(i)
		p.print(value{m.key, x.key()}, verb, depth+1, ro.inside())
		p.WriteByte(':')
		p.print(value{m.elem, x.elem()}, verb, depth+1, ro.inside())
	}
	p.WriteByte(end)
}

func (p *printer) printStruct(x value, verb rune, depth int, ro readOnly) {
	if p.sharpV {
		p.WriteString(x.typeName())
	}
	p.WriteByte('{')
	var st *types.Struct
	if x.t != nil && opaque(x.t.Go) {
		panic(&insistent{&Unsupported{"the text of a value of type " + x.t.Name}})
	}
	if x.t != nil && !x.t.native {
		st = x.t.Go.Underlying().(*types.Struct)
	}
	for i := range x.v.NumField() {
		p.separate(i)
		f := x.v.Type().Field(i)
		name, isExported, isEmbedded := f.Name, f.IsExported(), f.Anonymous
		var t *Type
		if st != nil {
			name, isExported, isEmbedded, t = st.Field(i).Name(), st.Field(i).Exported(), st.Field(i).Embedded(), x.t.Fields[i]
		}
		if (p.plusV || p.sharpV) && name != "" {
			p.WriteString(name + ":")
		}
		in := ro
		if in == embedded {
			in = open
		}
		if !isExported && in == open {
			in = sticky
			if isEmbedded {
				in = embedded
			}
		}
		v := x.v.Field(i)
		if v.Kind() == reflect.Interface && !v.IsNil() {
			v, t, in = v.Elem(), nil, in.inside()
		}
		p.print(value{v, t}, verb, depth+1, in)
	}
	p.WriteByte('}')
}

func (p *printer) printList(x value, verb rune, depth int, ro readOnly) {
	if strings.ContainsRune("sqxX", verb) && x.v.Type().Elem().Kind() == reflect.Uint8 {
		b := make([]byte, x.v.Len())
		reflect.Copy(reflect.ValueOf(b), x.v)
		p.leaf(b, verb)
		return
	}
	start, end := byte('['), byte(']')
	if p.sharpV {
		p.WriteString(x.typeName())
		if x.v.Kind() == reflect.Slice && x.v.IsNil() {
			p.WriteString("(nil)")
			return
		}
		start, end = '{', '}'
	}
	p.WriteByte(start)
	for i := range x.v.Len() {
		p.separate(i)
		p.print(value{x.v.Index(i), x.elem()}, verb, depth+1, ro.inside())
	}
	p.WriteByte(end)
}

// pointer prints what is an address.
func (p *printer) pointer(x value, verb rune) {
	u := unsafe.Pointer(x.v.Pointer()) //nolint:govet // only to be printed
	switch {
	case verb == 'v' && p.sharpV:
		p.WriteString("(" + x.typeName() + ")(")
		if u == nil {
			p.WriteString("nil)")
			return
		}
		fmt.Fprintf(p, "%#x)", uintptr(u))
	case strings.ContainsRune("vpbodxX", verb):
		p.leaf(u, verb)
	default:
		p.badVerb(verb)
	}
}

// basic prints a value of a basic kind.
func (p *printer) basic(x value, verb rune) {
	v := x.v
	var verbs string
	var plain any
	switch {
	case v.Kind() == reflect.Bool:
		verbs, plain = "tv", v.Bool()
	case v.CanInt():
		verbs, plain = "vdboOxXcqU", v.Int()
	case v.CanUint():
		verbs, plain = "vdboOxXcqU", v.Uint()
	case v.Kind() == reflect.Float32:
		verbs, plain = "vbgGxXfFeE", float32(v.Float())
	case v.Kind() == reflect.Float64:
		verbs, plain = "vbgGxXfFeE", v.Float()
	case v.Kind() == reflect.Complex64:
		verbs, plain = "vbgGxXfFeE", complex64(v.Complex())
	case v.Kind() == reflect.Complex128:
		verbs, plain = "vbgGxXfFeE", v.Complex()
	case v.Kind() == reflect.String:
		verbs, plain = "vsxXq", v.String()
	}
	if !strings.ContainsRune(verbs, verb) {
		p.badVerb(verb)
		return
	}
	p.leaf(plain, verb)
}

// Show returns the operands of a printing function as that function has to see them.
func Show(args ...any) []any {
	out := args
	for i, a := range args {
		if s, ok := showRaw(a); ok {
			if &out[0] == &args[0] {
				out = append([]any(nil), args...)
			}
			out[i] = s
		}
	}
	return out
}

func showRaw(a any) (any, bool) {
	switch a.(type) {
	case nil, V, adapter, raw, string, int, bool, float64, error, fmt.Stringer, fmt.Formatter, []byte, []int, []string:
		return nil, false
	}
	v := reflect.ValueOf(a)
	switch v.Kind() {
	case reflect.Slice, reflect.Array, reflect.Map, reflect.Struct, reflect.Pointer:
		if mayHold(v.Type(), nil) {
			return raw{v}, true
		}
	}
	return nil, false
}

// mayHold reports whether a value of type t may have an interface value inside.
func mayHold(t reflect.Type, seen map[reflect.Type]bool) bool {
	switch t.Kind() {
	case reflect.Interface:
		return true
	case reflect.Slice, reflect.Array, reflect.Pointer, reflect.Map, reflect.Struct:
	default:
		return false
	}
	if seen[t] {
		return false
	}
	if seen == nil {
		seen = map[reflect.Type]bool{}
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Map:
		return mayHold(t.Key(), seen) || mayHold(t.Elem(), seen)
	case reflect.Struct:
		for i := range t.NumField() {
			if mayHold(t.Field(i).Type, seen) {
				return true
			}
		}
		return false
	}
	return mayHold(t.Elem(), seen)
}

// formatted returns a format and its operands for package fmt: the names and addresses that %T and %p of
// a V show are written into the format.
func formatted(format string, args []any) (string, []any) {
	shown := Show(args...)
	if !strings.ContainsAny(format, "Tp") || !anyHeld(shown) {
		return format, shown
	}
	if strings.ContainsAny(format, "[*") {
		return indexed(format, args, shown)
	}
	var b strings.Builder
	var rest []any
	arg := 0
	for i := 0; i < len(format); {
		if format[i] != '%' {
			b.WriteByte(format[i])
			i++
			continue
		}
		start := i
		for i++; i < len(format) && strings.IndexByte("+-# 0123456789.", format[i]) >= 0; i++ {
		}
		if i == len(format) {
			b.WriteString(format[start:])
			break
		}
		verb, size := utf8.DecodeRuneInString(format[i:])
		directive := format[start:i]
		i += size
		switch {
		case verb == '%' || arg >= len(args):
			b.WriteString(format[start:i])
			continue
		case verb == 'T' || verb == 'p':
			if text, ok := heldText(directive, verb, args[arg], shown[arg]); ok {
				b.WriteString(strings.ReplaceAll(text, "%", "%%"))
				arg++
				continue
			}
		}
		b.WriteString(format[start:i])
		rest = append(rest, shown[arg])
		arg++
	}
	return b.String(), append(rest, shown[min(arg, len(shown)):]...)
}

// indexed is formatted for formats with explicit argument indices or widths from arguments, in which %T and %p of a V
// are not supported.
func indexed(format string, _, shown []any) (string, []any) {
	for i := 0; i < len(format); i++ {
		if format[i] != '%' {
			continue
		}
		for i++; i < len(format) && strings.IndexByte("+-# 0123456789.[]*", format[i]) >= 0; i++ {
		}
		if i < len(format) && (format[i] == 'T' || format[i] == 'p') {
			panic(&Unsupported{"a format with %" + format[i:i+1] + " and argument indices"})
		}
	}
	return format, shown
}

func anyHeld(args []any) bool {
	for _, a := range args {
		switch a.(type) {
		case V, adapter, raw:
			return true
		}
	}
	return false
}

// heldText returns what %T and %p show of a.
func heldText(directive string, verb rune, a, shown any) (string, bool) {
	if _, ok := shown.(raw); ok {
		return fmt.Sprintf(directive+string(verb), a), true
	}
	v, ok := Any(a).(V)
	if !ok {
		return "", false
	}
	if verb == 'T' {
		return fmt.Sprintf(directive+"s", v.T.Name), true
	}
	switch reflect.TypeOf(v.X).Kind() {
	case reflect.Pointer, reflect.Map, reflect.Slice, reflect.Chan, reflect.Func, reflect.UnsafePointer:
		return fmt.Sprintf(directive+"p", v.X), true
	}
	return fmt.Sprintf("%%!p(%s=%v)", v.T.Name, v), true
}

// An insistent panic leaves package fmt, which writes panics of Format methods down, but not those that it meets when it does so.
type insistent struct{ u *Unsupported }

// Format panics.
func (i *insistent) Format(fmt.State, rune) { panic(i.u) }

// opaque reports whether t is a generic struct of a compiled package whose inside is another one here.
func opaque(t types.Type) bool {
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || n.TypeArgs() == nil || n.Obj().Pkg() == nil || n.Obj().Pkg().Path() == "main" {
		return false
	}
	st, ok := n.Underlying().(*types.Struct)
	for i := 0; ok && i < st.NumFields(); i++ {
		if !st.Field(i).Exported() {
			return true
		}
	}
	return false
}

// An Unsupported is the value of a panic where a cell does what the engine cannot do right.
type Unsupported struct{ What string }

// Error says what is not supported and what to do.
func (u *Unsupported) Error() string {
	return "gobraid: the yaegi engine does not support " + u.What + "; run the cell with the compiled engine (%engine compiled)"
}
