package process

import (
	"context"
	"encoding/binary"
	"fmt"
	"reflect"
	"runtime"
	"sync"
)

// Copying returns the pool as one for functions that get a copy of v besides their argument: the first that is given so with [Copied] 0, the next
// with 1, and so on. v is copied now; only what is submitted to the pool that is returned gets it, and for each function it is sent again. If
// v is not [Sendable], what is submitted fails with a *[TypeError].
//
// In a cell, concurrency.Copy in the function does this.
func Copying[T any](p *Pool, v T) *Pool { return p.WithCopy(&v) }

// CopyingTo is [Copying] for the function of a process, which has not started.
func CopyingTo[T any](p *Process, v T) *Process { return p.WithCopy(&v) }

// Copied returns, in a function that a worker runs, a copy of the i-th value that was given to the pool with [Copying]. ctx is what the function got,
// or was made from it. Every function has a copy of its own, which it gets again when it asks again. It panics if there is no such value, or T is not the type that
// was given.
func Copied[T any](ctx context.Context, i int) T {
	v := new(T)
	CopiedTo(ctx, i, v)
	return *v
}

// WithCopy is [Copying] of what v points to.
func (p *Pool) WithCopy(v any) *Pool {
	q := &Pool{core: p.core, retries: p.retries, copyErr: p.copyErr}
	runtime.AddCleanup(q, func(*Pool) {}, p) // p lives as long as q
	var err error
	if q.copies, err = addCopy(p.copies, v); err != nil && q.copyErr == nil {
		q.copyErr = err
	}
	return q
}

// addCopy returns copies with one more, of what v points to.
func addCopy(copies []byte, v any) ([]byte, error) {
	b, err := encodeAlone(v)
	copies = binary.LittleEndian.AppendUint32(append([]byte(nil), copies...), uint32(1+len(b)))
	copies = append(copies, byte(reflect.TypeOf(v).Elem().Kind()))
	return append(copies, b...), err
}

// beforeArgument returns what the payload of a task with copies begins with, nil if there are none.
func beforeArgument(copies []byte) []byte {
	if copies == nil {
		return nil
	}
	return append(binary.LittleEndian.AppendUint32(nil, uint32(len(copies))), copies...)
}

// WithCopy is [CopyingTo] of what v points to. It panics after Start.
func (p *Process) WithCopy(v any) *Process {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.begun {
		panic("process: Process: WithCopy after Start")
	}
	p.pool = p.pool.WithCopy(v)
	return p
}

// CopiedTo is [Copied], with the copy stored in what v points to.
func CopiedTo(ctx context.Context, i int, v any) {
	c, _ := ctx.Value(copiesKey{}).(*copies)
	if c == nil {
		panic("process: Copied: the context is not that of a function whose pool copies values")
	}
	c.get(i, reflect.ValueOf(v).Elem())
}

type copiesKey struct{}

// copies are the values that a function gets besides its argument.
type copies struct {
	mu     sync.Mutex
	raw    []byte
	values map[int]reflect.Value // that were asked for
}

func (c *copies) get(i int, to reflect.Value) {
	c.mu.Lock()
	defer c.mu.Unlock()
	v, ok := c.values[i]
	if !ok {
		b := c.find(i)
		p := reflect.New(to.Type())
		if kind := reflect.Kind(b[0]); kind != to.Kind() {
			panic(fmt.Sprintf("process: Copied(%d): it is a %v, not a %v", i, kind, to.Type()))
		}
		if err := decodeAlone(b[1:], p.Interface()); err != nil {
			panic(fmt.Sprintf("process: Copied(%d): %v", i, err))
		}
		if c.values == nil {
			c.values = map[int]reflect.Value{}
		}
		v = p.Elem()
		c.values[i] = v
	}
	if v.Type() != to.Type() {
		panic(fmt.Sprintf("process: Copied(%d): it is of type %v, not %v", i, v.Type(), to.Type()))
	}
	to.Set(v)
}

// find returns the i-th value, encoded.
func (c *copies) find(i int) []byte {
	raw := c.raw
	for n := 0; len(raw) >= 4; n++ {
		size := binary.LittleEndian.Uint32(raw)
		if n == i {
			return raw[4 : 4+size]
		}
		raw = raw[4+size:]
	}
	panic(fmt.Sprintf("process: Copied(%d): there is no such value", i))
}

// cutCopies takes the copies off the payload of a task.
func cutCopies(payload []byte) (c *copies, rest []byte, err error) {
	if len(payload) < 4 {
		return nil, nil, errGarbage
	}
	n := binary.LittleEndian.Uint32(payload)
	if uint64(len(payload)) < 4+uint64(n) {
		return nil, nil, errGarbage
	}
	return &copies{raw: append([]byte(nil), payload[4:4+n]...)}, payload[4+n:], nil
}
