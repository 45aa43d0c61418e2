package timeline_test

import (
	"fmt"
	"testing"

	"github.com/gobraid/gobraid/concurrency/timeline"
)

// BenchmarkSVG draws traces of several sizes.
func BenchmarkSVG(b *testing.B) {
	for _, k := range [][2]int{{3, 100}, {40, 4000}, {300, 200_000}, {3, 200_000}} {
		b.Run(fmt.Sprintf("%d tasks %d events", k[0], k[1]), func(b *testing.B) {
			tr := made(k[0], k[1])
			for b.Loop() {
				b.ReportMetric(float64(len(timeline.SVG(tr, timeline.Options{}))), "bytes")
			}
		})
	}
}
