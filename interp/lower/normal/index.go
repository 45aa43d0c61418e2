package normal

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
)

// index returns x[i], which may also be assigned to if x is not a string or a map.
func (e *emitter) index(x *ast.IndexExpr) val {
	if row, ok := e.rows[x]; ok {
		return named(row)
	}
	if id := instanceIdent(x); id != nil {
		if f, ok := e.funcOf(id); ok && ofCell(f) {
			return e.funcValue(f, x)
		}
	}
	switch t := e.under(x.X).(type) {
	case *types.Map:
		return e.mapIndex(x, t)
	case *types.Slice:
		base := e.indexBase(x.X)
		return e.element(base, "len("+base.text+")", x.Index, x)
	case *types.Array:
		base := e.expr(x.X)
		if !addressable(base) {
			base = e.hold(base)
		}
		return e.element(base, strconv.FormatInt(t.Len(), 10), x.Index, x)
	case *types.Basic:
		base := e.indexBase(x.X)
		return e.element(base, "len("+base.text+")", x.Index, x)
	case *types.Pointer:
		if a, ok := t.Elem().Underlying().(*types.Array); ok {
			p := e.steady(e.expr(x.X))
			base := deref(p.text).with(p).check("if %s == nil { rt.Nil(%s) }", p.text, e.site(x))
			return e.element(base, strconv.FormatInt(a.Len(), 10), x.Index, x)
		}
	}
	e.refuse(x, "an instance of a generic function")
	return val{}
}

// indexBase returns a slice or a string as a name.
func (e *emitter) indexBase(x ast.Expr) val {
	v := e.expr(x)
	if v.name {
		return v
	}
	return e.hold(v)
}

// element returns base[i] with the check that Go makes.
func (e *emitter) element(base val, length string, x ast.Expr, n ast.Node) val {
	var i val
	if c := e.value(x); c != nil {
		i = e.constant(c, types.Typ[types.Int])
	} else {
		i = e.expr(x)
		if !i.simple() {
			i = e.hold(i)
		}
	}
	return e.elementAt(base, length, i, x, n)
}

// elementAt is element with the index, the value of x, evaluated.
func (e *emitter) elementAt(base val, length string, i val, x ast.Expr, n ast.Node) val {
	v := val{rank: operand}.with(base, i)
	if !e.bounded(x, base) && !e.safe[n] {
		helper, arg := "Index", e.asInt(x, i.text)
		if e.large(x) {
			helper, arg = "IndexLarge", "uint64("+i.text+")"
		}
		v = v.check("if %s { rt.%s(%s, %s, %s) }", e.outside(x, i.text, length), helper, e.site(n), arg, length)
	}
	v.text = indexable(base) + "[" + i.text + "]"
	return v
}

// indexable returns the text of v before an index. Unlike a selector, an index does not imply the
// star of a pointer to an array.
func indexable(v val) string {
	if v.rank == unary {
		return "(" + v.text + ")"
	}
	return v.within(operand)
}

// outside returns the condition that the index i, the value of x, is out of range.
func (e *emitter) outside(x ast.Expr, i, length string) string {
	b := e.under(x).(*types.Basic)
	switch {
	case b.Info()&types.IsUnsigned != 0:
		return fmt.Sprintf("uint64(%s) >= uint64(%s)", i, length)
	case b.Kind() != types.Int && b.Info()&types.IsUntyped == 0:
		return fmt.Sprintf("%s < 0 || int64(%s) >= int64(%s)", i, i, length)
	case e.notNegative(x):
		return fmt.Sprintf("%s >= %s", i, length)
	}
	return fmt.Sprintf("%s < 0 || %s >= %s", i, i, length)
}

// large reports whether x, an index, may be larger than any int.
func (e *emitter) large(x ast.Expr) bool {
	if x == nil || e.value(x) != nil {
		return false
	}
	b, ok := e.under(x).(*types.Basic)
	return ok && (b.Kind() == types.Uint || b.Kind() == types.Uint64 || b.Kind() == types.Uintptr)
}

// asInt returns the text of the index i as an argument of the helpers.
func (e *emitter) asInt(x ast.Expr, i string) string {
	b := e.under(x).(*types.Basic)
	if e.value(x) != nil || b.Kind() == types.Int {
		return i
	}
	return "int(" + i + ")"
}

