package generate

import (
	"fmt"
	"slices"
	"strings"
)

// declaration declares a variable.
func (g *generator) declaration() {
	g.risk = g.safe
	t := g.anyType(2)
	name := g.fresh("v")
	if g.has("shadow") && g.chance(6) {
		here := g.scopes[len(g.scopes)-1]
		found := g.find(func(v variable) bool {
			return strings.HasPrefix(v.name, "v") && !slices.ContainsFunc(here, func(h variable) bool { return h.name == v.name })
		})
		if len(found) > 0 {
			name = choose(g, found...).name
		}
	}
	own := t.kind == slice && g.chance(2)
	value := ""
	if own {
		value = g.composite(t, 2, false)
	} else {
		value = g.typed(t)
	}
	switch g.r.IntN(5) {
	case 0:
		g.line("var %s %s = %s", name, t.name, value)
	case 1:
		g.line("var %s %s", name, t.name)
		own = t.kind == slice
	default:
		if t.kind == iface && value == "error(nil)" {
			g.line("var %s %s", name, t.name)
		} else {
			g.line("%s := %s", name, value)
		}
	}
	g.line("_ = %s", name)
	g.declare(variable{name: name, t: t, own: own})
}

// typed returns an expression of exactly the type, where nothing else says so.
func (g *generator) typed(t *typ) string {
	s := g.expr(t, 2)
	switch t.kind {
	case boolean, slice, array, dict, structure:
		return s
	}
	if strings.HasPrefix(t.name, "*") || strings.HasPrefix(t.name, "func") {
		return "(" + t.name + ")(" + s + ")"
	}
	return t.name + "(" + s + ")"
}

func (g *generator) statements(n int) {
	for range n {
		g.risk = g.safe
		g.statement()
	}
}

// block writes statements in a scope of their own, one level deeper.
func (g *generator) block(n int) {
	g.depth++
	g.scope(func() { g.statements(n) })
	g.depth--
}

// A form is a form of statement.
type form struct {
	weight  int
	feature string
	nests   bool // whether it holds other statements
	calls   bool // whether it calls functions of the program or burns fuel
	panics  bool // whether it may panic whatever its operands are
	write   func(*generator)
}

var forms []form

func init() { // forms and statement mention each other
	forms = []form{
		{6, "", false, false, false, (*generator).declaration},
		{10, "", false, false, false, (*generator).assign},
		{4, "", false, false, false, (*generator).operate},
		{3, "", false, false, false, (*generator).appendTo},
		{3, "", false, false, false, (*generator).mapChange},
		{3, "", false, false, false, (*generator).show},
		{3, "", false, false, false, (*generator).copying},
		{2, "runtime", false, false, true, (*generator).failing},
		{4, "", true, false, false, (*generator).ifElse},
		{4, "", true, true, false, (*generator).forLoop},
		{5, "", true, true, false, (*generator).rangeLoop},
		{3, "switch", true, false, false, (*generator).switching},
		{3, "label", false, false, false, (*generator).branch},
		{2, "goto", true, true, false, (*generator).gotos},
		{4, "", false, true, true, (*generator).call},
		{6, "closure", true, true, true, (*generator).closure},
		{3, "closure", true, true, false, (*generator).perIteration},
		{4, "defer", true, true, true, (*generator).deferred},
		{5, "method", false, true, true, (*generator).methodCall},
		{4, "methodvalue", false, true, true, (*generator).methodValue},
		{6, "interface", true, true, true, (*generator).interfaceUse},
		{6, "any", true, false, false, (*generator).anyUse},
		{5, "errors", true, false, false, (*generator).errorUse},
		{6, "generic", false, true, true, (*generator).genericUse},
		{5, "rangefunc", true, true, false, (*generator).rangeFunc},
		{6, "concurrent", false, true, false, (*generator).concurrent},
		{4, "library", false, false, false, (*generator).libraryUse},
		{5, "", false, true, true, (*generator).callTuple},
		{6, "odd", false, false, true, (*generator).odds},
		{3, "funcvalue", false, true, true, (*generator).funcValue},
		{3, "const", false, false, false, (*generator).constants},
		{3, "pointer", false, false, false, (*generator).pointers},
		{2, "", true, true, false, (*generator).literalCall},
	}
}

