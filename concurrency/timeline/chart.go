package timeline

import (
	"time"

	"github.com/gobraid/gobraid/concurrency/internal/svg"
)

// A Look is how a span is drawn: its colour, pattern and height.
type Look = svg.Look

// The looks of spans.
const (
	LookRun     = svg.Run     // runs
	LookChannel = svg.Channel // waits for a channel
	LookLock    = svg.Lock    // waits for a lock
	LookGroup   = svg.Group   // waits for others to be done
	LookOther   = svg.Other   // waits for something else
	LookSleep   = svg.Sleep   // sleeps
	LookTurn    = svg.None    // could go on, in a controlled run, but it is another's turn
	LookCollect = svg.Collect // the garbage collector
	LookSystem  = svg.System  // a system call
	LookTint    = svg.Tint    // the first of Tints looks that tell things of one kind from each other
	Tints       = svg.Tints
)

// A Chart is a picture of lanes over time, in plain data. [SVG] draws one of a trace of tasks; other traces can be brought
// into this form.
type Chart struct {
	Title         string
	Subtitle      string
	About         string        // in words, for those who cannot see it
	Length        time.Duration // the time axis goes from 0 to here
	Lanes         []Lane
	Arrows        []Arrow
	Legend        []Key              // without the signs
	DescribeArrow func(i int) string // the text on hover over Arrows[i]; nil for none
	Sign          string             // what a sign means
	Alarm         string             // what a sign that is drawn as something bad means
	Notes         []string           // said below it
}

// A Lane is a row of a chart.
type Lane struct {
	Name     string
	Where    string // a second, fainter label
	About    string // on hover over the labels
	Depth    int    // how far the labels are indented
	Parent   int    // index plus one of the lane from which a line leads to the beginning of this one, or 0
	Start    time.Duration
	End      time.Duration
	Mark     Final              // how it ends
	Spans    []Span             // in order, and not on top of each other
	Signs    []Sign             // in order
	Band     *Band              // in place of Spans: how many of a group did what
	Describe func(i int) string // the text on hover over Spans[i]; nil for none
}

// A Span is a piece of a lane.
type Span struct {
	From, To time.Duration
	Look     Look
	Label    string // written on it or below it where there is room
}

// A Final is the sign at the end of a lane.
type Final uint8

// The ends of lanes.
const (
	FinalNone  Final = iota
	FinalEnd         // it ended
	FinalAlive       // it went on
	FinalBad         // it failed
	FinalKill        // it was told to end
)

// A Sign is a small mark on a lane.
type Sign struct {
	At    time.Duration
	Alarm bool   // drawn as something bad
	Text  string // on hover
}

// A Band tells how many of a group of tasks did what, at equal steps over the length of the chart.
type Band struct {
	Looks  []Look
	Levels [][]float64 // for each step, how many had each of Looks, on average
	Top    float64     // the height of the band
}

// An Arrow leads from one lane to another.
type Arrow struct {
	Kind      ArrowKind
	From, To  int // indexes of lanes
	Sent, Got time.Duration
}

// An ArrowKind is how an arrow is drawn.
type ArrowKind uint8

// The kinds of arrows.
const (
	ArrowValue ArrowKind = iota
	ArrowClose
	ArrowUnlock
	ArrowDone
	ArrowCancel
	arrowKinds int = iota
)

// A Key is an entry of the legend.
type Key struct {
	Look Look
	Text string
}
