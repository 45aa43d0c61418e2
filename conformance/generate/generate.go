package generate

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// The features a program may use besides the plain core: numbers, strings, slices, arrays, maps, structures, loops,
// functions with several results.
var Features = []string{
	"any", "closure", "complex", "concurrent", "const", "defer", "embed", "errors", "float32", "format", "funcvalue", "generic",
	"genericfunc", "goto", "interface", "label", "library", "method", "methodvalue", "named", "odd", "pointer", "rangefunc", "runtime", "shadow", "switch",
}

// A variable is a variable in scope.
type variable struct {
	name  string
	t     *typ
	fixed bool // not to be assigned: a loop's own, or one that others rely on
	own   bool // a slice nobody else shares
}

// A generator writes a program.
type generator struct {
	r        *rand.Rand
	features map[string]bool
	out      *strings.Builder
	indent   int
	counter  int
	scopes   [][]variable
	risk     bool     // whether the statement has an operand that can panic, or none may
	quiet    bool     // whether statements may neither burn fuel nor call functions of the program
	safe     bool     // whether no statement may panic
	loops    []string // the labels that can be used
	depth    int
	inFunc   *function_

	structName string     // what the next structure is called, if not something new
	globals    []variable // the variables of cells that functions may use

	basics  []*typ
	structs []*typ
	others  []*typ // other declared types
	ifaces  []*typ
	funcs   []*function_
	tuples  []tuple
}

// A function_ is a function of the program.
type function_ struct {
	name    string
	params  []*typ
	results []*typ
}

func newGenerator(seed uint64, features []string) *generator {
	g := &generator{r: rand.New(rand.NewPCG(seed, 29)), features: map[string]bool{}, out: new(strings.Builder)}
	if features == nil {
		share := []float64{0.08, 0.2, 0.5, 0.9}[g.r.IntN(4)]
		for _, f := range Features {
			if g.r.Float64() < share {
				features = append(features, f)
			}
		}
	}
	for _, f := range features {
		g.features[f] = true
	}
	return g
}

// has reports whether the program uses a feature.
func (g *generator) has(feature string) bool { return g.features[feature] }

// chance is true once in n times.
func (g *generator) chance(n int) bool { return g.r.IntN(n) == 0 }

func choose[T any](g *generator, list ...T) T { return list[g.r.IntN(len(list))] }

func (g *generator) fresh(prefix string) string {
	g.counter++
	return fmt.Sprint(prefix, g.counter)
}

func (g *generator) line(format string, args ...any) {
	g.out.WriteString(strings.Repeat("\t", g.indent))
	fmt.Fprintf(g.out, format, args...)
	g.out.WriteByte('\n')
}

// capture returns what f writes.
func (g *generator) capture(f func()) string {
	saved := g.out
	g.out = new(strings.Builder)
	f()
	s := g.out.String()
	g.out = saved
	return s
}

// scope calls f in a scope of its own.
func (g *generator) scope(f func()) {
	g.scopes = append(g.scopes, nil)
	g.indent++
	f()
	g.indent--
	g.scopes = g.scopes[:len(g.scopes)-1]
}

func (g *generator) declare(v variable) {
	top := len(g.scopes) - 1
	g.scopes[top] = append(g.scopes[top], v)
}

// find returns the variables in scope that are visible and fit.
func (g *generator) find(fits func(variable) bool) []variable {
	var found []variable
	seen := map[string]bool{}
	for _, scope := range slices.Backward(g.scopes) {
		for _, v := range slices.Backward(scope) {
			if !seen[v.name] && fits(v) {
				found = append(found, v)
			}
			seen[v.name] = true
		}
	}
	return found
}

// variable returns a variable of a type.
func (g *generator) variable(t *typ, assigned bool) (variable, bool) {
	// Not out: what is added to it would double it, in a loop without end.
	found := g.find(func(v variable) bool {
		return v.t.name == t.name && !(assigned && v.fixed) && (assigned || v.name != "out")
	})
	if len(found) == 0 {
		return variable{}, false
	}
	return choose(g, found...), true
}

