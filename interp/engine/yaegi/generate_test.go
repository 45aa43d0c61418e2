package yaegi_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// A generator writes random programs whose meaning Go fixes: no expression calls something that changes
// what the same expression reads. Types are tracked, so nearly everything checks; what panics is
// recovered and printed.
type generator struct {
	r      *rand.Rand
	b      strings.Builder
	indent int
	n      int
	vars   [][]variable // by scope
	funcs  int
	depth  int
	loops  []string
}

type variable struct {
	name, typ string
	fixed     bool // not to be assigned
}

var numbers = []string{"int", "int8", "uint8", "int32", "uint32", "int64", "uint64", "float64", "uint"}

func newGenerator(seed uint64) *generator {
	return &generator{r: rand.New(rand.NewPCG(seed, 17))}
}

func (g *generator) pick(list ...string) string { return list[g.r.IntN(len(list))] }

func (g *generator) line(format string, args ...any) {
	g.b.WriteString(strings.Repeat("\t", g.indent))
	fmt.Fprintf(&g.b, format, args...)
	g.b.WriteByte('\n')
}

func (g *generator) fresh(prefix string) string { g.n++; return fmt.Sprintf("%s%d", prefix, g.n) }

func (g *generator) declare(name, typ string, fixed bool) {
	top := len(g.vars) - 1
	g.vars[top] = append(g.vars[top], variable{name, typ, fixed})
}

func (g *generator) scope(f func()) {
	g.vars = append(g.vars, nil)
	g.indent++
	f()
	g.indent--
	g.vars = g.vars[:len(g.vars)-1]
}

// variable returns a variable of a type, or "" if there is none.
func (g *generator) variable(typ string, assignable bool) string {
	var found []string
	for _, s := range g.vars {
		for _, v := range s {
			if v.typ == typ && !(assignable && v.fixed) {
				found = append(found, v.name)
			}
		}
	}
	if len(found) == 0 {
		return ""
	}
	return found[g.r.IntN(len(found))]
}

const preamble = `package main

import (
	"errors"
	"fmt"
	"sort"
	"strings"
	"sync"
)

type S struct {
	a   int
	b   string
	f   float64
	xs  []int
	arr [3]int8
	p   *S
	in  inner
}

type inner struct {
	k uint8
	m map[string]int
}

type meters float64
type words []string

func (s S) get() int             { s.a++; return s.a*2 + len(s.xs) }
func (s *S) add(n int) *S        { s.a += n; s.xs = append(s.xs, n); return s }
func (s *S) deep() (n int)       { for q := s; q != nil && fuel > 0; q = q.p { burn(); n += q.a }; return }
func (i inner) size() int        { return int(i.k) + len(i.m) }
func (m meters) twice() meters   { return m * 2 }
func (w words) join() string     { return strings.Join(w, "-") }

var (
	fuel  int
	total int
	cache = map[string]int{}
	errA  = errors.New("a")
)

func burn() {
	if fuel--; fuel < 0 {
		panic("fuel")
	}
}

func keys(m map[string]int) string {
	var out []string
	for k, v := range m {
		out = append(out, fmt.Sprint(k, "=", v))
	}
	sort.Strings(out)
	return strings.Join(out, ",")
}

func show(s S) string {
	d := 0
	if s.p != nil {
		d = s.p.a
	}
	return fmt.Sprint(s.a, s.b, s.f, s.xs, s.arr, d, s.in.k, keys(s.in.m))
}

func try(name string, f func() string) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Println(name, "panic:", r)
		}
	}()
	fuel = 400
	fmt.Println(name, f())
}

func pipe(xs []int, f func(int) int) (out []int) {
	c := make(chan int)
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		defer close(c)
		for _, x := range xs {
			c <- f(x)
		}
	}()
	for v := range c {
		out = append(out, v)
	}
	wg.Wait()
	return
}
`

// program returns a program with n functions.
func (g *generator) program(n int) string {
	g.b.WriteString(preamble)
	for range n {
		g.function()
	}
	g.line("\nfunc main() {")
	for i := range n {
		for range 2 {
			g.line("\ttry(\"f%d\", func() string { return fmt.Sprint(f%d(%s, %s)) })", i, i, g.literal("int"), g.literal("string"))
		}
	}
	g.line("\tfmt.Println(total, keys(cache))\n}")
	return g.b.String()
}

