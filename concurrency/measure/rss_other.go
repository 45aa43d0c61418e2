//go:build !linux

package measure

import "math"

func resetPeak() bool { return false }

func peakRSS() float64 { return math.NaN() }

func rss() float64 { return math.NaN() }