func (g *generator) statement() {
	var fit []form
	sum := 0
	for _, f := range forms {
		if f.panics && g.safe || f.feature != "" && !g.has(f.feature) || f.nests && g.depth > 2 || f.calls && g.quiet {
			continue
		}
		fit = append(fit, f)
		sum += f.weight
	}
	k := g.r.IntN(sum)
	for _, f := range fit {
		if k -= f.weight; k < 0 {
			f.write(g)
			return
		}
	}
}

// place returns something that can be assigned to, with its type. It cannot panic, and nothing in it is evaluated that the
// right side changes.
func (g *generator) place(fits func(*typ) bool) (string, *typ) {
	type place struct {
		name string
		t    *typ
	}
	var list []place
	add := func(name string, t *typ) {
		if fits(t) {
			list = append(list, place{name, t})
		}
	}
	for _, v := range g.find(func(v variable) bool { return !v.fixed }) {
		if !(v.own && v.t.kind == slice) {
			add(v.name, v.t)
		}
		switch v.t.kind {
		case structure:
			for _, f := range v.t.fields {
				add(v.name+"."+f.name, f.t)
				if f.t.kind == structure {
					for _, in := range f.t.fields {
						add(v.name+"."+f.name+"."+in.name, in.t)
					}
				}
			}
		case array:
			add(fmt.Sprintf("%s[%d]", v.name, g.r.IntN(v.t.size)), v.t.elem)
		case slice:
			if !g.risk {
				add(fmt.Sprintf("!%s[%d]", v.name, g.r.IntN(3)), v.t.elem)
			}
		case pointer:
			if !g.risk {
				add("!*"+v.name, v.t.elem)
				for _, f := range v.t.elem.fields {
					add("!"+v.name+"."+f.name, f.t)
				}
			}
		}
	}
	if len(list) == 0 {
		return "", nil
	}
	p := choose(g, list...)
	if p.name[0] == '!' {
		g.risk = true
		p.name = p.name[1:]
	}
	return p.name, p.t
}

func anything(*typ) bool { return true }

func (g *generator) assign() {
	x, t := g.place(anything)
	if x == "" {
		return
	}
	if g.chance(6) {
		if y, _ := g.place(func(u *typ) bool { return u.name == t.name }); y != "" && y != x {
			g.line("%s, %s = %s, %s", x, y, g.simple(t), g.simple(t))
			return
		}
	}
	value := g.expr(t, 3)
	if t.kind == text { // or it would grow without end in a loop
		if value = "short(" + value + ")"; t != tString {
			value = t.name + "(short(string(" + value[6:] + "))"
		}
	}
	g.line("%s = %s", x, value)
}

func (g *generator) operate() {
	x, t := g.place(func(t *typ) bool { return t.number() || t.kind == text || t.kind == param })
	switch {
	case x == "":
	case t.kind == text:
		g.line("if len(%s) < 40 { %s += %s }", x, x, g.expr(t, 2))
	case g.chance(3):
		g.line("%s%s", x, choose(g, "++", "--"))
	case t.kind == integer && g.chance(3):
		g.line("%s %s= %s %% 9", x, choose(g, "<<", ">>"), g.notConst(tUint8))
	case t.kind == integer && g.chance(3):
		g.line("%s %s= %s", x, choose(g, "&", "|", "^", "&^"), g.expr(t, 2))
	case t.kind == integer && g.chance(3) && g.mayPanic():
		g.line("%s %s= %s", x, choose(g, "/", "%"), g.notConst(t))
	default:
		g.line("%s %s= %s", x, choose(g, "+", "-", "*"), g.expr(t, 2))
	}
}

func (g *generator) appendTo() {
	found := g.find(func(v variable) bool { return v.t.kind == slice && !v.fixed })
	if len(found) == 0 {
		return
	}
	v := choose(g, found...)
	from := v.name
	if !v.own {
		from = fmt.Sprintf("%s[:len(%s):len(%s)]", v.name, v.name, v.name)
	}
	var items []string
	for range 1 + g.r.IntN(3) {
		items = append(items, g.expr(v.t.elem, 1))
	}
	g.line("%s = append(%s, %s)", v.name, from, strings.Join(items, ", "))
}

