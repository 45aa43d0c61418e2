package compiled

import (
	"context"
	"go/types"
	"path/filepath"
	"runtime"
	"slices"
	"sync"

	"github.com/gobraid/gobraid/concurrency/task"
	"github.com/gobraid/gobraid/interp/check"
	"github.com/gobraid/gobraid/interp/engine"
	"github.com/gobraid/gobraid/interp/lower"
)

// The import path of a cell's package is known when the cell has been lowered, before anything is built. So a cell that
// only declares can be named by later cells at once, while its package is built and loaded beside what goes on. A
// job is that work. It waits for the jobs of the packages it imports; whoever needs a package waits for its job.

// A job builds and loads a package.
type job struct {
	path  string
	pkg   *lower.Package
	needs []*job
	vars  bool          // the cell defines variables
	done  chan struct{} // closed when err is set
	err   error

	archive  sync.Once
	archived chan struct{} // closed when others may be compiled with the package

	hurry  sync.Once
	urgent chan struct{} // closed when somebody waits for the job
}

// atOnce is how many jobs build at a time, those that somebody waits for apart.
func atOnce() int { return max(1, runtime.GOMAXPROCS(0)/2) }

// jobs are the jobs of an engine that have not ended well.
type jobs struct {
	mu      sync.Mutex
	byPath  map[string]*job
	places  chan struct{}
	running sync.WaitGroup
}

func newJobs() *jobs {
	return &jobs{byPath: map[string]*job{}, places: make(chan struct{}, atOnce())}
}

// get returns the job of a package, nil if there is none.
func (j *jobs) get(path string) *job {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.byPath[path]
}

// forget forgets a job.
func (j *jobs) forget(path string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	delete(j.byPath, path)
}

// of returns the jobs of packages.
func (j *jobs) of(paths []string) []*job {
	j.mu.Lock()
	defer j.mu.Unlock()
	var all []*job
	for _, p := range paths {
		if x := j.byPath[p]; x != nil {
			all = append(all, x)
		}
	}
	return all
}

// begin starts a job.
func (j *jobs) begin(x *job, work func() error) {
	j.mu.Lock()
	j.byPath[x.path] = x
	j.mu.Unlock()
	j.running.Go(func() {
		defer close(x.done)
		if x.err = work(); x.err == nil {
			j.forget(x.path)
		}
	})
}

