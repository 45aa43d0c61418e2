package task

import (
	"reflect"
	"sync"
	"sync/atomic"
	"unsafe"
)

// WaitGroupWait is what wg.Wait() is lowered to. A killed task ends while it waits.
func WaitGroupWait(wg *sync.WaitGroup, site Site) {
	if watch.Load() != 0 {
		defer enterGroup(wg)()
		if steerGroupWait(wg, site) {
			return
		}
	}
	if isZero(wg) {
		wg.Wait()
		return
	}
	t := here()
	if t == nil {
		wg.Wait()
		return
	}
	t.delegate(wish{WaitGroup, wg}, site, wg.Wait, func() {})
}

// WaitGroupGo is what wg.Go(f) is lowered to: it runs f in a new task and tells wg when f has returned.
func WaitGroupGo(wg *sync.WaitGroup, site Site, f func()) {
	t := here()
	if t == nil {
		wg.Go(f)
		return
	}
	t.pointTo(Op{Kind: OpGo, Site: site})
	wg.Add(1)
	t.spawn(site, f, wg)
}

// isZero reports whether the counter of wg is zero, so that Wait does not block.
func isZero(wg *sync.WaitGroup) bool {
	if counterOffset < 0 {
		return false
	}
	state := (*atomic.Uint64)(unsafe.Add(unsafe.Pointer(wg), counterOffset))
	return state.Load()>>32 == 0
}

// counterOffset is where a WaitGroup has its counter, in the upper half of a word; -1 when this version of Go
// has it elsewhere, and Wait is then always left to a delegate. A test fails in that case.
var counterOffset = wordOffset(reflect.TypeFor[sync.WaitGroup](), reflect.TypeFor[atomic.Uint64](), "state")

// wordOffset returns the offset of the field of type want and the given name in t, or -1.
func wordOffset(t, want reflect.Type, name string) int {
	f, ok := t.FieldByName(name)
	if !ok || f.Type != want {
		return -1
	}
	return int(f.Offset)
}