func (g *generator) mapChange() {
	found := g.find(func(v variable) bool { return v.t.kind == dict })
	if len(found) == 0 {
		return
	}
	v := choose(g, found...)
	key := g.literal(v.t.key, 1)
	switch g.r.IntN(5) {
	case 0:
		g.line("delete(%s, %s)", v.name, key)
	case 1:
		g.line("if x, ok := %s[%s]; ok { _ = x; res++ }", v.name, key)
	case 2:
		if v.t.elem.number() {
			g.line("if %s != nil { %s[%s] += %s }", v.name, v.name, key, g.expr(v.t.elem, 1))
		}
	case 3:
		if g.has("runtime") && g.mayPanic() {
			g.line("%s[%s] = %s", v.name, key, g.expr(v.t.elem, 1))
		}
	default:
		g.line("if %s != nil { %s[%s] = %s }", v.name, v.name, key, g.expr(v.t.elem, 2))
	}
}

func (g *generator) show() {
	t := choose(g, append([]*typ{tInt, tString, sliceOf(tInt)}, g.basics...)...)
	g.line("trace = append(trace[:len(trace):len(trace)], fmt.Sprint(%s))", g.expr(t, 3))
	if g.chance(3) {
		found := g.find(func(v variable) bool { return v.name != "trace" && v.name != "out" })
		if len(found) > 0 {
			v := choose(g, found...)
			g.printing(v.name, v.t, 2)
		}
	}
}

// copying copies a value and changes one of the two.
func (g *generator) copying() {
	found := g.find(func(v variable) bool { return v.t.kind == structure || v.t.kind == array || v.t.kind == slice })
	if len(found) == 0 {
		return
	}
	v := choose(g, found...)
	name := g.fresh("c")
	switch {
	case v.t.kind == slice && g.chance(2) && !v.t.named:
		g.line("%s := make(%s, %d)", name, v.t.name, g.r.IntN(4))
		g.line("res += copy(%s, %s)", name, v.name)
		g.declare(variable{name: name, t: v.t})
	case v.t.kind == slice:
		g.line("if len(%s) > 0 { %s[0] = %s }", v.name, v.name, g.expr(v.t.elem, 1))
		return
	default:
		g.line("%s := %s", name, v.name)
		g.declare(variable{name: name, t: v.t})
	}
	g.line("_ = %s", name)
	if x, t := g.place(func(*typ) bool { return true }); x != "" && strings.HasPrefix(x, name) {
		g.line("%s = %s", x, g.expr(t, 1))
	}
}

// failing is something that fails now and then.
func (g *generator) failing() {
	switch g.r.IntN(7) {
	case 0:
		g.line("res += []int{1, 2, 3}[%s %% 5]", g.notConst(tInt))
	case 1:
		g.line("res += len(make([]int8, %s %% 50))", g.notConst(tInt))
	case 2:
		g.line("res += [2]int([]int{%s, 2, 3}[:%s & 3])[0]", g.literal(tInt, 0), g.notConst(tInt))
	case 3:
		g.line("res += len(%q[%s & 3:%d])", "hello", g.notConst(tInt), g.r.IntN(4))
	case 4:
		g.line("res += %s / (%s %% 3)", g.notConst(tInt), g.notConst(tInt))
	case 5:
		g.line("if %s { panic(%s) }", g.expr(tBool, 1), choose(g, `"stop"`, "42", "errA", `fmt.Sprint("p", res)`, "2.5"))
	case 6:
		g.line("res += len([]int{1, 2, 3, 4}[%s & 7:][:%d])", g.notConst(tInt), g.r.IntN(4))
	}
}

func (g *generator) ifElse() {
	head := ""
	if g.chance(4) {
		name := g.fresh("t")
		t := choose(g, tInt, tString, tFloat, tUint8)
		head = name + " := " + g.typed(t) + "; " + name + " == " + name + " && "
	}
	g.line("if %s%s {", head, g.expr(tBool, 2))
	g.block(1 + g.r.IntN(3))
	if g.chance(2) {
		g.risk = true // an error in it would come before those of the block that is passed over
		g.line("} else if %s {", g.expr(tBool, 1))
		g.block(1)
	}
	if g.chance(2) {
		g.line("} else {")
		g.block(1 + g.r.IntN(2))
	}
	g.line("}")
}

