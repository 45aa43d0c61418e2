package live

import (
	"context"
	"fmt"
	"html"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/gobraid/gobraid/concurrency/task"
	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/interp/magic"
	"github.com/gobraid/gobraid/interp/program"
)

const testHelp = `Runs the Test functions of the cell, with subtests, its Examples with an Output comment, and its Fuzz targets on their seeds.

-run RE   only those whose name matches
-count N  each that often
-race     with the race detector
-v        show what passed tests logged, too, and the program`

// testMagic is the magic test.
func (s *Session) testMagic(ctx context.Context, call magic.Call, env magic.Env) error {
	args, err := flags(call, []string{"run", "count"}, []string{"v", "race"})
	if err != nil {
		return err
	}
	race := args["race"] != ""
	j, err := s.prepareProgram(ctx, call, env, program.Options{Mode: program.Test, Race: race}, args["v"] != "")
	if err != nil {
		return err
	}
	words := program.TestArgs
	for _, name := range []string{"run", "count"} {
		if v := args[name]; v != "" {
			words = append(words[:len(words):len(words)], "-test."+name+"="+v)
		}
	}
	log := program.TestLog{Print: func(p []byte) { env.Out.Output(interp.Stdout, p) }}
	var end program.End
	var races []*program.Race
	if race {
		end, races, err = j.runForRaces(ctx, log.Write, words)
	} else {
		end, err = j.runTo(ctx, log.Write, words, nil)
	}
	if err != nil {
		return err
	}
	log.Close()
	j.showTests(&log, end)
	j.remark(j.remarks(end))
	if end.Death != "" {
		return j.death(end)
	}
	if err := s.raceError(races); err != nil {
		return err
	}
	if err := testError(&log); err != nil {
		return err
	}
	return j.death(end)
}

// testError makes the error of a cell in which a test failed, nil if none did.
func testError(log *program.TestLog) error {
	all, failed, _ := log.Counts()
	if failed == 0 {
		return nil
	}
	e := &interp.Error{Name: interp.ErrTest, Value: fmt.Sprintf("%d of %d tests failed", failed, all)}
	if all == 1 {
		e.Value = "the test failed"
	}
	e.Traceback = []string{e.Value}
	return e
}

// showTests shows the tree of results.
func (j *job) showTests(log *program.TestLog, end program.End) {
	all, failed, skipped := log.Counts()
	sum := fmt.Sprintf("%d passed", all-failed-skipped)
	if failed > 0 {
		sum += fmt.Sprintf(", %d failed", failed)
	}
	if skipped > 0 {
		sum += fmt.Sprintf(", %d skipped", skipped)
	}
	if all == 0 {
		sum = "no test was run"
	}
	sum += fmt.Sprintf(", %s", end.Wall.Round(time.Millisecond))
	var text, page strings.Builder
	for _, r := range log.Results {
		j.testTree(&text, &page, r, "")
	}
	j.show(text.String()+sum, `<div class="gobraid-tests">`+page.String()+"<div>"+html.EscapeString(sum)+"</div></div>")
}

// testTree writes a result and what is under it.
func (j *job) testTree(text, page *strings.Builder, r *program.TestResult, indent string) {
	word, mark, colour := "ok  ", "✓", "#2e7d32"
	switch {
	case r.Runs == 0:
		word, mark, colour = "DIED", "✗", "#c62828"
	case r.Failed > 0:
		word, mark, colour = "FAIL", "✗", "#c62828"
	case r.Skipped == r.Runs:
		word, mark, colour = "skip", "–", "inherit"
	}
	times := fmt.Sprintf(" (%.2f s)", r.Seconds)
	if r.Runs > 1 {
		times = fmt.Sprintf(" (%d runs, %.2f s)", r.Runs, r.Seconds)
		if r.Failed > 0 {
			times = fmt.Sprintf(" (%d of %d runs failed, %.2f s)", r.Failed, r.Runs, r.Seconds)
		}
	}
	fmt.Fprintf(text, "%s%s %s%s\n", indent, word, r.Name, times)
	fmt.Fprintf(page, `<div style="margin-left:%dem"><span style="color:%s">%s</span> %s<span style="opacity:.6">%s</span></div>`,
		len(indent)/2, colour, mark, html.EscapeString(r.Name), times)
	if !r.OK() || r.Skipped > 0 || j.verbose {
		var lines []string
		for _, l := range r.Log {
			lines = append(lines, j.logLines(l)...)
		}
		for _, l := range lines {
			fmt.Fprintf(text, "%s     %s\n", indent, l)
		}
		if len(lines) > 0 {
			fmt.Fprintf(page, `<pre style="margin:0 0 0 %dem">%s</pre>`, len(indent)/2+2, html.EscapeString(strings.Join(lines, "\n")))
		}
	}
	for _, sub := range r.Subs {
		j.testTree(text, page, sub, indent+"  ")
	}
}

// loggedAt is a place as package testing writes it.
var loggedAt = regexp.MustCompile(`^(\s*)([^\s/:]+\.go):(\d+): ?(.*)$`)

// logLines are a line of a test's log at its place in a cell, with the source.
func (j *job) logLines(line string) []string {
	m := loggedAt.FindStringSubmatch(line)
	if m == nil {
		return []string{"    " + line}
	}
	n, _ := strconv.Atoi(m[3]) // digits
	file, ok := j.cellFile(m[2])
	if !ok {
		return []string{line}
	}
	return append([]string{j.s.texts.file(file, n, 0) + ": " + m[4]}, j.s.texts.excerpt(file, n, 0)...)
}

// cellFile returns the virtual file whose last element is base.
func (j *job) cellFile(base string) (string, bool) {
	if own := j.s.texts.virtual(j.id); filepath.Base(own) == base {
		return own, true
	}
	id, err := strconv.Atoi(strings.TrimSuffix(base, ".go"))
	return task.CellFile(id), err == nil
}

// cellLines gives a line of output that names a place in a cell the words for it.
func (j *job) cellLines(line []byte) []byte {
	text := strings.TrimSuffix(string(line), "\n")
	if m := loggedAt.FindStringSubmatch(text); m != nil {
		if file, ok := j.cellFile(m[2]); ok {
			n, _ := strconv.Atoi(m[3]) // digits
			return []byte(m[1] + j.s.texts.file(file, n, 0) + ": " + m[4] + "\n")
		}
	}
	return line
}
