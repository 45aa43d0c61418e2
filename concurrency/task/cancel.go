package task

import (
	"cmp"
	"context"
	"reflect"
	"slices"
	"unsafe"
)

// cancellable returns ctx with a cancel function that lets recordings know who calls it. Who creates ctx from another that
// ends says so by that: what ends with a context is known by its channel alone.
func cancellable(parent, ctx context.Context, cancel func()) func() {
	if recordings.Load() != 0 {
		adopted(parent, ctx)
	}
	return func() { cancelRecorded(ctx, cancel) }
}

// maxContexts bounds how many contexts are known to descend from which.
const maxContexts = defaultEvents

// adopted notes that ctx ends with parent.
func adopted(parent, ctx context.Context) {
	child := reflect.ValueOf(ctx.Done()).UnsafePointer()
	shadows.mu.Lock()
	defer shadows.mu.Unlock()
	if shadows.parent == nil {
		shadows.parent = map[unsafe.Pointer]unsafe.Pointer{}
	}
	if len(shadows.parent) < maxContexts {
		shadows.parent[child] = reflect.ValueOf(parent.Done()).UnsafePointer()
	}
}

// cancelRecorded calls cancel, which ends ctx, and notes who does.
func cancelRecorded(ctx context.Context, cancel func()) {
	if recordings.Load() == 0 {
		cancel()
		return
	}
	s := sourceAt(0)
	ends := endWith(reflect.ValueOf(ctx.Done()).UnsafePointer())
	var open []*shadow
	for _, x := range ends {
		x.mu.Lock()
		if x.closer == nil && isOpen(x) {
			x.closer = &comm{log: s.log, site: s.site, at: s.at, cancels: true}
			open = append(open, x)
		}
	}
	defer func() {
		for _, x := range open {
			if isOpen(x) {
				x.closer = nil
			}
		}
		for _, x := range ends {
			x.mu.Unlock()
		}
	}()
	cancel()
}

// endWith returns the shadows of the channels that are closed when a context ends, whose own channel is at done, in order
// of address.
func endWith(done unsafe.Pointer) []*shadow {
	shadows.mu.Lock()
	defer shadows.mu.Unlock()
	var all []*shadow
	for p, s := range shadows.of {
		for q := p; q != nil; q = shadows.parent[q] {
			if q == done {
				all = append(all, s)
				break
			}
		}
	}
	slices.SortFunc(all, func(a, b *shadow) int { return cmp.Compare(uintptr(a.c), uintptr(b.c)) })
	return all
}

// isOpen reports whether the channel of a context has not been closed.
func isOpen(s *shadow) bool {
	c, ok := s.ref.Interface().(<-chan struct{})
	if !ok {
		return false
	}
	select {
	case <-c:
		return false
	default:
		return true
	}
}
