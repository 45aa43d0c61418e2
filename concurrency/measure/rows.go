package measure

import (
	"encoding/csv"
	"encoding/json"
	"strconv"
	"strings"
)

// A Row is one measured value, for other programs: of a function, in a repetition, of a metric.
type Row struct {
	Function   string  `json:"function"`
	Repetition int     `json:"repetition"` // from 1
	Metric     string  `json:"metric"`
	Unit       string  `json:"unit"`
	Value      float64 `json:"value"`
}

// Rows returns all that was measured, function by function. What is not known has no rows.
func (c *Comparison) Rows() []Row {
	var all []Row
	for _, r := range c.results {
		for i := range r.values[Wall] {
			for _, m := range Metrics() {
				if i < len(r.values[m]) {
					all = append(all, Row{r.name, i + 1, m.String(), m.Unit(), r.values[m][i]})
				}
			}
		}
	}
	return all
}

// CSV returns the rows as a table with a header, for a spreadsheet or a data frame.
func (c *Comparison) CSV() string {
	return toCSV([]string{"function", "repetition", "metric", "unit", "value"}, c.Rows(), func(r Row) []string {
		return []string{r.Function, strconv.Itoa(r.Repetition), r.Metric, r.Unit, number(r.Value)}
	})
}

// JSON returns the rows as a list of objects.
func (c *Comparison) JSON() string { return toJSON(c.Rows()) }

// Rows returns all that was measured. What is not known has no rows.
func (r *Result) Rows() []Row { return r.alone().Rows() }

// CSV returns the rows as a table with a header.
func (r *Result) CSV() string { return r.alone().CSV() }

// JSON returns the rows as a list of objects.
func (r *Result) JSON() string { return r.alone().JSON() }

func number(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

func toCSV[T any](header []string, rows []T, fields func(T) []string) string {
	var s strings.Builder
	w := csv.NewWriter(&s)
	w.Write(header)
	for _, r := range rows {
		w.Write(fields(r))
	}
	w.Flush() // a strings.Builder takes all
	return s.String()
}

func toJSON[T any](rows []T) string {
	if len(rows) == 0 {
		return "[]"
	}
	b, err := json.Marshal(rows)
	if err != nil { // a value that is no number: there are none in rows
		return "[]"
	}
	return string(b)
}