// anyType returns a type for a variable.
func (g *generator) anyType(depth int) *typ {
	list := slices.Clone(g.basics)
	list = append(list, tInt, tString, tInt, tBool, tFloat)
	for _, s := range g.structs {
		list = append(list, s, s)
		if g.has("pointer") {
			list = append(list, pointerTo(s))
		}
	}
	list = append(list, g.others...)
	list = append(list, g.ifaces...)
	if g.has("any") {
		list = append(list, tAny)
	}
	if g.has("errors") {
		list = append(list, tError)
	}
	if depth > 0 && g.chance(2) {
		switch g.r.IntN(5) {
		case 0, 1:
			return sliceOf(g.anyType(depth - 1))
		case 2:
			return arrayOf(1+g.r.IntN(3), g.anyType(depth-1))
		case 3:
			return mapOf(g.keyType(), g.anyType(depth-1))
		case 4:
			if g.has("funcvalue") {
				return funcOf([]*typ{tInt}, []*typ{choose(g, tInt, tString)})
			}
		}
	}
	return choose(g, list...)
}

// keyType returns a type of keys.
func (g *generator) keyType() *typ {
	list := []*typ{tString, tInt, tString, tUint8}
	for _, s := range append(slices.Clone(g.structs), g.others...) {
		if s.comparable() && s.printable() && s.kind != float && s.kind != complexKind && !hasFloat(s) {
			list = append(list, s)
		}
	}
	return choose(g, list...)
}

// hasFloat reports whether a type holds what may be NaN, which no map finds again.
func hasFloat(t *typ) bool {
	switch t.kind {
	case float, complexKind, iface:
		return true
	case array:
		return hasFloat(t.elem)
	case structure:
		return slices.ContainsFunc(t.fields, func(f field) bool { return hasFloat(f.t) })
	}
	return false
}

// types declares the types of the program.
func (g *generator) types() {
	g.basics = append(g.basics, tInt, tString, tBool, tFloat)
	g.basics = append(g.basics, choose(g, integers...), choose(g, integers...), choose(g, integers...))
	if g.has("float32") {
		g.basics = append(g.basics, tFloat32)
	}
	if g.has("complex") {
		g.basics = append(g.basics, tComplex, tComplex)
	}
	if g.has("interface") {
		for range 1 + g.r.IntN(3) {
			g.ifaceType()
		}
	}
	if g.has("named") {
		for range 1 + g.r.IntN(3) {
			g.namedType()
		}
	}
	for range 1 + g.r.IntN(3) {
		g.structType()
	}
	if g.has("errors") {
		t := &typ{name: g.fresh("Err"), kind: structure, named: true, fields: []field{{"code", tInt, false}, {"msg", tString, false}}, methods: []*method{mError}}
		g.line("type %s struct {\n\tcode int\n\tmsg  string\n}\n", t.name)
		g.line("func (e %s) Error() string { return e.msg + \"#\" + strconv.Itoa(e.code) }\n", t.name)
		g.structs = append(g.structs, t)
	}
}

func (g *generator) ifaceType() {
	t := &typ{name: g.fresh("I"), kind: iface, named: true}
	pool := slices.Clone(allMethods[:6])
	g.r.Shuffle(len(pool), func(i, j int) { pool[i], pool[j] = pool[j], pool[i] })
	t.methods = pool[:1+g.r.IntN(2)]
	g.line("type %s interface {", t.name)
	for _, m := range t.methods {
		g.line("\t%s", m.signature())
	}
	if len(g.ifaces) > 0 && g.has("embed") && g.chance(2) {
		from := choose(g, g.ifaces...)
		g.line("\t%s", from.name)
		for _, m := range from.methods {
			if !slices.Contains(t.methods, m) {
				t.methods = append(slices.Clip(t.methods), m)
			}
		}
	}
	g.line("}\n")
	g.ifaces = append(g.ifaces, t)
}