// bounded reports whether x is certainly an index of base: a constant index of an array, or the
// variable of a range over it.
func (e *emitter) bounded(x ast.Expr, base val) bool {
	id, ok := ast.Unparen(x).(*ast.Ident)
	if !ok {
		return false
	}
	v, ok := e.info.ObjectOf(id).(*types.Var)
	return ok && e.within[v] != "" && e.within[v] == base.text
}

// mapIndex returns m[k]. The element is copied: it may hold what the statement changes.
func (e *emitter) mapIndex(x *ast.IndexExpr, t *types.Map) val {
	m, k := e.expr(x.X), e.mapKey(x.Index, t)
	if hasInterface(t.Key()) {
		m = e.steady(m)
		k = e.keyCheck(k, "len("+m.text+")", x.Index)
	}
	v := val{rank: operand}.with(m, k)
	v.text = indexable(m) + "[" + k.text + "]"
	return e.hold(v)
}

// mapKey returns a key of a map.
func (e *emitter) mapKey(x ast.Expr, t *types.Map) val {
	return e.steady(e.to(x, t.Key()))
}

// keyCheck returns the key k, the value of x, with the check that it has a hash. size is the text of the size of a map that is
// only looked at, else 1.
func (e *emitter) keyCheck(k val, size string, x ast.Expr) val {
	return k.check("rt.Key(%s, %s, %s)", e.site(x), size, k.text)
}

// storeKey is mapKey for a key that is stored.
func (e *emitter) storeKey(x ast.Expr, t *types.Map) val {
	k := e.mapKey(x, t)
	if hasInterface(t.Key()) {
		k = e.keyCheck(k, "1", x)
	}
	return k
}

// mapIndex2 emits v, ok = m[k] and returns both.
func (e *emitter) mapIndex2(x *ast.IndexExpr, t *types.Map) (v, ok val) {
	m, k := e.steady(e.expr(x.X)), e.mapKey(x.Index, t)
	if hasInterface(t.Key()) {
		k = e.keyCheck(k, "len("+m.text+")", x.Index)
	}
	key := e.flush(k)
	two := e.setAll([]types.Type{t.Elem(), types.Typ[types.Bool]}, m.text+"["+key+"]")
	return two[0], two[1]
}

// slice returns x[i:j:k].
func (e *emitter) slice(x *ast.SliceExpr) val {
	var base val
	limit, length, isString := "", "", false
	switch t := e.under(x.X).(type) {
	case *types.Slice:
		base = e.indexBase(x.X)
		limit = "cap(" + base.text + ")"
	case *types.Basic:
		base, isString = e.indexBase(x.X), true
		limit = "len(" + base.text + ")"
	case *types.Array:
		p := e.addressOf(x.X)
		base, isString = deref(e.steady(p).text), true
		limit = strconv.FormatInt(t.Len(), 10)
	case *types.Pointer:
		a := t.Elem().Underlying().(*types.Array)
		p := e.steady(e.expr(x.X))
		e.emit("if %s == nil { rt.Nil(%s) }", p.text, e.site(x))
		base, isString = deref(p.text), true
		limit = strconv.FormatInt(a.Len(), 10)
	default:
		e.refuse(x, "this slice expression")
	}
	if length = limit; !isString {
		length = "len(" + base.text + ")"
	}
	return e.sliceOf(x, base, limit, length, isString)
}

