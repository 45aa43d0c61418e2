package compiled

import (
	"context"
	"errors"
	"fmt"
	"go/types"
	"io/fs"
	"path/filepath"
	"plugin"
	"reflect"
	"runtime"
	"sync"
	"time"

	"github.com/gobraid/gobraid/concurrency/task"
	diskcache "github.com/gobraid/gobraid/interp/cache"
	"github.com/gobraid/gobraid/interp/check"
	"github.com/gobraid/gobraid/interp/engine"
	"github.com/gobraid/gobraid/interp/lower"
	"github.com/gobraid/gobraid/interp/modules"
	gotool "github.com/gobraid/gobraid/interp/toolchain"
)

// Name is the name of the engine.
const Name = "compiled"

// Options say what an engine builds with.
type Options struct {
	// Sources are gobraid's own sources: go.mod, go.sum and the folder concurrency. They are needed
	// when the binary was built with -trimpath.
	Sources fs.FS
	// Cache is the folder for what is built, by default one in the user's cache folder.
	Cache string
	// Modules knows the packages of modules that cells import. It may be nil.
	Modules interface {
		Needs(path string) []*modules.Package
	}
	// Linked tells whether a package is part of this program. A cell that only declares is built in the background if
	// all packages it imports are; see [Engine.PrepareLater].
	Linked func(path string) bool
}

// An Engine builds and runs the cells of one session.
type Engine struct {
	opts    Options
	lowerer *lower.Lowerer

	warm   sync.Once
	ctx    context.Context // ends the search for the toolchain
	cancel context.CancelFunc
	ready  chan struct{} // closed when build and broken are set
	build  *builder
	broken error // why the engine cannot be used

	hold    *diskcache.Hold // what the session uses of the cache
	pruning sync.WaitGroup

	loaded map[string]bool // import paths of the packages loaded into this process; jobs.mu guards it
	jobs   *jobs

	plugins map[string]string // the packages of the plugins that were opened, by file; jobs.mu guards both
	order   []opened
}

// New returns an engine. It looks for the toolchain at the first use, or at [Engine.Warm]. The engine
// must be closed.
func New(opts Options) *Engine {
	ctx, cancel := context.WithCancel(context.Background())
	return &Engine{
		opts: opts, lowerer: lower.New(), loaded: map[string]bool{}, jobs: newJobs(),
		ctx: ctx, cancel: cancel, ready: make(chan struct{}),
	}
}

// Close ends the search for the toolchain and what is built in the background, and waits for them. What was loaded stays
// loaded.
func (e *Engine) Close() error {
	e.cancel()
	e.jobs.running.Wait()
	e.warm.Do(func() { e.broken = context.Canceled; close(e.ready) })
	<-e.ready
	e.pruning.Wait()
	if e.hold == nil {
		return nil
	}
	return errors.Join(e.build.closeThin(), e.hold.Close())
}

// Name returns "compiled".
func (e *Engine) Name() string { return Name }

// Available returns nil if the engine can be used, and otherwise why not. It blocks as Warm does.
func (e *Engine) Available(ctx context.Context) error { return e.Warm(ctx, nil) }