// enter waits until a job may build, and returns what ends that.
func (j *jobs) enter(ctx context.Context, x *job) (leave func(), err error) {
	select {
	case j.places <- struct{}{}:
		return func() { <-j.places }, nil
	case <-x.urgent:
		return func() {}, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// hasten lets jobs go before others.
func hasten(all []*job) {
	for _, x := range all {
		x.hasten()
	}
}

// wait waits for jobs. The error is that of ctx, or an *engine.Unready for a job that failed.
func wait(ctx context.Context, all []*job) error {
	for _, x := range all {
		select {
		case <-x.done:
			if x.err != nil {
				return &engine.Unready{Key: x.path}
			}
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return nil
}

// waitArchived waits until packages can be compiled that import those of the jobs. The error is that of ctx, or an
// *engine.Unready for a job that failed.
func waitArchived(ctx context.Context, all []*job) error {
	for _, x := range all {
		select {
		case <-x.archived:
			continue
		case <-x.done:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		if x.err != nil {
			return &engine.Unready{Key: x.path}
		}
	}
	return nil
}

// hasten lets a job, and those it waits for, go before others.
func (x *job) hasten() {
	x.hurry.Do(func() {
		close(x.urgent)
		hasten(x.needs)
	})
}

// PrepareLater begins to build and load a cell that only declares.
func (e *Engine) PrepareLater(ctx context.Context, c *check.Cell, scope *engine.Scope) *engine.Later {
	select {
	case <-e.ready:
	default:
		return nil
	}
	if e.broken != nil {
		return nil
	}
	lowered, path, err := e.lower(c, scope)
	if err != nil || e.isLoaded(path) || !e.allLinked(lowered.Imports) {
		return nil // Prepare says why, or has it at once
	}
	x := e.jobs.get(path)
	if x == nil {
		x = &job{
			path: path, pkg: lowered, needs: e.jobs.of(e.build.closure(lowered, path)), vars: len(c.Vars) > 0,
			done: make(chan struct{}), urgent: make(chan struct{}), archived: make(chan struct{}),
		}
		e.jobs.begin(x, func() error {
			ctx, cancel := context.WithCancel(ctx)
			defer cancel()
			defer context.AfterFunc(e.ctx, cancel)()
			return e.work(ctx, x)
		})
	}
	e.lowerer.Commit(lowered, path)
	l := &engine.Later{
		Bindings: map[types.Object]*engine.Binding{}, Key: path, Done: x.done, Hurry: x.hasten,
		Err: func() error { return x.err },
	}
	for _, obj := range c.Objects() {
		l.Bindings[obj] = &engine.Binding{Engine: Name, Package: path}
	}
	l.Settle = func() error { return bind(c, lowered, path, l.Bindings) }
	return l
}

// allLinked tells whether packages are part of this program: then loading a plugin that imports them runs nothing
// of theirs, and nobody can tell when it is loaded.
func (e *Engine) allLinked(paths []string) bool {
	for _, path := range paths {
		if path != lower.TaskPath && path != "unsafe" && (e.opts.Linked == nil || !e.opts.Linked(path)) {
			return false
		}
	}
	return true
}

// work is what a job does.
func (e *Engine) work(ctx context.Context, x *job) error {
	if err := waitArchived(ctx, x.needs); err != nil {
		return err
	}
	leave, err := e.jobs.enter(ctx, x)
	if err != nil {
		return err
	}
	file, err := e.build.build(ctx, x.pkg, x.path, func() { x.archive.Do(func() { close(x.archived) }) })
	leave()
	if err != nil {
		return err
	}
	if err := e.open(ctx, file, x.path, x.needs); err != nil {
		return err
	}
	if run, ok := task.Registered(x.path); ok && x.vars {
		run() // gives its variables their values, which are constants
	}
	return nil
}

// Forget takes back a cell that PrepareLater began and that failed.
func (e *Engine) Forget(l *engine.Later) {
	e.jobs.forget(l.Key)
	e.lowerer.Retract(l.Key)
}

// isLoaded tells whether a package is loaded.
func (e *Engine) isLoaded(path string) bool {
	e.jobs.mu.Lock()
	defer e.jobs.mu.Unlock()
	return e.loaded[path]
}

func (e *Engine) setLoaded(path string) {
	e.jobs.mu.Lock()
	defer e.jobs.mu.Unlock()
	e.loaded[path] = true
}

// Needed returns the plugins that have to be open, in order, for what is in one of them, which is the last: for another process that
// is to run functions of cells. It returns nil for a file that this engine has not loaded. It may be called from any goroutine.
func (e *Engine) Needed(file string) (files []string) {
	e.jobs.mu.Lock()
	defer e.jobs.mu.Unlock()
	path := e.plugins[file]
	if path == "" {
		return nil
	}
	e.build.mu.Lock()
	defer e.build.mu.Unlock()
	for _, x := range e.order {
		if x.path == path || slices.Contains(e.build.needs[path], x.path) {
			files = append(files, x.file)
		}
	}
	return files
}

// A plugin that was opened.
type opened struct{ file, path string }

// noteOpened notes the file of a plugin.
func (e *Engine) noteOpened(file, path string) {
	if real, err := filepath.EvalSymlinks(file); err == nil {
		file = real
	}
	e.jobs.mu.Lock()
	defer e.jobs.mu.Unlock()
	if e.plugins == nil {
		e.plugins = map[string]string{}
	}
	e.plugins[file] = path
	e.order = append(e.order, opened{file, path})
}
