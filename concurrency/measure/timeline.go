package measure

import (
	"context"
	"time"

	"github.com/gobraid/gobraid/concurrency/task"
	"github.com/gobraid/gobraid/concurrency/timeline"
)

// A Recording is what the tasks of a function did over time, as a value. As the last value of a cell it is shown as [Timeline] says.
type Recording struct {
	// Trace has all of it: each task, each wait with its line and what was waited for, and who let whom go on.
	Trace   *task.Trace
	picture Picture
}

// SVG returns the picture: see package timeline for what it shows. It has no scripts, and a dark form for dark pages.
func (r *Recording) SVG() string { return r.picture.SVG() }

// String returns what the picture says, in words.
func (r *Recording) String() string { return r.picture.String() }

// HTML returns the picture as part of a page, where its parts have texts on hover, and the words below it.
func (r *Recording) HTML() string { return r.picture.HTML() }

// A TaskTime is what a task of a [Recording] did with its time: it ran or was ready to, slept, or waited for something.
type TaskTime struct {
	Task, Parent                int64 // their numbers; the first task has no parent in the recording
	Name                        string
	Place                       string // of the go statement, or what stands for it
	Start, End                  time.Duration
	Running, Sleeping, Waiting  time.Duration // together they are from Start to End
	Longest                     time.Duration // its longest wait, sleeping left out
	LongestAt, LongestWaitedFor string        // where it stands, and what kind of wait it is: "" if there is none
}

// Tasks returns the times of each task, in the order of their start.
func (r *Recording) Tasks() []TaskTime {
	all := make([]TaskTime, len(r.Trace.Tasks))
	for i, t := range r.Trace.Tasks {
		row := TaskTime{Task: t.ID, Parent: t.Parent, Name: t.Name, Place: t.Site.String(), Start: t.Start, End: t.End, Running: t.End - t.Start}
		for _, s := range t.Spans {
			took := s.To - s.From
			row.Running -= took
			if s.Kind == task.WaitSleep {
				row.Sleeping += took
				continue
			}
			if row.Waiting += took; took > row.Longest {
				row.Longest, row.LongestAt, row.LongestWaitedFor = took, s.Site.String(), s.Kind.String()
			}
		}
		all[i] = row
	}
	return all
}

// Timeline calls f once and returns what its tasks did over time, drawn as %%timeline draws it of a cell: see package timeline for what
// the picture shows, and what recording costs. The error is that of f, and the recording is there with it.
//
// Tasks are known in cells only: in another program Timeline is an error, and f is not called. So it is in a cell that is recorded
// already. For ctx and panics see [Plan.Measure].
func Timeline(ctx context.Context, name string, f func(context.Context) error) (*Recording, error) {
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
	return &Recording{tr, Picture{string(timeline.SVG(tr, opt)), timeline.Text(tr, opt)}}, err
}
