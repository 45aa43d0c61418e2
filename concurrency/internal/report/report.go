// Package report is how the packages of concurrency find who is to hear how far a function has come: by its context.
package report

import "context"

// A Sink hears how far a function has come. Report does not block, and may be called from several goroutines.
type Sink interface {
	Report(done, total int, text string)
}

// Key is the key of a context's [Sink].
type Key struct{}

// To returns who is to hear of a function with the context, nil if nobody is.
func To(ctx context.Context) Sink {
	s, _ := ctx.Value(Key{}).(Sink)
	return s
}

// MaxText is how many bytes of a text are told.
const MaxText = 1000
