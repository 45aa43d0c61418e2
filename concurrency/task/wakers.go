package task

import (
	"context"
	"os"
	"reflect"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"
	"weak"
)

// What may wake tasks though no goroutine tells of it: timers that call functions, contexts with deadlines, and what wakes
// through a channel of package time or os/signal. The detector of deadlocks asks for all of it.

// timers and contexts are those that may be pending. What nobody knows any more and cannot fire is forgotten.
var (
	timers   pending[time.Timer]
	contexts pending[contextWord]
)

// stirs counts the timers and contexts that were made and the functions that were called because the time had come or a context
// had ended.
var stirs atomic.Int64

// contextWord stands for what a context's data word points to.
type contextWord byte

// A pending is a list of things that may come to pass, which it does not keep alive.
type pending[T any] struct {
	mu    sync.Mutex
	list  []entryOf[T]
	prune int // length at which to look for what is gone
}

type entryOf[T any] struct {
	thing weak.Pointer[T]
	itab  unsafe.Pointer // for contexts
}

const pruneFrom = 64

func (p *pending[T]) add(thing *T, itab unsafe.Pointer) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.list) >= max(p.prune, pruneFrom) {
		kept := p.list[:0]
		for _, e := range p.list {
			if e.thing.Value() != nil {
				kept = append(kept, e)
			}
		}
		clear(p.list[len(kept):])
		p.list, p.prune = kept, 2*len(kept)
	}
	p.list = append(p.list, entryOf[T]{weak.Make(thing), itab})
}

// any reports whether is holds for one of the things.
func (p *pending[T]) any(is func(thing *T, itab unsafe.Pointer) bool) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, e := range p.list {
		if thing := e.thing.Value(); thing != nil && is(thing, e.itab) {
			return true
		}
	}
	return false
}

// noteTimer notes a timer that time.AfterFunc has returned.
func noteTimer(t *time.Timer) {
	stirs.Add(1)
	timers.add(t, nil)
}

// noteContext notes a context that may end by itself.
func noteContext(ctx context.Context) {
	stirs.Add(1)
	if ctx.Err() != nil {
		return
	}
	if w := wordsOf(&ctx); w.data != nil {
		contexts.add((*contextWord)(w.data), w.itab)
	}
}

// noted notes a context that was made.
func noted(parent, ctx context.Context, cancel context.CancelFunc) (context.Context, context.CancelFunc) {
	noteContext(ctx)
	return ctx, cancellable(parent, ctx, cancel)
}

type words struct{ itab, data unsafe.Pointer }

func wordsOf(ctx *context.Context) *words { return (*words)(unsafe.Pointer(ctx)) }

// timePending reports whether a function that waits for its time or a context with a deadline may yet wake somebody.
func timePending() bool {
	return timers.any(func(t *time.Timer, _ unsafe.Pointer) bool { return armed(t) }) ||
		contexts.any(func(w *contextWord, itab unsafe.Pointer) bool {
			var ctx context.Context
			*wordsOf(&ctx) = words{itab, unsafe.Pointer(w)}
			return ctx.Err() == nil
		})
}

// armed reports whether t will fire. Where that cannot be told it is taken to.
func armed(t *time.Timer) bool {
	if whenOffset < 0 {
		return true
	}
	return atomic.LoadInt64((*int64)(unsafe.Add(unsafe.Pointer(t), whenOffset))) > 0
}

// whenOffset is where the runtime keeps, behind a time.Timer, the time at which it is to fire, 0 when it is not; -1
// when this version of Go has it elsewhere. It is found with a timer whose time is known. A test fails when it is not
// found.
var whenOffset = func() int {
	const (
		far  = 1000 * time.Hour
		near = int64(999 * time.Hour)
		size = 96 // of what is looked at; the runtime's part is larger
	)
	t := time.AfterFunc(far, func() {})
	defer t.Stop()
	for o := int(unsafe.Sizeof(*t)); o+8 <= size; o += 8 {
		word := (*int64)(unsafe.Add(unsafe.Pointer(t), o))
		if *word < near || *word > near*1000 {
			continue
		}
		before := *word
		t.Reset(2 * far)
		moved := *word-before >= near
		t.Stop()
		if moved && *word == 0 {
			return o
		}
		t.Reset(far)
	}
	return -1
}()

var (
	timeType   = reflect.TypeFor[time.Time]()
	signalType = reflect.TypeFor[os.Signal]()
)

// wakes reports whether something other than a goroutine may communicate on the channel o, or on one of a list of them.
func wakes(o any) bool {
	if list, ok := o.([]any); ok {
		for _, c := range list {
			if wakes(c) {
				return true
			}
		}
		return false
	}
	t := reflect.TypeOf(o)
	if t == nil || t.Kind() != reflect.Chan || t.Elem() != timeType && t.Elem() != signalType {
		return false
	}
	return !reflect.ValueOf(o).IsNil()
}