func (g *generator) function() {
	g.line("\nfunc f%d(n int, s string) (res int, text string) {", g.funcs)
	g.vars = [][]variable{nil}
	g.declare("n", "int", false)
	g.declare("s", "string", false)
	g.declare("res", "int", false)
	g.declare("text", "string", false)
	g.declare("total", "int", false)
	g.scope(func() {
		if g.r.IntN(3) == 0 {
			g.line("defer func() { res += %s; text += fmt.Sprint(recover()) }()", g.literal("int"))
		}
		g.line("st := S{a: n, b: s, in: inner{m: map[string]int{s: n}}}")
		g.line("ptr := &S{f: %s, p: &st, in: inner{k: 3, m: map[string]int{}}}", g.literal("float64"))
		g.line("xs := []int{%s, n, %s}", g.literal("int"), g.literal("int"))
		g.line("m := map[string]int{%s: 1}", g.literal("string"))
		g.declare("st", "S", false)
		g.declare("ptr", "*S", false)
		g.declare("xs", "[]int", false)
		g.declare("m", "map[string]int", false)
		g.statements(6 + g.r.IntN(8))
		g.line("text += show(st) + show(*ptr) + fmt.Sprint(xs, st.get(), ptr.deep()) + keys(m)")
		g.line("return res + n, text + s")
	})
	g.line("}")
	g.funcs++
}

func (g *generator) statements(n int) {
	for range n {
		g.statement()
	}
}

func (g *generator) block(n int) { g.depth++; g.scope(func() { g.statements(n) }); g.depth-- }

func (g *generator) statement() {
	k := g.r.IntN(31)
	if g.depth > 2 && k > 15 {
		k %= 16
	}
	switch k {
	case 0, 1:
		typ := g.pick(append(numbers, "string", "bool", "[]int", "S", "[3]int8", "meters")...)
		name := g.fresh("v")
		g.line("%s := %s", name, g.typed(typ))
		g.line("_ = %s", name)
		g.declare(name, typ, false)
	case 2, 3, 4:
		typ := g.pick("int", "string", "int8", "uint32", "float64", "[]int", "bool", "uint64", "S")
		if v := g.place(typ); v != "" {
			g.line("%s = %s", v, g.expr(typ, 3))
		}
	case 5, 6:
		typ := g.pick(numbers...)
		if v := g.place(typ); v != "" {
			if g.r.IntN(4) == 0 {
				g.line("%s /= %s", v, g.notConst(typ, 2))
				return
			}
			g.line("%s %s= %s", v, g.pick("+", "-", "*"), g.expr(typ, 2))
		}
	case 7:
		typ := g.pick("int", "int8", "uint32", "int64")
		if v := g.place(typ); v != "" {
			g.line("%s%s", v, g.pick("++", "--"))
		}
	case 8:
		typ := g.pick("int", "uint8", "int32", "uint64")
		if v := g.place(typ); v != "" {
			g.line("%s %s= %s", v, g.pick("<<", ">>", "&", "|", "^", "&^", "%"), g.notConst(typ, 2))
		}
	case 9:
		g.line("%s = append(%s, %s)", "xs", "xs", g.args("int", 1+g.r.IntN(3)))
	case 10:
		g.line("m[%s] %s %s", g.expr("string", 1), g.pick("=", "+=", "-="), g.expr("int", 2))
	case 11:
		a, b := g.place("int"), g.place("int")
		if a != "" && b != "" && a != b {
			g.line("%s, %s = %s, %s", a, b, g.expr("int", 0), g.expr("int", 0)) // which of two panics comes first is open
		}
	case 12:
		g.line("%s.add(%s)", g.pick("st", "ptr", "ptr.p"), g.expr("int", 1))
	case 13:
		g.line("delete(m, %s)", g.expr("string", 0))
	case 14:
		g.line("text += fmt.Sprint(%s, \" \", %s)", g.expr(g.pick("int", "float64", "bool", "[]int", "string"), 2), g.expr("int8", 1))
	case 15:
		if len(g.loops) > 0 {
			g.line("if %s {", g.expr("bool", 2))
			g.line("\t%s", g.pick("break ", "continue ")+g.pick(g.loops...))
			g.line("}")
		}
	case 16, 17:
		g.line("if %s {", g.expr("bool", 3))
		g.block(1 + g.r.IntN(3))
		if g.r.IntN(2) == 0 {
			g.line("} else if %s {", g.expr("bool", 2))
			g.block(1)
			g.line("} else {")
			g.block(1 + g.r.IntN(2))
		}
		g.line("}")
	case 18, 19:
		g.forLoop()
	case 20, 21:
		g.rangeLoop()
	case 22:
		g.switchStmt()
	case 23, 24, 25:
		g.closure()
	case 26:
		saved := g.loops
		g.loops = nil
		g.line("func() {")
		g.block(2)
		g.line("}()")
		g.loops = saved
	case 27:
		g.line("for i, v := range pipe(xs, func(x int) int { return x + %s }) {", g.literal("int"))
		g.line("\tburn(); res += i * v")
		g.line("}")
	case 28:
		if g.funcs > 0 {
			g.line("if fuel > 200 { fuel -= 60; a, b := f%d(%s, %s); res += a; text += b[:min(len(b), 5)] }", g.r.IntN(g.funcs), g.expr("int", 1), g.expr("string", 1))
		}
	case 29:
		g.line("defer func(x int) { res = res*3 + x }(%s)", g.expr("int", 1))
	case 30:
		g.line("if v, ok := m[%s]; ok && v > %s { res += v }", g.expr("string", 1), g.expr("int", 1))
	}
}

