package task

import "math/rand/v2"

// A Strategy decides everything that is open in a controlled run: which task goes on, and every other choice. The same
// answers give the same run. Its methods are called one at a time, and must not call this package.
type Strategy interface {
	// Pick returns the index of the task that goes on. The list is never empty. If the task that has run until now can
	// go on it is the first, with Current set; the others are in the order in which they became able to.
	Pick(able []Able) int
	// Choose returns a number from 0 to n-1, n being at least 2. why says what is chosen, such as "select".
	Choose(n int, why string) int
}

// An Able is a task of a controlled run that can go on.
type Able struct {
	Task    int // number of the task, by order of start, the main task being 1
	Current bool
	Op      Op // what it does next
}

// An Op is an operation that other tasks can see the effect of.
type Op struct {
	Kind   OpKind
	Object int // number of what it works on, by order of first use, 0 when there is none
	Site   Site
}

// An OpKind says what kind of operation an Op is.
type OpKind uint8

// The kinds of operations.
const (
	OpStart  OpKind = iota // the beginning of a task
	OpGo                   // a go statement
	OpSend                 // c <- v
	OpRecv                 // <-c
	OpSelect               // select
	OpClose                // close(c)
	OpLock                 // Lock, RLock
	OpTry                  // TryLock, TryRLock
	OpUnlock               // Unlock, RUnlock
	OpAdd                  // WaitGroup.Add, Done
	OpWait                 // WaitGroup.Wait, Cond.Wait, Once.Do, waits of package concurrency
	OpSignal               // Cond.Signal, Broadcast
	OpSleep                // time.Sleep
	OpTimer                // operations on timers and tickers, reading the clock
	OpCancel               // the end of a context
	OpAtomic               // sync/atomic, sync.Map, sync.Pool
	OpYield                // runtime.Gosched
)

var opText = [...]string{
	"start", "go", "send", "receive", "select", "close", "lock", "try lock", "unlock", "add", "wait", "signal", "sleep",
	"timer", "cancel", "atomic", "yield",
}

// String returns the kind in a word or two.
func (k OpKind) String() string {
	if int(k) < len(opText) {
		return opText[k]
	}
	return "operation"
}

// waits tells whether the operation may wait, so that a task that is told to end does so there. Others never end a task, as in live
// runs: a deferred Unlock must unlock.
func (k OpKind) waits() bool {
	switch k {
	case OpSend, OpRecv, OpSelect, OpLock, OpWait, OpSleep:
		return true
	}
	return false
}

// spinLimit is after how many operations in a row a task that polls lets others have a turn, in a run in order.
const spinLimit = 200

// InOrder returns a strategy that lets a task go on until it waits, yields, or has done 200 operations in a row, and then
// takes the one that has been able to go on for longest. Choices come from a fixed sequence.
func InOrder() Strategy {
	return &inOrder{random: rand.New(rand.NewPCG(0, 0))}
}

type inOrder struct {
	random    *rand.Rand
	task, row int
}

func (o *inOrder) Pick(able []Able) int { return o.pick(able[0], len(able)) }

func (o *inOrder) pick(first Able, n int) int {
	i := 0
	if first.Current && n > 1 {
		if o.task != first.Task {
			o.task, o.row = first.Task, 0
		}
		if o.row++; first.Op.Kind == OpYield || o.row > spinLimit {
			i, o.row = 1, 0
		}
	}
	return i
}

func (o *inOrder) Choose(n int, _ string) int { return o.random.IntN(n) }

// Random returns a strategy that takes each task with the same probability, at every operation. The same seed
// gives the same run.
func Random(seed uint64) Strategy { return random{rand.New(rand.NewPCG(seed, seed))} }

type random struct{ *rand.Rand }

func (r random) Pick(able []Able) int { return r.pick(able[0], len(able)) }

func (r random) pick(first Able, n int) int {
	if first.Current && first.Op.Kind == OpYield && n > 1 {
		return 1 + r.IntN(n-1)
	}
	return r.IntN(n)
}

func (r random) Choose(n int, _ string) int { return r.IntN(n) }
