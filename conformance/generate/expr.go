package generate

import (
	"fmt"
	"strings"
)

// literal returns a value of a type that mentions no variable of a function and cannot panic.
func (g *generator) literal(t *typ, depth int) string {
	var s string
	switch t.kind {
	case boolean:
		return choose(g, "true", "false")
	case integer:
		s = g.number(t)
	case float:
		s = choose(g, "0.5", "-1.25", "3", "1e6", "0", "2.5e-3", "100.125")
	case complexKind:
		s = choose(g, "1+2i", "-0.5i", "2", "(0.25 - 1i)")
	case text:
		s = choose(g, `"a"`, `"héllo"`, `""`, `"xyz"`, `"\xff1"`, `"日本"`, "`raw\\n`")
	case param:
		s = fmt.Sprint(g.r.IntN(6))
	case slice, dict, array, structure:
		return g.composite(t, depth, true)
	case pointer:
		if depth <= 0 || g.chance(3) {
			return "(" + t.name + ")(nil)"
		}
		return "&" + strings.TrimSuffix(strings.TrimPrefix(g.composite(t.elem, depth-1, true), "("), ")")
	case function:
		return g.funcLiteral(t, true)
	case iface:
		if depth <= 0 || g.chance(4) {
			return t.name + "(nil)"
		}
		if from := g.implementer(t); from != nil {
			return t.name + "(" + g.literal(from, depth-1) + ")"
		}
		return t.name + "(nil)"
	}
	if t == tInt && s[0] != '-' || t == tString {
		return s
	}
	return t.name + "(" + s + ")"
}

// number returns a constant of an integer type.
func (g *generator) number(t *typ) string {
	signed := !strings.HasPrefix(t.name, "u") && t.name != "byte"
	if t.named { // of int or uint8
		signed = t.bits == 64
	}
	most := 20
	if g.chance(4) {
		most = 127
	}
	n := g.r.IntN(most)
	if signed && g.chance(4) {
		n = -n
	}
	if g.chance(12) {
		switch {
		case t.bits == 64 && signed:
			return choose(g, "1<<40", "(-1 << 63)", "(1<<63 - 1)")
		case t.bits == 64:
			return choose(g, "1<<40", "(1<<64 - 1)")
		case t.bits == 8 && !signed:
			return "255"
		}
	}
	return fmt.Sprint(n)
}

// implementer returns a type whose values an interface can hold, or nil.
func (g *generator) implementer(t *typ) *typ {
	var list []*typ
	for _, from := range append(append([]*typ(nil), g.structs...), g.others...) {
		if from.implements(t) {
			list = append(list, from)
		}
		if from.kind == structure && g.has("pointer") && pointerTo(from).implements(t) {
			list = append(list, pointerTo(from))
		}
	}
	if len(t.methods) == 0 {
		list = append(list, tInt, tString, tFloat, g.basics[g.r.IntN(len(g.basics))], sliceOf(tInt))
	}
	if t == tError {
		return nil // see expr
	}
	if len(list) == 0 {
		return nil
	}
	return choose(g, list...)
}

// composite returns a composite literal. A fixed one mentions no variables.
func (g *generator) composite(t *typ, depth int, fixed bool) string {
	item := func(t *typ) string {
		if fixed || depth <= 0 {
			return g.literal(t, depth-1)
		}
		return g.expr(t, depth-1)
	}
	if depth <= 0 {
		switch t.kind {
		case slice, dict:
			return choose(g, t.name+"(nil)", "("+t.name+"{})")
		}
		return "(" + t.name + "{})"
	}
	var items []string
	switch t.kind {
	case slice:
		for range g.r.IntN(4) {
			items = append(items, item(t.elem))
		}
	case array:
		for range g.r.IntN(t.size + 1) {
			items = append(items, item(t.elem))
		}
	case dict:
		seen := map[string]bool{}
		for range g.r.IntN(3) {
			if k := g.literal(t.key, 1); !seen[k] {
				seen[k] = true
				items = append(items, k+": "+item(t.elem))
				if t.key.kind != integer && t.key.kind != text {
					break // two that look different may be the same
				}
			}
		}
	case structure:
		for _, f := range t.fields {
			if !g.chance(3) {
				items = append(items, f.name+": "+item(f.t))
			}
		}
	}
	return "(" + t.name + "{" + strings.Join(items, ", ") + "})"
}