func (g *generator) namedType() {
	under := choose(g, tInt, tString, tFloat, sliceOf(tInt), sliceOf(tString), mapOf(tString, tInt), arrayOf(2, tInt), tUint8)
	if g.has("funcvalue") && g.chance(4) {
		under = funcOf([]*typ{tInt}, []*typ{tInt})
	}
	t := new(typ)
	*t = *under
	t.name, t.named = g.fresh("N"), true
	g.line("type %s %s\n", t.name, under.name)
	g.others = append(g.others, t)
	if g.has("method") {
		g.methodsOf(t)
	}
}

func (g *generator) structType() {
	t := &typ{name: g.structName, kind: structure, named: true}
	if g.structName = ""; t.name == "" {
		t.name = g.fresh("S")
	}
	taken := map[string]bool{}
	for range 1 + g.r.IntN(4) {
		f := field{name: choose(g, "a", "b", "c", "d", "X", "Y", "in", "list"), t: g.anyType(1)}
		if len(g.structs) > 0 && g.has("embed") && g.chance(3) {
			s := choose(g, g.structs...)
			f = field{name: s.name, t: s, embedded: true}
			if g.has("pointer") && g.chance(3) {
				f.t = pointerTo(s)
			}
		}
		if taken[f.name] || f.t.kind == iface && !g.chance(3) {
			continue
		}
		taken[f.name] = true
		t.fields = append(t.fields, f)
	}
	if len(t.fields) == 0 {
		t.fields = []field{{"a", tInt, false}}
		taken["a"] = true
	}
	g.line("type %s struct {", t.name)
	for _, f := range t.fields {
		if f.embedded {
			g.line("\t%s", f.t.name)
		} else {
			g.line("\t%s %s", f.name, f.t.name)
		}
	}
	if g.has("pointer") && g.chance(2) && !taken["next"] {
		g.line("\tnext *%s", t.name)
		t.fields = append(t.fields, field{"next", &typ{name: "*" + t.name, kind: pointer, elem: t}, false})
	}
	g.line("}\n")
	if g.has("method") || g.has("interface") {
		g.methodsOf(t)
	}
	g.structs = append(g.structs, t)
}

// methodsOf declares methods of a type.
func (g *generator) methodsOf(t *typ) {
	taken := map[string]bool{}
	for _, f := range t.fields {
		taken[f.name] = true
	}
	pool := allMethods[:6]
	if g.has("format") {
		pool = append(slices.Clone(pool), mString)
	}
	for _, base := range pool {
		if !g.chance(2) || taken[base.name] {
			continue
		}
		m := &method{name: base.name, params: base.params, results: base.results, pure: base.pure}
		m.pointer = m.name != "String" && g.chance(2) && t.kind != function
		if m.pointer && !g.has("pointer") {
			m.pointer = false
		}
		g.methodBody(t, m)
		if m.pointer { // a nil pointer has no fields
			m.pure = false
		}
		t.methods = append(t.methods, m)
	}
}

