package rt

import (
	"reflect"

	"github.com/gobraid/gobraid/concurrency/task"
)

// channels adds the operations on channels whose elements have common types, which need no reflection. The names end in
// the name of the type.
func channels(m map[string]reflect.Value) {
	channel[int](m, "int")
	channel[int8](m, "int8")
	channel[int16](m, "int16")
	channel[int32](m, "int32")
	channel[int64](m, "int64")
	channel[uint](m, "uint")
	channel[uint8](m, "uint8")
	channel[uint16](m, "uint16")
	channel[uint32](m, "uint32")
	channel[uint64](m, "uint64")
	channel[uintptr](m, "uintptr")
	channel[float32](m, "float32")
	channel[float64](m, "float64")
	channel[complex64](m, "complex64")
	channel[complex128](m, "complex128")
	channel[bool](m, "bool")
	channel[string](m, "string")
	channel[any](m, "any")
	channel[struct{}](m, "struct")
	channel[[]byte](m, "bytes")
	channel[[]int](m, "ints")
	channel[[]string](m, "strings")
}

func channel[T any](m map[string]reflect.Value, name string) {
	m["Send_"+name] = reflect.ValueOf(sendOf[T])
	m["Recv_"+name] = reflect.ValueOf(recvOf[T])
	m["Recv2_"+name] = reflect.ValueOf(recv2Of[T])
}

func sendOf[T any](site uint64, c chan<- T, v T) {
	defer noted(site)
	task.To(c, task.Site(site)).Send(v)
}

// noted notes the site if the function that defers it is leaving with a panic.
func noted(site uint64) {
	if v := recover(); v != nil {
		at(site)
		panic(v)
	}
}

func recvOf[T any](site uint64, c <-chan T) T { return task.Recv(c, task.Site(site)) }

func recv2Of[T any](site uint64, c <-chan T) (T, bool) { return task.Recv2(c, task.Site(site)) }

// A clause makes the case of a select, and tells what to do when it has been chosen, if anything. to is a pointer to what is sent
// or to the variable that receives, ok one to a bool; either is nil if there is none.
type clause func(send bool, c, to, ok any) (task.Case, func())

// clauses are those of channels with common types.
var clauses = func() map[reflect.Type]clause {
	m := map[reflect.Type]clause{}
	clauseOf[int](m)
	clauseOf[int32](m)
	clauseOf[int64](m)
	clauseOf[uint8](m)
	clauseOf[float64](m)
	clauseOf[bool](m)
	clauseOf[string](m)
	clauseOf[any](m)
	clauseOf[struct{}](m)
	clauseOf[[]byte](m)
	clauseOf[[]int](m)
	clauseOf[[]string](m)
	return m
}()

func clauseOf[T any](m map[reflect.Type]clause) {
	recv := func(c <-chan T, to, ok any) (task.Case, func()) {
		r := task.SelRecv(c)
		p, _ := to.(*T)
		q, _ := ok.(*bool)
		if p == nil && q == nil {
			return r, nil
		}
		return r, func() {
			if p != nil {
				*p = r.V
			}
			if q != nil {
				*q = r.OK
			}
		}
	}
	m[reflect.TypeFor[<-chan T]()] = func(_ bool, c, to, ok any) (task.Case, func()) { return recv(c.(<-chan T), to, ok) }
	m[reflect.TypeFor[chan<- T]()] = func(_ bool, c, to, _ any) (task.Case, func()) {
		return task.SelSend(c.(chan<- T)).Val(*to.(*T)), nil
	}
	m[reflect.TypeFor[chan T]()] = func(send bool, c, to, ok any) (task.Case, func()) {
		if send {
			return task.SelSend[T](c.(chan T)).Val(*to.(*T)), nil
		}
		return recv(c.(chan T), to, ok)
	}
}

// What of a clause is among the values of Choose, in bits of three.
const (
	clauseSends = 1 << iota
	clauseValue // a pointer to what is sent, or to the variable that receives
	clauseOK    // a pointer to a bool
	clauseBits  = iota
)

// Choose is a select statement. The lowest bit of form says whether it has a default, the next tell of each clause
// what there is of it in values, after its channel. It returns the number of the clause, or -1 for the default.
func Choose(site uint64, form int, values ...any) int {
	var some [4]task.Case
	var then [4]func()
	c := chooser{some[:0], then[:0], values}
	for bits := form >> 1; len(c.values) > 0; bits >>= clauseBits {
		c.add(bits)
	}
	return c.choose(site, form&1 != 0)
}

// ChooseMany is Choose for more clauses than an int has bits for: forms has a digit for each.
func ChooseMany(site uint64, hasDefault bool, forms string, values ...any) int {
	c := chooser{values: values}
	for _, form := range forms {
		c.add(int(form - '0'))
	}
	return c.choose(site, hasDefault)
}

// A chooser makes the cases of a select statement of what Choose gets.
type chooser struct {
	cases  []task.Case
	done   []func()
	values []any
}

// next takes the next value, if there is one for the bit.
func (c *chooser) next(bit int) any {
	if bit == 0 {
		return nil
	}
	v := c.values[0]
	c.values = c.values[1:]
	return v
}

// add adds the next clause.
func (c *chooser) add(bits int) {
	send, ch, to, ok := bits&clauseSends != 0, c.next(1), c.next(bits&clauseValue), c.next(bits&clauseOK)
	if make, found := clauses[reflect.TypeOf(ch)]; found {
		k, f := make(send, ch, to, ok)
		c.cases, c.done = append(c.cases, k), append(c.done, f)
		return
	}
	c.done = append(c.done, nil)
	if send {
		c.cases = append(c.cases, task.CaseSend(ch, to))
		return
	}
	q, _ := ok.(*bool)
	c.cases = append(c.cases, task.CaseRecv(ch, to, q))
}

// choose executes the statement.
func (c *chooser) choose(site uint64, hasDefault bool) int {
	defer noted(site)
	i := choose(site, hasDefault, c.cases...)
	if i >= 0 && c.done[i] != nil {
		c.done[i]()
	}
	return i
}