// labelled writes a loop, with a label if something in it uses the label.
func (g *generator) labelled(loop func()) {
	label := g.fresh("L")
	if !g.has("label") {
		loop()
		return
	}
	g.loops = append(g.loops, label)
	text := g.capture(loop)
	g.loops = g.loops[:len(g.loops)-1]
	if strings.Contains(text, label+"\n") || strings.Contains(text, label+" ") {
		g.line("%s:", label)
	}
	g.out.WriteString(text)
}

func (g *generator) forLoop() {
	g.labelled(func() {
		i := g.fresh("i")
		switch g.r.IntN(4) {
		case 0:
			j := g.fresh("j")
			g.line("for %s, %s := 0, %d; %s < %s; %s, %s = %s+1, %s-1 {", i, j, 2+g.r.IntN(6), i, j, i, j, i, j)
			g.body(func() { g.declare(variable{name: j, t: tInt, fixed: true}) }, i)
		case 1:
			g.line("for %s := 0; %s < %d; {", i, i, 1+g.r.IntN(4))
			g.indent++
			g.line("%s++", i)
			g.indent--
			g.body(nil, i)
		default:
			g.line("for %s := 0; %s < %d; %s++ {", i, i, 1+g.r.IntN(5), i)
			g.body(nil, i)
		}
	})
}

// body writes the body of a loop and its end.
func (g *generator) body(more func(), vars ...string) {
	g.depth++
	g.scope(func() {
		g.line("burn()")
		for _, v := range vars {
			g.line("_ = %s", v)
			g.declare(variable{name: v, t: tInt, fixed: true})
		}
		if more != nil {
			more()
		}
		g.statements(1 + g.r.IntN(3))
		if g.has("defer") && g.chance(4) && len(vars) > 0 {
			g.line("defer func() { res += %s }()", vars[0])
		}
	})
	g.depth--
	g.line("}")
}

func (g *generator) rangeLoop() {
	g.labelled(func() {
		k, v := g.fresh("k"), g.fresh("e")
		over := g.find(func(v variable) bool { return v.t.kind == slice || v.t.kind == array || v.t.kind == text })
		switch g.r.IntN(5) {
		case 0:
			g.line("for %s := range %d {", k, g.r.IntN(5))
			g.body(nil, k)
		case 1:
			g.line("for %s := range %s %% 7 {", k, g.notConst(tUint8))
			g.body(func() { g.line("_ = %s", k); g.declare(variable{name: k, t: tUint8, fixed: g.chance(2)}) })
		case 2:
			maps := g.find(func(v variable) bool { return v.t.kind == dict && v.t.elem.number() && v.t.elem.kind == integer })
			if len(maps) > 0 {
				g.line("for _, %s := range %s { total += int(%s) }", v, choose(g, maps...).name, v)
				return
			}
			fallthrough
		default:
			if len(over) == 0 {
				g.line("for range %d {", 1+g.r.IntN(3))
				g.body(nil)
				return
			}
			x := choose(g, over...)
			elem := x.t.elem
			if x.t.kind == text {
				elem = tRune
			}
			name := x.name
			if x.t.kind == array && g.has("pointer") && g.chance(3) && !x.fixed && !strings.Contains(x.name, ".") {
				name = "&" + name
			}
			if x.t.kind == text {
				name = "clip(string(" + name + "))"
			}
			g.line("for %s, %s := range %s {", k, v, name)
			g.body(func() {
				g.line("_, _ = %s, %s", k, v)
				g.declare(variable{name: v, t: elem})
			}, k)
		}
	})
}

func (g *generator) switching() {
	t := choose(g, tInt, tString, tInt, tUint8)
	switch g.r.IntN(3) {
	case 0:
		g.line("switch {")
		g.line("case %s:", g.expr(tBool, 2))
		g.block(1 + g.r.IntN(2))
		g.risk = true
		g.line("case %s, %s:", g.expr(tBool, 1), g.notConst(tInt)+" > 3")
	case 1:
		x := g.fresh("t")
		g.line("switch %s := %s; %s {", x, g.typed(t), x)
		g.line("case %s:", g.notConst(t))
		g.block(1 + g.r.IntN(2))
		g.line("case %s:", g.notConst(t))
	default:
		g.line("switch %s {", g.expr(t, 2))
		g.line("case %s:", g.literal(t, 1))
		g.block(1 + g.r.IntN(2))
		g.line("case %s:", g.notConst(t))
	}
	g.block(1)
	if g.chance(3) {
		g.line("\tfallthrough")
	}
	g.line("default:")
	if g.chance(3) {
		g.risk = g.safe
		g.line("\tif %s { break }", g.expr(tBool, 1))
	}
	g.block(1)
	g.line("}")
}

