//go:build unix

package session_test

import (
	"fmt"
	"testing"

	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/interp/session"
)

// counter is a sink that only counts.
type counter struct {
	recorder
	calls, bytes int
}

func (c *counter) Output(_ interp.Stream, text []byte) { c.calls++; c.bytes += len(text) }

func benchmark(b *testing.B) *session.Supervisor {
	b.Helper()
	s, err := session.Start(b.Context(), testConfig("stderr"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	return s
}

// From nothing to a session that is ready, and to its end.
func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		s, err := session.Start(b.Context(), testConfig("stderr"))
		if err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		s.Close()
		b.StartTimer()
	}
}

func BenchmarkEmptyCell(b *testing.B) {
	s := benchmark(b)
	for b.Loop() {
		s.Run(b.Context(), interp.Request{}, new(counter))
	}
}

// A death and a fresh session.
func BenchmarkDeath(b *testing.B) {
	s := benchmark(b)
	for b.Loop() {
		s.Run(b.Context(), interp.Request{Source: "exit 1"}, new(counter))
	}
}

// An operation is a line of about ten bytes, or 16 KiB.
func BenchmarkOutput(b *testing.B) {
	b.Run("lines", func(b *testing.B) {
		c := new(counter)
		o := benchmark(b).Run(b.Context(), interp.Request{Source: fmt.Sprint("lines ", b.N)}, c)
		if o.Error != nil {
			b.Fatal(o.Error)
		}
		b.ReportMetric(float64(c.calls)/float64(b.N), "calls/op")
	})
	b.Run("blocks", func(b *testing.B) {
		c := new(counter)
		o := benchmark(b).Run(b.Context(), interp.Request{Source: fmt.Sprint("blocks ", b.N)}, c)
		if o.Error != nil {
			b.Fatal(o.Error)
		}
		b.SetBytes(16 << 10)
	})
}
