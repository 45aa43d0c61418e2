package task

import (
	"math/rand/v2"
	"reflect"
	"slices"
)

// A Case is a communication clause of a select statement.
type Case interface {
	// try communicates if that is possible at once.
	try() bool
	// channel returns what the clause communicates on.
	channel() any
	// reflected returns the case for reflect.Select.
	reflected() reflect.SelectCase
	// took notes what reflect.Select received.
	took(v reflect.Value, ok bool)
	// sends tells whether the clause sends.
	sends() bool
	// communicated tells, of a clause that was executed, whether a value went through the channel.
	communicated() bool
}

// A RecvCase is a clause that receives. When Select has chosen it, V and OK hold what was received.
type RecvCase[T any] struct {
	V  T
	OK bool
	c  <-chan T
}

// SelRecv returns the clause case v, ok := <-c.
func SelRecv[T any](c <-chan T) *RecvCase[T] { return &RecvCase[T]{c: c} }

func (s *RecvCase[T]) try() bool {
	select {
	case s.V, s.OK = <-s.c:
		return true
	default:
		return false
	}
}

func (s *RecvCase[T]) channel() any { return s.c }

func (s *RecvCase[T]) sends() bool { return false }

func (s *RecvCase[T]) communicated() bool { return s.OK }

func (s *RecvCase[T]) reflected() reflect.SelectCase {
	return reflect.SelectCase{Dir: reflect.SelectRecv, Chan: valueOf(s.c)}
}

func (s *RecvCase[T]) took(v reflect.Value, ok bool) {
	valueOf(&s.V).Elem().Set(v)
	s.OK = ok
}

// valueOf is reflect.ValueOf, for functions that are compiled again in every cell: inlined there, it would need a
// function that the executable has no copy of, and with it all of package reflect.
//
//go:noinline
func valueOf(x any) reflect.Value { return reflect.ValueOf(x) }

// A SendCase is a clause that sends.
type SendCase[T any] struct {
	c chan<- T
	v T
}

// SelSend returns the clause case c <- v, where v is set with Val.
func SelSend[T any](c chan<- T) *SendCase[T] { return &SendCase[T]{c: c} }

// Val sets the value to send and returns the clause.
func (s *SendCase[T]) Val(v T) *SendCase[T] {
	s.v = v
	return s
}

func (s *SendCase[T]) try() bool {
	select {
	case s.c <- s.v:
		return true
	default:
		return false
	}
}

func (s *SendCase[T]) channel() any { return s.c }

func (s *SendCase[T]) sends() bool { return true }

func (s *SendCase[T]) communicated() bool { return true }

func (s *SendCase[T]) reflected() reflect.SelectCase {
	v := s.v // apart from c: a waiting goroutine's value leads to what it is part of; see leakprofile.go
	return reflect.SelectCase{
		Dir: reflect.SelectSend, Chan: valueOf(s.c), Send: valueOf(&v).Elem(),
	}
}

func (s *SendCase[T]) took(reflect.Value, bool) {}

// Select is what a select statement is lowered to. It returns the index of the clause it has executed, or -1
// for the default clause. Among the clauses that are ready it chooses uniformly. A killed task ends
// while it waits.
//
//	switch s0, s1 := task.SelRecv(c), task.SelSend(d).Val(v); task.Select(site, false, s0, s1) {
//	case 0:
//		x, ok := s0.V, s0.OK
//		…
//	case 1:
//		…
//	}
//
// It costs about 30 ns when a clause is ready and 1 µs when it must wait.
func Select(site Site, hasDefault bool, cases ...Case) int {
	if watch.Load() != 0 {
		if i, ok := selectWatched(site, hasDefault, slices.Clone(cases)); ok { // what is kept is on the heap
			return i
		}
	}
	if i := tryAll(cases); i >= 0 {
		return i
	}
	// That no clause was ready when it was tried does not mean that there was a moment at which none
	// was, which default asks for, unless there is only one.
	if hasDefault && len(cases) <= 1 {
		return -1
	}
	return selectSlow(WaitSelect, site, hasDefault, cases)
}

// selectWatched is Select while some run is controlled or recorded. It returns false when neither concerns the caller.
func selectWatched(site Site, hasDefault bool, cases []Case) (int, bool) {
	if s := steering(); s != nil {
		if i, ok := s.c.communicate(s, WaitSelect, site, hasDefault, cases); ok {
			return i, true
		}
	}
	return exchanged(WaitSelect, site, hasDefault, cases)
}

// tryAll tries the cases in random order, and returns the index of the one that communicated or -1.
func tryAll(cases []Case) int {
	switch len(cases) {
	case 0:
		return -1
	case 1:
		if cases[0].try() {
			return 0
		}
		return -1
	case 2:
		i := int(rand.Uint32() & 1)
		if cases[i].try() {
			return i
		}
		if cases[1-i].try() {
			return 1 - i
		}
		return -1
	}
	var few [8]int
	order := few[:0]
	for i := range cases {
		j := rand.IntN(i + 1)
		order = append(order, i)
		order[i], order[j] = order[j], i
	}
	for _, i := range order {
		if cases[i].try() {
			return i
		}
	}
	return -1
}

// selectSlow looks at all cases at one moment, and waits unless there is a default.
func selectSlow(kind Kind, site Site, hasDefault bool, cases []Case) int {
	var few [8]reflect.SelectCase
	list := few[:0]
	for _, c := range cases {
		list = append(list, c.reflected())
	}
	t := here()
	switch {
	case hasDefault:
		list = append(list, reflect.SelectCase{Dir: reflect.SelectDefault})
	case t != nil:
		stop := t.block(kind, object(kind, cases), site)
		defer t.unblock()
		list = append(list, reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(stop)})
	}
	i, v, ok := reflect.Select(list)
	switch {
	case i < len(cases):
		cases[i].took(v, ok)
		return i
	case hasDefault:
		return -1
	}
	t.die()
	return -1
}

// object returns what a select waits on: a list of channels, or the channel of a single operation.
func object(kind Kind, cases []Case) any {
	switch {
	case len(cases) == 0:
		return nil
	case kind != WaitSelect:
		return cases[0].channel()
	}
	list := make([]any, len(cases))
	for i, c := range cases {
		list[i] = c.channel()
	}
	return list
}
