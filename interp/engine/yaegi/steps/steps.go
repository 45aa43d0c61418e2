package steps

import (
	"go/token"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/traefik/yaegi/interp"
)

// Hooks are what the steps need from the engine.
type Hooks struct {
	Stop   *atomic.Uint32                   // the stop word: what tests a byte of it does so by Load
	Left   func(name string, pos token.Pos) // is called when a panic leaves a declared function, with where it was, if that is known
	Direct map[string]Direct                // compiled functions that are called directly, by their names in package rt
}

// Improve replaces the steps of a compiled program that has not been executed yet. What it returns is to be called when it has
// been.
func Improve(p *interp.Program, h *Hooks) (done func()) {
	if checked != nil {
		return func() {}
	}
	im := &improver{h, map[*node]string{}}
	im.walk((*program)(unsafe.Pointer(p)).root, false)
	return func() { im.names = nil }
}

type improver struct {
	hooks *Hooks
	names map[*node]string // of the interpreter's generators
}

// walk replaces the generators of a tree's steps. Those of function literals have been generated already: they are
// forgotten, so that they are generated again.
func (im *improver) walk(n *node, inLit bool) {
	if inLit {
		n.exec = nil
	}
	inLit = inLit || n.kind == kinds["funcLit"]
	if n.gen != nil {
		name, gen := genName(n.gen), n.gen
		if name != "" {
			im.names[n] = name
		}
		if imp := improvements[name]; imp != nil {
			n.gen = func(n *node) {
				gen(n)
				if n.exec != nil {
					imp(im, n, name)
				}
			}
		}
	}
	for _, c := range n.child {
		im.walk(c, inLit)
	}
}

// improvements are what replaces the steps that a generator of the interpreter makes.
var improvements = func() map[string]func(*improver, *node, string) {
	m := map[string]func(*improver, *node, string){
		"callBin":       (*improver).callBin,
		"call":          (*improver).call,
		"getFunc":       (*improver).funcLit,
		"deref":         (*improver).deref,
		"branch":        (*improver).branch,
		"not":           (*improver).not,
		"assign":        (*improver).assign,
		"getIndexArray": (*improver).index,
		"_len":          (*improver).length,
		"_range":        (*improver).rangeList,
		"inc":           (*improver).count,
		"dec":           (*improver).count,
	}
	for name := range arithmetics {
		m[name] = (*improver).arithmetic
		m[name+"Assign"] = (*improver).arithmeticAssign
	}
	for name := range comparisons {
		m[name] = (*improver).comparison
	}
	return m
}()

var genNames sync.Map // code pointer of a generator → name

// genName returns the name of a generator of the interpreter, or "".
func genName(gen func(*node)) string {
	pc := reflect.ValueOf(gen).Pointer()
	if name, ok := genNames.Load(pc); ok {
		return name.(string)
	}
	name, ok := strings.CutPrefix(runtime.FuncForPC(pc).Name(), "github.com/traefik/yaegi/interp.")
	if !ok {
		name = ""
	}
	genNames.Store(pc, name)
	return name
}

// after returns a node's step, which may not be known before all have been generated.
func after(n *node) step {
	if n == nil {
		return nil
	}
	return n.exec
}
