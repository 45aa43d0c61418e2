package loop

import (
	"context"
	"errors"
	"fmt"

	"github.com/gobraid/gobraid/concurrency"
)

// ErrClosed is the error of a task that was created when its loop was over.
var ErrClosed = errors.New("concurrency/loop: the loop is over")

// ErrTimeout is the error of [Timeout] and [WaitFor] when the time is up. It wraps [context.DeadlineExceeded].
var ErrTimeout = fmt.Errorf("concurrency/loop: timeout: %w", context.DeadlineExceeded)

// A CanceledError is what an await returns in a coroutine that is cancelled. It wraps [concurrency.ErrCanceled],
// [context.Canceled] and its cause.
type CanceledError struct {
	Cause error // that CancelWith was given, or of the context that has ended; nil if there is none
}

// Error says that it is a cancellation, and why.
func (e *CanceledError) Error() string {
	if e.Cause == nil {
		return "concurrency/loop: canceled"
	}
	return "concurrency/loop: canceled: " + e.Cause.Error()
}

// Unwrap returns what the error is.
func (e *CanceledError) Unwrap() []error {
	if e.Cause == nil {
		return []error{concurrency.ErrCanceled, context.Canceled}
	}
	return []error{concurrency.ErrCanceled, context.Canceled, e.Cause}
}

// isCanceled reports whether err is the end of a coroutine that was cancelled.
func isCanceled(err error) bool { return err != nil && errors.Is(err, concurrency.ErrCanceled) }