func (g *generator) args(typ string, n int) string {
	var list []string
	for range n {
		list = append(list, g.expr(typ, 1))
	}
	return strings.Join(list, ", ")
}

func (g *generator) forLoop() {
	i, label := g.fresh("i"), g.fresh("L")
	g.loops = append(g.loops, label)
	g.line("%s:", label)
	g.line("for %s := 0; %s < %d; %s++ {", i, i, 1+g.r.IntN(5), i)
	g.depth++
	g.scope(func() {
		g.line("burn(); if fuel < 0 { break %s }", label)
		g.declare(i, "int", g.r.IntN(4) > 0)
		g.statements(2 + g.r.IntN(3))
		if g.r.IntN(3) == 0 {
			g.line("defer func() { res += %s }()", i)
		}
	})
	g.depth--
	g.line("}")
	g.loops = g.loops[:len(g.loops)-1]
}

func (g *generator) rangeLoop() {
	k, v, label := g.fresh("k"), g.fresh("v"), g.fresh("L")
	g.loops = append(g.loops, label)
	head, kt, vt := "", "int", ""
	switch g.r.IntN(5) {
	case 0:
		head = fmt.Sprintf("for %s := range %d", k, g.r.IntN(5))
	case 1:
		head, vt = fmt.Sprintf("for %s, %s := range xs", k, v), "int"
	case 2:
		head, vt = fmt.Sprintf("for %s, %s := range %s", k, v, g.expr("string", 1)), "int32"
	case 3:
		head, vt = fmt.Sprintf("for %s, %s := range st.arr", k, v), "int8"
	case 4:
		head = fmt.Sprintf("for %s := range %s", k, g.expr("uint8", 0))
		kt = "uint8"
	}
	g.line("%s:", label)
	g.line("%s {", head)
	g.depth++
	g.scope(func() {
		g.line("burn(); if fuel < 0 { break %s }", label)
		g.declare(k, kt, g.r.IntN(2) == 0)
		g.line("_ = %s", k)
		if vt != "" {
			g.declare(v, vt, false)
			g.line("_ = %s", v)
		}
		g.statements(1 + g.r.IntN(3))
	})
	g.depth--
	g.line("}")
	g.loops = g.loops[:len(g.loops)-1]
}

func (g *generator) switchStmt() {
	if g.r.IntN(2) == 0 {
		g.line("switch {")
		g.line("case %s:", g.expr("bool", 2))
	} else {
		g.line("switch %s {", g.expr("int", 2)+" % 5")
		g.line("case n, %d:", g.r.IntN(3))
	}
	g.block(1 + g.r.IntN(2))
	if g.r.IntN(3) == 0 {
		g.line("\tfallthrough")
		g.line("default:")
		g.block(1)
	} else {
		g.line("default:")
		g.line("\tif %s { break }", g.expr("bool", 1))
		g.block(1)
	}
	g.line("}")
}