// mayPanic reports whether an operand that can panic may be written, and notes that one is.
func (g *generator) mayPanic() bool {
	if g.risk {
		return false
	}
	g.risk = true
	return true
}

// expr returns an expression of a type that changes nothing.
func (g *generator) expr(t *typ, depth int) string {
	if depth <= 0 || g.chance(4) {
		return g.simple(t)
	}
	if g.chance(5) {
		if s := g.component(t); s != "" {
			return s
		}
	}
	d := depth - 1
	switch t.kind {
	case boolean:
		return g.condition(t, d)
	case integer, float:
		return g.arithmetic(t, d)
	case complexKind:
		if g.chance(3) {
			return "complex(" + g.expr(tFloat, d) + ", " + g.notConst(tFloat) + ")"
		}
		return "(" + g.expr(t, d) + " " + choose(g, "+", "-", "*") + " " + g.notConst(t) + ")"
	case param:
		return "(" + g.notConst(t) + " " + choose(g, "+", "-", "*") + " " + g.expr(t, d) + ")"
	case text:
		return g.textual(t, d)
	case slice:
		return g.sliceExpr(t, d)
	case dict, structure, array:
		if g.chance(2) {
			return g.composite(t, d, false)
		}
	case pointer:
		if t.elem.kind == structure && g.chance(2) {
			return "&" + strings.TrimSuffix(strings.TrimPrefix(g.composite(t.elem, d, false), "("), ")")
		}
	case function:
		return g.funcLiteral(t, false)
	case iface:
		if t == tError {
			return g.errorExpr(d)
		}
		if from := g.implementer(t); from != nil {
			return t.name + "(" + g.expr(from, d) + ")"
		}
	}
	return g.simple(t)
}

// errorExpr returns an error.
func (g *generator) errorExpr(d int) string {
	list := []string{"errA", "errB", "error(nil)"}
	if v, ok := g.variable(tError, false); ok {
		list = append(list, v.name, `fmt.Errorf("w: %w", `+v.name+")", "errors.Join(errA, "+v.name+")")
	}
	for _, s := range g.structs {
		if s.implements(tError) {
			list = append(list, "error("+g.expr(s, d)+")", "error(&"+s.name+"{})")
		}
	}
	return choose(g, list...)
}

// simple returns a variable or a literal.
func (g *generator) simple(t *typ) string {
	if v, ok := g.variable(t, false); ok && !g.chance(3) && !(v.own && t.kind == slice) {
		return v.name
	}
	if t == tError {
		return choose(g, "errA", "errB", "error(nil)")
	}
	return g.literal(t, 1)
}

// component returns a field, element or such of a variable that has the type, or "".
func (g *generator) component(t *typ) string {
	var list []string
	for _, v := range g.find(func(variable) bool { return true }) {
		switch v.t.kind {
		case structure:
			for _, f := range v.t.fields {
				if f.t.name == t.name {
					list = append(list, v.name+"."+f.name)
				}
			}
			for _, m := range v.t.methods {
				if m.pure && len(m.params) == 0 && len(m.results) == 1 && m.results[0] == t && !g.quiet {
					list = append(list, v.name+"."+m.name+"()")
				}
			}
		case dict:
			if v.t.elem.name == t.name {
				list = append(list, v.name+"["+g.literal(v.t.key, 1)+"]")
			}
		case array:
			if v.t.elem.name == t.name {
				list = append(list, fmt.Sprintf("%s[%d]", v.name, g.r.IntN(v.t.size)))
			}
		case slice:
			if v.t.elem.name == t.name && !g.risk {
				list = append(list, "!"+v.name+"["+choose(g, "0", "1", "2", "len("+v.name+")-1", "p0&3")+"]")
			}
		case pointer:
			if v.t.elem.name == t.name && !g.risk {
				list = append(list, "!(*"+v.name+")")
			}
			for _, f := range v.t.elem.fields {
				if f.t.name == t.name && !g.risk {
					list = append(list, "!"+v.name+"."+f.name)
				}
			}
		}
	}
	if len(list) == 0 {
		return ""
	}
	s := choose(g, list...)
	if s[0] == '!' {
		g.risk = true
		if strings.Contains(s, "p0") {
			if _, ok := g.variable(tInt, false); !ok || g.inFunc == nil || !g.sees("p0", tInt) {
				return strings.Replace(s[1:], "p0&3", "0", 1)
			}
		}
		return s[1:]
	}
	return s
}

