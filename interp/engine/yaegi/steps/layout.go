//lint:file-ignore U1000 the fields are those of the interpreter, used or not

package steps

import (
	"fmt"
	"go/token"
	"reflect"
	"sync"
	"unsafe"

	"github.com/traefik/yaegi/interp"
)

// The types below have the memory layout of the interpreter's own, which are not exported. Check compares them.

// A step is what the interpreter does at a node: it returns what to do next, or nil at the end of a function.
type step func(f *frame) step

// A frame holds the variables and intermediate values of a call.
type frame struct {
	id        uint64
	debug     unsafe.Pointer
	root      *frame
	anc       *frame
	data      []value
	mutex     sync.RWMutex
	deferred  [][]reflect.Value
	recovered any
	done      reflect.SelectCase
}

// A value is a reflect.Value.
type value struct {
	typ  unsafe.Pointer
	ptr  unsafe.Pointer
	flag uintptr
}

// Flags of a reflect.Value; the lowest bits are its kind.
const (
	kindMask = 1<<5 - 1
	indirect = 1 << 7 // ptr points to what the value is
	settable = 1<<8 | indirect
)

// A node is a node of a syntax tree, and what has become of it.
type node struct {
	debug      unsafe.Pointer
	child      []*node
	anc        *node
	param      []unsafe.Pointer
	start      *node
	tnext      *node
	fnext      *node
	interp     unsafe.Pointer
	index      int64
	findex     int
	level      int
	nleft      int
	nright     int
	kind       uint
	pos        token.Pos
	sym        *symbol
	typ        *itype
	recv       unsafe.Pointer
	types      []reflect.Type
	scope      unsafe.Pointer
	action     uint
	exec       step
	gen        func(*node)
	val        any
	rval       reflect.Value
	ident      string
	redeclared bool
	meta       any
}

// A symbol is what a name stands for.
type symbol struct {
	kind    uint
	typ     *itype
	node    *node
	from    []*node
	recv    unsafe.Pointer
	index   int
	rval    reflect.Value
	builtin func(*node)
	global  bool
}

// An itype is a type, as far as it is needed here.
type itype struct {
	cat   uint
	field []struct{}
	key   *itype
	val   *itype
	recv  *itype
	arg   []*itype
	ret   []*itype
}

// A program is a compiled file.
type program struct {
	pkgName string
	root    *node
	init    []*node
}

// kinds are the numbers of the kinds of nodes, by name.
var kinds = map[string]uint{}

// Numbers of actions: of f(x...) and of T(x).
var sliceCall, conversion uint

// Check returns an error if the interpreter is not made as this package thinks. Then Improve does nothing.
func Check() error { return checked }

var (
	checked     = check()
	nodePointer reflect.Type // of a program's tree
)

func check() error {
	prog := reflect.TypeFor[interp.Program]()
	vm := reflect.TypeFor[interp.Interpreter]()
	root, ok1 := prog.FieldByName("root")
	global, ok2 := vm.FieldByName("frame")
	if !ok1 || !ok2 || root.Type.Kind() != reflect.Pointer || global.Type.Kind() != reflect.Pointer {
		return fmt.Errorf("steps: a program has no node, or the interpreter no frame")
	}
	theirs := root.Type.Elem()
	for _, p := range []struct {
		theirs, ours reflect.Type
		part         bool
	}{
		{prog, reflect.TypeFor[program](), false},
		{theirs, reflect.TypeFor[node](), false},
		{global.Type.Elem(), reflect.TypeFor[frame](), false},
		{fieldType(theirs, "sym"), reflect.TypeFor[symbol](), false},
		{fieldType(theirs, "typ"), reflect.TypeFor[itype](), true},
	} {
		if err := same(p.theirs, p.ours, p.part); err != nil {
			return err
		}
	}
	nodePointer = root.Type
	kind, _ := theirs.FieldByName("kind")
	for i := range uint64(200) {
		v := reflect.New(kind.Type).Elem()
		v.SetUint(i)
		s, ok := v.Interface().(fmt.Stringer)
		if !ok {
			return fmt.Errorf("steps: kinds of nodes have no names")
		}
		if _, seen := kinds[s.String()]; !seen {
			kinds[s.String()] = uint(i)
		}
	}
	action, _ := theirs.FieldByName("action")
	for i := range uint64(200) {
		v := reflect.New(action.Type).Elem()
		v.SetUint(i)
		s, ok := v.Interface().(fmt.Stringer)
		if !ok {
			return fmt.Errorf("steps: actions have no names")
		}
		switch s.String() {
		case "callSlice":
			sliceCall = uint(i)
		case "convert":
			conversion = uint(i)
		}
	}
	if sliceCall == 0 || conversion == 0 {
		return fmt.Errorf("steps: no call with a slice for the last parameters, or no conversion")
	}
	if err := checkValue(); err != nil {
		return err
	}
	return checkMade()
}

