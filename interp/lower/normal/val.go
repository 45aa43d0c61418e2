package normal

import (
	"fmt"
	"go/types"
	"strings"
)

// A val is an expression in normal form. Its text may be evaluated any number of times and as late
// as its statement needs it, after the checks that belong to it: what has an effect, or depends on
// when it is evaluated, was emitted before and left in a temporary. That is also the order in which
// the Go compiler works: the calls of a statement first, from left to right, then the rest.
type val struct {
	text   string
	rank   int        // how the text binds: operand, or the precedence of its operator
	checks []string   // statements that panic where Go would, to come before the text
	fixed  bool       // a constant: nothing can change it
	name   bool       // a local name, cheap to repeat
	typ    types.Type // of the value, if typed is the text: see typeOfText
	typed  string
	copied bool   // a copy of a field, or a part of one
	fresh  bool   // a temporary that nothing else stands for
	length string // of a list that is just being made, if nothing changes that text
}

const (
	operand = 7
	unary   = 6
)

// within returns the text of v as an operand of an operator of the given precedence.
func (v val) within(rank int) string {
	if v.rank < rank {
		return "(" + v.text + ")"
	}
	return v.text
}

// simple reports whether the text may be repeated cheaply.
func (v val) simple() bool { return v.fixed || v.name }

// with returns v with the checks of others before its own.
func (v val) with(others ...val) val {
	var checks []string
	for _, o := range others {
		checks = append(checks, o.checks...)
	}
	v.checks = append(checks, v.checks...)
	return v
}

// flush emits the checks of v and returns its text.
func (e *emitter) flush(v val) string {
	for _, c := range v.checks {
		e.emit("%s", c)
	}
	return v.text
}

// hold leaves the value in a temporary now, unless it is a constant.
func (e *emitter) hold(v val) val {
	if v.fixed {
		return v
	}
	return e.set(v.typeOfText(), e.flush(v))
}

// steady returns a text for v that is cheap to repeat.
func (e *emitter) steady(v val) val {
	if v.simple() {
		return v
	}
	return e.hold(v)
}

// named returns the val of a local name.
func named(name string) val { return val{text: name, rank: operand, name: true} }

// deref returns the val of what the pointer p points to, which must not be nil.
func deref(p string) val { return val{text: "*" + p, rank: unary} }

// part returns the text of v as the left side of a selector or an index: a star before it is
// implied by the selector of a pointer.
func (v val) part() string {
	if v.rank == unary && strings.HasPrefix(v.text, "*") {
		return v.text[1:]
	}
	return v.within(operand)
}

// zero returns the zero value of a type.
func (e *emitter) zero(typ string) val {
	t := e.temp()
	e.emit("var %s %s", t, typ)
	return named(t)
}

// call emits a call of a helper with one result and returns it.
func (e *emitter) helper(name string, args ...string) val {
	t := e.temp()
	e.emit("%s := rt.%s(%s)", t, name, strings.Join(args, ", "))
	return named(t)
}

// check returns v with one more check.
func (v val) check(format string, args ...any) val {
	v.checks = append(v.checks[:len(v.checks):len(v.checks)], fmt.Sprintf(format, args...))
	return v
}
