package live

import (
	"context"
	"errors"
	"fmt"
	"go/token"
	"go/types"
	"maps"
	"math"
	"slices"
	"strings"
	"sync"

	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/interp/check"
	"github.com/gobraid/gobraid/interp/engine"
)

// A cell that only declares is answered when it has been checked, and made ready by its engine in the background. What it declares
// is in scope at once; a cell that uses it waits. Should the engine fail after all (the compiler knows a few errors that
// go/types does not, such as a stack frame that is too large), that is told under the cell, and what the cell declared is
// taken back, as if the cell had failed at once: names mean again what they meant before. But cells may have been answered
// since, and nobody need have read what came late. So the next cell that uses one of these names fails, with the same words.
//
// All that is known of these cells is changed by the cell in front (see turns), when one begins and when one has waited. The
// goroutines here only wait and tell.

// A later is a cell that was answered and is being made ready.
type later struct {
	cell   *check.Cell
	number int // counts these cells
	id     int // of its text
	out    interp.Sink
	engine engine.Deferrer
	work   *engine.Later
	uses   []*later // the cells it mentions that were not ready either

	once   sync.Once
	failed *interp.Error // see fail
	told   chan struct{} // closed when its end has been told, if there was anything to tell
}

// background are the cells of a session that are being made ready.
type background struct {
	list  []*later // by number: a cell uses earlier ones; used by the one in front
	count int
	of    map[types.Object]*later // who declares what is not ready
	// missed are the names that failed cells declared and that mean something older again, which no cell has used since.
	missed map[string]*later
	ctx    context.Context
	stop   context.CancelFunc
	told   sync.WaitGroup // those who wait for failures
}

func newBackground() *background {
	b := &background{of: map[types.Object]*later{}, missed: map[string]*later{}}
	b.ctx, b.stop = context.WithCancel(context.Background())
	return b
}

// close gives up what is going on and waits for its end.
func (b *background) close() {
	b.stop()
	b.told.Wait()
}

// postpone answers a cell that only declares, if its engine can make it ready in the background, and reports whether it has.
func (s *Session) postpone(cell *check.Cell, id int, want string, out interp.Sink) (name string, ok bool) {
	if !cell.OnlyDeclares() {
		return "", false
	}
	if want == "" {
		want = s.mode
	}
	names := s.candidates(cell, want)
	if len(names) == 0 {
		return "", false
	}
	e, ok := s.engines[names[0]].(engine.Deferrer)
	if !ok {
		return "", false
	}
	s.background.count++
	l := &later{cell: cell, number: s.background.count, id: id, out: out, engine: e, told: make(chan struct{})}
	if !s.background.begin(l, s.scope) {
		return "", false
	}
	s.background.told.Go(func() { s.watch(l) })
	s.checker.Keep()
	s.checker.Declare(cell, len(cell.Vars))
	s.background.renew(cell)
	s.programs.book.Add(cell)
	return names[0], true
}

// begin has the engine of a cell begin, and reports false if that cannot be done in the background.
func (b *background) begin(l *later, scope *engine.Scope) bool {
	if l.work = l.engine.PrepareLater(b.ctx, l.cell, scope); l.work == nil {
		return false
	}
	l.uses = b.unready(l.cell)
	b.list = append(b.list, l)
	slices.SortFunc(b.list, func(a, b *later) int { return a.number - b.number })
	for obj, binding := range l.work.Bindings {
		scope.Bindings[obj] = binding
		b.of[obj] = l
	}
	return true
}

// unready returns the cells that a cell mentions and that are not ready.
func (b *background) unready(cell *check.Cell) []*later {
	var all []*later
	for _, obj := range cell.Used {
		if l := b.of[obj]; l != nil && !slices.Contains(all, l) {
			all = append(all, l)
		}
	}
	return all
}

const lateHead = "the cell was answered before it was compiled, and it does not compile; what it declares is taken back:\n"

// watch tells under a cell that it could not be made ready.
func (s *Session) watch(l *later) {
	defer close(l.told)
	if e := s.fail(l); e != nil {
		l.out.Output(interp.Stderr, []byte(lateHead+strings.Join(e.Traceback, "\n")+"\n"))
	}
}

// fail waits until the work on a cell has ended and returns why the cell cannot be used. It returns nil if it can, or if
// that is not its own fault: it was built with another cell that failed, but does not mention that, or the session ends. It
// may be called from any goroutine.
func (s *Session) fail(l *later) *interp.Error {
	<-l.work.Done
	l.once.Do(func() {
		for _, u := range l.uses {
			if e := s.fail(u); e != nil {
				l.failed = s.missing(l.cell, u, e)
				return
			}
		}
		var other *engine.Unready
		if err := l.work.Err(); err != nil && !errors.As(err, &other) && !errors.Is(err, context.Canceled) {
			l.failed = s.prepareError(context.Background(), err)
		}
	})
	return l.failed
}

// missing makes the error of a cell that mentions what a failed one declares.
func (s *Session) missing(cell *check.Cell, u *later, why *interp.Error) *interp.Error {
	i := slices.IndexFunc(cell.Used, func(obj types.Object) bool { return u.work.Bindings[obj] != nil })
	return s.lacks(cell, cell.Used[i], u, why)
}

