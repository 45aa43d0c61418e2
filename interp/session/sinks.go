package session

import "github.com/gobraid/gobraid/interp"

// keepSinks is how many runs' sinks a session remembers: what the goroutines of an older cell print
// comes out under the oldest cell that is remembered.
const keepSinks = 4096

// sinks knows where the output of each run of a session goes. Runs are numbered from 1 on.
type sinks struct {
	before uint64 // the run before that of all[0]
	all    []interp.Sink
}

// add appends the sink of a new run and returns the run's number.
func (s *sinks) add(sink interp.Sink) uint64 {
	if len(s.all) == 2*keepSinks {
		s.before += keepSinks
		s.all = append([]interp.Sink(nil), s.all[keepSinks:]...)
	}
	s.all = append(s.all, sink)
	return s.before + uint64(len(s.all))
}

// of returns the sink of a run, nil if there was none.
func (s *sinks) of(run uint64) interp.Sink {
	if run == 0 || run > s.before+uint64(len(s.all)) {
		return nil
	}
	return s.all[max(run, s.before+1)-s.before-1]
}
