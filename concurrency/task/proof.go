package task

import (
	"bytes"
	"maps"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// proveStuck proves that no task of the process can ever go on, or returns false. It is called while they all seem to wait.
//
// The proof is in the stacks of all goroutines, which the runtime takes while the world is stopped. In that moment every task's
// goroutine must be parked, and every delegate's, and there must be no other goroutine but those that have nothing to do with
// tasks. The tasks' waits must be the same before and after, so that it is these waits in which they are
// parked. No child process may be alive and no timer be set. Then nothing is left that could communicate, unlock or
// call.
//
// Whether timers are set cannot be asked in the same moment: one that is about to call its function looks as if it were
// not, and the function may set it again before the stacks are taken. So all is done twice. If a timer was set when the
// stacks were taken first, it is so when asked again, or has called its function meanwhile, which is counted.
func proveStuck(main *Task) bool {
	proofs.Add(1)
	stirred := stirs.Load()
	tasks := waitsNow(main)
	for range 2 {
		if tasks == nil || timePending() {
			return false
		}
		children := childrenAlive()
		dump := dumpStacks()
		if dump == nil || !allParked(dump, tasks, children) || !maps.Equal(tasks, waitsNow(main)) {
			return false
		}
	}
	return stirs.Load() == stirred
}

// waitsNow returns since when each goroutine of a task waits, or nil when one does not, or main is not among them.
func waitsNow(main *Task) map[int64]time.Duration {
	waits := map[int64]time.Duration{}
	all, there := true, false
	eachWhile(func(t *Task) bool {
		there = there || t == main
		var since time.Duration
		since, all = t.stuck()
		waits[t.id] = since
		return all
	})
	if !all || !there {
		return nil
	}
	return waits
}

// maxDump bounds the text of the stacks. A goroutine takes about 700 bytes.
const maxDump = 256 << 20

// dumpStacks returns the stacks of all goroutines at one moment, or nil when there are too many.
func dumpStacks() []byte {
	for size := min(64<<10+runtime.NumGoroutine()<<10, maxDump); ; size = min(2*size, maxDump) {
		buf := make([]byte, size)
		if n := runtime.Stack(buf, true); n < size {
			return buf[:n]
		}
		if size == maxDump {
			return nil
		}
	}
}

// allParked reports whether in a dump every goroutine is parked that has to do with tasks: those of the given tasks and
// delegates. There must be no more children of the process than bystanders wait for: the session's own, such as the
// compiler. The first goroutine of a dump is the one that took it.
func allParked(dump []byte, tasks map[int64]time.Duration, children int) bool {
	_, rest, _ := bytes.Cut(dump, []byte("\n\n"))
	seen := 0
	bystanding := maps.Clone(bystanders())
	var helpers []stackHead    // of package os/exec
	waiting := map[int64]int{} // for how many processes a goroutine waits
	for len(rest) > 0 {
		var one []byte
		one, rest, _ = bytes.Cut(rest, []byte("\n\n"))
		g, ok := parseStack(one)
		if !ok {
			return false
		}
		if _, ok := tasks[g.id]; ok {
			seen++
			if !g.parked() {
				return false
			}
			continue
		}
		switch {
		case g.bystander():
			bystanding[g.id] = true
			if bytes.Contains(g.body, []byte("\nos.(*Process).Wait(")) || g.bottom == processes+"(*worker).reap" {
				waiting[g.id] = 1
			}
		case strings.HasPrefix(g.creator, "os/exec."):
			helpers = append(helpers, g)
		default:
			return false
		}
	}
	// A command with a context has a goroutine that watches that, until it has been waited for.
	watched := map[int64]int{}
	for _, h := range helpers {
		if !bystanding[h.parent] {
			return false
		}
		if h.bottom == "os/exec.(*Cmd).watchCtx" {
			watched[h.parent]++
		}
	}
	maps.Copy(waiting, watched)
	for _, n := range waiting {
		children -= n
	}
	return seen == len(tasks) && children <= 0
}

// A stackHead is what is of interest of a goroutine in a dump.
type stackHead struct {
	id      int64
	state   string
	bottom  string // the function it was started with
	creator string // the function that started it,
	parent  int64  // and on which goroutine
	body    []byte
}

// parseStack reads the stack of a goroutine. It returns false when it does not understand it.
func parseStack(stack []byte) (g stackHead, ok bool) {
	head, frames, _ := bytes.Cut(stack, []byte("\n"))
	text, ok := bytes.CutPrefix(head, []byte("goroutine "))
	number, text, _ := bytes.Cut(text, []byte(" "))
	id, err := strconv.ParseInt(string(number), 10, 64)
	open, end := bytes.IndexByte(text, '['), bytes.LastIndexByte(text, ']')
	if !ok || err != nil || open < 0 || end < open || bytes.Contains(text, []byte("synctest")) {
		return g, false
	}
	state, _, _ := bytes.Cut(text[open+1:end], []byte(","))
	g = stackHead{id: id, state: string(state), body: frames}
	// From the end: "created by" and its file, then the outermost frame and its file.
	for left := bytes.TrimRight(frames, "\n"); len(left) > 0; {
		i := bytes.LastIndexByte(left, '\n')
		line := left[i+1:]
		left = left[:max(i, 0)]
		if len(line) == 0 || line[0] == '\t' {
			continue
		}
		if name, ok := bytes.CutPrefix(line, []byte("created by ")); ok {
			name, number, _ := bytes.Cut(name, []byte(" in goroutine "))
			g.creator = string(name)
			g.parent, _ = strconv.ParseInt(string(number), 10, 64)
			continue
		}
		if paren := bytes.LastIndexByte(line, '('); paren > 0 {
			line = line[:paren]
		}
		g.bottom = string(line)
		break
	}
	return g, true
}

// parkedStates are the states of goroutines that only another goroutine can change.
var parkedStates = map[string]bool{
	"chan receive": true, "chan send": true, "select": true,
	"chan receive (nil chan)": true, "chan send (nil chan)": true, "select (no cases)": true,
	"sync.Mutex.Lock": true, "sync.RWMutex.RLock": true, "sync.RWMutex.Lock": true,
	"sync.Cond.Wait": true, "sync.WaitGroup.Wait": true, "semacquire": true,
	"coroutine": true,
}

func (g *stackHead) parked() bool {
	return parkedStates[strings.TrimSuffix(strings.TrimSuffix(g.state, " (durable)"), " (leaked)")]
}

// module is the path of the module this package is in.
var module = strings.TrimSuffix(thisPackage, "concurrency/task.")

// processes begins the names of the functions of package process.
var processes = module + "concurrency/process."

// workers are the beginnings of the names of functions that see to worker processes, here and elsewhere.
var workers = []string{processes, module + "concurrency/cluster.", "github.com/nats-io/"}

// bystander reports whether a goroutine that is no task's cannot wake one.
func (g *stackHead) bystander() bool {
	switch own, ok := strings.CutPrefix(g.bottom, thisPackage); {
	case !ok:
	case own == "(*delegate).run":
		return g.parked()
	default:
		return own == "(*drain).loop" || own == "feed"
	}
	switch {
	case strings.HasSuffix(g.state, "(leaked)"): // nothing can wake it
		return true
	case g.state == "coroutine": // it goes on when a task calls for its next value
		return true
	case slices.ContainsFunc(workers, func(p string) bool { return strings.HasPrefix(g.bottom, p) }): // what it may wake is counted by Outside
		return true
	case strings.HasPrefix(g.bottom, "os/signal.loop"): // who waits for a signal does so on a channel that tells
		return true
	case bytes.Contains(g.body, []byte(thisPackage+"(*Run).Do(")): // it waits for a run
		return true
	}
	if before := bystanders(); before[g.id] {
		return true
	}
	pkg, ok := strings.CutPrefix(g.creator, module)
	return ok && !strings.HasPrefix(pkg, "concurrency")
}

var (
	beforeOnce sync.Once
	before     map[int64]bool
)

// bystanders returns the ids of the goroutines there were when it was first called, which a run does when it begins.
func bystanders() map[int64]bool {
	beforeOnce.Do(func() { before = goroutines() })
	return before
}

// goroutines returns the ids of all goroutines.
func goroutines() map[int64]bool {
	ids := map[int64]bool{}
	for one := range bytes.SplitSeq(dumpStacks(), []byte("\n\n")) {
		if g, ok := parseStack(one); ok {
			ids[g.id] = true
		}
	}
	return ids
}