func (g *generator) branch() {
	if len(g.loops) > 0 {
		g.line("if %s {\n\t\t%s %s\n\t}", g.expr(tBool, 2), choose(g, "break", "continue"), choose(g, g.loops...))
	}
}

// gotos is a loop made of goto, in a function literal.
func (g *generator) gotos() {
	n, l := g.fresh("n"), g.fresh("G")
	g.literal_(func() {
		g.line("%s := 0", n)
		g.line("%s:", l)
		g.line("burn()")
		g.block2(func() { g.declare(variable{name: n, t: tInt, fixed: true}); g.statements(1 + g.r.IntN(2)) })
		g.line("if %s++; %s < %d { goto %s }", n, n, 1+g.r.IntN(4), l)
	})
}

// block2 writes a block of its own.
func (g *generator) block2(f func()) {
	g.line("{")
	g.depth++
	g.scope(f)
	g.depth--
	g.line("}")
}

// literal_ writes a call of a function literal.
func (g *generator) literal_(f func()) {
	saved := g.loops
	g.loops = nil
	g.line("func() {")
	g.depth++
	g.scope(f)
	g.depth--
	g.line("}()")
	g.loops = saved
}

func (g *generator) literalCall() { g.literal_(func() { g.statements(2) }) }

// call calls an earlier function of the program.
func (g *generator) call() {
	if len(g.funcs) == 0 {
		return
	}
	f := choose(g, g.funcs...)
	var args []string
	g.risk = true
	for _, p := range f.params {
		args = append(args, g.simple(p))
	}
	a, b := g.fresh("r"), g.fresh("r")
	g.line("if fuel > 150 {")
	g.line("\tfuel -= 60")
	g.line("\t%s, %s := %s(%s)", a, b, f.name, strings.Join(args, ", "))
	g.line("\tres += %s", a)
	g.line("\tout += clip(%s)", b)
	g.line("}")
}

// closure declares a function literal that changes what it captures, and calls it.
func (g *generator) closure() {
	f, x := g.fresh("fn"), g.fresh("x")
	saved := g.loops
	g.loops = nil
	if g.chance(4) {
		g.line("var %s func(%s int) int", f, x)
		g.line("%s = func(%s int) int {", f, x)
		g.line("\tif burn(); %s > 0 {\n\t\t%s := %s(%s / 2 - 1)\n\t\treturn %[2]s + 1\n\t}", x, g.fresh("y"), f, x)
	} else {
		g.line("%s := func(%s int) int {", f, x)
	}
	g.depth++
	g.scope(func() {
		g.line("burn()")
		g.declare(variable{name: x, t: tInt})
		g.statements(1 + g.r.IntN(3))
		g.risk = g.safe
		g.line("return %s", g.expr(tInt, 2))
	})
	g.depth--
	g.line("}")
	g.loops = saved
	for range 1 + g.r.IntN(2) {
		r := g.fresh("r")
		g.line("%s := %s(%s)", r, f, g.literal(tInt, 1))
		g.line("res += %s", r)
	}
}

// perIteration collects closures over the variables of a loop.
func (g *generator) perIteration() {
	fs, i := g.fresh("fs"), g.fresh("i")
	g.line("var %s []func(int) int", fs)
	g.line("%s {", choose(g, "for "+i+" := range 3", "for "+i+" := 0; "+i+" < 3; "+i+"++", "for _, "+i+" := range []int{4, 5, 6}"))
	g.indent++
	w := g.fresh("w")
	g.line("%s := %s * 2", w, i)
	g.line("%s = append(%s, func(d int) int { %s += d; %s++; return %s*10 + %s })", fs, fs, w, i, w, i)
	if g.chance(2) {
		g.line("if %s < 2 { %s++ }", i, i)
	}
	g.indent--
	g.line("}")
	g.line("for k, f := range %s {", fs)
	g.line("\ta := f(k); b := f(1)")
	g.line("\tout += fmt.Sprint(a, \",\", b, \";\")")
	g.line("}")
}

