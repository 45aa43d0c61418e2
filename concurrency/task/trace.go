package task

import "time"

// A Trace is what a [Recording] has seen of a run: a picture of its tasks over time. Times count from the beginning of the
// run's Do, on the clock of the run.
type Trace struct {
	Began     time.Time
	Length    time.Duration // until the snapshot was taken
	Virtual   bool          // the clock is a fake one
	Steps     bool          // on it each step takes a microsecond, see [Run.RecordSteps]
	Tasks     []TraceTask   // in order of their start; the main task is the first
	Arrows    []Arrow       // in order of Got
	Marks     []Mark        // in order of At
	Objects   []TraceObject // what was waited on; an object's number is its index plus one
	Dropped   int           // events that were not recorded because there were too many
	Unmatched int           // communications whose other end could not be told
}

// A TraceTask is a task in a trace.
type TraceTask struct {
	ID, Parent int64
	Name       string
	Site       Site // of the go statement
	Start, End time.Duration
	Outcome    Outcome
	Spans      []Span // its waits, in order; between them it ran or was ready to run
}

// An Outcome is how a task ended.
type Outcome uint8

// The outcomes of tasks.
const (
	Alive    Outcome = iota // it has not ended; End is the end of the trace
	Returned                // its function returned
	Exited                  // it called runtime.Goexit
	Panicked                // it panicked
	Killed                  // it was told to end
)

// A Span is a time in which a task waited.
type Span struct {
	From, To time.Duration
	Kind     Kind
	Site     Site // where the waiting statement stands
	Object   int  // the number of the object waited on, 0 when there is none; of a select, the one that fired
}

// An Arrow leads from what one task did to another task that it let go on, or that got something from it.
type Arrow struct {
	Kind      ArrowKind
	From, To  int64 // tasks
	Sent, Got time.Duration
	Site      Site // of what From did, 0 when it is not known
	Object    int
}

// An ArrowKind says what went from one task to another.
type ArrowKind uint8

// The kinds of arrows.
const (
	ArrowValue  ArrowKind = iota // a value through a channel
	ArrowClose                   // the end of a channel
	ArrowUnlock                  // a lock
	ArrowDone                    // a completion: WaitGroup, Once, Cond, Future
	ArrowCancel                  // a cancellation
)

// A Mark is a line that a task printed.
type Mark struct {
	Task   int64
	At     time.Duration
	Stream string
	Text   string // its beginning, without the line's end
}

// A TraceObject is something that tasks wait on.
type TraceObject struct {
	Type string // such as "chan int" or "sync.Mutex"
	Site Site   // of the first operation on it
	// Address is where it is. As long as there is the recording, nothing else will be there.
	Address uintptr
}

// Stats tells what a run has cost. Times and allocations of the process are those between the beginning and the end of the
// run's Do; other cells' tasks that worked meanwhile are in them.
type Stats struct {
	Wall       time.Duration          // of Do
	CPU        time.Duration          // of the process and of the children it waited for
	Running    time.Duration          // of all tasks: alive and not waiting
	Sleeping   time.Duration          // of all tasks
	Waiting    map[Kind]time.Duration // of all tasks, by kind, sleeping apart
	Tasks      int64                  // how many there have been, the main task included
	Peak       int64                  // the most that were alive at a time
	Live       int64                  // how many still are
	Allocs     uint64                 // objects the process allocated
	AllocBytes uint64
}
