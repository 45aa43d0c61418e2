package generate

import (
	"fmt"
	"strings"
)

// A tuple is a function or method with several results of any types.
type tuple struct {
	name     string
	receiver *typ // nil for a function
	params   []*typ
	variadic bool
	results  []*typ
}

// tuples declares some functions with several results.
func (g *generator) tupleFuncs() {
	for range 2 {
		f := tuple{name: g.fresh("tu")}
		if len(g.structs) > 0 && g.has("method") && g.chance(2) {
			f.receiver = choose(g, g.structs...)
		}
		for range g.r.IntN(3) {
			f.params = append(f.params, g.anyType(1))
		}
		for range 1 + g.r.IntN(3) {
			f.results = append(f.results, g.anyType(1))
		}
		if g.chance(3) {
			f.variadic = true
			f.params = append(f.params, sliceOf(g.anyType(0)))
		}
		g.tupleFunc(f)
		g.tuples = append(g.tuples, f)
	}
}

func (g *generator) tupleFunc(f tuple) {
	saved := g.scopes
	defer func() { g.scopes = saved }()
	g.scopes = [][]variable{{{name: "total", t: tInt}}, nil}
	recv := ""
	if f.receiver != nil {
		recv = "(x " + choose(g, "", "*") + f.receiver.name + ") "
		if recv[3] != '*' {
			g.declare(variable{name: "x", t: f.receiver})
		}
	}
	var params, results []string
	for i, p := range f.params {
		name := p.name
		if f.variadic && i == len(f.params)-1 {
			name = "..." + p.elem.name
		}
		params = append(params, fmt.Sprintf("p%d %s", i, name))
		g.declare(variable{name: fmt.Sprint("p", i), t: p})
	}
	isNamed := g.chance(3)
	for i, t := range f.results {
		name := t.name
		if isNamed {
			name = fmt.Sprintf("r%d %s", i, t.name)
			g.declare(variable{name: fmt.Sprint("r", i), t: t})
		}
		results = append(results, name)
	}
	g.line("func %s%s(%s) (%s) {", recv, f.name, strings.Join(params, ", "), strings.Join(results, ", "))
	g.scope(func() {
		g.line("burn()")
		if isNamed && g.chance(2) {
			g.line("defer func() {")
			g.scope(func() { g.risk = true; g.assign() })
			g.line("}()")
		}
		values := func() string {
			var list []string
			g.risk = false
			for _, t := range f.results {
				list = append(list, g.expr(t, 2))
			}
			return strings.Join(list, ", ")
		}
		g.quiet = true
		g.risk = false
		g.line("if %s {", g.expr(tBool, 1))
		g.line("\treturn %s", values())
		g.line("}")
		if isNamed {
			g.risk = false
			g.assign()
			g.line("return")
		} else {
			g.line("return %s", values())
		}
		g.quiet = false
	})
	g.line("}\n")
}

// callTuple calls one of them.
func (g *generator) callTuple() {
	if len(g.tuples) == 0 {
		return
	}
	f := choose(g, g.tuples...)
	g.risk = true
	name := f.name
	if f.receiver != nil {
		v, ok := g.variable(f.receiver, true)
		if !ok || v.fixed || strings.Contains(v.name, ".") {
			v.name = g.fresh("v")
			g.line("%s := %s", v.name, g.literal(f.receiver, 1))
			g.declare(variable{name: v.name, t: f.receiver})
		}
		name = v.name + "." + name
	}
	var args []string
	for i, p := range f.params {
		if f.variadic && i == len(f.params)-1 {
			switch g.r.IntN(3) {
			case 0:
				for range g.r.IntN(3) {
					args = append(args, g.simple(p.elem))
				}
			case 1:
				args = append(args, g.simple(p)+"...")
			}
			break
		}
		args = append(args, g.simple(p))
	}
	var rs []string
	for range f.results {
		rs = append(rs, g.fresh("r"))
	}
	g.line("%s := %s(%s)", strings.Join(rs, ", "), name, strings.Join(args, ", "))
	for i, r := range rs {
		g.line("_ = %s", r)
		g.printing(r, f.results[i], 1)
		g.declare(variable{name: r, t: f.results[i]})
	}
}

