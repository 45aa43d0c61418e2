package concurrency

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/gobraid/gobraid/concurrency/internal/report"
	"github.com/gobraid/gobraid/concurrency/task"
)

// A Progress is how far a function has come, as it says itself: see [Report].
type Progress struct {
	Done, Total int    // in a unit of the function's choice; Total is 0 if it does not know
	Text        string // what it is at, or ""
}

// String returns the progress in words, such as "3 of 10: reading".
func (p Progress) String() string {
	text := fmt.Sprint(p.Done)
	if p.Total > 0 {
		text += fmt.Sprintf(" of %d", p.Total)
	}
	if p.Text != "" {
		text += ": " + p.Text
	}
	return text
}

// Report says how far the calling function has come: done of total, in a unit of its choice, 0 for a total that it does not know; and in words what it is
// at, of which 1,000 bytes count. ctx is what the function got, or was made from it. Who has submitted it hears of it by [WithProgress], be the executor a
// [ThreadPool], a pool of processes, or of other machines; for those %workers and %cluster show it too. Where nobody listens Report does nothing.
//
// It never blocks: while the listener is busy with one report, the next takes the place of those that still wait. From another process it is sent at once,
// and then at most every 20 ms, from another machine every 100 ms. In Python a callback, a queue or a package such as tqdm does that; concurrent.futures has nothing.
func Report(ctx context.Context, done, total int, text string) {
	if s := report.To(ctx); s != nil {
		if len(text) > report.MaxText {
			text = strings.ToValidUTF8(text[:report.MaxText], "")
		}
		s.Report(done, total, text)
	}
}

// WithProgress returns a context with which f is told what functions say with [Report] that are submitted with it:
//
//	ctx := concurrency.WithProgress(ctx, func(p concurrency.Progress) { fmt.Println(p) })
//	fu := concurrency.SubmitWith(ctx, pool, render, scene)
//
// f is called by a task of its own, a child of the one that has called WithProgress, and for one report at a time. The reports of a function come
// in order. Not each of them comes: one that has not been told when the next is made is left out. The last is always told, and its f has returned before the
// future is done: so f must not wait for that. What reports after its function has returned is not heard. An idempotent function that is run again begins again.
//
// The functions of a [Map], of one chunk too, are told apart only by what they say. A function that was not submitted, and a process.Process, are heard as
// well if they have the context; but nothing waits there for the last report to be told.
func WithProgress(ctx context.Context, f func(Progress)) context.Context {
	if f == nil {
		misused("WithProgress", "a nil function")
	}
	l := &listener{f: f, client: task.ClientHere()}
	l.plain.to = l
	return &listening{ctx, l}
}

// listening is a context with a listener.
type listening struct {
	context.Context
	l *listener
}

type listenerKey struct{}

func (c *listening) Value(key any) any {
	switch key.(type) {
	case listenerKey:
		return c.l
	case report.Key:
		return &c.l.plain
	}
	return c.Context.Value(key)
}

// A listener tells a function what others report, by a task that lives while there is something to tell.
type listener struct {
	f      func(Progress)
	client task.Client
	plain  reports // of functions that have no future

	mu    sync.Mutex
	line  []*reports // that have something to say, each once
	going bool
	deaf  bool // f has panicked, or its cell was interrupted
}

// reports are those of one call. l.mu guards them.
type reports struct {
	to      *listener
	latest  Progress
	waits   bool   // it is in the listener's line
	told    bool   // latest is being told
	over    bool   // the function has returned: what it says now does not count
	release func() // is to be called when all is told, or nil
}

// Report makes what it says the latest, and has it told.
func (r *reports) Report(done, total int, text string) {
	l := r.to
	l.mu.Lock()
	if r.over || l.deaf {
		l.mu.Unlock()
		return
	}
	r.latest = Progress{done, total, text}
	if !r.waits {
		r.waits = true
		l.line = append(l.line, r)
	}
	idle := !l.going
	l.going = true
	l.mu.Unlock()
	if idle {
		l.client.Go(l.tell)
	}
}

// end notes that the function has returned. If there is something to be told release is called after that, and end returns true.
func (r *reports) end(release func()) bool {
	r.to.mu.Lock()
	defer r.to.mu.Unlock()
	r.over = true
	if !r.waits && !r.told {
		return false
	}
	r.release = release
	return true
}

// tell tells what there is to tell.
func (l *listener) tell() {
	var now *reports // what is told
	all := false
	defer func() {
		if !all {
			l.giveUp(now)
		}
	}()
	task.Safepoint()
	for now = l.next(nil); now != nil; now = l.next(now) {
		l.f(now.take())
	}
	all = true
}

// take returns the latest report, which is told now.
func (r *reports) take() Progress {
	r.to.mu.Lock()
	defer r.to.mu.Unlock()
	r.waits, r.told = false, true
	return r.latest
}

// next notes that last was told, unless it is nil, and returns who is next in the line, nil if nobody is: then the task is to end.
func (l *listener) next(last *reports) (next *reports) {
	var release func()
	l.mu.Lock()
	if last != nil {
		last.told = false
		if !last.waits {
			release, last.release = last.release, nil
		}
	}
	if release != nil {
		l.mu.Unlock()
		release()
		l.mu.Lock()
	}
	if len(l.line) > 0 {
		next, l.line = l.line[0], l.line[1:]
	} else {
		l.going = false
	}
	l.mu.Unlock()
	return next
}

// giveUp has nothing be told any more, since f has panicked, or its cell was interrupted while it was at now: nobody is kept waiting for it.
func (l *listener) giveUp(now *reports) {
	l.mu.Lock()
	l.deaf = true
	left := l.line
	l.line = nil
	if now != nil {
		left = append(left, now)
	}
	var release []func()
	for _, r := range left {
		if r.release != nil {
			release = append(release, r.release)
		}
		r.waits, r.told, r.release = false, false, nil
	}
	l.mu.Unlock()
	for _, f := range release {
		f()
	}
}

// A sink is where the function of a future reports.
type sink core

// Report hands the report to the listener of the context that the function was submitted with. If that has none, but is that of
// another function that somebody listens to, the report is of that one.
func (s *sink) Report(done, total int, text string) {
	c := (*core)(s)
	if c.state.Load() == finished {
		return
	}
	l, _ := c.parent.Value(listenerKey{}).(*listener)
	if l == nil {
		if up := report.To(c.parent); up != nil {
			up.Report(done, total, text)
		}
		return
	}
	c.mu.Lock()
	if c.more == nil || c.more.reports == nil {
		if c.state.Load() == finished {
			c.mu.Unlock()
			return
		}
		c.rest().reports = &reports{to: l}
	}
	r := c.more.reports
	c.mu.Unlock()
	r.Report(done, total, text)
}

// held reports whether the future is finished but for what was reported last, which is told first. c.mu is held.
func (c *core) held() bool { return c.more != nil && c.more.held }

// hold has end be called when the last report was told, and reports false if there is nothing to wait for. c.mu is held.
func (c *core) hold() bool {
	c.more.held = c.more.reports.end(func() {
		c.mu.Lock()
		c.end()
	})
	return c.more.held
}
