package task

import (
	"context"
	"time"
)

// The functions here are what a mention of a function of package time or context is lowered to that is no call, as in f :=
// time.AfterFunc. They find out for themselves where they are called.

// SleepValue is what time.Sleep as a value is lowered to. See [Sleep].
func SleepValue(d time.Duration) { Sleep(d, Here()) }

// AfterValue is what time.After as a value is lowered to. See [After].
func AfterValue(d time.Duration) <-chan time.Time { return After(d, Here()) }

// TickValue is what time.Tick as a value is lowered to. See [Tick].
func TickValue(d time.Duration) <-chan time.Time { return Tick(d, Here()) }

// NewTimerValue is what time.NewTimer as a value is lowered to. See [NewTimer].
func NewTimerValue(d time.Duration) *time.Timer { return NewTimer(d, Here()) }

// NewTickerValue is what time.NewTicker as a value is lowered to. See [NewTicker].
func NewTickerValue(d time.Duration) *time.Ticker { return NewTicker(d, Here()) }

// AfterFuncValue is what time.AfterFunc as a value is lowered to. See [AfterFunc].
func AfterFuncValue(d time.Duration, f func()) *time.Timer { return AfterFunc(Here(), d, f) }

// ContextAfterFuncValue is what context.AfterFunc as a value is lowered to. See [ContextAfterFunc].
func ContextAfterFuncValue(ctx context.Context, f func()) (stop func() bool) {
	return ContextAfterFunc(Here(), ctx, f)
}