// odds are forms of their own, each of which Go and an interpreter may see differently.
func (g *generator) odds() {
	x := g.fresh("o")
	n, s := g.simple(tInt), g.simple(tString)
	switch g.r.IntN(16) {
	case 0:
		g.line("%s := struct {\n\t\ta int\n\t\tb string\n\t}{%s, %s}", x, n, s)
		g.line("%sc := %[1]s", x)
		g.line("%sc.a++", x)
		g.line("out += fmt.Sprint(%s, %[1]s == %[1]sc, %[1]sc.b)", x)
	case 1:
		g.line("%s := [2][2]int{{1, %s}, {3}}", x, n)
		g.line("%sc := %[1]s", x)
		g.line("%sc[1][0], %[1]sc[0] = 9, %[1]s[1]", x)
		g.line("out += fmt.Sprint(%s, %[1]sc, %[1]s == %[1]sc)", x)
	case 2:
		g.line("%s := map[string]map[string]int{\"a\": {\"x\": %s}}", x, n)
		g.line("%s[\"a\"][\"y\"]++", x)
		g.line("%sv, %[1]sok := %[1]s[\"b\"][\"z\"]", x)
		g.line("out += fmt.Sprint(%s, %[1]sv, %[1]sok)", x)
	case 3:
		g.line("%s := []func() int{}", x)
		g.line("for i := 0; i < 3; i++ {\n\t\tdefer func() { total += i }()\n\t\t%s = append(%[1]s, func() int { i += 10; return i })\n\t}", x)
		g.line("for _, f := range %s { a := f(); b := f(); res += a*b }", x)
	case 4:
		g.line("%s := func(xs ...int) (n int) {\n\t\tfor _, v := range xs { n += v }\n\t\treturn n*10 + len(xs)\n\t}", x)
		g.line("%sa := %[1]s(1, 2, %[2]s)", x, n)
		g.line("%sb := %[1]s([]int{4, 5}...)", x)
		g.line("res += %sa + %[1]sb", x)
	case 5:
		g.line("%s := func() (a int, err error) {\n\t\tdefer func() {\n\t\t\tif r := recover(); r != nil { err = fmt.Errorf(\"r %%v\", r) }\n\t\t}()\n\t\ta = 5\n\t\tpanic(%s)\n\t}", x, s)
		g.line("%sa, %[1]se := %[1]s()", x)
		g.line("out += fmt.Sprint(%sa, %[1]se)", x)
	case 6:
		g.line("type %sT struct {\n\t\tn    int\n\t\tnext *%[1]sT\n\t}", x)
		g.line("var %s *%[1]sT", x)
		g.line("for i := range 4 { %s = &%[1]sT{i, %[1]s} }", x)
		g.line("for q := %s; q != nil; q = q.next { res = res*3 + q.n }", x)
	case 7:
		g.line("type %sA struct{ X, Y int }", x)
		g.line("type %sB struct{ X, Y int }", x)
		g.line("%s := %[1]sB(%[1]sA{%s, 2})", x, n)
		g.line("out += fmt.Sprint(%s.X-%[1]s.Y, %[1]sA(%[1]s) == %[1]sA{1, 2})", x)
	case 8:
		g.line("%s := []byte(%s + \"abc\")", x, s)
		g.line("%s[0] ^= 0x20", x)
		g.line("copy(%s[1:], \"ZZ\")", x)
		g.line("out += string(%s) + string([]rune(%s + \"é\")[0])", x, s)
	case 9:
		g.line("%s, %[1]sn := 0, %s", x, n)
		g.line("%s, %[1]sn = %[1]sn, %[1]s", x)
		g.line("%s, %[1]sk := %[1]s+1, 2", x)
		g.line("{\n\t\t%s := \"inner\"\n\t\tout += %[1]s\n\t}", x)
		g.line("res += %s + %[1]sn*%[1]sk", x)
	case 10:
		g.line("%s := map[[2]int]string{{1, 2}: \"a\"}", x)
		g.line("%s[[2]int{%s %% 3, 2}] += \"b\"", x, n)
		g.line("out += fmt.Sprint(len(%s), %[1]s[[2]int{1, 2}])", x)
	case 11:
		g.line("%s := []int{5, 1, 4}", x)
		g.line("for i := range %s { %[1]s[i], %[1]s[0] = %[1]s[0], %[1]s[i]*2 }", x)
		g.line("%s[len(%[1]s)-1]--", x)
		g.line("out += fmt.Sprint(%s, min(%[1]s[0], 3, %[1]s[1]), max(2.5, float64(%[1]s[2])))", x)
		g.line("clear(%s)", x)
		g.line("res += len(%s) + %[1]s[1]", x)
	case 12:
		g.line("var %s int8 = -128", x)
		g.line("%s /= int8(%s %% 2)*2 - 1", x, n)
		g.line("out += fmt.Sprint(%s, -%[1]s, %[1]s>>1, uint8(%[1]s)>>1, %[1]s<<1, ^%[1]s)", x)
	case 13:
		g.line("switch %s := len(%s); {", x, s)
		g.line("case %s > 3 && %[1]s < 100:\n\t\tres++\n\t\tfallthrough", x)
		g.line("case %s == 0:\n\t\tres += 2", x)
		g.line("default:\n\t\tfor i := range 3 {\n\t\t\tif i == 1 { break }\n\t\t\tres += 5\n\t\t}\n\t}")
	case 14:
		g.line("%s := func(n int) func() (int, string) {\n\t\treturn func() (int, string) { n++; return n, strings.Repeat(\"q\", n&3) }\n\t}(%s)", x, n)
		g.line("%s()", x)
		g.line("out += fmt.Sprint(%s())", x)
	case 15:
		g.line("%s := [3]*int{new(int), nil, &res}", x)
		g.line("*%s[0] = %s", x, n)
		g.line("for i, p := range %s {\n\t\tif p != nil && *p != 0 { total += i + len(%[1]s) }\n\t}", x)
	}
}
