package normal

import (
	"go/ast"
	"go/types"
	"regexp"
	"slices"
	"strings"
)

// What the interpreter does in one step costs some 10 ns, a definition five times that, since it makes a new variable,
// and each call makes all variables and intermediate values of the function anew. So a variable that is
// defined in a loop and does not live in a box is declared before the loop and assigned in it (nobody can
// tell, since nothing refers to such a variable), and temporaries that are used once, at once, are removed.

// expr returns the value of an expression that has one.
func (e *emitter) expr(x ast.Expr) val {
	v := e.untyped(x)
	v.typ, v.typed = e.typeOf(x), v.text
	return v
}

// typeOfText returns the type of a value, if it is known.
func (v val) typeOfText() types.Type {
	if v.typ == nil || v.typed != v.text {
		return nil
	}
	return types.Default(v.typ)
}

// set leaves a value in a new temporary. Its type may be nil, if it is not known.
func (e *emitter) set(t types.Type, text string) val {
	name := e.temp()
	if t != nil && e.early(name, t) {
		e.emit("%s = %s", name, text)
	} else {
		e.emit("%s := %s", name, text)
	}
	v := named(name)
	v.typ, v.typed = t, name
	return v
}

// setAll leaves several values in new temporaries, which nothing else is called.
func (e *emitter) setAll(list []types.Type, text string) []val {
	early := e.fn != nil && e.fn.inLoop()
	for _, t := range list {
		early = early && e.plainlyAssigned(t, 0)
	}
	var names []string
	var vals []val
	for _, t := range list {
		name := e.temp()
		if early {
			e.early(name, t)
		}
		v := named(name)
		v.fresh = true
		names, vals = append(names, name), append(vals, v)
	}
	define := ":="
	if early {
		define = "="
	}
	e.emit("%s %s %s", strings.Join(names, ", "), define, text)
	return vals
}

// takeOver lets the variable that a statement defines be the temporary that holds its value, if that may be.
func (e *emitter) takeOver(p place, v val, from types.Type) bool {
	if p.define == nil || !v.fresh || from == nil || !e.plainlyAssigned(p.typ, 0) || !types.Identical(from, p.typ) {
		return false
	}
	if _, ok := e.object(p.define); ok || e.fact(p.define).boxed() {
		return false
	}
	e.rename(p.define, v.text)
	return true
}

// early declares a variable that is to be defined now before the loops around. It reports false if there is no loop, or if
// the interpreter might take an assignment of the type for something else than a definition.
func (e *emitter) early(name string, t types.Type) bool {
	if e.fn == nil || !e.fn.inLoop() || !e.plainlyAssigned(t, 0) {
		return false
	}
	for _, d := range e.fn.declared {
		if d.name == name {
			return true
		}
	}
	e.fn.declared = append(e.fn.declared, declaration{name, e.typ(t)})
	return true
}

// A declaration is a variable that is declared before a loop.
type declaration struct{ name, typ string }

// inLoop reports whether a loop is around what is emitted.
func (fn *function) inLoop() bool {
	return slices.ContainsFunc(fn.targets, func(t *target) bool { return t.loop })
}

// plainlyAssigned reports whether t is made of basic types and types of cells only, without interfaces, functions and
// channels.
func (e *emitter) plainlyAssigned(t types.Type, depth int) bool {
	if depth > 8 {
		return false
	}
	switch u := types.Unalias(t).(type) {
	case *types.Basic:
		return u.Info()&types.IsUntyped == 0 && u.Kind() != types.UnsafePointer && u.Kind() != types.Invalid
	case *types.Named:
		switch b := u.Underlying().(type) {
		case *types.Basic:
			return e.plainlyAssigned(b, depth)
		case *types.Struct:
			return e.mine(u.Obj())
		}
		return e.mine(u.Obj()) && e.plainlyAssigned(u.Underlying(), depth+1)
	case *types.Pointer:
		return e.plainlyAssigned(u.Elem(), depth+1)
	case *types.Slice:
		return e.plainlyAssigned(u.Elem(), depth+1)
	case *types.Array:
		return e.plainlyAssigned(u.Elem(), depth+1)
	case *types.Map:
		return e.plainlyAssigned(u.Key(), depth+1) && e.plainlyAssigned(u.Elem(), depth+1)
	}
	return false
}

// declareEarly emits the declarations that the loops just emitted into lines need, unless there is still a loop around.
func (e *emitter) declareEarly(lines []line) {
	if e.fn.inLoop() {
		return
	}
	e.replay(e.fn.declarations(e, lines))
}

func (fn *function) declarations(e *emitter, lines []line) []line {
	var list []line
	for _, d := range fn.declared {
		if slices.ContainsFunc(lines, func(l line) bool { return mentions(l.text, d.name) }) {
			text := "var " + d.name + " " + d.typ
			if strings.HasPrefix(d.typ, "= ") {
				text = d.name + " :" + d.typ
			}
			list = append(list, line{text, e.pos})
		}
	}
	fn.declared = nil
	return list
}

