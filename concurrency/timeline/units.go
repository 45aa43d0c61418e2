package timeline

import (
	"fmt"
	"strconv"
	"time"
)

// A unit is what times of an axis are given in.
type unit struct {
	size time.Duration
	name string
}

var units = []unit{
	{time.Nanosecond, "ns"}, {time.Microsecond, "µs"}, {time.Millisecond, "ms"}, {time.Second, "s"},
	{time.Minute, "min"}, {time.Hour, "h"},
}

// unitOf returns the largest unit of which d has at least one.
func unitOf(d time.Duration) unit {
	u := units[0]
	for _, v := range units {
		if d >= v.size {
			u = v
		}
	}
	return u
}

// Short writes a duration with three digits, such as "1.23 ms", and above a minute as "2 min 5 s".
func Short(d time.Duration) string {
	if d < 0 {
		return "-" + Short(-d)
	}
	if d == 0 {
		return "0"
	}
	switch u := unitOf(d); u.size {
	case time.Hour:
		return pair(d.Round(time.Minute), u, units[4])
	case time.Minute:
		return pair(d.Round(time.Second), u, units[3])
	default:
		x := float64(d) / float64(u.size)
		s := strconv.FormatFloat(x, 'g', 3, 64)
		if x >= 999.5 { // 1e+03
			return Short(d.Round(u.size * 1000))
		}
		return s + " " + u.name
	}
}

func pair(d time.Duration, large, small unit) string {
	if d >= time.Hour {
		large, small = units[5], units[4]
	}
	n, m := d/large.size, d%large.size/small.size
	if m == 0 {
		return fmt.Sprintf("%d %s", n, large.name)
	}
	return fmt.Sprintf("%d %s %d %s", n, large.name, m, small.name)
}

// ticks returns the times that an axis of this length has marks at, about n of them.
func ticks(length time.Duration, n int) []time.Duration {
	step := distance(max(length, 0) / time.Duration(n))
	all := []time.Duration{0}
	for at := time.Duration(0); length-at >= step; {
		at += step
		all = append(all, at)
	}
	return all
}

// distance returns a round duration that is not less than least.
func distance(least time.Duration) time.Duration {
	for _, u := range units {
		factors := []time.Duration{1, 2, 5, 10, 20, 50, 100, 200, 500}
		switch u.size {
		case time.Second, time.Minute:
			factors = []time.Duration{1, 2, 5, 10, 15, 30}
		case time.Hour:
			factors = []time.Duration{1, 2, 3, 6, 12, 24, 48, 120, 240, 1200, 12000, 120000}
		}
		for _, f := range factors {
			if f*u.size >= least {
				return f * u.size
			}
		}
	}
	return max(least, 1)
}

// thousands writes a number with commas.
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// percent writes a share of a whole.
func percent(part, whole time.Duration) string {
	if whole <= 0 {
		return "0 %"
	}
	p := 100 * float64(part) / float64(whole)
	switch {
	case part > 0 && p < 0.5:
		return "<1 %"
	default:
		return fmt.Sprintf("%.0f %%", p)
	}
}