func (g *generator) methodBody(t *typ, m *method) {
	saved := g.scopes
	defer func() { g.scopes = saved }()
	g.scopes = [][]variable{nil}
	recv := t.name
	if m.pointer {
		recv = "*" + recv
	}
	var params []string
	for i, p := range m.params {
		params = append(params, fmt.Sprintf("p%d %s", i, p.name))
		g.declare(variable{name: fmt.Sprint("p", i), t: p})
	}
	g.line("func (x %s) %s(%s)%s {", recv, m.name, strings.Join(params, ", "), resultList(m.results))
	g.scope(func() {
		if m.pointer {
			if m.pure {
				g.line("if x == nil {\n\t\t%s\n\t}", returnOf(g, m.results, "nil "+m.name))
			}
			for _, f := range t.fields {
				g.declare(variable{name: "x." + f.name, t: f.t, fixed: m.pure})
			}
			if t.kind != structure {
				g.line("_ = *x")
			}
		} else {
			g.declare(variable{name: "x", t: t, fixed: m.pure})
		}
		g.quiet, g.risk = true, m.pure
		if !m.pure {
			g.line("burn()")
			g.line("res, out := 0, \"\"")
			g.line("_, _ = res, out")
			g.declare(variable{name: "res", t: tInt})
			g.declare(variable{name: "out", t: tString})
			g.statements(1 + g.r.IntN(2))
		}
		g.risk = true
		if len(m.results) > 0 {
			var list []string
			for _, res := range m.results {
				list = append(list, g.expr(res, 2))
			}
			g.line("return %s", strings.Join(list, ", "))
		}
		g.quiet = false
	})
	g.line("}\n")
}

// returnOf returns a statement that returns constants.
func returnOf(g *generator, results []*typ, text string) string {
	var list []string
	for _, t := range results {
		switch t.kind {
		case integer:
			list = append(list, "-7")
		case float:
			list = append(list, "-0.5")
		default:
			list = append(list, fmt.Sprintf("%q", text))
		}
	}
	return "return " + strings.Join(list, ", ")
}

const preamble = `
var (
	fuel  int
	total int
	trace []string

	globalText = "größe"
)

func clip(s string) string { return s[:min(len(s), 12)] }

func burn() {
	if fuel--; fuel < 0 {
		panic("fuel")
	}
}

func short(s string) string { return s[:min(len(s), 60)] }

func toInt(f float64) int {
	if f != f || f > 1e15 || f < -1e15 {
		return -1
	}
	return int(f)
}

func try(name string, f func() string) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Println(name, "panic:", r)
		}
	}()
	fuel = 300
	fmt.Println(name, f())
}
`

// standard are the packages that a program imports when it mentions them.
var standard = []string{"cmp", "context", "errors", "fmt", "iter", "maps", "math", "runtime", "slices", "sort", "strconv", "strings", "sync", "sync/atomic", "time", "unicode/utf8"}

// imports returns the import declaration of what a text mentions.
func imports(text string) string {
	var b strings.Builder
	for _, path := range standard {
		name := path[strings.LastIndexByte(path, '/')+1:]
		if mentions(text, name) {
			fmt.Fprintf(&b, "\t%q\n", path)
		}
	}
	return "import (\n" + b.String() + ")\n"
}

// mentions reports whether a text mentions a package.
func mentions(text, name string) bool {
	for rest := text; ; {
		i := strings.Index(rest, name+".")
		if i < 0 {
			return false
		}
		if i == 0 || !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.", rune(rest[i-1])) {
			return true
		}
		rest = rest[i+1:]
	}
}

// Program returns a program with some functions. The features are those given, or drawn if there are none.
func Program(seed uint64, functions int, features []string) string {
	g := newGenerator(seed, features)
	body := g.capture(func() {
		g.out.WriteString(preamble + "\n")
		g.library()
		g.types()
		g.tupleFuncs()
		for range functions {
			g.function()
		}
		g.line("func main() {")
		g.scopes = [][]variable{nil}
		g.scope(func() {
			for _, f := range g.funcs {
				for range 2 {
					g.risk = true
					g.try(f)
				}
			}
			g.line("fmt.Println(total, trace)")
		})
		g.line("}")
	})
	return "package main\n\n" + imports(body) + body
}

// try calls a function and prints what it returns.
func (g *generator) try(f *function_) {
	var args []string
	for _, p := range f.params {
		args = append(args, g.literal(p, 2))
	}
	g.line("try(%q, func() string { return fmt.Sprint(%s(%s)) })", f.name, f.name, strings.Join(args, ", "))
}

