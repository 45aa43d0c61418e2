package measure

import (
	"context"

	"github.com/gobraid/gobraid/concurrency/timeline"
)

// Timeline calls f once and returns a picture of what its tasks did over time, as %%timeline draws it of a cell: see package
// timeline for what it shows, and what recording costs. The error is that of f, and the picture is there with it.
//
// Tasks are known in cells only: in another program Timeline is an error, and f is not called. So it is in a cell that is recorded
// already. For ctx and panics see [Plan.Measure].
func Timeline(ctx context.Context, name string, f func(context.Context) error) (*Picture, error) {
	c := Case{name, f}
	if err := valid([]Case{c}); err != nil {
		return nil, err
	}
	var err error
	tr, failed := record(name, func() { err = c.call(ctx, 1, 1) })
	if failed != nil {
		return nil, failed
	}
	opt := timeline.Options{Title: name}
	return &Picture{string(timeline.SVG(tr, opt)), timeline.Text(tr, opt)}, err
}