// sees reports whether a variable with this name is in scope with this type.
func (g *generator) sees(name string, t *typ) bool {
	found := g.find(func(v variable) bool { return v.name == name })
	return len(found) == 1 && found[0].t == t
}

// notConst returns an expression of a type that is not a constant, so the compiler finds neither overflow nor division by
// zero in what is made of it.
func (g *generator) notConst(t *typ) string {
	if v, ok := g.variable(t, false); ok && !(v.own && t.kind == slice) {
		return v.name
	}
	if t.kind == param {
		return "T(len(globalText))"
	}
	if t.number() {
		n, ok := g.variable(tInt, false)
		if !ok {
			n.name = "total"
		}
		return t.name + "(" + n.name + ")"
	}
	if t.kind == complexKind {
		return t.name + "(complex(" + g.notConst(tFloat) + ", 0.5))"
	}
	if t.kind == text {
		s, ok := g.variable(tString, false)
		if !ok {
			s.name = "globalText"
		}
		if t == tString {
			return s.name
		}
		return t.name + "(" + s.name + ")"
	}
	return g.literal(t, 1)
}

// condition returns an expression of a boolean type.
func (g *generator) condition(_ *typ, d int) string {
	switch g.r.IntN(8) {
	case 0:
		return "(" + g.expr(tBool, d) + " && " + g.expr(tBool, d) + ")"
	case 1:
		return "(" + g.expr(tBool, d) + " || " + g.expr(tBool, d) + ")"
	case 2:
		return "!(" + g.expr(tBool, d) + ")"
	case 3:
		for _, v := range g.find(func(v variable) bool {
			return (v.t.kind == structure || v.t.kind == array || v.t.kind == pointer) && v.t.comparable()
		}) {
			return "(" + v.name + " " + choose(g, "==", "!=") + " " + g.simple(v.t) + ")"
		}
	case 4:
		for _, v := range g.find(func(v variable) bool {
			return v.t.kind == slice || v.t.kind == dict || v.t.kind == function || v.t.kind == pointer || v.t.kind == iface
		}) {
			return "(" + v.name + " " + choose(g, "==", "!=") + " nil)"
		}
	case 5:
		if g.has("errors") {
			if v, ok := g.variable(tError, false); ok {
				return "errors.Is(" + v.name + ", " + choose(g, "errA", "errB") + ")"
			}
		}
	case 6:
		if g.has("any") {
			if v, ok := g.variable(tAny, false); ok {
				return "(" + v.name + " == any(" + choose(g, g.literal(tInt, 1), g.literal(tString, 1), g.literal(g.keyType(), 1)) + "))"
			}
		}
	}
	t := choose(g, append([]*typ{tInt, tString, tFloat}, g.basics...)...)
	if !t.comparable() {
		t = tInt
	}
	op := choose(g, "<", "<=", "==", "!=", ">", ">=")
	if t.kind == boolean || t.kind == complexKind {
		op = choose(g, "==", "!=")
	}
	return "(" + g.notConst(t) + " " + op + " " + g.expr(t, d) + ")"
}