// closure declares a function literal and calls it in statements of its own.
func (g *generator) closure() {
	f, x := g.fresh("f"), g.fresh("x")
	saved := g.loops
	g.loops = nil
	g.line("%s := func(%s int) int {", f, x)
	g.depth++
	g.scope(func() {
		g.line("burn()")
		g.declare(x, "int", false)
		g.statements(1 + g.r.IntN(3))
		g.line("return %s", g.expr("int", 2))
	})
	g.depth--
	g.line("}")
	g.loops = saved
	for range 1 + g.r.IntN(2) {
		g.line("res += %s(%s)", f, g.literal("int"))
	}
	if g.r.IntN(2) == 0 {
		fs := g.fresh("fs")
		g.line("var %s []func(int) int", fs)
		g.line("for i := range 3 { %s = append(%s, %s, func(x int) int { i += x; return i + %s }) }", fs, fs, f, g.expr("int", 1))
		g.line("for _, f := range %s { a := f(1); b := f(2); text += fmt.Sprint(a, \",\", b, \";\") }", fs)
	}
}

// place returns something of a type that can be assigned to.
func (g *generator) place(typ string) string {
	var list []string
	if v := g.variable(typ, true); v != "" {
		list = append(list, v, v)
	}
	switch typ {
	case "int":
		list = append(list, "xs["+g.index()+"]", "st.a", "ptr.a", "ptr.p.a", "st.xs["+g.index()+"]")
	case "string":
		list = append(list, "st.b", "ptr.b")
	case "float64":
		list = append(list, "st.f", "ptr.p.f")
	case "int8":
		list = append(list, "st.arr["+g.index()+"]", "ptr.arr["+g.index()+"]")
	case "[]int":
		list = append(list, "xs", "st.xs", "ptr.xs")
	case "uint8":
		list = append(list, "st.in.k", "ptr.in.k")
	case "S":
		list = append(list, "st", "*ptr")
	}
	if len(list) == 0 {
		return ""
	}
	return g.pick(list...)
}

func (g *generator) index() string {
	if g.r.IntN(3) > 0 {
		return fmt.Sprint(g.r.IntN(3))
	}
	return "(" + g.notConst("uint8", 1) + ") % 4"
}

func (g *generator) literal(typ string) string {
	switch typ {
	case "string":
		return g.pick(`"a"`, `"héllo"`, `""`, `"xyz"`, `"\xff1"`)
	case "bool":
		return g.pick("true", "false")
	case "float64", "meters":
		return g.pick("0.5", "-1.25", "3.0", "1e6")
	case "[]int":
		return g.pick("([]int{1, 2, 3})", "([]int{})", "[]int(nil)")
	case "[3]int8":
		return g.pick("([3]int8{1, 2, 3})", "([3]int8{})")
	case "S":
		return g.pick("S{a: 1}", "S{b: \"q\", arr: [3]int8{4, 5, 6}}", "*ptr", "*ptr.p")
	case "int", "int32", "int64":
		return fmt.Sprint(g.r.IntN(20) - 6)
	case "int8":
		return fmt.Sprint(g.r.IntN(200) - 100)
	}
	return fmt.Sprint(g.r.IntN(100))
}

// typed returns an expression of exactly the type, also where nothing else says so.
func (g *generator) typed(typ string) string {
	switch typ {
	case "[]int", "[3]int8", "S":
		return g.expr(typ, 1)
	}
	return typ + "(" + g.expr(typ, 2) + ")"
}

