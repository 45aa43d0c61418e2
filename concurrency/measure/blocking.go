package measure

import (
	"bytes"
	"context"
	"fmt"
	"runtime"
	"runtime/pprof"

	"github.com/gobraid/gobraid/concurrency/task"
	"github.com/google/pprof/profile"
)

// ProfileBlocking calls f once and returns what it waited for, and where: for channels, locks, groups, results. Sleeping is not in it.
//
// In a cell it is what the tasks of f waited for, each wait of them, from the lines of the cell, on either engine: the task runtime records
// it, which costs a channel operation half a microsecond. Each stack is a task, the one that it was started by outside of it, then the
// wait, then what was waited for. What libraries wait for among themselves is not known. In another program it is Go's block
// profile, of the whole process; profiling of blocking is off afterwards.
//
// For ctx, errors and panics see [Plan.Measure]. In a cell that is recorded already, by %%timeline, it is an error.
func ProfileBlocking(ctx context.Context, name string, f func(context.Context) error) (*Profile, error) {
	return profileWaits(ctx, Case{name, f}, waits{title: "What " + name + " waited for", want: blocks, program: blockProfile})
}

// ProfileMutex calls f once and returns how long others waited for locks, and who held them, else like [ProfileBlocking]. In a cell each stack is
// a task, its wait for a lock, the lock, and the line that unlocked it in the end. In another program it is Go's mutex profile, whose
// stacks are those of the calls that unlocked.
func ProfileMutex(ctx context.Context, name string, f func(context.Context) error) (*Profile, error) {
	return profileWaits(ctx, Case{name, f}, waits{title: "Locks that " + name + " waited for", want: locks, holder: true, program: mutexProfile})
}

// waits says which waits a profile is of.
type waits struct {
	title   string
	want    func(task.Kind) bool
	holder  bool // who held a lock stands below it
	program func(f func()) (*profile.Profile, error)
}

func blocks(k task.Kind) bool { return k != task.WaitNone && k != task.WaitSleep }

func locks(k task.Kind) bool { return k == task.WaitLock || k == task.WaitRLock }

func profileWaits(ctx context.Context, c Case, w waits) (*Profile, error) {
	if err := valid([]Case{c}); err != nil {
		return nil, err
	}
	var err error
	call := func() { err = c.call(ctx, 1, 1) }
	if task.Current() == nil {
		read, failed := w.program(call)
		switch {
		case err != nil:
			return nil, err
		case failed != nil:
			return nil, fmt.Errorf("measure: %w", failed)
		}
		p := &Profile{title: w.title, what: "of waiting"}
		p.stacks, _ = readStacks(read, func(*profile.Sample) bool { return true })
		p.notes = []string{"It is of the whole process: outside cells nobody knows which goroutines belong together."}
		return p, nil
	}
	tr, failed := record(c.Name, call)
	switch {
	case failed != nil:
		return nil, failed
	case err != nil:
		return nil, err
	}
	return w.of(tr), nil
}

// record records what a function does, and raises its panic.
func record(name string, f func()) (*task.Trace, error) {
	tr, returned, p, err := task.Record(name, task.Here(), 0, f)
	switch {
	case err != nil:
		return nil, fmt.Errorf("measure: %w", err)
	case p != nil:
		panic(p)
	case !returned:
		runtime.Goexit() // as if it had been called on this goroutine
	}
	return tr, nil
}

// blockProfile returns what Go's profile of blocking has more after f.
func blockProfile(f func()) (*profile.Profile, error) {
	runtime.SetBlockProfileRate(1)
	defer runtime.SetBlockProfileRate(0)
	return difference("block", f)
}

func mutexProfile(f func()) (*profile.Profile, error) {
	old := runtime.SetMutexProfileFraction(1)
	defer runtime.SetMutexProfileFraction(old)
	return difference("mutex", f)
}

// difference returns what a profile that only grows has more after f.
func difference(name string, f func()) (*profile.Profile, error) {
	before, err := lookup(name)
	if err != nil {
		return nil, err
	}
	f()
	after, err := lookup(name)
	if err != nil {
		return nil, err
	}
	before.Scale(-1)
	return profile.Merge([]*profile.Profile{before, after})
}

func lookup(name string) (*profile.Profile, error) {
	var b bytes.Buffer
	if err := pprof.Lookup(name).WriteTo(&b, 0); err != nil {
		return nil, err
	}
	return profile.ParseData(b.Bytes())
}
