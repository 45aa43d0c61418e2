package kernel

import (
	"context"
	"log/slog"
	"runtime"
	"time"

	"github.com/gobraid/gobraid/kernel/zmtp"
)

// Options say what the kernel is called and who helps it. The zero value is usable.
type Options struct {
	// Name and Version are the implementation's ("gobraid", "dev"); Banner is what a console shows.
	Name, Version, Banner string
	// GoVersion is the version of the language the session runs; by default that of this binary.
	GoVersion string

	// IsComplete tells whether code would be run as it is when a console user presses Enter:
	// "complete", "incomplete" with the indent of the next line, "invalid" or "unknown". It is called
	// from several goroutines and must return at once.
	IsComplete func(code string) (status, indent string)
	// Complete completes code at a cursor, counted in code points. By default the names that the
	// session knows are offered. It should return by the end of ctx, about 80 ms: the client gets an
	// empty answer then. Calls come one at a time.
	Complete func(ctx context.Context, code string, cursor int) Completion
	// Inspect tells what stands at a cursor, counted in code points; nil if it does not know. By
	// default the names that the session knows are described. As for Complete, it has until the end of
	// ctx, and calls come one at a time.
	Inspect func(ctx context.Context, code string, cursor, detail int) *Inspection

	// Limits bound what peers may cost; see package zmtp.
	Limits zmtp.Limits
	// Grace is how long a shutdown waits for the session to end, and Linger how long for clients to
	// take the last messages (2 s and 1 s).
	Grace, Linger time.Duration
	// Log receives what the kernel refuses or ignores; nil discards it.
	Log *slog.Logger
}

// A Completion is a list of texts that could stand between Start and End, counted in code points.
type Completion struct {
	Start, End int
	Matches    []Match
}

// A Match is one way to complete.
type Match struct {
	Text      string
	Kind      string // what kind of thing it is, such as "function"; shown as an icon
	Signature string
}

// An Inspection is what there is to say about a piece of code, in one or several MIME types.
type Inspection struct {
	MIME     map[string]any
	Metadata map[string]any
}

// filled returns o with its zero fields replaced by the defaults.
func (o Options) filled() Options {
	fill(&o.Name, "gobraid")
	fill(&o.Version, "dev")
	fill(&o.GoVersion, runtime.Version())
	fill(&o.Banner, o.Name+" "+o.Version+", "+o.GoVersion)
	fill(&o.Grace, 2*time.Second)
	fill(&o.Linger, time.Second)
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

func fill[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}