// recovering defers a function that recovers.
func (g *generator) recovering() {
	switch g.r.IntN(4) {
	case 0:
		g.line("defer func() { res += %s; out += fmt.Sprint(recover()) }()", g.literal(tInt, 1))
	case 1:
		g.line("defer func() {\n\t\tif r := recover(); r != nil {\n\t\t\tif e, ok := r.(error); ok {\n\t\t\t\tout += \"E:\" + e.Error()\n\t\t\t} else {\n\t\t\t\tout += fmt.Sprint(r)\n\t\t\t}\n\t\t}\n\t}()")
	case 2:
		g.line("defer func() {\n\t\tdefer func() { out += fmt.Sprint(recover()) }()\n\t\tif r := recover(); r != nil {\n\t\t\tpanic(fmt.Sprint(\"again \", r))\n\t\t}\n\t}()")
	case 3:
		g.line("defer rescue(&out, &res)")
	}
}

func (g *generator) deferred() {
	switch g.r.IntN(4) {
	case 0:
		g.line("defer func(x int) { res = res*3 + x }(%s)", g.expr(tInt, 1))
	case 1:
		g.literal_(func() {
			g.recovering()
			g.statements(1 + g.r.IntN(2))
			g.risk = g.safe
			g.line("if %s { panic(%s) }", g.expr(tBool, 1), choose(g, "errA", `"x"`, g.literal(tInt, 1), "fmt.Errorf(\"%w!\", errB)"))
		})
	case 2:
		g.line("for %s := range 3 { defer func() { total += %[1]s*res%%1000 }() }", g.fresh("d"))
	case 3:
		saved := g.loops
		g.loops = nil
		g.line("defer func() {")
		g.block(1)
		g.line("}()")
		g.loops = saved
	}
}

// receiver returns a variable that has methods.
func (g *generator) receivers() []variable {
	return g.find(func(v variable) bool { return len(v.t.methodSet()) > 0 || len(v.t.methods) > 0 })
}

// methods returns what can be called on a variable, which has an address.
func methodsOn(v variable) []*method {
	if v.t.kind == iface || v.t.kind == pointer {
		return v.t.methodSet()
	}
	return pointerTo(v.t).methodSet()
}

func (g *generator) methodCall() {
	found := g.receivers()
	if len(found) == 0 {
		return
	}
	v := choose(g, found...)
	g.callMethod(v.name, methodsOn(v))
}

// callMethod calls one of the methods in a statement of its own.
func (g *generator) callMethod(x string, set []*method) {
	if len(set) == 0 {
		return
	}
	m := choose(g, set...)
	g.finish(fmt.Sprintf("%s.%s", x, m.name), m.params, m.results)
}

// finish calls a function and uses the results.
func (g *generator) finish(f string, params, results []*typ) {
	var args []string
	g.risk = true
	for _, p := range params {
		args = append(args, g.simple(p))
	}
	call := f + "(" + strings.Join(args, ", ") + ")"
	var rs []string
	for range results {
		rs = append(rs, g.fresh("r"))
	}
	if len(rs) == 0 {
		g.line("%s", call)
		return
	}
	g.line("%s := %s", strings.Join(rs, ", "), call)
	for i, r := range rs {
		switch results[i] {
		case tInt:
			g.line("res += %s", r)
		case tString:
			g.line("out += clip(%s) + \";\"", r)
		default:
			g.line("_ = %s", r)
			g.printing(r, results[i], 1)
		}
	}
}

func (g *generator) methodValue() {
	found := g.receivers()
	if len(found) == 0 {
		return
	}
	v := choose(g, found...)
	set := methodsOn(v)
	if len(set) == 0 {
		return
	}
	m := choose(g, set...)
	f := g.fresh("mv")
	if v.t.kind != iface && v.t.kind != pointer && !m.pointer && g.chance(2) && slices.Contains(v.t.methods, m) {
		g.line("%s := %s.%s", f, v.t.name, m.name)
		g.finish(f, append([]*typ{v.t}, m.params...), m.results)
		return
	}
	g.line("%s := %s.%s", f, v.name, m.name)
	if x, t := g.place(func(t *typ) bool { return t.name == v.t.name }); x == v.name {
		g.risk = true
		g.line("%s = %s", x, g.simple(t))
	}
	g.finish(f, m.params, m.results)
}