// lacks makes the error of a cell that mentions an object by whose name a failed cell declared another.
func (s *Session) lacks(cell *check.Cell, used types.Object, u *later, why *interp.Error) *interp.Error {
	at := token.Pos(math.MaxInt)
	for id, obj := range cell.Info.Uses {
		if obj == used {
			at = min(at, id.Pos())
		}
	}
	p := cell.Fset.Position(at)
	e := &interp.Error{Name: why.Name}
	e.Value = fmt.Sprintf("%s: %s does not compile, which declares %s", s.texts.file(p.Filename, p.Line, p.Column), s.texts.cell(u.id), used.Name())
	e.Traceback = append([]string{e.Value}, s.texts.excerpt(p.Filename, p.Line, p.Column)...)
	e.Traceback = append(e.Traceback, why.Traceback...)
	return e
}

// await waits until all that a cell mentions is ready. The error is that of ctx or an *interp.Error.
func (s *Session) await(ctx context.Context, cell *check.Cell) error {
	for {
		all := s.background.unready(cell)
		if len(all) == 0 {
			return nil
		}
		if err := waitForWork(ctx, all); err != nil {
			return err
		}
		s.settle()
		for _, l := range all {
			if e := s.fail(l); e != nil {
				s.background.noticed(l)
				return s.missing(cell, l, e)
			}
		}
	}
}

// drain waits until nothing is made ready in the background: what is to be measured shall have the machine for itself.
func (s *Session) drain(ctx context.Context) error {
	for len(s.background.list) > 0 {
		if err := waitForWork(ctx, s.background.list); err != nil {
			return err
		}
		s.settle()
	}
	return nil
}

func waitForWork(ctx context.Context, all []*later) error {
	for _, l := range all {
		l.work.Hurry()
	}
	for _, l := range all {
		select {
		case <-l.work.Done:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return nil
}

// settle completes what has become ready, and takes back what has failed.
func (s *Session) settle() {
	b := s.background
	if len(b.list) == 0 {
		return
	}
	var failed []*later
	for _, l := range b.list {
		if !l.ended() {
			continue
		}
		if l.work.Err() != nil {
			failed = append(failed, l)
			continue
		}
		if err := l.work.Settle(); err != nil {
			panic(err) // a plugin that has been loaded does not say what is in it
		}
		s.places.bind(l.cell.Fset, l.work.Bindings)
		b.remove(l)
	}
	s.takeBack(failed)
	if len(b.list) == 0 {
		s.checker.Settled()
	}
}

// ended tells whether the work on a cell has ended.
func (l *later) ended() bool {
	select {
	case <-l.work.Done:
		return true
	default:
		return false
	}
}

// remove takes a cell off the list.
func (b *background) remove(l *later) {
	b.list = slices.DeleteFunc(slices.Clone(b.list), func(x *later) bool { return x == l })
	for obj := range l.work.Bindings {
		if b.of[obj] == l {
			delete(b.of, obj)
		}
	}
}

// takeBack takes back what failed cells declared, and begins those again that failed only because of others.
func (s *Session) takeBack(failed []*later) {
	for _, l := range failed {
		l.engine.Forget(l.work)
		s.background.remove(l)
	}
	for _, l := range failed {
		if s.fail(l) != nil {
			<-l.told
			s.drop(l)
			continue
		}
		again := &later{cell: l.cell, number: l.number, id: l.id, out: l.out, engine: l.engine, told: make(chan struct{})}
		if s.background.begin(again, s.scope) {
			s.background.told.Go(func() { s.watch(again) })
			continue
		}
		prog, err := prepareWith(s.background.ctx, l.engine, l.cell, s.scope) // it is there already
		if err != nil {
			text := strings.Join(s.prepareError(context.Background(), err).Traceback, "\n")
			l.out.Output(interp.Stderr, []byte(lateHead+text+"\n"))
			s.drop(l)
			continue
		}
		for obj, binding := range prog.Bindings() {
			s.scope.Bindings[obj] = binding
		}
	}
}

// drop takes back what a cell declared.
func (s *Session) drop(l *later) {
	var names []string
	for obj := range l.work.Bindings {
		delete(s.scope.Bindings, obj)
		if s.checker.Lookup(obj.Name()) == obj {
			names = append(names, obj.Name())
		}
	}
	s.checker.Retract(l.cell)
	for _, name := range names {
		if s.checker.Lookup(name) == nil {
			s.checker.Lose(name, fmt.Sprintf("%s declares it, and does not compile", s.texts.cell(l.id)))
		} else {
			s.background.missed[name] = l
		}
	}
}

// missedBy returns the error of a cell that uses a name for the first time since a cell failed that declared it, nil for any other
// cell.
func (s *Session) missedBy(cell *check.Cell) *interp.Error {
	for _, obj := range cell.Used {
		l := s.background.missed[obj.Name()]
		if l == nil || s.checker.Lookup(obj.Name()) != obj {
			continue
		}
		s.background.noticed(l)
		e := s.lacks(cell, obj, l, s.fail(l))
		e.Traceback = append(e.Traceback, fmt.Sprintf("        %s means what %s declares from now on: run this cell again if that is meant, or mend %s",
			obj.Name(), s.texts.cell(s.checker.CellOf(obj)), s.texts.cell(l.id)))
		return e
	}
	return nil
}

// noticed says that a cell has failed because of a failed one, and of those that that one uses.
func (b *background) noticed(l *later) {
	for _, u := range l.uses {
		b.noticed(u)
	}
	maps.DeleteFunc(b.missed, func(_ string, x *later) bool { return x == l })
}

// renew says that a cell declares names anew.
func (b *background) renew(cell *check.Cell) {
	for _, obj := range cell.Objects() {
		delete(b.missed, obj.Name())
	}
}