// arithmetic returns an expression of a number type.
func (g *generator) arithmetic(t *typ, d int) string {
	x := g.notConst(t)
	switch k := g.r.IntN(12); {
	case k == 0:
		return "-" + paren(x)
	case k == 1 && t.kind == integer:
		return "^" + paren(x)
	case k == 2 && t.kind == integer:
		return "(" + x + " " + choose(g, "<<", ">>") + " (" + g.notConst(tUint8) + " % 70))"
	case k == 3 && t.kind == integer:
		if g.mayPanic() {
			return "(" + x + " " + choose(g, "/", "%") + " " + g.notConst(t) + ")"
		}
		return "(" + x + " " + choose(g, "/", "%") + " " + t.name + "(" + fmt.Sprint(1+g.r.IntN(9)) + "))"
	case k == 3:
		return "(" + x + " / " + g.notConst(t) + ")"
	case k == 4 && t.kind == integer:
		from := choose(g, integers...)
		return t.name + "(" + g.notConst(from) + ")"
	case k == 4:
		return t.name + "(" + g.notConst(choose(g, tInt, tFloat, tUint8)) + ")"
	case k == 5 && t == tInt:
		return "toInt(" + g.expr(tFloat, d) + ")"
	case k == 5 && t == tFloat && g.has("complex"):
		return choose(g, "real(", "imag(") + g.notConst(tComplex) + ")"
	case k == 6 && t == tInt:
		return "len(" + g.notConst(tString) + ")"
	case k == 7:
		if t.named {
			break
		}
		return choose(g, "min(", "max(") + x + ", " + g.expr(t, d) + ")"
	case k == 8 && t == tInt && g.has("runtime") && g.mayPanic():
		return "int(" + g.notConst(tString) + "[" + g.notConst(tInt) + "])"
	case k == 9 && t == tInt:
		for _, v := range g.find(func(v variable) bool { return v.t.kind == slice || v.t.kind == dict || v.t.kind == array }) {
			return "len(" + v.name + ")"
		}
	}
	ops := []string{"+", "-", "*"}
	if t.kind == integer {
		ops = append(ops, "&", "|", "^", "&^")
	}
	return "(" + x + " " + choose(g, ops...) + " " + g.expr(t, d) + ")"
}

func paren(x string) string {
	if strings.ContainsAny(x, " -") {
		return "(" + x + ")"
	}
	return x
}

// textual returns an expression of a string type.
func (g *generator) textual(t *typ, d int) string {
	var s string
	switch g.r.IntN(11) {
	case 0, 1:
		return "(" + g.expr(t, d) + " + " + g.notConst(t) + ")"
	case 2:
		s = "strings.ToUpper(" + g.expr(tString, d) + ")"
	case 3:
		s = "fmt.Sprint(" + g.expr(choose(g, g.basics...), d) + ")"
	case 4:
		if v, ok := g.variable(tString, false); ok && g.mayPanic() {
			s = v.name + "[" + choose(g, "1:", ":2", "1:3", ":") + "]"
		}
	case 5:
		s = "strings.Repeat(" + g.notConst(tString) + "[:0], 2)"
	case 6:
		s = "strconv.Quote(" + g.notConst(tString) + ")"
	case 7:
		s = "string(rune(" + g.notConst(tUint8) + "))"
	case 8:
		s = "string([]byte(" + g.notConst(tString) + "))"
	case 9:
		s = "fmt.Sprintf(" + choose(g, `"%d|%q"`, `"%v,%v"`, `"%x-%s"`, `"%5d%-4s."`) + ", " + g.expr(tInt, d) + ", " + g.expr(tString, d) + ")"
	}
	if s == "" {
		return g.simple(t)
	}
	if t != tString {
		return t.name + "(" + s + ")"
	}
	return s
}

// sliceExpr returns a slice that either nobody else shares or that has no room.
func (g *generator) sliceExpr(t *typ, d int) string {
	if v, ok := g.variable(t, false); ok {
		switch g.r.IntN(4) {
		case 0:
			if t.named {
				break
			}
			return "append([]" + t.elem.name + "(nil), " + v.name + "...)"
		case 1:
			if !v.own {
				return v.name
			}
		case 2:
			if g.mayPanic() && !v.own {
				return v.name + "[len(" + v.name + ")-1:len(" + v.name + "):len(" + v.name + ")]"
			}
		}
	}
	return g.composite(t, d, false)
}

// funcLiteral returns a function literal. A fixed one mentions no variables outside.
func (g *generator) funcLiteral(t *typ, fixed bool) string {
	savedScopes, savedLoops, savedRisk := g.scopes, g.loops, g.risk
	defer func() { g.scopes, g.loops, g.risk = savedScopes, savedLoops, savedRisk }()
	if fixed {
		g.scopes = [][]variable{nil}
	}
	g.loops, g.risk = nil, true
	var params []string
	var b string
	g.scope(func() {
		for _, p := range t.params {
			name := g.fresh("q")
			params = append(params, name+" "+p.name)
			g.declare(variable{name: name, t: p})
		}
		var list []string
		for _, r := range t.results {
			list = append(list, g.expr(r, 1))
		}
		b = "return " + strings.Join(list, ", ")
	})
	s := "func(" + strings.Join(params, ", ") + ")" + resultList(t.results) + " { " + b + " }"
	if t.named {
		return t.name + "(" + s + ")"
	}
	return s
}