func (g *generator) expr(typ string, depth int) string {
	if depth == 0 || g.r.IntN(5) == 0 {
		if v := g.variable(typ, false); v != "" && g.r.IntN(3) > 0 {
			return v
		}
		return g.literalOf(typ)
	}
	d := depth - 1
	switch typ {
	case "bool":
		t := g.pick("int", "string", "float64", "uint8", "int8")
		switch g.r.IntN(6) {
		case 0:
			return "(" + g.expr("bool", d) + " && " + g.expr("bool", d) + ")"
		case 1:
			return "(" + g.expr("bool", d) + " || " + g.expr("bool", d) + ")"
		case 2:
			return "!(" + g.expr("bool", d) + ")"
		case 3:
			return "st.arr == " + g.pick("ptr.arr", "([3]int8{})", "ptr.p.arr")
		}
		return g.operand(t, d) + " " + g.pick("<", "<=", "==", "!=", ">", ">=") + " " + g.operand(t, d)
	case "string":
		switch g.r.IntN(5) {
		case 0:
			return "(" + g.expr("string", d) + " + " + g.expr("string", d) + ")"
		case 1:
			return "fmt.Sprint(" + g.expr(g.pick("int", "uint8", "float64", "bool"), d) + ")"
		case 2:
			s := g.expr("string", 0)
			if s[0] != '"' {
				return s + "[" + fmt.Sprint(g.r.IntN(3)) + ":]"
			}
		case 3:
			return "(words{" + g.expr("string", d) + ", s}).join()"
		}
		return "strings.ToUpper(" + g.expr("string", d) + ")"
	case "[]int":
		return g.pick("xs", "st.xs", "ptr.xs", "append([]int(nil), xs...)", "xs[:len(xs)/2]", "xs[1:]")
	case "[3]int8":
		return g.pick("st.arr", "ptr.arr")
	case "S":
		return g.pick("st", "*ptr", "*ptr.p", "S{a: "+g.expr("int", d)+"}")
	case "meters":
		return "meters(" + g.expr("float64", d) + ").twice()"
	case "int":
		switch g.r.IntN(14) {
		case 0:
			return "len(" + g.expr("string", d) + ")"
		case 1:
			return "xs[" + g.index() + "]"
		case 2:
			return "m[" + g.expr("string", d) + "]"
		case 3:
			return g.pick("st.get()", "ptr.get()", "ptr.deep()", "st.in.size()", "ptr.p.a", "len(xs)", "cap(xs[:1:2])")
		case 4:
			return "int(" + g.expr(g.pick("int8", "uint8", "int32", "uint32"), d) + ")"
		case 5:
			return "min(" + g.expr("int", d) + ", " + g.expr("int", d) + ")"
		case 6:
			return "int(st.arr[" + g.index() + "])"
		}
	}
	return g.arithmetic(typ, d)
}

// literalOf returns a literal that keeps its type in any expression.
func (g *generator) literalOf(typ string) string {
	switch typ {
	case "string", "bool", "[]int", "[3]int8", "S":
		return g.literal(typ)
	}
	return typ + "(" + g.literal(typ) + ")"
}

func (g *generator) operand(typ string, d int) string { return "(" + g.expr(typ, d) + ")" }

func (g *generator) arithmetic(typ string, d int) string {
	if typ == "float64" || typ == "meters" {
		if g.r.IntN(4) == 0 && typ == "float64" {
			return "float64(" + g.expr(g.pick("int", "int8", "uint32"), d) + ")"
		}
		return "(" + g.expr(typ, d) + " " + g.pick("+", "-", "*", "/") + " " + g.notConst(typ, d) + ")"
	}
	switch g.r.IntN(8) {
	case 0:
		return "-(" + g.notConst(typ, d) + ")"
	case 1:
		return "^(" + g.notConst(typ, d) + ")"
	case 2:
		return "(" + g.notConst(typ, d) + " " + g.pick("<<", ">>") + " (" + g.expr("uint8", 1) + " % 70))"
	case 3:
		return "(" + g.notConst(typ, d) + " " + g.pick("/", "%") + " " + g.notConst(typ, d) + ")"
	case 4:
		from := g.pick("int", "int64", "uint32", "int8", "uint8", "uint64")
		return typ + "(" + g.notConst(from, d) + ")"
	}
	return "(" + g.notConst(typ, d) + " " + g.pick("+", "-", "*", "&", "|", "^", "&^") + " " + g.notConst(typ, d) + ")"
}

// notConst returns an expression that is no constant, so that the compiler does not find overflow or
// division by zero in it.
func (g *generator) notConst(typ string, d int) string {
	if v := g.variable(typ, false); v != "" && g.r.IntN(2) == 0 {
		return v
	}
	switch typ {
	case "int":
		return g.pick("n", "len(s)", "st.a", "res", "fuel", "total")
	case "float64":
		return g.pick("st.f", "ptr.f")
	case "int8":
		return g.pick("st.arr[0]", "ptr.arr[2]", "int8(n)")
	case "uint8":
		return g.pick("st.in.k", "uint8(n)")
	}
	return typ + "(" + g.pick("n", "res", "st.a") + ")"
}
