package task

import (
	"reflect"
	"runtime/pprof"
	"strconv"
	"sync/atomic"
	"unsafe"
)

// A goroutine carries a pointer to a set of labels for profiles, and every goroutine that it starts inherits it, also where
// a library does that. So the goroutines of tasks carry the label of their run: by that the runtime knows to whom
// a goroutine belongs that it has not started itself. Profiles taken in a session tell the cells apart by it too.
//
// Code that sets labels of its own, as pprof.Do does, takes the goroutines it starts meanwhile away from the run.

// A runLabel is what the label pointer of a run's goroutines points to: a set of labels as package pprof knows it, and
// what else this package wants to find there.
type runLabel struct {
	set []labelPair
	run *Run
	to  *redirection // where the output goes, nil if to the run's
}

type labelPair struct{ key, value string }

// cellKey is the key of the first label of a runLabel. The bytes of this very string tell a runLabel from any other
// set of labels.
var cellKey = string([]byte("cell"))

const runKey = "gobraid run"

var runNumber atomic.Int64

// newLabel returns the label of r, nil when this version of Go keeps labels in another way.
func newLabel(r *Run) *runLabel {
	if !labelsKnown {
		return nil
	}
	return &runLabel{
		set: []labelPair{
			{cellKey, strconv.Itoa(r.cell)},
			{runKey, strconv.FormatInt(runNumber.Add(1), 10)},
		},
		run: r,
	}
}

// number returns the value of the label that no other run has.
func (l *runLabel) number() string { return l.set[1].value }

// carry makes the calling goroutine, which is the task's, carry its label, unless user code has set another.
func (t *Task) carry() {
	label := t.run.label
	if to := t.to.Load(); to != nil {
		label = to.label
	}
	if label == nil {
		return
	}
	p := getLabel()
	if p == unsafe.Pointer(label) || p != nil && labelOf(p) == nil {
		return
	}
	setLabel(unsafe.Pointer(label))
}

// uncarry takes the label off a goroutine that serves the runtime and belongs to no run.
func uncarry() {
	if labelsKnown {
		setLabel(nil)
	}
}

// carried returns the run whose label the calling goroutine carries, or nil.
func carried() *Run {
	if l := carriedLabel(); l != nil {
		return l.run
	}
	return nil
}

func carriedLabel() *runLabel {
	p := getLabel()
	if p == nil || !labelsKnown {
		return nil
	}
	return labelOf(p)
}

// labelOf returns the runLabel at p, or nil when there are labels of somebody else.
func labelOf(p unsafe.Pointer) *runLabel {
	set := *(*[]labelPair)(p)
	if len(set) == 0 || unsafe.StringData(set[0].key) != unsafe.StringData(cellKey) {
		return nil
	}
	return (*runLabel)(p)
}

// labelsKnown tells whether package pprof keeps labels as a runLabel has them.
var labelsKnown = func() bool {
	list, ok := reflect.TypeFor[pprof.LabelSet]().FieldByName("list")
	if !ok || list.Offset != 0 || list.Type.Kind() != reflect.Slice {
		return false
	}
	have, want := list.Type.Elem(), reflect.TypeFor[labelPair]()
	if have.Kind() != reflect.Struct || have.NumField() != want.NumField() || have.Size() != want.Size() {
		return false
	}
	for i := range want.NumField() {
		if have.Field(i).Type != want.Field(i).Type {
			return false
		}
	}
	return true
}()

// Package runtime keeps these two for package pprof, and promises other packages that link to them not to change them.

//go:linkname getLabel runtime/pprof.runtime_getProfLabel
func getLabel() unsafe.Pointer

//go:linkname setLabel runtime/pprof.runtime_setProfLabel
func setLabel(labels unsafe.Pointer)
