package export

import (
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/gobraid/gobraid/notebooks"
)

// A fact is one thing that the run record says; a list of records is a table of its own.
type fact struct{ name, value string }

// recordOf returns the run record, which `gobraid run` leaves in the notebook's metadata, as facts and as tables of its lists. It knows
// nothing of what a record holds, so that one of another version is shown too.
func recordOf(nb *notebooks.Notebook) (facts []fact, tables []table) {
	own, _ := nb.Metadata["gobraid"].(map[string]any)
	record, _ := own["record"].(map[string]any)
	if len(record) == 0 {
		record, _ = nb.Metadata["gobraid.record"].(map[string]any)
	}
	var visit func(prefix string, m map[string]any)
	visit = func(prefix string, m map[string]any) {
		for _, k := range slices.Sorted(maps.Keys(m)) {
			name := strings.TrimPrefix(prefix+" "+strings.ReplaceAll(k, "_", " "), " ")
			switch v := m[k].(type) {
			case map[string]any:
				visit(name, v)
			case []any:
				if t, ok := tableOf(name, v); ok {
					tables = append(tables, t)
					continue
				}
				var list []string
				for _, x := range v {
					list = append(list, value(x))
				}
				if len(list) > 0 {
					facts = append(facts, fact{name, strings.Join(list, ", ")})
				}
			default:
				if s := value(v); s != "" {
					facts = append(facts, fact{name, s})
				}
			}
		}
	}
	visit("", record)
	return facts, tables
}

// A table is a list of objects of one kind.
type table struct {
	name    string
	columns []string
	rows    [][]string
}

func tableOf(name string, list []any) (table, bool) {
	t := table{name: name}
	seen := map[string]bool{}
	var rows []map[string]string
	for _, x := range list {
		m, ok := x.(map[string]any)
		if !ok {
			return table{}, false
		}
		row := map[string]string{}
		flatten("", m, row)
		for k := range row {
			seen[k] = true
		}
		rows = append(rows, row)
	}
	if len(rows) == 0 {
		return table{}, false
	}
	t.columns = slices.Sorted(maps.Keys(seen))
	for i, first := range []string{"cell", "id", "name", "path"} { // what names a row comes first
		if at := slices.Index(t.columns, first); at >= 0 {
			t.columns = slices.Insert(slices.Delete(t.columns, at, at+1), min(i, len(t.columns)-1), first)
		}
	}
	for _, row := range rows {
		var cells []string
		for _, c := range t.columns {
			cells = append(cells, row[c])
		}
		t.rows = append(t.rows, cells)
	}
	return t, true
}

func flatten(prefix string, m map[string]any, into map[string]string) {
	for k, v := range m {
		name := strings.TrimPrefix(prefix+" "+strings.ReplaceAll(k, "_", " "), " ")
		if inner, ok := v.(map[string]any); ok {
			flatten(name, inner, into)
			continue
		}
		into[name] = value(v)
	}
}

// value is a value of the record in words: numbers with at most four digits after the point, hashes cut.
func value(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		if len(v) >= 40 && strings.Trim(strings.TrimPrefix(v, "sha256:"), "0123456789abcdef") == "" {
			return strings.TrimPrefix(v, "sha256:")[:12] + "…"
		}
		return v
	case json.Number:
		if f, err := v.Float64(); err == nil && strings.ContainsAny(v.String(), ".eE") {
			return strconv.FormatFloat(f, 'g', 4, 64)
		}
		return v.String()
	case []any:
		var list []string
		for _, x := range v {
			list = append(list, value(x))
		}
		return strings.Join(list, ", ")
	default:
		return fmt.Sprint(v)
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
		fmt.Fprintf(&b, "<div class=\"scroll\"><table>\n<caption>%s</caption>\n<thead><tr>", html.EscapeString(t.name))
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
