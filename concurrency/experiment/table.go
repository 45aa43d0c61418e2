package experiment

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"html"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
)

// A Row is one record of one run.
type Row struct {
	Run        int               `json:"run"`        // from 1
	Parameters map[string]string `json:"parameters"` // as they were given
	Name       string            `json:"name"`
	Value      any               `json:"value"` // a [json.Number], a bool or a string
	Unit       string            `json:"unit"`
	Cell       string            `json:"cell"` // the id of the cell in the notebook
}

// Number returns the value as a number; false if it is none.
func (r Row) Number() (float64, bool) {
	n, ok := r.Value.(json.Number)
	if !ok {
		return 0, false
	}
	f, err := n.Float64()
	return f, err == nil
}

// ParseRow returns the row that [Record] made of a stored output: what a notebook has under [MIME]. It reports false for what
// Record does not make. Run, Parameters and Cell are left to the caller.
func ParseRow(data any) (Row, bool) {
	b, err := json.Marshal(data)
	if err != nil {
		return Row{}, false
	}
	var r Row
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	if err := d.Decode(&r); err != nil || r.Name == "" {
		return Row{}, false
	}
	switch r.Value.(type) {
	case json.Number, bool, string:
		return Row{Name: r.Name, Value: r.Value, Unit: r.Unit}, true
	}
	return Row{}, false
}

// A Table is what the runs of a notebook have recorded, one row a record: tidy data. As the last value of a cell it is shown as a
// table and a picture. Its methods may be called by many goroutines at once.
type Table struct {
	Notebook   string   `json:"notebook"`
	Parameters []string `json:"parameters"` // the names, in the order of the columns
	Runs       []Run    `json:"runs"`
	Rows       []Row    `json:"rows"` // of runs that did not fail
}

// A Run is one run of the notebook.
type Run struct {
	Run        int               `json:"run"`        // from 1
	File       string            `json:"file"`       // the notebook that was run, in the folder of the results
	Parameters map[string]string `json:"parameters"` // as they were given
	Seconds    float64           `json:"seconds"`
	Error      string            `json:"error,omitempty"` // why it failed
}

// Load reads the table that gobraid run has written: a file results.json, or the folder it is in.
func Load(path string) (*Table, error) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		path = filepath.Join(path, "results.json")
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("experiment: %w", err)
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	t := &Table{}
	if err := d.Decode(t); err != nil {
		return nil, fmt.Errorf("experiment: %s: %w", path, err)
	}
	return t, nil
}

// JSON returns the table as Load reads it.
func (t *Table) JSON() []byte {
	out := *t
	if out.Rows == nil {
		out.Rows = []Row{}
	}
	if out.Parameters == nil {
		out.Parameters = []string{}
	}
	if out.Runs == nil {
		out.Runs = []Run{}
	}
	b, _ := json.MarshalIndent(out, "", "  ") // numbers, texts and bools cannot fail
	return append(b, '\n')
}

// CSV returns the table with the columns run, parameters, name, value, unit and cell. A parameter that is called as one of the others has
// "parameter " before its name.
func (t *Table) CSV() string {
	var b strings.Builder
	w := csv.NewWriter(&b)
	head := []string{"run"}
	for _, p := range t.Parameters {
		if slices.Contains([]string{"run", "name", "value", "unit", "cell"}, p) {
			p = "parameter " + p
		}
		head = append(head, p)
	}
	_ = w.Write(append(head, "name", "value", "unit", "cell")) // a strings.Builder takes everything
	for _, r := range t.Rows {
		row := []string{strconv.Itoa(r.Run)}
		for _, p := range t.Parameters {
			row = append(row, r.Parameters[p])
		}
		_ = w.Write(append(row, r.Name, fmt.Sprint(r.Value), r.Unit, r.Cell))
	}
	w.Flush()
	return b.String()
}

// cells returns the table as texts, the head first.
func (t *Table) cells() [][]string {
	out := [][]string{append(append([]string{"run"}, t.Parameters...), "name", "value", "unit")}
	for _, r := range t.Rows {
		row := []string{strconv.Itoa(r.Run)}
		for _, p := range t.Parameters {
			row = append(row, r.Parameters[p])
		}
		out = append(out, append(row, r.Name, text(r.Value), r.Unit))
	}
	return out
}

// String returns the table as text in columns.
func (t *Table) String() string {
	if len(t.Rows) == 0 {
		return "nothing was recorded"
	}
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, row := range t.cells() {
		fmt.Fprintln(w, strings.Join(row, "\t"))
	}
	w.Flush()
	lines := strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}

// HTML returns the picture, and the table below it.
func (t *Table) HTML() string {
	var b strings.Builder
	if svg := t.SVG(); svg != "" {
		b.WriteString("<div>" + svg + "</div>\n")
	}
	b.WriteString("<table>")
	for i, row := range t.cells() {
		tag := "td"
		if i == 0 {
			tag = "th"
		}
		b.WriteString("<tr>")
		for _, c := range row {
			b.WriteString("<" + tag + ">" + html.EscapeString(c) + "</" + tag + ">")
		}
		b.WriteString("</tr>")
	}
	b.WriteString("</table>")
	return b.String()
}