// function declares a function. Its results can be printed.
func (g *generator) function() {
	f := &function_{name: g.fresh("f"), params: []*typ{tInt, tString}, results: []*typ{tInt, tString}}
	for range g.r.IntN(3) {
		f.params = append(f.params, g.anyType(1))
	}
	var params []string
	g.scopes = [][]variable{append([]variable{{name: "total", t: tInt}}, g.globals...)}
	g.scopes = append(g.scopes, nil)
	for i, p := range f.params {
		params = append(params, fmt.Sprintf("p%d %s", i, p.name))
		g.declare(variable{name: fmt.Sprint("p", i), t: p})
	}
	g.declare(variable{name: "res", t: tInt})
	g.declare(variable{name: "out", t: tString})
	g.line("func %s(%s) (res int, out string) {", f.name, strings.Join(params, ", "))
	g.inFunc, g.loops, g.depth, g.quiet = f, nil, 0, false
	g.scope(func() {
		if g.has("defer") && g.chance(2) {
			g.recovering()
		}
		for range 2 + g.r.IntN(3) {
			g.declaration()
		}
		g.statements(5 + g.r.IntN(7))
		g.dump()
		g.line("return res + p0, out + p1")
	})
	g.line("}\n")
	g.funcs = append(g.funcs, f)
}

// dump adds what can be printed of the variables in scope to out.
func (g *generator) dump() {
	for _, v := range g.find(func(v variable) bool { return v.name != "out" && v.name != "trace" }) {
		g.printing(v.name, v.t, 2)
	}
}

// printing adds what can be printed of a value to out. With the feature format, fmt prints declared types too.
func (g *generator) printing(x string, t *typ, depth int) {
	format := g.has("format") && t.printable()
	switch {
	case t.plain() && t.printable():
		g.line("out += fmt.Sprint(%s, \";\")", x)
	case format && g.chance(2):
		g.line("out += fmt.Sprintf(%q, %s)", choose(g, "%v;", "%+v;", "%#v;", "%T;", "%v;"), x)
	case depth == 0:
	case t.kind == structure:
		for _, f := range t.fields {
			if f.t.kind != pointer {
				g.printing(x+"."+f.name, f.t, depth-1)
			}
		}
	case t.kind == pointer:
		g.line("if %s != nil {", x)
		g.indent++
		g.line("_ = *%s", x)
		g.printing("(*"+x+")", t.elem, depth-1)
		g.indent--
		g.line("}")
	case t.kind == slice || t.kind == array:
		v := g.fresh("v")
		g.line("for _, %s := range %s {", v, x)
		g.indent++
		g.line("_ = %s", v)
		g.printing(v, t.elem, depth-1)
		g.indent--
		g.line("}")
	case t.kind == dict:
		g.line("out += strconv.Itoa(len(%s))", x)
	case t.kind == iface && t != tAny:
		g.line("if %s != nil {", x)
		for _, m := range t.methods {
			if m.pure && len(m.params) == 0 && t == tError {
				g.line("\tout += fmt.Sprint(%s.%s(), \";\")", x, m.name)
			}
		}
		g.line("\tout += \"set\"\n%s}", strings.Repeat("\t", g.indent))
	case t.kind == iface:
		g.line("if %s != nil {\n%[2]s\tout += \"any\"\n%[2]s}", x, strings.Repeat("\t", g.indent))
	case t.kind == function:
		g.line("out += fmt.Sprint(%s == nil, \";\")", x)
	case t.kind == integer || t.kind == param:
		if t.kind == param {
			g.line("out += fmt.Sprint(%s, \";\")", x)
		} else {
			g.line("out += strconv.Itoa(int(%s)) + \";\"", x)
		}
	case t.kind == float:
		g.line("out += fmt.Sprint(float64(%s), \";\")", x)
	case t.kind == text:
		g.line("out += string(%s) + \";\"", x)
	}
}
