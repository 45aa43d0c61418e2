package measure

import (
	"bytes"
	"context"
	"fmt"
	"runtime/pprof"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/gobraid/gobraid/concurrency/task"
	"github.com/google/pprof/profile"
)

// ProfileCPU says where a function spends processor time, with the usual plan. See [Plan.ProfileCPU].
func ProfileCPU(ctx context.Context, name string, f func(context.Context) error) (*Profile, error) {
	return NewPlan().ProfileCPU(ctx, name, f)
}

// ProfileCPU calls f, again until the time of the plan has passed, and returns in which calls processors worked meanwhile. Go's profiler
// looks a hundred times for each second that a processor works. In a cell the samples are those of all goroutines of the cell, in
// another program those of f's goroutine and of what it starts; what else the process did is said in a note.
//
// Code that is interpreted has no lines here: Go's profiler sees the interpreter, which stands as one frame, "interpreted code", in the
// place of its calls, with the compiled functions that it calls below it.
//
// There is one CPU profile at a time in a process: an error says so if there is another. ProfileCPU blocks until f has returned and up to
// a quarter of a second more. For ctx, errors and panics see [Plan.Measure].
func (p *Plan) ProfileCPU(ctx context.Context, name string, f func(context.Context) error) (*Profile, error) {
	p.used.Store(true)
	c := Case{name, f}
	if err := valid([]Case{c}); err != nil {
		return nil, err
	}
	key, value := cellLabel, ""
	do := func(body func(context.Context)) { body(ctx) }
	if t := task.Current(); t != nil {
		value = strconv.Itoa(t.Run().Cell())
	} else {
		key, value = programLabel, strconv.FormatInt(profiles.Add(1), 10)
		do = func(body func(context.Context)) { pprof.Do(ctx, pprof.Labels(key, value), body) }
	}
	var data bytes.Buffer
	if err := pprof.StartCPUProfile(&data); err != nil {
		return nil, fmt.Errorf("measure: %w", err)
	}
	stop := sync.OnceFunc(pprof.StopCPUProfile)
	defer stop()
	calls := 0
	var err error
	do(func(ctx context.Context) { calls, err = p.again(ctx, c) })
	stop()
	if err != nil {
		return nil, err
	}
	read, err := profile.ParseData(data.Bytes())
	if err != nil {
		return nil, fmt.Errorf("measure: %w", err)
	}
	return cpuProfile(name, read, key, value, calls), nil
}

// programLabel is the key of the label of goroutines that are profiled in a program that is no session.
const programLabel = "gobraid measure"

var profiles atomic.Int64

// again calls a function until the time of the plan has passed. Virtual time does not pass.
func (p *Plan) again(ctx context.Context, c Case) (calls int, err error) {
	t := task.Current()
	once := t != nil && t.Run().Controlled()
	for begin := task.Now(); calls == 0 || !once && task.Since(begin) < p.time; calls++ {
		if err := c.call(ctx, 1, calls+1); err != nil {
			return 0, err
		}
	}
	return calls, nil
}

// cpuProfile makes a profile of the samples that have a label.
func cpuProfile(name string, read *profile.Profile, key, value string, calls int) *Profile {
	p := &Profile{title: "CPU profile of " + name, what: "of CPU time"}
	collector := 0.0
	stacks, other := readStacks(read, func(s *profile.Sample) bool {
		calls := callsOf(s)
		for _, c := range calls {
			switch c.function {
			case "runtime.gcBgMarkWorker", "runtime.bgsweep", "runtime.bgscavenge":
				collector += float64(s.Value[1]) / 1e9
				return false
			case "runtime/pprof.profileWriter":
				return false
			}
		}
		return s.HasLabel(key, value) && !own(calls)
	})
	p.stacks = stacks
	p.notes = append(p.notes, "From "+count(calls, "call")+". One sample stands for some 10 ms of a processor: what has only a few of them may be chance.")
	if collector > 0 {
		p.notes = append(p.notes, "Not in it: "+format(collector, "s")+" of the garbage collector, which works for the whole process.")
	}
	if rest := other - collector; rest > 0 {
		p.notes = append(p.notes, "Not in it: "+format(rest, "s")+" of other goroutines of the process.")
	}
	p.noteInterpreted()
	return p
}

// own reports whether calls are those of this package, between two calls of the function.
func own(calls []call) bool {
	last := -1
	for i, c := range calls {
		if strings.HasPrefix(c.function, herePath) {
			last = i
		}
	}
	return last >= 0 && (last == len(calls)-1 || calls[last].function != herePath+"Case.call")
}

// noteInterpreted says how much of the profile the interpreter is.
func (p *Profile) noteInterpreted() {
	within, itself := 0.0, 0.0
	for _, s := range p.stacks {
		if slices.ContainsFunc(s.Frames, func(f Frame) bool { return f.Kind == Interpreted }) {
			within += s.Value
			if s.Frames[len(s.Frames)-1].Kind == Interpreted {
				itself += s.Value
			}
		}
	}
	if within > 0 {
		p.notes = append(p.notes, percent(within, p.Total())+" of it is under interpreted code, "+percent(itself, p.Total())+
			" is the interpreter itself. Which lines of the cell these are Go's profiler does not see: to know, run the cells on the compiled engine (%engine compiled).")
	}
}
