package rt

import (
	"time"

	"github.com/gobraid/gobraid/concurrency/task"
)

// Watch returns the word that interpreted code tests before it calls Point.
func Watch() *int32 { return task.Watched() }

// Point is a hook before an operation on memory that tasks share.
func Point(site uint64) { task.PointAt(task.Site(site)) }

// After is time.After(d).
func After(site uint64, d time.Duration) <-chan time.Time { return task.After(d, task.Site(site)) }

// Tick is time.Tick(d).
func Tick(site uint64, d time.Duration) <-chan time.Time { return task.Tick(d, task.Site(site)) }

// NewTimer is time.NewTimer(d).
func NewTimer(site uint64, d time.Duration) *time.Timer { return task.NewTimer(d, task.Site(site)) }

// NewTicker is time.NewTicker(d).
func NewTicker(site uint64, d time.Duration) *time.Ticker { return task.NewTicker(d, task.Site(site)) }

// StopTimer is t.Stop().
func StopTimer(site uint64, t *time.Timer) bool { return task.StopTimer(t, task.Site(site)) }

// ResetTimer is t.Reset(d).
func ResetTimer(site uint64, t *time.Timer, d time.Duration) bool {
	return task.ResetTimer(t, d, task.Site(site))
}

// StopTicker is t.Stop().
func StopTicker(site uint64, t *time.Ticker) { task.StopTicker(t, task.Site(site)) }

// ResetTicker is t.Reset(d).
func ResetTicker(site uint64, t *time.Ticker, d time.Duration) {
	task.ResetTicker(t, d, task.Site(site))
}
