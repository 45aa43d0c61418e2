package live

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gobraid/gobraid/concurrency/task"
	"github.com/gobraid/gobraid/interp"
)

// Tasks that a cell leaves behind are told of when they have stayed the same for leaveSame looks: what is about to end, or has been
// let go on and has not noticed yet, is not worth a word. leaveWait after the end of the cell they are taken as they are.
const (
	leaveWait = 30 * time.Millisecond
	leaveLook = time.Millisecond
	leaveSame = 5
)

// leaves waits until it is clear whether a run leaves tasks behind, and tells.
func leaves(run *task.Run) bool {
	limit := time.NewTimer(leaveWait)
	defer limit.Stop()
	look := time.NewTicker(leaveLook)
	defer look.Stop()
	var last []task.Info
	for same := 0; ; {
		if run.Live() == 0 {
			return false
		}
		tasks := run.Tasks()
		if same++; len(tasks) < run.Live() || !allWait(tasks) || !slices.EqualFunc(tasks, last, sameWait) {
			same = 0
		}
		if last = tasks; same == leaveSame {
			return true
		}
		select {
		case <-look.C:
		case <-limit.C:
			return true
		}
	}
}

func sameWait(a, b task.Info) bool { return a.ID == b.ID && a.Wait.Since.Equal(b.Wait.Since) }

func allWait(tasks []task.Info) bool {
	return !slices.ContainsFunc(tasks, func(i task.Info) bool { return i.Wait.Kind == task.WaitNone })
}

// leftKinds is how many kinds of tasks that were left behind are told of.
const leftKinds = 6

// leftNote says what tasks a run leaves behind, of which some may be stuck for ever, and returns nil when it leaves none.
func (s *Session) leftNote(tasks []task.Info, stuck map[int64]bool, cell int) *interp.Data {
	if len(tasks) == 0 {
		return nil
	}
	v := s.view()
	v.stuck = stuck
	var list []*family
	for _, i := range tasks {
		list = append(list, &family{info: i})
	}
	head := many(len(tasks), "task") + " of this cell are still running:"
	if len(tasks) == 1 {
		head = "1 task of this cell is still running:"
	}
	var words []string
	groups := alikes(list, 1, stuck)
	for n, g := range groups {
		if n == leftKinds && len(groups) > leftKinds+1 {
			rest := 0
			for _, g := range groups[n:] {
				rest += len(g)
			}
			words = append(words, fmt.Sprintf("and %d more: %%tasks lists them", rest))
			break
		}
		words = append(words, v.groupName(g, cell)+" "+v.groupState(g, cell))
	}
	text := head + " " + words[0]
	if len(words) > 1 {
		text = head + "\n  " + strings.Join(words, "\n  ")
	}
	d := quiet(text, map[string]any{"kind": "left", "left": len(tasks), "stuck": len(stuck)})
	return &d
}

// stuckOf returns those of the tasks that a run leaves behind of which it is proved that they wait for ever.
func stuckOf(run *task.Run) map[int64]bool {
	stuck := map[int64]bool{}
	for _, i := range run.Stuck() {
		stuck[i.ID] = true
	}
	return stuck
}