func (g *generator) interfaceUse() {
	if len(g.ifaces) == 0 {
		return
	}
	t := choose(g, g.ifaces...)
	name := ""
	if v, ok := g.variable(t, false); ok && g.chance(2) {
		name = v.name
	} else {
		name = g.fresh("v")
		g.line("var %s %s = %s", name, t.name, g.expr(t, 2))
		g.line("_ = %s", name)
		g.declare(variable{name: name, t: t})
	}
	switch g.r.IntN(4) {
	case 0, 1:
		g.line("if %s != nil {", name)
		g.indent++
		g.scopes = append(g.scopes, nil)
		g.callMethod(name, t.methods)
		g.scopes = g.scopes[:len(g.scopes)-1]
		g.indent--
		g.line("}")
	case 2:
		g.callMethod(name, t.methods)
	case 3:
		g.typeSwitch(name, t)
	}
	if g.chance(4) {
		other := choose(g, g.ifaces...)
		g.line("if x, ok := any(%s).(%s); ok && x != nil { res++ }", name, other.name)
	}
	if from := g.implementer(t); from != nil && g.chance(3) {
		g.line("if x, ok := %s.(%s); ok { _ = x; res += 2 }", name, from.name)
	}
}

// typeSwitch writes a type switch on an interface value.
func (g *generator) typeSwitch(name string, t *typ) {
	x := g.fresh("t")
	var cases []*typ
	for range 1 + g.r.IntN(3) {
		from := g.implementer(t)
		if from != nil && !slices.ContainsFunc(cases, func(c *typ) bool { return c.name == from.name }) {
			cases = append(cases, from)
		}
	}
	if len(g.ifaces) > 0 {
		cases = append(cases, choose(g, g.ifaces...))
	}
	g.line("switch %s := %s.(type) {", x, name)
	for i, c := range cases {
		g.line("case %s:", c.name)
		g.depth++
		g.scope(func() {
			g.line("_ = %s", x)
			g.line("res += %d", i+1)
			g.declare(variable{name: x, t: c})
			if c.kind != iface {
				g.printing(x, c, 1)
			}
			g.statements(1)
		})
		g.depth--
	}
	g.line("case nil:")
	g.line("\tres += 10")
	g.line("default:")
	g.line("\t_ = %s", x)
	g.line("\tres += 20")
	g.line("}")
}

func (g *generator) anyUse() {
	v, ok := g.variable(tAny, true)
	if !ok || g.chance(3) {
		v = variable{name: g.fresh("v"), t: tAny}
		g.line("var %s any = %s", v.name, g.expr(tAny, 2))
		g.line("_ = %s", v.name)
		g.declare(v)
	}
	switch g.r.IntN(6) {
	case 0, 1:
		g.typeSwitch(v.name, tAny)
	case 2:
		t := choose(g, append([]*typ{tInt, tString}, g.structs...)...)
		x := g.fresh("x")
		g.line("if %s, ok := %s.(%s); ok {", x, v.name, t.name)
		g.scope(func() {
			g.declare(variable{name: x, t: t})
			g.line("_ = %s", x)
			g.printing(x, t, 1)
			g.statements(1)
		})
		g.line("}")
	case 3:
		m := g.fresh("m")
		k1, k2 := g.keyType(), g.keyType()
		g.line("%s := map[any]int{%s: 1}", m, g.typedLiteral(k1))
		g.line("%s[%s]++", m, g.typedLiteral(k2))
		g.line("%s[%s] += 2", m, g.typedLiteral(k1))
		g.line("res += len(%s)*100 + %s[%s]", m, m, g.typedLiteral(k2))
	case 4:
		w := g.expr(tAny, 1)
		g.line("if %s == nil || comparable_(%s) && %s == %s { res += 5 }", v.name, v.name, v.name, w)
	case 5:
		if g.has("runtime") && g.mayPanic() {
			t := choose(g, tInt, tString, tFloat)
			x := g.fresh("x")
			g.line("%s := %s.(%s)", x, v.name, t.name)
			g.line("out += fmt.Sprint(%s)", x)
		}
	}
}