// Warm finds the toolchain and the compiled packages, and has the missing ones compiled, which takes
// some ten seconds or more on a new machine. The first call starts that; every call waits until it is
// done, or ctx ends. progress, which may be nil, gets messages; only the first call's is heard.
func (e *Engine) Warm(ctx context.Context, progress func(string)) error {
	e.warm.Do(func() {
		go func() {
			defer close(e.ready)
			e.broken = e.start(e.ctx, progress)
		}()
	})
	select {
	case <-e.ready:
		return e.broken
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (e *Engine) start(ctx context.Context, progress func(string)) error {
	cache := e.opts.Cache
	if cache == "" {
		cache = gotool.Cache()
	}
	tool, err := findToolchain(ctx, e.opts.Sources, cache)
	if err != nil {
		return err
	}
	pkgs, err := loadPackages(ctx, tool, cache, progress)
	if err != nil {
		return err
	}
	e.build = &builder{tool: tool, pkgs: pkgs, dir: filepath.Join(cache, "cells-"+tool.id), needs: map[string][]string{}, bundles: newBundles()}
	if e.hold, err = diskcache.NewHold(cache); err != nil {
		return err
	}
	e.build.hold = e.hold
	runtime.KeepAlive(keep())
	if tool.id == "" { // it never is
		keepRuntime(0, nil, 0, nil)
	}
	e.build.openThin(ctx)
	e.prune()
	return nil
}

// prune keeps the cache within its size, beside what goes on, if nobody has done so just now.
func (e *Engine) prune() {
	cache := filepath.Dir(e.build.dir)
	if !diskcache.Due(cache, time.Now()) {
		return
	}
	limit, _ := diskcache.Limit() // doctor tells what is wrong with it
	e.pruning.Go(func() { diskcache.Prune(cache, limit, time.Now()) })
}

// Prepare lowers, builds and loads a cell. The error is an *engine.Refusal for what cannot be lowered
// and a *BuildError for what the compiler rejects.
func (e *Engine) Prepare(c *check.Cell, scope *engine.Scope) (engine.Program, error) {
	return e.PrepareContext(context.Background(), c, scope)
}

// PrepareContext is Prepare with a context that ends a build.
func (e *Engine) PrepareContext(ctx context.Context, c *check.Cell, scope *engine.Scope) (engine.Program, error) {
	if err := e.Warm(ctx, nil); err != nil {
		return nil, err
	}
	lowered, path, err := e.lower(c, scope)
	if err != nil {
		return nil, err
	}
	if err := e.load(ctx, lowered, path); err != nil {
		return nil, err
	}
	e.lowerer.Commit(lowered, path)
	return e.program(c, lowered, path)
}

// lower lowers a cell and returns its import path.
func (e *Engine) lower(c *check.Cell, scope *engine.Scope) (*lower.Package, string, error) {
	lowered, err := e.lowerer.Lower(c, owners(scope))
	if err != nil {
		return nil, "", refusal(err)
	}
	if err := e.gatherBundles(c, lowered); err != nil {
		return nil, "", err
	}
	if r := scope.Admit(Name, c, nil); r != nil {
		return nil, "", r
	}
	return lowered, e.build.importPath(lowered), nil
}

// load builds and loads a cell, unless that has been done or is being done.
func (e *Engine) load(ctx context.Context, p *lower.Package, path string) error {
	own := e.jobs.of([]string{path})
	hasten(own)
	if err := wait(ctx, own); err != nil {
		return err
	}
	if e.isLoaded(path) {
		return nil
	}
	needs := e.jobs.of(e.build.closure(p, path))
	hasten(needs)
	if err := waitArchived(ctx, needs); err != nil {
		return err
	}
	if err := e.loadBundles(ctx, p, path); err != nil {
		return err
	}
	file, err := e.build.build(ctx, p, path, func() {})
	if err != nil {
		return err
	}
	return e.open(ctx, file, path, needs)
}

// open loads a plugin when the jobs are done whose packages it needs.
func (e *Engine) open(ctx context.Context, file, path string, needs []*job) error {
	e.prune()
	if err := wait(ctx, needs); err != nil {
		return err
	}
	if _, ok := task.Registered(path); ok {
		e.setLoaded(path) // by another session of this process
		return nil
	}
	e.noteOpened(file, path)
	if _, err := plugin.Open(file); err != nil {
		return fmt.Errorf("the compiled cell does not fit this gobraid: %w; rebuild gobraid, or choose %%engine yaegi", err)
	}
	e.setLoaded(path)
	return nil
}

func refusal(err error) error {
	var u *lower.Unsupported
	if !errors.As(err, &u) {
		return err
	}
	return &engine.Refusal{Engine: Name, Construct: u.Construct, Pos: u.Pos, Remedy: u.Remedy}
}

// owners tells the lowering where the objects of earlier cells live.
func owners(scope *engine.Scope) func(types.Object) (lower.Owner, bool) {
	return func(obj types.Object) (lower.Owner, bool) {
		b, ok := scope.Bindings[obj]
		if !ok {
			return lower.Owner{}, false
		}
		return lower.Owner{Package: b.Package, Key: b.Key}, true
	}
}

// A program is a loaded cell.
type program struct {
	run      func() []any
	defined  *int
	bindings map[types.Object]*engine.Binding
}

func (e *Engine) program(c *check.Cell, p *lower.Package, path string) (engine.Program, error) {
	prog := &program{bindings: map[types.Object]*engine.Binding{}}
	for _, obj := range c.Objects() {
		prog.bindings[obj] = &engine.Binding{Engine: Name, Package: path}
	}
	if err := bind(c, p, path, prog.bindings); err != nil {
		return nil, err
	}
	prog.run, _ = task.Registered(path)
	pointers, _ := task.Registered(pointersKey(path))
	prog.defined = pointers()[0].(*int)
	return prog, nil
}

// bind completes the bindings of a loaded cell.
func bind(c *check.Cell, p *lower.Package, path string, bindings map[types.Object]*engine.Binding) error {
	_, ok := task.Registered(path)
	pointers, ok2 := task.Registered(pointersKey(path))
	if !ok || !ok2 {
		return errors.New("the compiled cell did not register itself: a defect of gobraid")
	}
	ps := pointers()
	scope := c.Pkg.Scope()
	for i, name := range p.Variables {
		bindings[scope.Lookup(name)].Pointer = reflect.ValueOf(ps[1+i])
	}
	for i, name := range p.Functions {
		bindings[scope.Lookup(name)].Func = reflect.ValueOf(ps[1+len(p.Variables)+i])
	}
	at := 1 + len(p.Variables) + len(p.Functions) + len(p.Tables)
	for i, name := range p.Types {
		bindings[scope.Lookup(name)].Type = reflect.TypeOf(ps[at+i]).Elem()
	}
	return nil
}

// Run runs the cell.
func (p *program) Run() []reflect.Value {
	var out []reflect.Value
	for _, v := range p.run() {
		out = append(out, reflect.ValueOf(v))
	}
	return out
}

// Bindings tells where the declared objects live.
func (p *program) Bindings() map[types.Object]*engine.Binding { return p.bindings }

// Defined returns how many of the cell's variables have been defined.
func (p *program) Defined() int { return *p.defined }
