package normal

import (
	"go/ast"
	"go/constant"
	"go/types"
	"strings"
)

// A format tells what a function that formats its arguments would show of a value whose type the
// interpreter cannot name.
type format struct {
	ok    bool   // it is one of the functions of fmt, and shows values only
	print bool   // without verbs
	verbs string // the verb of each argument
}

// formatter returns what is known of f, called by x.
func (e *emitter) formatter(f *types.Func, x *ast.CallExpr) format {
	if f == nil || f.Pkg() == nil || f.Pkg().Path() != "fmt" {
		return format{}
	}
	switch f.Name() {
	case "Print", "Println", "Sprint", "Sprintln", "Fprint", "Fprintln", "Append", "Appendln":
		return format{ok: true, print: true}
	case "Printf", "Sprintf":
		return e.verbs(x.Args[0])
	case "Fprintf", "Appendf":
		return e.verbs(x.Args[1])
	}
	return format{}
}

// verbs returns the verbs of a constant format without flags that show names or types.
func (e *emitter) verbs(x ast.Expr) format {
	v := e.value(x)
	if v == nil || v.Kind() != constant.String {
		return format{}
	}
	f := format{ok: true}
	s := constant.StringVal(v)
	for i := 0; i < len(s); i++ {
		if s[i] != '%' {
			continue
		}
		i++
		for i < len(s) && strings.IndexByte("0123456789.-", s[i]) >= 0 {
			i++
		}
		switch {
		case i == len(s) || strings.IndexByte("vdsqxXftegcbo%", s[i]) < 0:
			return format{}
		case s[i] != '%':
			f.verbs += s[i : i+1]
		}
	}
	return f
}

// formatted returns the i-th argument of a formatting function, of a type that a cell declared, if
// its text is certainly the same as that of the value the interpreter has instead.
func (e *emitter) formatted(f format, i int, x ast.Expr) (val, bool) {
	t := e.typeOf(x)
	if !f.ok || !ours(t) || isInterface(t) || !f.print && (i >= len(f.verbs) || !suits(t, f.verbs[i])) {
		return val{}, false
	}
	if m := stringMethod(t); m != nil {
		if !f.print && strings.IndexByte("vs", f.verbs[i]) < 0 {
			return val{}, false
		}
		return e.stringer(x, m)
	}
	if !plainText(t, nil, true) {
		return val{}, false
	}
	if e.value(x) != nil {
		return e.hold(e.expr(x)), true
	}
	return e.expr(x), true
}

// suits reports whether fmt can show a t with the verb, so that it does not name the type in a
// complaint.
func suits(t types.Type, verb byte) bool {
	if verb == 'v' {
		return true
	}
	b, ok := t.Underlying().(*types.Basic)
	if !ok {
		return verb == 's' && stringMethod(t) != nil
	}
	switch info := b.Info(); {
	case stringMethod(t) != nil:
		return verb == 's'
	case info&types.IsInteger != 0:
		return strings.IndexByte("dxXbocq", verb) >= 0
	case info&types.IsFloat != 0:
		return strings.IndexByte("fge", verb) >= 0
	case info&types.IsString != 0:
		return strings.IndexByte("sqxX", verb) >= 0
	case info&types.IsBoolean != 0:
		return verb == 't'
	}
	return false
}

// stringMethod returns the method that fmt calls for a value of type t.
func stringMethod(t types.Type) *types.Func {
	ms := types.NewMethodSet(t)
	for _, name := range []string{"Format", "GoString", "Error", "String"} {
		for i := range ms.Len() {
			if f := ms.At(i).Obj(); f.Name() == name {
				return f.(*types.Func)
			}
		}
	}
	return nil
}

// stringer returns the text that the String method of a declared type gives, as a value that fmt
// prints as it is. Only a method with a value receiver is called before fmt would call it.
func (e *emitter) stringer(x ast.Expr, m *types.Func) (val, bool) {
	named, ok := types.Unalias(e.typeOf(x)).(*types.Named)
	if !ok || !ofCell(m) || m.Name() != "String" && m.Name() != "Error" || !isStringer(m) {
		return val{}, false
	}
	if !types.Identical(m.Signature().Recv().Type(), named) {
		return val{}, false
	}
	name, ok := e.object(m)
	if !ok {
		return val{}, false
	}
	c := &invocation{static: name, results: m.Signature().Results(), signed: []bool{signed(named)}}
	c.args, c.types = []string{e.flush(e.expr(x))}, []func() string{func() string { return e.typ(named) }}
	if c.signed[0] {
		c.static += "z"
		e.byPointer(c)
	}
	t := e.temp()
	e.emit("%s := %s", t, c)
	return e.helper("Text", t), true
}

func isStringer(m *types.Func) bool {
	sig := m.Signature()
	return sig.Params().Len() == 0 && sig.Results().Len() == 1 && types.Identical(sig.Results().At(0).Type(), types.Typ[types.String])
}

// plainText reports whether fmt shows a value of type t without calling methods that the
// interpreter's value lacks, or has where the user's does not: fmt calls no methods of unexported
// fields, and all fields of the interpreter's structs are exported.
func plainText(t types.Type, seen []types.Type, top bool) bool {
	for _, s := range seen {
		if types.Identical(s, t) {
			return true
		}
	}
	seen = append(seen, t)
	t = types.Unalias(t)
	if named, ok := t.(*types.Named); ok {
		if stringMethod(t) != nil || stringMethod(types.NewPointer(t)) != nil || !ofCell(named.Obj()) {
			return false
		}
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return true
	case *types.Slice:
		return plainText(u.Elem(), seen, false)
	case *types.Array:
		return plainText(u.Elem(), seen, false)
	case *types.Map:
		return plainText(u.Key(), seen, false) && plainText(u.Elem(), seen, false)
	case *types.Pointer:
		return top && plainText(u.Elem(), seen, false) // &{…}; deeper ones are addresses
	case *types.Struct:
		for f := range u.Fields() {
			if !plainText(f.Type(), seen, false) {
				return false
			}
		}
		return true
	}
	return false
}
