package process

import (
	"fmt"
	"testing"
	"time"
)

func TestHistory(t *testing.T) {
	var h history
	at := func(s int64) time.Time { return time.Unix(1e9+s, 5e8) }
	h.add(at(0), 3)
	h.add(at(0), 4)
	h.add(at(2), 5)
	h.add(at(1), 1) // a clock that is set back does no harm
	tail := func(s int64) string { l := h.list(at(s)); return fmt.Sprint(len(l), l[len(l)-4:], l[:2]) }
	if got := tail(2); got != "60 [0 7 0 6] [0 0]" {
		t.Error(got)
	}
	if got := tail(3); got != "60 [7 0 6 0] [0 0]" {
		t.Error(got)
	}
	if got := tail(59); got != "60 [0 0 0 0] [7 0]" {
		t.Error(got)
	}
	if got := tail(61); got != "60 [0 0 0 0] [6 0]" {
		t.Error(got)
	}
	if got := tail(500); got != "60 [0 0 0 0] [0 0]" {
		t.Error(got)
	}
}

func TestRate(t *testing.T) {
	counts := func(last ...uint64) []uint64 { return append(make([]uint64, remembered-len(last)), last...) }
	for _, c := range []struct {
		s    Stats
		want float64
	}{
		{Stats{}, 0},
		{Stats{History: counts()}, 0},
		{Stats{History: counts(30, 10, 99), Done: 38, Failed: 2}, 20}, // two seconds old; the present one is not over
		{Stats{History: counts(30, 10, 99), Done: 1000}, 4},
		{Stats{History: counts(500, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), Done: 500}, 0},
	} {
		if got := c.s.Rate(); got != c.want {
			t.Errorf("%+v: %v, want %v", c.s, got, c.want)
		}
	}
}
