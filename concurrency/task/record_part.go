package task

import (
	"errors"
	"sync"
)

// Errors of [Record].
var (
	ErrNoTask   = errors.New("task: the calling goroutine is no task of a cell")
	ErrRecorded = errors.New("task: the cell is being recorded already")
)

// Record runs f in a new task, a child of the calling one, and records that task and those that descend from it, but nothing else of
// the run. It keeps at most limit events, as [Run.Record] does. It blocks until f has ended; tasks that f leaves behind go on, and
// their recording ends. The first task of the trace is f's.
//
// Goroutines of libraries are not in it, nor what timers start. A panic of f is returned, and the trace up to it. Returned is false if f has
// called runtime.Goexit. The error is [ErrNoTask] or [ErrRecorded], and f has not been called then.
func Record(name string, site Site, limit int, f func()) (tr *Trace, returned bool, p *PanicError, err error) {
	t := Current()
	switch {
	case t == nil:
		return nil, false, nil, ErrNoTask
	case t.run.rec != nil || t.log != nil:
		return nil, false, nil, ErrRecorded
	}
	if limit <= 0 {
		limit = defaultEvents
	}
	findLayout()
	rec := &Recording{run: t.run, limit: limit, guests: map[int64]*taskLog{}}
	rec.numbers = map[uintptr]int{}
	rec.begin()
	defer rec.Stop()
	var wg sync.WaitGroup
	t.pointTo(Op{Kind: OpGo, Site: site})
	wg.Add(1)
	c := &Task{run: t.run, site: site, group: &wg, up: t.ancestor(), log: &taskLog{rec: rec}, rare: &rare{name: name}}
	c.f = func() {
		p = Catch(f)
		returned = p == nil
	}
	c.inherit(t.to.Load())
	c.start(t.id)
	WaitGroupWait(&wg, site)
	rec.Stop()
	return rec.Trace(), returned, p, nil
}

// recording returns the recording that a task belongs to which is to be counted: that of the run, or of the task that starts it.
func (t *Task) recording() *Recording {
	parent := t.log
	t.log = nil
	if t.run.rec == nil && parent != nil {
		return parent.rec
	}
	return t.run.rec
}
