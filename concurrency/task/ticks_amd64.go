package task

// readTicks returns the processor's counter of time.
func readTicks() int64

// ticksSteady reports whether that counter goes at the same speed whatever the processor does.
func ticksSteady() bool
