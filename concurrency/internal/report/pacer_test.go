package report_test

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gobraid/gobraid/concurrency/internal/report"
)

// TestPacer reports at many times, and looks at what is passed on, and when.
func TestPacer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		var got []string
		p := &report.Pacer{Every: 20 * time.Millisecond, Send: func(done, total int, text string) {
			got = append(got, fmt.Sprintf("%v: %d/%d %s", time.Since(begun), done, total, text))
		}}
		at := func(d time.Duration) { time.Sleep(d - time.Since(begun)) }
		p.Report(1, 9, "at once")
		p.Report(2, 9, "left out")
		at(10 * time.Millisecond)
		p.Report(3, 9, "later")
		at(50 * time.Millisecond)
		p.Report(4, 9, "at once")
		at(80 * time.Millisecond)
		p.Report(5, 9, "at once")
		p.Report(6, 9, "left out")
		p.Report(7, 9, "the last")
		p.End()
		p.Report(8, 9, "too late")
		p.End()
		at(time.Second)
		want := []string{"0s: 1/9 at once", "20ms: 3/9 later", "50ms: 4/9 at once", "80ms: 5/9 at once", "80ms: 7/9 the last"}
		if !slices.Equal(got, want) {
			t.Errorf("passed on:\n%q, want\n%q", got, want)
		}
	})
}

func TestAppend(t *testing.T) {
	b := report.Append(nil, -3, 1<<40, "é")
	done, total, text, ok := report.Parse(b)
	if done != -3 || total != 1<<40 || text != "é" || !ok {
		t.Error(done, total, text, ok)
	}
	for i := range 7 {
		if _, _, _, ok := report.Parse(b[:i]); ok {
			t.Errorf("%d bytes are a report", i)
		}
	}
}
