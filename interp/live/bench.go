package live

import (
	"context"
	"fmt"
	"html"
	"slices"
	"strconv"
	"strings"

	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/interp/magic"
	"github.com/gobraid/gobraid/interp/program"
)

// The defaults of the magic bench: six runs are the fewest that give a median a confidence interval.
const (
	benchCount = 6
	benchTime  = "200ms"
)

const benchHelp = `Measures the cell: its Benchmark functions or, without any, its statements in a loop.

-count N      how often each benchmark is run (6; fewer give no confidence interval)
-benchtime T  how long a run takes, such as 1s or 1000x (200ms)
-save NAME    keep the result under a name
-against NAME compare with what was kept under that name; otherwise with the latest run of each benchmark

Shown is the median with half its 95 % confidence interval. A change is marked ~ where the two runs cannot be told apart
(Mann-Whitney U test at 0.05, by the packages of benchstat). What is kept lasts as long as the session.`

// benchMagic is the magic bench.
func (s *Session) benchMagic(ctx context.Context, call magic.Call, env magic.Env) error {
	args, err := flags(call, []string{"count", "benchtime", "save", "against"}, []string{"v"})
	if err != nil {
		return err
	}
	if a := args["against"]; a != "" && !s.programs.results.Has(a) {
		return fmt.Errorf("%s: nothing was saved under %q in this session; there is %s", call, a, orNothing(s.programs.results.Saved()))
	}
	if args["count"] == "" {
		args["count"] = strconv.Itoa(benchCount)
	}
	if args["benchtime"] == "" {
		args["benchtime"] = benchTime
	}
	j, err := s.prepareProgram(ctx, call, env, program.Options{Mode: program.Bench}, args["v"] != "")
	if err != nil {
		return err
	}
	if err := s.drain(ctx); err != nil {
		return err
	}
	log := program.BenchLog{Print: func(p []byte) { env.Out.Output(interp.Stdout, j.cellLines(p)) }}
	end, err := j.runTo(ctx, log.Write, []string{
		"-test.run=^$", "-test.bench=.", "-test.benchmem", "-test.timeout=0", "-test.count=" + args["count"], "-test.benchtime=" + args["benchtime"],
	}, nil)
	if err != nil {
		return err
	}
	log.Close()
	if len(log.Samples.Names) > 0 {
		rows, warnings := s.programs.results.Table(&log.Samples, args["against"])
		j.show(benchText(rows), benchHTML(rows))
		s.programs.results.Keep(&log.Samples, s.texts.cell(j.id), args["save"])
		j.remark(append(warnings, j.remarks(end)...))
	}
	if end.Death == "" && end.Status > 0 && end.Signal == "" {
		return &interp.Error{Name: interp.ErrTest, Value: "a benchmark failed", Traceback: []string{"a benchmark failed"}}
	}
	return j.death(end)
}

func orNothing(names []string) string {
	if len(names) == 0 {
		return "nothing"
	}
	return strings.Join(names, ", ")
}

// flags reads the arguments of a magic: flags with a value, and switches.
func flags(call magic.Call, valued, switches []string) (map[string]string, error) {
	out := map[string]string{}
	words := strings.Fields(call.Args)
	for i := 0; i < len(words); i++ {
		name, value, has := strings.Cut(strings.TrimLeft(words[i], "-"), "=")
		switch {
		case !strings.HasPrefix(words[i], "-"):
			return nil, fmt.Errorf("%s: %q is not an argument of it, see %%help %s", call, words[i], call.Name)
		case slices.Contains(switches, name) && !has:
			out[name] = "true"
		case !slices.Contains(valued, name):
			return nil, fmt.Errorf("%s: there is no argument %s, see %%help %s", call, words[i], call.Name)
		case has:
			out[name] = value
		case i+1 < len(words):
			i++
			out[name] = words[i]
		default:
			return nil, fmt.Errorf("%s: %s needs a value", call, words[i])
		}
	}
	if n := out["count"]; n != "" {
		if k, err := strconv.Atoi(n); err != nil || k < 1 {
			return nil, fmt.Errorf("%s: -count needs a number from 1, not %q", call, n)
		}
	}
	return out, nil
}

// benchColumns are the heads of the table.
func benchColumns(rows []program.Row) []string {
	heads := []string{"benchmark", "metric", "median", "±"}
	var from []string
	for _, r := range rows {
		if r.From != "" && !slices.Contains(from, r.From) {
			from = append(from, r.From)
		}
	}
	if len(from) > 0 {
		heads = append(heads, "before ("+strings.Join(from, ", ")+")", "change", "")
	}
	return heads
}

// benchCells are the cells of the table.
func benchCells(rows []program.Row, columns int) [][]string {
	var out [][]string
	last := ""
	for _, r := range rows {
		line := []string{r.Name, r.Unit, r.Now, r.Spread, r.Before, r.Change, r.Test}[:columns]
		if r.Name == last {
			line[0] = ""
		}
		last = r.Name
		out = append(out, line)
	}
	return out
}

func benchText(rows []program.Row) string {
	heads := benchColumns(rows)
	return columns(heads, benchCells(rows, len(heads)), func(i int) bool { return i >= 2 && i <= 5 })
}

// columns writes a table as text; right tells which columns are set to the right.
func columns(heads []string, lines [][]string, right func(int) bool) string {
	all := append([][]string{heads}, lines...)
	widths := make([]int, len(heads))
	for _, line := range all {
		for i, cell := range line {
			widths[i] = max(widths[i], len([]rune(cell)))
		}
	}
	var b strings.Builder
	for n, line := range all {
		if n > 0 {
			b.WriteString("\n")
		}
		text := ""
		for i, cell := range line {
			pad := strings.Repeat(" ", widths[i]-len([]rune(cell)))
			if right(i) {
				text += pad + cell + "  "
			} else {
				text += cell + pad + "  "
			}
		}
		b.WriteString(strings.TrimRight(text, " "))
	}
	return b.String()
}

func benchHTML(rows []program.Row) string {
	heads := benchColumns(rows)
	var b strings.Builder
	b.WriteString("<table><thead><tr>")
	for _, h := range heads {
		fmt.Fprintf(&b, "<th>%s</th>", html.EscapeString(h))
	}
	b.WriteString("</tr></thead><tbody>")
	for n, line := range benchCells(rows, len(heads)) {
		b.WriteString("<tr>")
		for i, cell := range line {
			style := ""
			if i == 5 {
				style = map[int]string{1: ` style="color:#2e7d32;font-weight:bold"`, -1: ` style="color:#c62828;font-weight:bold"`}[rows[n].Better]
			}
			fmt.Fprintf(&b, "<td%s>%s</td>", style, html.EscapeString(cell))
		}
		b.WriteString("</tr>")
	}
	b.WriteString("</tbody></table>")
	return b.String()
}
