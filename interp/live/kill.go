package live

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gobraid/gobraid/concurrency/task"
	"github.com/gobraid/gobraid/interp/magic"
)

// errKilled is the cause of a run that %kill ended.
var errKilled = errors.New("ended by %kill")

// killWait is how long %kill waits for what it ends; killLook how often it looks.
const (
	killWait = 250 * time.Millisecond
	killLook = 2 * time.Millisecond
)

// killMagic is %kill.
func (s *Session) killMagic(ctx context.Context, call magic.Call, env magic.Env) error {
	tasks, runs, err := s.victims(strings.TrimSpace(call.Args))
	if err != nil {
		return err
	}
	for _, r := range runs {
		r.Kill(errKilled)
	}
	for _, i := range tasks {
		if t := task.Find(i.ID); t != nil {
			t.Kill()
		}
	}
	left := awaitEnd(ctx, tasks)
	ended := slices.DeleteFunc(slices.Clone(tasks), func(i task.Info) bool { _, ok := left[i.ID]; return ok })
	if len(ended) > 0 {
		env.Printf("ended %s: %s\n", many(len(ended), "task"), s.list(ended))
	}
	for _, i := range tasks {
		if now, ok := left[i.ID]; ok {
			env.Printf("not ended yet: %d %s %s; it ends when it comes back to code of the cell\n",
				i.ID, s.titled(i, 0), s.view().waitWords(now.Wait, 0))
		}
	}
	return nil
}

// victims returns the tasks that the argument of %kill names, and the runs that are to end as a whole.
func (s *Session) victims(arg string) ([]task.Info, []*task.Run, error) {
	all := task.Tasks()
	want, whole, err := s.chosen(arg, all)
	if err != nil {
		return nil, nil, err
	}
	tasks := slices.DeleteFunc(slices.Clone(all), func(i task.Info) bool { return !want(i) })
	if len(tasks) == 0 {
		if whole {
			return nil, nil, errors.New("there are no such tasks: %tasks lists those there are")
		}
		return nil, nil, fmt.Errorf("there is no task %s: %%tasks lists those there are", arg)
	}
	cells := map[int]bool{}
	for _, i := range tasks {
		// With its main task the running cell ends.
		cells[i.Cell] = cells[i.Cell] || whole || isMain(i)
	}
	runs := s.log.of(func(id int) bool { return cells[id] })
	tasks = slices.DeleteFunc(slices.Clone(all), func(i task.Info) bool { return !want(i) && !cells[i.Cell] })
	slices.SortFunc(tasks, byPlace)
	return tasks, runs, nil
}

// chosen reads the argument of %kill. whole says that cells are to end, not single tasks.
func (s *Session) chosen(arg string, all []task.Info) (want func(task.Info) bool, whole bool, err error) {
	words := strings.Fields(arg)
	switch {
	case arg == "":
		return nil, false, errors.New("%kill takes the id or the name of a task, cell and a number, or all")
	case arg == "all":
		return func(task.Info) bool { return true }, true, nil
	case len(words) == 2 && words[0] == "cell":
		n, err := strconv.Atoi(words[1])
		if err != nil {
			return nil, false, fmt.Errorf("%q is not the number of a cell", words[1])
		}
		return func(i task.Info) bool { return s.texts.number(i.Cell) == n }, true, nil
	}
	if id, err := strconv.ParseInt(arg, 10, 64); err == nil {
		return func(i task.Info) bool { return i.ID == id }, false, nil
	}
	return func(i task.Info) bool { return s.taskName(i) == arg }, false, nil
}

// awaitEnd waits a moment for tasks to end and returns those that have not, as they are then.
func awaitEnd(ctx context.Context, tasks []task.Info) map[int64]task.Info {
	limit := time.NewTimer(killWait)
	defer limit.Stop()
	look := time.NewTicker(killLook)
	defer look.Stop()
	for late := false; ; {
		left := map[int64]task.Info{}
		for _, i := range tasks {
			if t := task.Find(i.ID); t != nil {
				left[i.ID] = t.Info()
			}
		}
		if late || len(left) == 0 {
			return left
		}
		select {
		case <-look.C:
		case <-limit.C:
			late = true
		case <-ctx.Done():
			late = true
		}
	}
}

// listed is how many names a list of tasks has.
const listed = 6

// list names tasks for one who reads outside their cells.
func (s *Session) list(tasks []task.Info) string { return s.endedList(tasks, len(tasks), 0) }

// endedList names tasks, those of one name together: "worker (cell 2, line 7), 3 × func at cell 2, line 9". n is how many there were, of
// which not all may be known; from is the text beside which this is read.
func (s *Session) endedList(tasks []task.Info, n, from int) string {
	var names []string
	count := map[string]int{}
	for _, i := range tasks {
		name := s.titled(i, from)
		if count[name]++; count[name] == 1 {
			names = append(names, name)
		}
	}
	names = names[:min(listed, len(names))]
	for i, name := range names {
		n -= count[name]
		if c := count[name]; c > 1 {
			names[i] = fmt.Sprintf("%d × %s", c, name)
		}
	}
	if n > 0 {
		names = append(names, fmt.Sprintf("and %d more", n))
	}
	return strings.Join(names, ", ")
}