// mentions reports whether text has the name.
func mentions(text, name string) bool {
	for from := 0; ; {
		i := strings.Index(text[from:], name)
		if i < 0 {
			return false
		}
		i += from
		end := i + len(name)
		if (i == 0 || !wordByte(text[i-1])) && (end == len(text) || !wordByte(text[end])) {
			return true
		}
		from = end
	}
}

func wordByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
}

var (
	tempName  = regexp.MustCompile(`\bt\d+\b`)
	tempSet   = regexp.MustCompile(`^(t\d+) :?= (.+)$`)
	tempMoved = regexp.MustCompile(`^([\w*.\[\]]+ :?= |return )(t\d+)$`)
	tempTest  = regexp.MustCompile(`^if (t\d+) \{$`)
	simple    = regexp.MustCompile(`^\w+$`)
)

// tidy removes temporaries of a function that are used once, by the line after the one that sets them.
func tidy(lines []line, fn *function) []line {
	uses := map[string]int{}
	for _, l := range lines {
		for _, t := range tempName.FindAllString(l.text, -1) {
			uses[t]++
		}
	}
	var out []line
	for _, l := range lines {
		if n := len(out); n > 0 {
			if text, ok := merge(out[n-1].text, l.text, uses, fn); ok {
				out[n-1] = line{text, l.pos}
				continue
			}
		}
		if text, n := inline(out, l.text, uses); n > 0 {
			out = append(out[:len(out)-n], line{text, l.pos})
			continue
		}
		out = append(out, l)
	}
	return out
}

// merge joins "t1 := x" and a line that does nothing but move or test t1.
func merge(first, second string, uses map[string]int, fn *function) (string, bool) {
	set := tempSet.FindStringSubmatch(first)
	if set == nil || uses[set[1]] != 2 {
		return "", false
	}
	value := set[2]
	if test := tempTest.FindStringSubmatch(second); test != nil && test[1] == set[1] {
		return "if " + value + " {", !strings.ContainsAny(value, "{(") && value[0] != '*'
	}
	moved := tempMoved.FindStringSubmatch(second)
	if moved == nil || moved[2] != set[1] {
		return "", false
	}
	switch dest := strings.TrimSpace(strings.TrimRight(moved[1], ":= ")); {
	case dest == "return":
		// The interpreter converts what is returned as an interface; of calls it takes over the place of the result.
		if fn.sig == nil || fn.sig.Results().Len() != 1 || isInterface(fn.sig.Results().At(0).Type()) {
			return "", false
		}
	case !simple.MatchString(dest):
		// To other places only what cannot fail and calls nothing: the interpreter looks for the place first.
		if strings.ContainsAny(value, "([.{") || strings.ContainsAny(value[:1], "*&") {
			return "", false
		}
	}
	return moved[1] + value, true
}

var (
	callSet  = regexp.MustCompile(`^(t\d+) :?= (F\d+_\w+\([^"'` + "`" + `]*\))$`)
	consumer = regexp.MustCompile(`^(return |\w+ (?::|[-+*/%&|^]|<<|>>|&\^)?= )(.+)$`)
	operands = regexp.MustCompile(`[A-Za-z_]\w*|\d[\w.]*|[-+/%|^<>=!]+| \* | & | &\^ |[() ]|.`)
	oneToken = regexp.MustCompile(`^(?:[A-Za-z_]\w*|\d[\w.]*|[-+/%^|]|<<|>>|[<>=!]=?| \* | & | &\^ |[() ])$`)
)

// inline puts the calls of declared functions that the last lines make into the expression that uses their results, if it has
// nothing else but operators, constants and variables without boxes, which no call can change. It returns how many lines it takes
// the place of.
func inline(lines []line, text string, uses map[string]int) (string, int) {
	m := consumer.FindStringSubmatch(text)
	if m == nil {
		return "", 0
	}
	tokens := operands.FindAllString(m[2], -1)
	var temps []string
	operators := 0
	for i, tok := range tokens {
		switch {
		case !oneToken.MatchString(tok):
			return "", 0
		case tempName.MatchString(tok) && uses[tok] == 2:
			temps = append(temps, tok)
		case tok == "(" && i > 0 && wordByte(tokens[i-1][len(tokens[i-1])-1]):
			return "", 0 // a call or a conversion
		case strings.Trim(tok, " ()") != "" && !wordByte(strings.TrimSpace(tok)[0]):
			operators++
		}
	}
	calls := map[string]string{}
	n := 0
	for ; n < len(lines) && n < len(temps); n++ {
		c := callSet.FindStringSubmatch(lines[len(lines)-1-n].text)
		if c == nil || c[1] != temps[len(temps)-1-n] {
			break
		}
		calls[c[1]] = c[2]
	}
	if n == 0 || n < len(temps) || operators == 0 {
		return "", 0
	}
	for i, tok := range tokens {
		if c, ok := calls[tok]; ok {
			tokens[i] = c
		}
	}
	return m[1] + strings.Join(tokens, ""), n
}

// finished returns the inside of a function as it is written.
func (e *emitter) finished(fn *function, lines []line) []line {
	lines = tidy(lines, fn)
	return append(fn.declarations(e, lines), lines...)
}