func (g *generator) typedLiteral(t *typ) string {
	s := g.literal(t, 1)
	if t == tInt || t == tString || t.kind == structure {
		return s
	}
	return t.name + "(" + s + ")"
}

func (g *generator) errorUse() {
	name := g.fresh("err")
	g.line("var %s error = %s", name, g.expr(tError, 2))
	g.declare(variable{name: name, t: tError})
	for _, s := range g.structs {
		if s.implements(tError) {
			x := g.fresh("as")
			switch g.r.IntN(3) {
			case 0:
				g.line("var %s %s", x, s.name)
				g.line("if errors.As(%s, &%s) { res += %s.code }", name, x, x)
			case 1:
				g.line("if %s, ok := %s.(%s); ok { out += %s.msg }", x, name, s.name, x)
			case 2:
				g.line("switch %s := %s.(type) {\n\tcase nil:\n\t\tres++\n\tcase *%s:\n\t\tout += %s.Error()\n\tcase %s:\n\t\tres += %s.code\n\tdefault:\n\t\tout += %s.Error()\n\t}", x, name, s.name, x, s.name, x, x)
			}
		}
	}
	g.line("out += fmt.Sprint(%s, errors.Is(%s, errA), %s == errB)", name, name, name)
}

func (g *generator) funcValue() {
	found := g.find(func(v variable) bool { return v.t.kind == function })
	if len(found) == 0 {
		return
	}
	v := choose(g, found...)
	g.line("if %s != nil {", v.name)
	g.indent++
	g.finish(v.name, v.t.params, v.t.results)
	g.indent--
	g.line("}")
}

func (g *generator) constants() {
	c := g.fresh("k")
	switch g.r.IntN(4) {
	case 0:
		g.line("const (\n\t\t%sA = iota*%d + 1\n\t\t%[1]sB\n\t\t_\n\t\t%[1]sC\n\t)", c, 1+g.r.IntN(5))
		g.line("res += %sB + %[1]sC*%[1]sA", c)
	case 1:
		g.line("const %s = 1 << %d", c, 40+g.r.IntN(60))
		g.line("res += %s >> %d", c, 90+g.r.IntN(12))
		g.line("out += fmt.Sprint(%s / 3.0 > 1e9, float64(%s))", c, c)
	case 2:
		g.line("const %s, %s2 = %s, %q", c, c, choose(g, "'x'", "2.5", "1e3", "'世' + 1", "0x1p-2", "7/2", "7/2.0"), "lit")
		g.line("out += fmt.Sprint(%s, %s2[1], len(%s2), %[1]s*2)", c, c, c)
	case 3:
		g.line("type %sT uint8", c)
		g.line("const (\n\t\t%sA %[1]sT = 1 << (iota + 1)\n\t\t%[1]sB\n\t\t%[1]sC\n\t)", c)
		g.line("out += fmt.Sprint(uint8(%sA | %[1]sC), uint8(^%[1]sB))", c)
	}
}

func (g *generator) pointers() {
	found := g.find(func(v variable) bool { return !v.fixed && !strings.Contains(v.name, ".") && v.name != "total" })
	if len(found) == 0 {
		return
	}
	v := choose(g, found...)
	p := g.fresh("p")
	switch {
	case v.t.kind == structure && len(v.t.fields) > 0 && g.chance(2):
		f := choose(g, v.t.fields...)
		g.line("%s := &%s.%s", p, v.name, f.name)
		g.line("*%s = %s", p, g.expr(f.t, 1))
	case v.t.kind == array && g.chance(2):
		g.line("%s := &%s[%d]", p, v.name, g.r.IntN(v.t.size))
		g.line("*%s = %s", p, g.expr(v.t.elem, 1))
	default:
		if v.own {
			return
		}
		g.line("%s := &%s", p, v.name)
		g.line("*%s = %s", p, g.expr(v.t, 2))
		if v.t.number() {
			g.line("*%s++", p)
		}
		if v.t.kind == structure {
			g.declare(variable{name: p, t: pointerTo(v.t)})
		}
	}
	g.line("_ = %s", p)
}