// sliceOf returns a slice of base, which has the given length and may be sliced up to limit. Go words
// the panics for a string or an array, whose length is the limit, in another way.
func (e *emitter) sliceOf(x *ast.SliceExpr, base val, limit, length string, isString bool) val {
	bound := func(x ast.Expr) string {
		if x == nil {
			return ""
		}
		v := e.expr(x)
		if c := e.value(x); c != nil {
			v = e.constant(c, types.Typ[types.Int])
		} else if e.large(x) {
			v = e.castTo(v, types.Typ[types.Int])
		} else if b := e.under(x).(*types.Basic); b.Kind() != types.Int {
			v = e.helper("Int", e.flush(v))
		}
		return e.flush(e.steady(v))
	}
	large := 0
	for i, b := range []ast.Expr{x.Low, x.High, x.Max} {
		if e.large(b) {
			large |= 1 << i
		}
	}
	low, high, top := bound(x.Low), bound(x.High), bound(x.Max)
	l, h, m := low, high, top
	if l == "" {
		l = "0"
	}
	if h == "" {
		h = length
	}
	site := e.site(x)
	switch {
	case m != "" && (large != 0 || isString):
		e.emit("if %s < 0 || %s > %s || %s > %s || %s > %s { rt.Bounds(%s, %d, %v, true, %s, %s, %s, %s) }", l, l, h, h, m, m, limit, site, large, isString, l, h, m, limit)
	case large != 0:
		top := limit
		if high == "" {
			top = length
		}
		e.emit("if %s < 0 || %s > %s || %s > %s || %s < 0 { rt.Bounds(%s, %d, %v, false, %s, %s, 0, %s) }", l, l, h, h, top, h, site, large, isString, l, h, top)
	case m != "":
		e.emit("if %s < 0 || %s > %s || %s > %s || %s > %s { rt.Slice3(%s, %s, %s, %s, %s) }", l, l, h, h, m, m, limit, site, l, h, m, limit)
	case low != "" || high != "":
		helper := "Slice"
		if isString {
			helper = "SliceString"
		}
		top := limit
		if high == "" {
			top = length
		}
		e.emit("if %s < 0 || %s > %s || %s > %s { rt.%s(%s, %s, %s, %s, %v) }", l, l, h, h, top, helper, site, l, h, limit, high == "")
	}
	text := indexable(base) + "[" + low + ":" + high
	if m != "" {
		text += ":" + m
	}
	return e.hold(val{text: text + "]", rank: operand})
}

// composite returns a composite literal of type t.
func (e *emitter) composite(x *ast.CompositeLit, t types.Type) val {
	switch u := t.Underlying().(type) {
	case *types.Pointer: // an elided &T in a literal
		return e.allocate(x, u.Elem())
	case *types.Struct, *types.Array:
		return deref(e.allocate(x, t).text)
	case *types.Slice:
		return e.sliceLit(x, t, u.Elem())
	case *types.Map:
		return e.mapLit(x, t, u)
	}
	e.refuse(x, "this composite literal")
	return val{}
}

// allocate returns a pointer to a new variable that holds the composite literal. Filling a variable
// field by field leaves nothing that two literals could share.
func (e *emitter) allocate(x *ast.CompositeLit, t types.Type) val {
	p := e.temp()
	switch u := t.Underlying().(type) {
	case *types.Struct:
		values := e.structValues(x, t, u)
		e.emit("%s := new(%s)", p, e.typ(t))
		for _, f := range values {
			e.setField(p, t, f.field, f.text)
		}
	case *types.Array:
		values := e.listValues(x, u.Elem())
		e.emit("%s := new(%s)", p, e.typ(t))
		for _, f := range values {
			e.emit("(*%s)[%s] = %s", p, f.name, f.text)
		}
	default:
		v := e.composite(x, t)
		e.emit("%s := new(%s)", p, e.typ(t))
		e.emit("*%s = %s", p, e.flush(v))
	}
	return named(p)
}

// A part is one element of a composite literal.
type part struct {
	name, text string
	field      int
}

func (e *emitter) structValues(x *ast.CompositeLit, named types.Type, t *types.Struct) []part {
	var parts []part
	for i, elt := range x.Elts {
		if kv, ok := elt.(*ast.KeyValueExpr); ok {
			i = fieldNamed(t, kv.Key.(*ast.Ident).Name)
			elt = kv.Value
		}
		f := t.Field(i)
		e.sameField(named, f, elt)
		if f.Name() == "_" {
			e.blankValue(elt)
			continue
		}
		parts = append(parts, part{text: e.flush(e.elementValue(elt, f.Type())), field: i})
	}
	return parts
}

// fieldNamed returns the number of the field of t that a key of a literal names.
func fieldNamed(t *types.Struct, name string) int {
	for i := range t.NumFields() {
		if t.Field(i).Name() == name {
			return i
		}
	}
	return -1
}

// elementValue returns an element of a composite literal; a literal without a type has type t.
func (e *emitter) elementValue(x ast.Expr, t types.Type) val {
	if lit, ok := x.(*ast.CompositeLit); ok && lit.Type == nil {
		return e.steady(e.composite(lit, t))
	}
	return e.steady(e.to(x, t))
}

// listValues returns the elements of an array or slice literal with their indices.
func (e *emitter) listValues(x *ast.CompositeLit, elem types.Type) []part {
	var parts []part
	var values []ast.Expr
	next := int64(0)
	for _, elt := range x.Elts {
		if kv, ok := elt.(*ast.KeyValueExpr); ok {
			next = e.intValue(kv.Key)
			elt = kv.Value
		}
		parts = append(parts, part{name: strconv.FormatInt(next, 10)})
		values = append(values, elt)
		next++
	}
	l := e.lately(values)
	for i, elt := range values {
		l.add(elt, elem, func(x ast.Expr, t types.Type) val {
			v := e.elementValue(x, t)
			parts[i].text = e.flush(v)
			return v
		})
	}
	l.finish()
	return parts
}

