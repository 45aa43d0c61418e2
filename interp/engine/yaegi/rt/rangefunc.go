package rt

// RangeState panics as Go does when the function of a range statement calls the body of the loop in a state
// in which it must not, or has swallowed a panic of the body. The panics are those of loops that misbehave
// in the same way here.
func RangeState(site uint64, state int) {
	at(site)
	switch state {
	case 1:
		for range func(yield func() bool) { swallow(yield); yield() } {
			panic("body")
		}
	case 2:
		for range func(yield func() bool) { yield(); yield() } {
			break
		}
	case 3:
		var late func() bool
		for range func(yield func() bool) { late = yield } {
		}
		late()
	case 4:
		for range func(yield func() bool) { swallow(yield) } {
			panic("body")
		}
	}
}

// swallow calls yield and recovers its panic.
func swallow(yield func() bool) {
	defer func() { _ = recover() }()
	yield()
}
