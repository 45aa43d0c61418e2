package measure

import (
	"cmp"
	"slices"
	"strings"

	"github.com/google/pprof/profile"
)

// A Stack is calls that were seen together, the outermost first, and how much of what is profiled fell to them.
type Stack struct {
	Frames []Frame
	Value  float64 // seconds
	Count  int64   // samples, or waits
}

// readStacks returns the stacks of a profile of package runtime/pprof: those of samples for which want is true. The first value of a
// sample is a number, the second nanoseconds. What the samples that are not wanted add up to is other.
func readStacks(p *profile.Profile, want func(*profile.Sample) bool) (all []Stack, other float64) {
	for _, s := range p.Sample {
		value := float64(s.Value[1]) / 1e9
		switch {
		case s.Value[0] == 0 && s.Value[1] == 0:
		case !want(s):
			other += value
		default:
			all = append(all, Stack{tidy(callsOf(s), cellOf(s)), value, s.Value[0]})
		}
	}
	return merge(all), other
}

// A call is a frame as the profile has it.
type call struct {
	function string
	frame    Frame
}

// callsOf returns the calls of a sample, the outermost first.
func callsOf(s *profile.Sample) []call {
	var all []call
	for _, l := range slices.Backward(s.Location) {
		for _, line := range slices.Backward(l.Line) {
			if line.Function == nil || strings.HasPrefix(line.Function.Name, "runtime.asyncPreempt") { // where the profiler interrupted it
				continue
			}
			name := line.Function.Name
			all = append(all, call{name, frameOf(name, line.Function.Filename, int(line.Line))})
		}
	}
	return all
}

// cellLabel is the key of the label by which the task runtime tells goroutines of cells.
const cellLabel = "cell"

// cellOf returns the number of the cell that a sample is labelled with, 0 if there is none.
func cellOf(s *profile.Sample) int {
	n := 0
	if list := s.Label[cellLabel]; len(list) == 1 {
		for _, c := range list[0] {
			if c < '0' || c > '9' || n > 1<<30 {
				return 0
			}
			n = 10*n + int(c-'0')
		}
	}
	return n
}

// tidy leaves out what stands around the profiled code: this package and the task runtime outside, and puts one frame in the place of
// the many that the interpreter has for a call.
func tidy(calls []call, cell int) []Frame {
	calls = calls[outside(calls):]
	var frames []Frame
	inside := false // the interpreter
	for i := 0; i < len(calls); i++ {
		c := calls[i]
		if c.frame.Kind != Interpreted && !(inside && callback(c.function)) {
			frames = append(frames, c.frame)
			continue
		}
		inside = true
		frames = append(frames, Frame{Func: "interpreted code", Cell: cell, Kind: Interpreted})
		i = interpreted(calls, i)
	}
	return frames
}

// starters are functions of libraries that goroutines begin with.
var starters = []string{"runtime.main", "runtime.goexit", "sync.(*WaitGroup).Go.func1"}

// outside returns how many of the outermost calls are not of the profiled code.
func outside(calls []call) int {
	n := 0
	for i, c := range calls {
		switch {
		case strings.HasPrefix(c.function, herePath) && !strings.HasPrefix(c.function, herePath[:len(herePath)-1]+"_test."):
			n = i + 1
		case i == n && (strings.HasPrefix(c.function, taskPath) || slices.Contains(starters, c.function)):
			n = i + 1
		}
	}
	if n == len(calls) && n > 0 { // all of it: let something be seen
		return n - 1
	}
	return n
}

// interpreted returns the last of the calls from i on that are the interpreter's own, or of what it does its work with. What interpreted
// code calls it calls through package reflect.
func interpreted(calls []call, i int) int {
	reflected := false
	for k := i; k < len(calls); k++ {
		c := calls[k]
		switch {
		case c.frame.Kind == Interpreted, callback(c.function):
			reflected = false
		case c.function == "reflect.Value.Call", c.function == "reflect.Value.CallSlice":
			reflected = true
		case c.frame.Kind == Runtime, strings.HasPrefix(c.function, "reflect."):
		case reflected, c.frame.Cell != 0:
			return k - 1
		}
	}
	return len(calls) - 1
}

// callback reports whether a function is that by which compiled code calls interpreted code.
func callback(function string) bool {
	switch function {
	case "reflect.makeFuncStub", "reflect.callReflect", "reflect.methodValueCall", "reflect.funcLayout", "reflect.moveMakeFuncArgPtrs":
		return true
	}
	return false
}

// merge adds up equal stacks, and sorts them: the largest first.
func merge(all []Stack) []Stack {
	index := map[string]int{}
	type keyed struct {
		Stack
		key string
	}
	var merged []keyed
	for _, s := range all {
		key := folded(s.Frames)
		i, ok := index[key]
		if !ok {
			i = len(merged)
			index[key] = i
			merged = append(merged, keyed{Stack{Frames: s.Frames}, key})
		}
		merged[i].Value += s.Value
		merged[i].Count += s.Count
	}
	slices.SortFunc(merged, func(a, b keyed) int {
		return cmp.Or(cmp.Compare(b.Value, a.Value), strings.Compare(a.key, b.key))
	})
	stacks := make([]Stack, len(merged))
	for i, m := range merged {
		stacks[i] = m.Stack
	}
	return stacks
}

// folded writes frames in a line, with semicolons between them.
func folded(frames []Frame) string {
	names := make([]string, len(frames))
	for i, f := range frames {
		names[i] = strings.ReplaceAll(f.key().String(), ";", ",")
	}
	return strings.Join(names, ";")
}
