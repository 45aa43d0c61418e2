package notebooks

// The version of the notebook format that the package writes.
const (
	format      = 4
	formatMinor = 5
)

// The types of cells.
const (
	Code     = "code"
	Markdown = "markdown"
	Raw      = "raw"
)

// The types of outputs.
const (
	StreamOutput  = "stream"
	DisplayOutput = "display_data"
	ResultOutput  = "execute_result"
	ErrorOutput   = "error"
)

// The tags of cells that [Run] heeds.
const (
	TagRaises = "raises-exception" // the cell may fail
	TagSkip   = "skip-execution"   // the cell is not run
)

// A Notebook is the content of one .ipynb file.
type Notebook struct {
	Cells    []*Cell
	Metadata map[string]any
	Minor    int // the 4.x version the file declared

	extra map[string]any // fields the package does not know
}

// A Cell is one cell of a notebook.
type Cell struct {
	ID       string
	Type     string // Code, Markdown or Raw
	Source   string
	Metadata map[string]any
	Outputs  []*Output // of a code cell
	Count    int       // the execution count of a code cell; 0 means that it has not been run

	extra map[string]any
}

// An Output is one thing a code cell gave out. Which fields are used depends on the type.
type Output struct {
	Type string // StreamOutput, DisplayOutput, ResultOutput or ErrorOutput

	Name string // of a stream: stdout or stderr
	Text string // of a stream

	Data     map[string]any // of a display or a result, by MIME type
	Metadata map[string]any // of a display or a result
	Count    int            // of a result; 0 means null

	EName     string // of an error
	EValue    string
	Traceback []string

	extra map[string]any
}

// Tagged reports whether the cell's metadata has the tag.
func (c *Cell) Tagged(tag string) bool {
	tags, _ := c.Metadata["tags"].([]any)
	for _, t := range tags {
		if t == tag {
			return true
		}
	}
	return false
}

// Attachments are the files that a Markdown cell has with it, by name: for each its data by MIME type, pictures in base64.
func (c *Cell) Attachments() map[string]map[string]string {
	all, _ := c.extra["attachments"].(map[string]any)
	found := map[string]map[string]string{}
	for name, forms := range all {
		forms, _ := forms.(map[string]any)
		found[name] = map[string]string{}
		for mime, v := range forms {
			if s, ok := joined(v); ok {
				found[name][mime] = s
			}
		}
	}
	return found
}