func fieldType(t reflect.Type, name string) reflect.Type {
	f, ok := t.FieldByName(name)
	if !ok || f.Type.Kind() != reflect.Pointer {
		return reflect.TypeFor[struct{}]()
	}
	return f.Type.Elem()
}

// same compares two struct types, or the first fields of theirs with ours.
func same(theirs, ours reflect.Type, part bool) error {
	if theirs.Kind() != reflect.Struct || theirs.NumField() < ours.NumField() || !part && theirs.Size() != ours.Size() {
		return fmt.Errorf("steps: %v is not made as expected", theirs)
	}
	for i := range ours.NumField() {
		a, b := theirs.Field(i), ours.Field(i)
		kind := b.Type.Kind()
		if kind == reflect.UnsafePointer {
			kind = reflect.Pointer
		}
		if a.Name != b.Name || a.Offset != b.Offset || a.Type.Size() != b.Type.Size() || a.Type.Kind() != kind {
			return fmt.Errorf("steps: field %s of %v is not made as expected", a.Name, theirs)
		}
	}
	return nil
}

// checkValue finds out whether a reflect.Value is what value is.
func checkValue() error {
	x := 3
	c := make(chan int)
	for _, t := range []struct {
		v    reflect.Value
		ptr  unsafe.Pointer
		flag uintptr
	}{
		{reflect.ValueOf(&x).Elem(), unsafe.Pointer(&x), settable | uintptr(reflect.Int)},
		{reflect.ValueOf(&x), unsafe.Pointer(&x), uintptr(reflect.Pointer)},
		{reflect.ValueOf(&c).Elem(), unsafe.Pointer(&c), settable | uintptr(reflect.Chan)},
		{reflect.ValueOf(c), *(*unsafe.Pointer)(unsafe.Pointer(&c)), uintptr(reflect.Chan)},
	} {
		v := *valueOf(&t.v)
		if unsafe.Sizeof(t.v) != unsafe.Sizeof(v) || v.ptr != t.ptr || v.flag != t.flag {
			return fmt.Errorf("steps: a reflect.Value is not made as expected")
		}
	}
	if v := reflect.ValueOf(x); valueOf(&v).flag != indirect|uintptr(reflect.Int) {
		return fmt.Errorf("steps: a reflect.Value of an int is not made as expected")
	}
	if wordOf[int]() != typeOf(reflect.TypeFor[int]()) {
		return fmt.Errorf("steps: a reflect.Type is not made as expected")
	}
	return nil
}

func valueOf(v *reflect.Value) *value { return (*value)(unsafe.Pointer(v)) }

// reflected returns v as package reflect has it.
func (v *value) reflected() *reflect.Value { return (*reflect.Value)(unsafe.Pointer(v)) }

// typeOf returns what the values of a type have as their typ.
func typeOf(t reflect.Type) unsafe.Pointer {
	v := reflect.New(t).Elem()
	return valueOf(&v).typ
}
