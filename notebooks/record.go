package notebooks

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/gobraid/gobraid/interp"
)

// errNoInput is what a cell gets that reads its standard input when there is nobody to ask.
var errNoInput = errors.New("notebooks: there is no standard input")

// A run is one run of a notebook: where outputs are recorded and shown.
type run struct {
	runner interp.Runner
	opts   Options
	record *RunRecord
	tasks  bool // note which task writes what

	mu       sync.Mutex // guards what follows, the outputs of all cells, and the screen
	written  map[*Output]*stream
	screen   *screen
	displays map[string][]*Output // by display id
	closed   bool                 // late output is dropped
}

func (r *run) begin(s *sink, of int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s.cell.Count = s.number
	r.screen.begin(s.number, of, s.cell.Source)
}

// end records the result or the error of a cell.
func (r *run) end(s *sink, o interp.Outcome, failed *CellError, took time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if failed != nil {
		e := failed.Err
		s.record(&Output{Type: ErrorOutput, EName: e.Name, EValue: e.Value, Traceback: e.Traceback})
		r.screen.failed(s.number, e)
	} else if o.Result != nil {
		s.record(&Output{Type: ResultOutput, Count: s.number, Data: o.Result.MIME, Metadata: o.Result.Metadata})
		r.screen.show(s.number, o.Result.MIME)
	}
	for _, d := range o.Notes {
		s.record(&Output{Type: DisplayOutput, Data: d.MIME, Metadata: d.Metadata})
		r.screen.show(s.number, d.MIME)
	}
	r.screen.end(s.number, o.Engine, failed, took)
	s.ended = true
}

// summary shows what the run did.
func (r *run) summary(sum Summary) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.screen.summary(sum)
}

// close ends the recording; a cell's output that comes later is dropped.
func (r *run) close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
}

// A sink is the [interp.Sink] of one cell. It outlives the cell's run: what comes late is recorded with
// the cell that it belongs to, not with the one that runs now.
type sink struct {
	run    *run
	cell   *Cell
	number int

	// Guarded by run.mu.
	streams map[string]*stream // those that text is still added to, by name
	ended   bool               // what comes now is late
	marked  bool               // late output has been announced
	forget  bool               // the next output takes the place of all before it
}

// A stream is a stream output that is being added to. Taking the text of a strings.Builder
// copies nothing, so output in small pieces does not cost the square of its length.
type stream struct {
	output *Output
	text   strings.Builder
	pieces []piece
}

// A piece is some bytes of a stream, and the task that wrote them, 0 if nobody knows.
type piece struct {
	task int64
	size int
}

// Output records and shows output of the cell.
func (s *sink) Output(name interp.Stream, text []byte) { s.OutputOf(0, name, text) }

// OutputOf records and shows output of a task of the cell.
func (s *sink) OutputOf(task int64, name interp.Stream, text []byte) {
	r := s.run
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed || len(text) == 0 {
		return
	}
	s.mark(string(name))
	s.stream(string(name)).add(task, text)
	r.screen.output(s.number, name, text)
}

func (o *stream) add(task int64, text []byte) {
	o.text.Write(text)
	if n := len(o.pieces); n > 0 && o.pieces[n-1].task == task {
		o.pieces[n-1].size += len(text)
	} else {
		o.pieces = append(o.pieces, piece{task, len(text)})
	}
	o.output.Text = o.text.String()
}

// lateLine announces, in the file, what a cell gives out after it has ended, as the kernel does. The screen has its
// own way.
const lateLine = "[after the cell ended]\n"

// mark puts that line before the cell's first late output, which goes to the stream of the name.
func (s *sink) mark(name string) {
	if !s.ended || s.marked {
		return
	}
	s.marked = true
	o := s.stream(name)
	if o.output.Text != "" && !strings.HasSuffix(o.output.Text, "\n") {
		o.add(0, []byte("\n"))
	}
	o.add(0, []byte(lateLine))
}

// stream returns the output of the name that text is added to: one for each stream, however the two
// take turns, but a new one after anything else was shown. How a session cuts a stream into pieces then
// does not show in the file.
func (s *sink) stream(name string) *stream {
	s.clear()
	if o := s.streams[name]; o != nil {
		return o
	}
	if s.streams == nil {
		s.streams = map[string]*stream{}
	}
	o := &stream{output: &Output{Type: StreamOutput, Name: name}}
	s.streams[name] = o
	s.run.written[o.output] = o
	s.cell.Outputs = append(s.cell.Outputs, o.output)
	return o
}

// record adds an output to the cell.
func (s *sink) record(o *Output) {
	s.clear()
	s.streams = nil
	s.cell.Outputs = append(s.cell.Outputs, o)
}

// Clear removes what is recorded of the cell; what the screen has shown is shown.
func (s *sink) Clear(wait bool) {
	r := s.run
	r.mu.Lock()
	defer r.mu.Unlock()
	s.forget = true
	if !wait && !r.closed {
		s.clear()
	}
}

// clear removes what is recorded of the cell, if that was asked for.
func (s *sink) clear() {
	if s.forget {
		s.forget = false
		s.cell.Outputs, s.streams = nil, nil
	}
}

// Display records and shows d. With d.Update set it replaces what any cell displayed under the id.
func (s *sink) Display(d interp.Data) {
	r := s.run
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return
	}
	switch shown := r.displays[d.ID]; {
	case !d.Update:
		o := &Output{Type: DisplayOutput, Data: d.MIME, Metadata: d.Metadata}
		s.mark(string(interp.Stdout))
		s.record(o)
		if d.ID != "" {
			r.displays[d.ID] = append(shown, o)
		}
	case shown == nil:
		return // nothing to replace; Jupyter ignores that too
	default:
		for _, o := range shown {
			o.Data, o.Metadata = d.MIME, d.Metadata
		}
	}
	r.screen.show(s.number, d.MIME)
}

// Input asks whoever Options.Input asks.
func (s *sink) Input(ctx context.Context, prompt string, password bool) (string, error) {
	r := s.run
	if r.opts.Input == nil {
		return "", errNoInput
	}
	r.mu.Lock()
	r.screen.clear()
	r.mu.Unlock()
	return r.opts.Input(ctx, prompt, password)
}
