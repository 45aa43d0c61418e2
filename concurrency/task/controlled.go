package task

// Controlled reports whether the run is under control now: one task at a time runs, and time is virtual. See [Run.Control].
func (r *Run) Controlled() bool { return r.ctl != nil && !r.ctl.off.Load() }
