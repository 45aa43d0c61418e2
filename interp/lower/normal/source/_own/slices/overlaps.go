package slices

import "rt"

// overlaps reports whether the memory ranges a[:len(a)] and b[:len(b)] overlap.
func overlaps[E any](a, b []E) bool { return rt.Overlaps(a, b) }
