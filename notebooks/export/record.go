package export

import (
	"fmt"
	"html"
	"strconv"
	"strings"
	"time"

	"github.com/gobraid/gobraid/notebooks"
)

// A fact is one thing that the run record says.
type fact struct{ name, value string }

// A table is a list in the run record.
type table struct {
	name    string
	columns []string
	rows    [][]string
}

// recordOf returns the run record, which `gobraid run` leaves in the notebook's metadata, as facts and tables; nothing without one.
func recordOf(nb *notebooks.Notebook) (facts []fact, tables []table) {
	r := nb.Record()
	if r == nil {
		return nil, nil
	}
	say := func(name, value string) {
		if value = strings.TrimSpace(value); value != "" {
			facts = append(facts, fact{name, value})
		}
	}
	say("started", r.Started.UTC().Format("2006-01-02 15:04:05 MST"))
	say("took", seconds(r.Seconds))
	say("exit", map[int]string{0: "0, all cells as they should be", 1: "1, a cell failed", 130: "130, interrupted"}[r.Exit])
	say("tasks", fmt.Sprintf("ran %s, waited %s, slept %s; processors worked %s", seconds(r.Running), seconds(r.Waiting), seconds(r.Sleeping), seconds(r.CPU)))
	say("gobraid", fmt.Sprintf("%s, %s, engine %s", r.Gobraid, r.Go, r.Engine))
	m := r.Machine
	say("machine", fmt.Sprintf("%s, %s/%s %s", m.CPU, m.OS, m.Arch, m.Kernel))
	say("cores", fmt.Sprintf("%d, GOMAXPROCS %d, %.1f GiB of memory", m.Cores, m.GOMAXPROCS, float64(m.Memory)/(1<<30)))
	for _, p := range r.Parameters {
		given := ""
		if p.Set {
			given = " (given)"
		}
		say("parameter", fmt.Sprintf("%s = %s%s", p.Name, p.Value, given))
	}
	for _, s := range r.Seeds {
		say("seed", fmt.Sprintf("%s %s, cell %s", s.Name, s.Value, s.Cell))
	}
	for _, m := range r.Modules {
		replaced := ""
		if m.Replace != "" {
			replaced = ", replaced by " + m.Replace
		}
		say("module", m.Path+" "+m.Version+replaced)
	}
	if rows := nb.Recorded(); len(rows) > 0 {
		t := table{name: "Recorded", columns: []string{"name", "value", "unit", "cell"}}
		for _, row := range rows {
			t.rows = append(t.rows, []string{row.Name, fmt.Sprint(row.Value), row.Unit, row.Cell})
		}
		tables = append(tables, t)
	}
	if len(r.Cells) > 0 {
		tables = append(tables, cellsOf(r))
	}
	return facts, tables
}

// cellsOf is the table of the cells that were run.
func cellsOf(r *notebooks.RunRecord) table {
	t := table{name: "Cells", columns: []string{"cell", "id", "engine", "took", "ran", "waited", "slept", "SHA-256"}}
	for _, c := range r.Cells {
		number := ""
		if c.Number > 0 {
			number = strconv.Itoa(c.Number)
		}
		engine := c.Engine
		if c.Asked != "" {
			engine = strings.TrimSpace(engine + " (asked for: " + c.Reason + ")")
		}
		if name, _, ok := strings.Cut(c.Error, ":"); ok {
			engine = strings.TrimSpace(engine + " " + name) // the error itself is under the cell
		}
		hash := c.SHA256
		if len(hash) > 12 {
			hash = hash[:12]
		}
		t.rows = append(t.rows, []string{number, c.ID, engine, seconds(c.Seconds), seconds(c.Running), seconds(c.Waiting), seconds(c.Sleeping), hash})
	}
	return t
}

// seconds writes a duration with two or three digits.
func seconds(s float64) string {
	switch d := time.Duration(s * float64(time.Second)); {
	case d <= 0:
		return "0"
	case d < time.Millisecond:
		return fmt.Sprintf("%.0f µs", s*1e6)
	case d < 10*time.Millisecond:
		return fmt.Sprintf("%.1f ms", s*1e3)
	case d < time.Second:
		return fmt.Sprintf("%.0f ms", s*1e3)
	case d < time.Minute:
		return fmt.Sprintf("%.1f s", s)
	default:
		return d.Round(time.Second).String()
	}
}

// recordHTML is the run record as a section of the page, "" without one.
func recordHTML(nb *notebooks.Notebook) string {
	facts, tables := recordOf(nb)
	if len(facts)+len(tables) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("<section class=\"record\" aria-label=\"Run record\">\n<h2 id=\"run-record\">Run record</h2>\n")
	if len(facts) > 0 {
		b.WriteString("<table>\n")
		for _, f := range facts {
			fmt.Fprintf(&b, "<tr><th scope=\"row\">%s</th><td>%s</td></tr>\n", html.EscapeString(f.name), html.EscapeString(f.value))
		}
		b.WriteString("</table>\n")
	}
	for _, t := range tables {
		fmt.Fprintf(&b, "<div class=\"scroll\"><table class=\"list\">\n<caption>%s</caption>\n<thead><tr>", html.EscapeString(t.name))
		for _, c := range t.columns {
			fmt.Fprintf(&b, "<th scope=\"col\">%s</th>", html.EscapeString(c))
		}
		b.WriteString("</tr></thead>\n<tbody>\n")
		for _, row := range t.rows {
			b.WriteString("<tr>")
			for _, cell := range row {
				fmt.Fprintf(&b, "<td>%s</td>", html.EscapeString(cell))
			}
			b.WriteString("</tr>\n")
		}
		b.WriteString("</tbody></table></div>\n")
	}
	b.WriteString("</section>\n")
	return b.String()
}