func (e *emitter) intValue(x ast.Expr) int64 {
	n, err := strconv.ParseInt(e.value(x).ExactString(), 10, 64)
	if err != nil {
		e.refuse(x, "this index")
	}
	return n
}

func (e *emitter) sliceLit(x *ast.CompositeLit, t, elem types.Type) val {
	parts := e.listValues(x, elem)
	inOrder := true
	size := int64(0)
	for i, p := range parts {
		inOrder = inOrder && p.name == strconv.Itoa(i)
		n, _ := strconv.ParseInt(p.name, 10, 64)
		size = max(size, n+1)
	}
	s := e.temp()
	if !inOrder {
		e.emit("%s := make(%s, %d)", s, e.typ(t), size)
		for _, p := range parts {
			e.emit("%s[%s] = %s", s, p.name, p.text)
		}
		return named(s)
	}
	text := ""
	for i, p := range parts {
		if i > 0 {
			text += ", "
		}
		text += p.text
	}
	e.emit("%s := %s{%s}", s, e.typ(t), text)
	return named(s)
}

func (e *emitter) mapLit(x *ast.CompositeLit, t types.Type, m *types.Map) val {
	s := e.temp()
	e.emit("%s := make(%s)", s, e.typ(t))
	for _, elt := range x.Elts {
		kv := elt.(*ast.KeyValueExpr)
		key := e.elementValue(kv.Key, m.Key())
		if hasInterface(m.Key()) {
			key = e.keyCheck(key, "1", kv.Key)
		}
		k := e.flush(key)
		v := e.flush(e.elementValue(kv.Value, m.Elem()))
		e.emit("%s[%s] = %s", s, k, v)
	}
	return named(s)
}

// elemOf returns the element type of a channel.
func (e *emitter) elemOf(x ast.Expr) types.Type {
	c, ok := e.under(x).(*types.Chan)
	if !ok {
		e.refuse(x, "a channel of a type parameter")
	}
	return c.Elem()
}

// assertion returns x.(T).
func (e *emitter) assertion(x *ast.TypeAssertExpr) val {
	t := e.typeOf(x.Type)
	v := e.flush(e.expr(x.X))
	p := e.assertTarget(t)
	static := quote(e.env.TypeName(e.typeOf(x.X)))
	if e.asks(t) {
		e.emit("rt.MustAs(%s, %s, %s, %s, %s)", e.site(x), v, e.describe(t, x), p, static)
	} else {
		e.emit("rt.MustAssert(%s, %s, %s, %s)", e.site(x), v, p, static)
	}
	return e.hold(deref(p))
}

// assertion2 emits v, ok = x.(T) and returns both.
func (e *emitter) assertion2(x *ast.TypeAssertExpr) (v, ok val) {
	t := e.typeOf(x.Type)
	text := e.flush(e.expr(x.X))
	p := e.assertTarget(t)
	ok = e.holdText(e.isOf(text, t, p, x))
	return e.hold(deref(p)), ok
}

// asks reports whether an assertion to t needs a descriptor.
func (e *emitter) asks(t types.Type) bool {
	if !isInterface(t) && e.nameless(t) {
		e.out.Boxed = append(e.out.Boxed, e.pos) // in a value of compiled code it would not be boxed
	}
	return isInterface(t) || e.boxes(t)
}

// isOf returns the text that tells whether the interface value v is a t, and if so stores it through p.
func (e *emitter) isOf(v string, t types.Type, p string, n ast.Node) string {
	if e.asks(t) {
		return "rt.As(" + v + ", " + e.describe(t, n) + ", " + p + ")"
	}
	return "rt.Assert(" + v + ", " + p + ")"
}

// holdText leaves the value of a text in a temporary.
func (e *emitter) holdText(text string) val { return e.hold(val{text: text, rank: operand}) }

// assertTarget allocates the variable an assertion sets.
func (e *emitter) assertTarget(t types.Type) string {
	p := e.temp()
	e.emit("%s := new(%s)", p, e.typ(t))
	return p
}

var _ = token.NoPos
