package interp

import "context"

// A Stream names one of the two output streams of a cell.
type Stream string

// The output streams of a cell.
const (
	Stdout Stream = "stdout"
	Stderr Stream = "stderr"
)

// A Request asks for one execution of one cell.
type Request struct {
	// Number is the cell's number: what positions and tracebacks call it ("cell 3").
	Number int `json:"number"`
	// Source is the text of the cell.
	Source string `json:"source"`
	// File names the source file when the cell is a file; it replaces "cell N" in positions.
	File string `json:"file,omitempty"`
	// Subshell names the subshell the cell is run in; "" is the main shell. Cells of one shell wait for each other.
	Subshell string `json:"subshell,omitempty"`
	// Silent asks for no result and no record of the cell.
	Silent bool `json:"silent,omitempty"`
	// Engine overrides the session's engine for this run: "", "auto", "yaegi" or "compiled".
	Engine string `json:"engine,omitempty"`
	// Wait asks that a cell that only declares is answered when it has been compiled, not before: its outcome is then all there
	// is to know of it.
	Wait bool `json:"wait,omitempty"`
	// Tasks asks that a sink which is a [TaskSink] is told who gives out what.
	Tasks bool `json:"tasks,omitempty"`
	// AllowStdin says that the sink can answer Input.
	AllowStdin bool `json:"allow_stdin,omitempty"`
	// Expressions are evaluated after the cell, if it succeeded: Jupyter's user_expressions.
	Expressions map[string]string `json:"expressions,omitempty"`
}

// An Outcome is how a run ended.
type Outcome struct {
	// Error is nil when the cell succeeded.
	Error *Error `json:"error,omitempty"`
	// Result is the value of the cell's trailing expression, nil if it has none.
	Result *Data `json:"result,omitempty"`
	// Notes is what is said about the run, to be shown under the cell, after its result or error.
	Notes []Data `json:"notes,omitempty"`
	// Expressions holds an outcome for each requested expression.
	Expressions map[string]Expression `json:"expressions,omitempty"`
	// Engine is the engine that ran the cell: "yaegi", "compiled", or "" when none did.
	Engine string `json:"engine,omitempty"`
	// Metadata is what else there is to say about the run, by name; the kernel puts it into the reply.
	Metadata map[string]any `json:"metadata,omitempty"`
	// Exit is the status the program asked for with os.Exit; it is set only when the session process ended so.
	Exit *int `json:"exit,omitempty"`
}

// An Expression is the outcome of one user expression: a value or an error.
type Expression struct {
	Result *Data  `json:"result,omitempty"`
	Error  *Error `json:"error,omitempty"`
}

// The names of errors, Jupyter's ename.
const (
	ErrCompile     = "CompileError" // the cell did not check
	ErrPanic       = "Panic"        // the cell, or a goroutine it started, panicked
	ErrDeadlock    = "Deadlock"     // no task of the cell could ever go on
	ErrInterrupted = "Interrupted"  // the cell was interrupted
	ErrRefused     = "Refused"      // no allowed engine can run the cell right
	ErrSession     = "SessionDied"  // the session process ended while the cell ran
	ErrMagic       = "MagicError"   // a magic is unknown, misused or failed
	ErrExit        = "Exit"         // the cell called os.Exit
	ErrRace        = "DataRace"     // %%race or %%test found data races
	ErrTest        = "TestFailure"  // a test of %%test failed
)

// An Error tells why a cell failed.
type Error struct {
	// Name is one of the Err… constants.
	Name string `json:"name"`
	// Value is the message in one line, such as "panic: runtime error: index out of range [5] with length 1".
	Value string `json:"value"`
	// Traceback is what a person reads, line by line; it may hold ANSI colours.
	Traceback []string `json:"traceback"`
}

// Error returns the error's value.
func (e *Error) Error() string { return e.Value }

// Data is a value in one or several MIME types.
type Data struct {
	MIME     map[string]any `json:"mime"`
	Metadata map[string]any `json:"metadata,omitempty"`
	// ID is the display id; with Update set, the data replaces what was displayed under that id.
	ID     string `json:"id,omitempty"`
	Update bool   `json:"update,omitempty"`
}

// A Sink receives what a run gives out. Its methods are called from several goroutines, also after
// Run has returned: what a goroutine prints after its cell ended still belongs to that cell.
type Sink interface {
	// Output delivers output of the cell. It may block: that is the back-pressure on the cell.
	Output(stream Stream, text []byte)
	// Display delivers something to show.
	Display(d Data)
	// Input asks the user for a line. It blocks until there is one or ctx ends.
	Input(ctx context.Context, prompt string, password bool) (string, error)
}

// A Concurrent is a runner that also runs cells beside each other: Run may then be called for a request that names a
// subshell, or of which Aside says so, while it runs another.
type Concurrent interface {
	// Aside reports whether a request only looks at what runs. It does not block.
	Aside(req Request) bool
	// Subshells tells how many subshells there are, whenever that changes: their cells may wake what seems to wait for
	// ever. It does not wait for a cell.
	Subshells(n int)
}

// A Clearer is a sink that can take back what a run has given out. Not every sink can: what a terminal has shown is
// shown.
type Clearer interface {
	// Clear removes what the run has given out so far, with wait only when the next output comes. Its result is not
	// part of that.
	Clear(wait bool)
}

// A TaskSink is a sink that can be told which task gives out output; see [Request].
type TaskSink interface {
	// OutputOf delivers output as Output does. task is a number that no other task of the session has, 0 where nobody knows.
	OutputOf(task int64, stream Stream, text []byte)
}

// A Name is something in scope, for completion and for %who.
type Name struct {
	Name string `json:"name"`
	Kind string `json:"kind"` // "var", "func", "type", "const", "package"
	Type string `json:"type"` // as Go writes it
	Cell int    `json:"cell"` // the cell that declared it
	// File is the file that the compiler made of a package of a module, with its types.
	File string `json:"file,omitempty"`
}

// A Runner runs cells, one at a time, in order.
type Runner interface {
	// Run executes one cell and blocks until it has ended. Goroutines the cell started may go on.
	// Ending ctx interrupts the cell as Interrupt does.
	Run(ctx context.Context, req Request, out Sink) Outcome
	// Interrupt ends the running cell, if there is one. It does not wait for the end.
	Interrupt()
	// Names lists what is in scope, sorted by name. It does not wait for a running cell.
	Names() []Name
	// Close ends the runner and everything it started, and waits for that.
	Close() error
}
