package steps

import (
	"go/token"
	"reflect"
	"sync"
	"sync/atomic"
	"unsafe"
)

// A layout tells how the variables and intermediate values of a function lie in one block of memory. The interpreter
// allocates each.
type layout struct {
	def     *node
	results int          // how many of them come first and are not in the block
	block   reflect.Type // nil if it is empty
	slots   []slot
	name    string    // of the declared function, for tracebacks
	free    sync.Pool // frames that nobody has any longer
	keeps   bool      // a literal in the function may keep its frame
}

// A slot is where a variable is in a block.
type slot struct {
	typ    unsafe.Pointer
	flag   uintptr
	offset uintptr
}

// layouts makes the layout of a function when it is called first.
type layouts struct {
	def     *node
	results int
	once    sync.Once
	l       *layout
}

// get returns the layout, or nil if there is none: then the interpreter has to make the call.
func (ls *layouts) get() *layout {
	ls.once.Do(func() { ls.l = layoutOf(ls.def, ls.results) })
	return ls.l
}

func layoutOf(def *node, results int) (l *layout) {
	defer func() {
		if recover() != nil { // package reflect does not make such a struct
			l = nil
		}
	}()
	if results > len(def.types) || def.child[3].has(kinds["deferStmt"]) {
		return nil
	}
	l = &layout{def: def, results: results, name: def.declared(), keeps: def.child[3].has(kinds["funcLit"])}
	var fields []reflect.StructField
	for i, t := range def.types[results:] {
		if t.String() == "interp.valueInterface" {
			return nil
		}
		fields = append(fields, reflect.StructField{Name: "F" + string(rune('A'+i%26)) + string(rune('A'+i/26%26)) + string(rune('A'+i/676)), Type: t})
	}
	if len(fields) == 0 {
		return l
	}
	l.block = reflect.StructOf(fields)
	for i, t := range def.types[results:] {
		l.slots = append(l.slots, slot{typeOf(t), settable | uintptr(t.Kind()), l.block.Field(i).Offset})
	}
	return l
}

// has reports whether a function body has a node of a kind outside of the literals in it.
func (n *node) has(kind uint) bool {
	if n.kind == kind {
		return true
	}
	for _, c := range n.child {
		if c.kind == kind || c.kind != kinds["funcLit"] && c.has(kind) {
			return true
		}
	}
	return false
}

// declared returns the name of the declared function that n is or is in.
func (n *node) declared() string {
	for ; n != nil; n = n.anc {
		if n.kind == kinds["funcDecl"] {
			return n.child[1].ident
		}
	}
	return ""
}

// A frame and its values are allocated together if they are few.
type (
	frame8 struct {
		frame
		values [8]value
	}
	frame16 struct {
		frame
		values [16]value
	}
	frame32 struct {
		frame
		values [32]value
	}
)

// frame returns a frame for a call from f. The results have no place yet.
func (l *layout) frame(f *frame) *frame {
	nf, _ := l.free.Get().(*frame)
	if nf == nil {
		nf = newFrame(l.results + len(l.slots))
	}
	nf.anc, nf.root, nf.done, nf.id = f, f.root, f.done, f.id
	if l.block != nil {
		base := reflect.New(l.block).UnsafePointer()
		data := nf.data[l.results:]
		for i := range l.slots {
			s := &l.slots[i]
			data[i] = value{s.typ, unsafe.Add(base, s.offset), s.flag}
		}
	}
	return nf
}

// newFrame returns a frame for n values.
func newFrame(n int) *frame {
	switch {
	case n <= 8:
		x := &frame8{}
		x.data = x.values[:n:n]
		return &x.frame
	case n <= 16:
		x := &frame16{}
		x.data = x.values[:n:n]
		return &x.frame
	case n <= 32:
		x := &frame32{}
		x.data = x.values[:n:n]
		return &x.frame
	}
	return &frame{data: make([]value, n)}
}

// run runs the body of a function.
func (l *layout) run(f *frame, left func(string, token.Pos)) {
	exec := l.def.child[3].start.exec
	defer func() {
		if exec == nil {
			return
		}
		if v := recover(); v != nil { // and not runtime.Goexit
			left(l.name, l.def.child[3].place(exec))
			panic(v)
		}
	}()
	for exec != nil {
		exec = exec(f)
	}
}

// place returns the position of the node in a tree whose step is exec, 0 if there is none.
func (n *node) place(exec step) token.Pos {
	if n.exec != nil && *(*unsafe.Pointer)(unsafe.Pointer(&n.exec)) == *(*unsafe.Pointer)(unsafe.Pointer(&exec)) {
		return n.pos
	}
	for _, c := range n.child {
		if pos := c.place(exec); pos != 0 {
			return pos
		}
	}
	return 0
}

// release makes the frame of an ended call one that may be used again. The memory of its values is not: other values may refer to
// it.
func (l *layout) release(f *frame) {
	if !l.keeps {
		l.free.Put(f)
	}
}

// call replaces the calls of declared functions and of function values.
func (im *improver) call(n *node, _ string) {
	fun := n.child[0]
	if fun.kind != kinds["identExpr"] || fun.sym == nil || fun.recv != nil || fun.typ == nil || n.level != 0 {
		return
	}
	switch n.anc.kind {
	case kinds["deferStmt"], kinds["goStmt"]:
		return
	}
	args := make([]operand, len(n.child)-1)
	for i, c := range n.child[1:] {
		var ok bool
		if args[i], ok = c.operand(); !ok || c.kind == kinds["callExpr"] {
			return
		}
	}
	results := len(fun.typ.ret)
	blank := make([]bool, results)
	if n.anc.kind == kinds["defineXStmt"] || n.anc.kind == kinds["assignXStmt"] {
		for i := range results {
			blank[i] = n.anc.child[i].ident == "_"
		}
	}
	if results > 0 && n.findex < 0 {
		return
	}
	if fun.sym.index >= 0 {
		im.callValue(n, args, blank)
		return
	}
	def := fun.sym.node
	if def == nil || def.kind != kinds["funcDecl"] || len(def.child) != 4 || def.rval.IsValid() {
		return
	}
	ls := &layouts{def: def, results: results}
	orig, tnext, fnext, at := n.exec, after(n.tnext), after(n.fnext), n.findex
	branches := n.fnext != nil
	left := im.hooks.Left
	var ready atomic.Pointer[layout]
	n.exec = func(f *frame) step {
		l := ready.Load()
		if l == nil {
			if l = ls.get(); l == nil || len(args) > len(l.slots) {
				return orig(f)
			}
			ready.Store(l)
		}
		nf := l.frame(f)
		for i := range results {
			if blank[i] {
				v := reflect.New(def.types[i]).Elem()
				nf.data[i] = *valueOf(&v)
			} else {
				nf.data[i] = f.data[at+i]
			}
		}
		for i := range args {
			if !pass(&nf.data[results+i], args[i].at(f)) {
				return orig(f)
			}
		}
		l.run(nf, left)
		holds := !branches || *(*bool)(nf.data[0].ptr)
		l.release(nf)
		if holds {
			return tnext
		}
		return fnext
	}
}

// pass gives a parameter its value, if both are of one type, and reports whether it has.
func pass(param, arg *value) bool {
	if param.typ != arg.typ || arg.typ == nodeType {
		return false
	}
	if !move(param, arg) {
		param.reflected().Set(*arg.reflected())
	}
	return true
}

// nodeType is the type of what the interpreter has for its own functions.
var nodeType = func() unsafe.Pointer {
	if checked != nil {
		return nil
	}
	return typeOf(nodePointer)
}()
