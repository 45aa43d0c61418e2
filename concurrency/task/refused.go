package task

import "time"

// Refused is what a controlled run panics with when it does what has no meaning on its clock: real input and output.
type Refused struct {
	Call string // such as os/exec.Command
	Site Site   // where it stands, 0 when that is not known
}

// Error says what was refused, where and why.
func (r *Refused) Error() string {
	if r.Site == 0 {
		return RefusalOf(r.Call)
	}
	return r.Site.String() + ": " + RefusalOf(r.Call)
}

// RefusalOf says that a call is refused, and why.
func RefusalOf(call string) string {
	return call + " waits for the world outside, where virtual time does not pass"
}

// refuse ends a call that a controlled run may not make.
func refuse(call string) {
	if watch.Load() != 0 && steering() != nil {
		panic(&Refused{call, Here()})
	}
}

// Elapsed returns how much time has passed on the clock of a controlled run, from the beginning of Do to the end of its
// main task. It is 0 for other runs.
func (r *Run) Elapsed() time.Duration {
	if r.ctl == nil {
		return 0
	}
	return time.Duration(r.ctl.time.Load())
}
