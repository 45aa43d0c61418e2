package live

import (
	"cmp"
	"slices"
	"sync"

	"github.com/gobraid/gobraid/concurrency/task"
)

// An op is what a statement does at a site that a task can wait at or start from.
type op uint8

const (
	opSend op = iota
	opReceive
	opSelect
	opLock
	opRLock
	opGroup
	opCond
	opOnce
	opCall  // a call of a library
	opStart // a go statement, or a call that is given a function to run
)

// A spot is a place in the text of a cell where tasks wait or start.
type spot struct {
	line, column int32
	last         int32 // the last line of a statement that the site names by line only
	op           op
	name         string  // of what is called or started: "worker", "http.Get"
	things       []thing // what is operated on; of a select one for each clause
}

// A thing is what a statement operates on.
type thing struct {
	text  string    // as it is written: "jobs", "p.mu", "results[i]"
	at    task.Site // where the variable or field is declared, 0 when that is in no cell
	local bool      // it is declared inside a function
}

// places knows the spots of all texts that have been run. Its methods may be called from any goroutine.
type places struct {
	mu    sync.Mutex
	spots map[int][]spot // by the id of the text, sorted by line and column
	vars  map[string]variable
}

func newPlaces() *places { return &places{spots: map[int][]spot{}, vars: map[string]variable{}} }

// set notes the spots of a text.
func (p *places) set(id int, spots []spot) {
	slices.SortStableFunc(spots, func(a, b spot) int {
		return cmp.Or(cmp.Compare(a.line, b.line), cmp.Compare(a.column, b.column))
	})
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(spots) == 0 {
		delete(p.spots, id)
		return
	}
	p.spots[id] = slices.Clip(spots)
}

// find returns the spot at a site where an op of those given happens. A site without a column, or with one that the table
// does not have, is looked for by its line.
func (p *places) find(site task.Site, ops ...op) (spot, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	line, column := int32(site.Line()), int32(site.Column())
	var near *spot
	spots := p.spots[site.Cell()]
	for i := range spots {
		s := &spots[i]
		if s.line > line {
			break
		}
		if max(s.line, s.last) < line || !slices.Contains(ops, s.op) {
			continue
		}
		if s.line == line && s.column == column {
			return *s, true
		}
		if near == nil || s.line > near.line {
			near = s
		}
	}
	if near == nil {
		return spot{}, false
	}
	return *near, true
}

// opsOf are the ops at which a wait of each kind happens.
var opsOf = map[task.Kind][]op{
	task.WaitSend:    {opSend},
	task.WaitReceive: {opReceive},
	task.WaitSelect:  {opSelect},
	task.WaitLock:    {opLock, opCall},
	task.WaitRLock:   {opRLock, opCall},
	task.WaitGroup:   {opGroup, opCall},
	task.WaitCond:    {opCond, opCall},
	task.WaitOnce:    {opOnce, opCall},
	task.WaitLibrary: {opCall},
	task.WaitResult:  {opCall},
}

// wait returns the spot of a wait.
func (p *places) wait(w task.Wait) (spot, bool) {
	ops := opsOf[w.Kind]
	if w.Site == 0 || ops == nil {
		return spot{}, false
	}
	return p.find(w.Site, ops...)
}

// started returns the name of the function that a task was started with at a site, "" when it is not known.
func (p *places) started(site task.Site) string {
	s, _ := p.find(site, opStart)
	return s.name
}
