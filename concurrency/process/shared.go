package process

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"unsafe"
)

// ErrHolderDied is the error of a lock whose holder, a process, has died. The caller has the lock; what it protects may be half done.
var ErrHolderDied = errors.New("process: the process that held the lock has died")

// A Shared is memory that processes have in common: a slice of numbers, or of structs and arrays of numbers. It is handed to a function in
// another process as its argument, or in it, as a *Shared: there it is the same memory, nothing is copied. The process that has made
// it must live when another gets it; from then on it need not. Accesses are as between goroutines: without the lock they must not
// meet. A Shared is made by [NewShared].
type Shared[T any] struct {
	s *segment
}

// NewShared returns memory for n values, which are zero. It panics if n is negative. The error is a *[TypeError] if values of the type have
// pointers in them, or that of the system, which must be Linux. Memory takes room when it is first written to.
func NewShared[T any](n int) (*Shared[T], error) {
	s, err := newShared(reflect.TypeFor[T](), n)
	if err != nil {
		return nil, err
	}
	return &Shared[T]{s}, nil
}

func newShared(t reflect.Type, n int) (*segment, error) {
	if n < 0 {
		panic(fmt.Sprintf("process: NewShared: %d values", n))
	}
	if err := Sendable(t); err != nil {
		return nil, err
	}
	if !plain(t) || t.Size() == 0 {
		return nil, &TypeError{t, t.String(), "is not made of numbers only, and addresses mean nothing in another process"}
	}
	return newSegment("shared", n*int(t.Size()))
}

// Slice returns the values. They may be used until Close.
func (m *Shared[T]) Slice() []T {
	data := m.s.data()
	if len(data) == 0 {
		return nil
	}
	return unsafe.Slice((*T)(unsafe.Pointer(&data[0])), len(data)/int(unsafe.Sizeof(*new(T))))
}

// Lock takes the lock that goes with the memory, which one goroutine of one process has at a time. It blocks until it is free, and returns nil, or
// until ctx ends, and returns the cause of that. It returns [ErrHolderDied], and has the lock, if the process died that had it.
func (m *Shared[T]) Lock(ctx context.Context) error { return m.s.lock(ctx, m) }

// Unlock gives the lock back. It does not block. It panics if this process does not have it.
func (m *Shared[T]) Unlock() { m.s.giveBack() }

func (s *segment) giveBack() {
	if !s.unlock() {
		panic("process: Shared: Unlock by a process that does not have the lock")
	}
}

// Close gives the memory back, for this process; it goes when no process has it any more. Whoever still uses the slice then crashes.
func (m *Shared[T]) Close() error { return m.s.close() }

// GobEncode encodes where the memory is found.
func (m *Shared[T]) GobEncode() ([]byte, error) { return m.s.encode() }

// GobDecode finds it.
func (m *Shared[T]) GobDecode(b []byte) (err error) {
	m.s, err = decodeSegment(b)
	return err
}
