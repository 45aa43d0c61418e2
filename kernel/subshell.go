package kernel

import (
	"context"
	"maps"
	"slices"
	"sync"

	"github.com/google/uuid"

	"github.com/gobraid/gobraid/interp"
)

// maxSubshells is how many subshells there may be at once; each costs a goroutine.
const maxSubshells = 100

// maxBeside is how many requests pass the queue of the main shell at once.
const maxBeside = 10

// subshells are the queues beside the main shell's: those that clients have asked for (JEP 91), and for a moment one
// for each request that passes the main shell's queue.
//
// The count of cells is one for all shells, and so is the history, as in ipykernel: a cell is known by its number in
// positions and in what %tasks says, so two cells of a kernel must not have the same.
type subshells struct {
	main    *shell
	wg      sync.WaitGroup // of the goroutines of all queues here
	telling sync.Mutex     // held while the runner is told how many there are

	mu     sync.Mutex
	ctx    context.Context // of what runs
	all    map[string]*shell
	beside map[*shell]bool
	closed bool
}

func newSubshells(main *shell) *subshells {
	return &subshells{main: main, all: map[string]*shell{}, beside: map[*shell]bool{}}
}

// open says with which context cells are to run.
func (s *subshells) open(ctx context.Context) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ctx = ctx
}

// create makes a subshell, on whose goroutine run runs, and returns its id, "" if there are too many.
func (s *subshells) create(run func(context.Context, *shell)) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || len(s.all) >= maxSubshells {
		return ""
	}
	id := uuid.NewString()
	sh := s.main.another()
	s.all[id] = sh
	ctx := s.ctx
	s.wg.Go(func() { run(ctx, sh) })
	return id
}

// of returns the shell that a request is for.
func (s *subshells) of(id string) (*shell, bool) {
	if id == "" {
		return s.main, true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	sh, ok := s.all[id]
	return sh, ok
}

// remove ends a subshell: its running cell is interrupted, what waits is aborted. It does not wait for that.
func (s *subshells) remove(id string) bool {
	s.mu.Lock()
	sh, ok := s.all[id]
	delete(s.all, id)
	s.mu.Unlock()
	if ok {
		sh.close()
	}
	return ok
}

func (s *subshells) ids() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.AppendSeq([]string{}, maps.Keys(s.all))
}

// pass runs a request on a shell of its own; false if too many do so already.
func (s *subshells) pass(run func(context.Context, *shell)) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || len(s.beside) >= maxBeside {
		return false
	}
	sh := s.main.another()
	s.beside[sh] = true
	ctx := s.ctx
	s.wg.Go(func() {
		run(ctx, sh)
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.beside, sh)
	})
	return true
}

// interrupt ends what runs in the subshells; see [shell.interrupt].
func (s *subshells) interrupt() (again bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, sh := range s.all {
		again = sh.interrupt() || again
	}
	return again
}

// close ends all of it. Nothing is made any more.
func (s *subshells) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	for _, sh := range s.all {
		sh.close()
	}
	for sh := range s.beside {
		sh.close()
	}
}

// concurrent returns the runner as one that can run cells beside each other, nil if it cannot.
func (k *Kernel) concurrent() interp.Concurrent {
	c, _ := k.runner.(interp.Concurrent)
	return c
}

// passes tells whether a request need not wait for the cell that runs: it only looks at what runs, and comes from another
// client than that cell. A client's own requests keep their order, for who runs all cells of a notebook wants
// to see the tasks after the cell above, and not those before it.
func (k *Kernel) passes(r *request) bool {
	c := k.concurrent()
	if c == nil || r.Type != "execute_request" || !k.shell.busyFor(r.Session) {
		return false
	}
	var content executeRequest
	if parse(r, &content) != nil {
		return false
	}
	return c.Aside(interp.Request{Source: content.Code, Expressions: content.Expressions})
}

// createSubshell answers create_subshell_request.
func createSubshell(k *Kernel, _ *request) any {
	id := k.subshells.create(k.runShell)
	k.tellSubshells()
	if id == "" {
		return failure("TooManySubshells", "there are too many subshells, or the kernel is shutting down")
	}
	return subshellReply{statusOK, id}
}

// tellSubshells tells the runner how many subshells there are.
func (k *Kernel) tellSubshells() {
	k.subshells.telling.Lock()
	defer k.subshells.telling.Unlock()
	k.concurrent().Subshells(len(k.subshells.ids()))
}

// deleteSubshell answers delete_subshell_request. A cell that runs there is interrupted.
func deleteSubshell(k *Kernel, r *request) any {
	var c subshellContent
	if bad := parse(r, &c); bad != nil {
		return bad
	}
	if !k.subshells.remove(c.ID) {
		return unknownSubshell(k, r)
	}
	k.tellSubshells()
	return okReply{statusOK}
}

// listSubshell answers list_subshell_request. The main shell is not on the list.
func listSubshell(k *Kernel, _ *request) any {
	return subshellList{statusOK, k.subshells.ids()}
}

// unknownSubshell answers a request for a subshell that is not there.
func unknownSubshell(*Kernel, *request) any {
	return failure("UnknownSubshell", "there is no such subshell; it may have been deleted")
}
