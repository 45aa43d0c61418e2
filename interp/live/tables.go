package live

import (
	"fmt"
	"html"
	"strconv"
	"strings"
	"unicode/utf8"
)

// textTable writes rows in columns: id, name, state.
func textTable(rows []row, notes []string) string {
	ids, names := 0, 0
	for _, r := range rows {
		if len(r.ids) > 0 {
			ids = max(ids, len(idText(r.ids)))
			names = max(names, utf8.RuneCountInString(r.tree+r.name))
		}
	}
	var b strings.Builder
	for _, r := range rows {
		if len(r.ids) == 0 {
			b.WriteString(r.name + "\n")
			continue
		}
		name := r.tree + r.name
		pad := strings.Repeat(" ", names-utf8.RuneCountInString(name))
		fmt.Fprintf(&b, "  %*s  %s%s  %s\n", ids, idText(r.ids), name, pad, r.state)
	}
	for _, n := range notes {
		b.WriteString(n + "\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// idText writes the ids of a row.
func idText(ids []int64) string {
	first := strconv.FormatInt(ids[0], 10)
	if len(ids) == 1 {
		return first
	}
	return first + "…" + strconv.FormatInt(ids[len(ids)-1], 10)
}

// htmlTable writes rows as an HTML table. It has no colours of its own, so that it reads on light and dark.
func htmlTable(rows []row, notes []string) string {
	const left = `style="text-align:left"`
	var b strings.Builder
	if len(rows) > 0 {
		fmt.Fprintf(&b, "<table><thead><tr><th>id</th><th %s>task</th><th %s>state</th></tr></thead><tbody>\n", left, left)
	}
	for _, r := range rows {
		if len(r.ids) == 0 {
			fmt.Fprintf(&b, "<tr><th colspan=\"3\" %s>%s</th></tr>\n", left, html.EscapeString(r.name))
			continue
		}
		fmt.Fprintf(&b, "<tr><td>%s</td><td style=\"text-align:left;padding-left:%.1fem\">%s</td><td %s>%s</td></tr>\n",
			idText(r.ids), 0.5+1.5*float64(r.depth), html.EscapeString(r.name), left, html.EscapeString(r.state))
	}
	if len(rows) > 0 {
		b.WriteString("</tbody></table>\n")
	}
	for _, n := range notes {
		fmt.Fprintf(&b, "<pre style=\"opacity:.75\">%s</pre>\n", html.EscapeString(n))
	}
	return b.String()
}
