package timeline

import (
	"slices"

	"github.com/gobraid/gobraid/concurrency/task"
)

// maxLanes is how many lanes a chart has before tasks are grouped.
const maxLanes = 42

// A class is tasks that were started at the same line below the same ones.
type class struct {
	site   task.Site
	up     *class
	tasks  []int // indexes into the trace
	below  []*class
	opened bool // each of its tasks gets a lane of its own
}

// A row is what gets a lane: a task, or a class when more than one is in it.
type row struct {
	tasks []int
	depth int
	up    int // index plus one of the row above, or 0
}

// rows decides what gets a lane, in the order in which they are drawn: what was started below what started it.
func rows(tr *task.Trace) []row {
	index := map[int64]int{}
	for i, t := range tr.Tasks {
		if _, ok := index[t.ID]; !ok {
			index[t.ID] = i
		}
	}
	below := make([][]int, len(tr.Tasks)+1) // the last one is of those that have no parent here
	for i, t := range tr.Tasks {
		p, ok := index[t.Parent]
		if !ok || t.Parent == 0 || p >= i { // a parent begins before its children
			p = len(tr.Tasks)
		}
		below[p] = append(below[p], i)
	}
	if len(tr.Tasks) <= maxLanes {
		return singly(below, below[len(tr.Tasks)], 0, 0, nil)
	}
	return grouped(tr, below)
}

// singly gives each task a row.
func singly(below [][]int, tasks []int, depth, up int, all []row) []row {
	for _, i := range tasks {
		all = append(all, row{[]int{i}, depth, up})
		all = singly(below, below[i], depth+1, len(all), all)
	}
	return all
}

// grouped puts tasks into classes and then takes the smallest of them apart as long as there is room.
func grouped(tr *task.Trace, below [][]int) []row {
	root := &class{opened: true}
	of := make([]*class, len(tr.Tasks))
	var all []*class
	var place func(c *class, tasks []int)
	sorted := make([]int, 0, len(tr.Tasks)) // parents before children, in order of start
	for i := range tr.Tasks {
		sorted = append(sorted, i)
	}
	parent := make([]int, len(tr.Tasks))
	for p, list := range below {
		for _, i := range list {
			parent[i] = p
		}
	}
	place = func(c *class, tasks []int) {
		for _, i := range tasks {
			site := tr.Tasks[i].Site
			up := c
			if p := parent[i]; p < len(tr.Tasks) {
				up = of[p]
			}
			k := find(up, site)
			if k == nil {
				k = &class{site: site, up: up}
				up.below = append(up.below, k)
				all = append(all, k)
			}
			k.tasks = append(k.tasks, i)
			of[i] = k
		}
	}
	place(root, sorted)
	fold(root, &all)
	slices.SortStableFunc(all, func(a, b *class) int { return len(a.tasks) - len(b.tasks) })
	lanes := len(all)
	for _, c := range all {
		if len(c.tasks) > 1 && c.plain() && lanes+len(c.tasks)-1 <= maxLanes {
			c.opened = true
			lanes += len(c.tasks) - 1
		}
	}
	return root.rows(0, 0, nil)
}

// find returns the class for tasks that were started at a site by tasks of up: one below it, or, when tasks start others
// like themselves, up or what is above it.
func find(up *class, site task.Site) *class {
	for c := up; c != nil && c.up != nil; c = c.up {
		if c.site == site && site != 0 {
			return c
		}
	}
	for _, c := range up.below {
		if c.site == site {
			return c
		}
	}
	return nil
}

// plain reports whether the tasks of a class can be shown one by one: none of them started any.
func (c *class) plain() bool { return len(c.below) == 0 }

// fold joins the smallest classes with what is above them, as long as there are too many.
func fold(root *class, all *[]*class) {
	if len(*all) <= maxLanes {
		return
	}
	rest := &class{up: root}
	slices.SortStableFunc(*all, func(a, b *class) int { return len(b.tasks) - len(a.tasks) })
	keep := map[*class]bool{root: true}
	kept := (*all)[:0:0]
	for _, c := range *all {
		if len(kept) < maxLanes-1 && keep[c.up] {
			keep[c] = true
			kept = append(kept, c)
			continue
		}
		rest.tasks = append(rest.tasks, c.tasks...)
	}
	for c := range keep {
		c.below = slices.DeleteFunc(c.below, func(b *class) bool { return !keep[b] })
	}
	slices.Sort(rest.tasks)
	root.below = append(root.below, rest)
	*all = append(kept, rest)
}

// rows adds the rows of what is below a class.
func (c *class) rows(depth, up int, all []row) []row {
	for _, b := range c.below {
		if !b.opened {
			all = append(all, row{b.tasks, depth, up})
			all = b.rows(depth+1, len(all), all)
			continue
		}
		for _, i := range b.tasks {
			all = append(all, row{[]int{i}, depth, up})
		}
	}
	return all
}
