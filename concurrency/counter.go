package concurrency

import (
	"sync/atomic"

	"github.com/gobraid/gobraid/concurrency/task"
)

// A Counter is a number that several tasks change without losing a change. In Python that needs a lock, for n += 1 is three
// steps there, as it is in Go. It is an atomic.Int64 by other names, and costs the same. Its zero value is 0. Its methods
// do not block, and may be called from several goroutines. It must not be copied once used.
type Counter struct{ n atomic.Int64 }

// Add adds delta and returns the new value.
func (c *Counter) Add(delta int64) int64 { return task.Point(c, 0).n.Add(delta) }

// Inc adds 1 and returns the new value.
func (c *Counter) Inc() int64 { return c.Add(1) }

// Dec takes 1 away and returns the new value.
func (c *Counter) Dec() int64 { return c.Add(-1) }

// Value returns the value.
func (c *Counter) Value() int64 { return task.Point(c, 0).n.Load() }

// Set sets the value.
func (c *Counter) Set(n int64) { task.Point(c, 0).n.Store(n) }

// Swap sets the value and returns the one before.
func (c *Counter) Swap(n int64) int64 { return task.Point(c, 0).n.Swap(n) }

// CompareAndSwap sets the value to n if it is old, and reports whether it has.
func (c *Counter) CompareAndSwap(old, n int64) bool {
	return task.Point(c, 0).n.CompareAndSwap(old, n)
}
