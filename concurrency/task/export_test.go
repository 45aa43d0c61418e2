package task

import "time"

// Layout reports what this package has found out about the layout of types of the standard library. Each is
// negative when it has not found it.
func Layout() map[string]int {
	return map[string]int{
		"os.File": stateOffset, "sync.WaitGroup": counterOffset, "sync.Once": doneOffset,
		"sync.Mutex": mutexOffset, "sync.RWMutex": readersOffset,
		"sync.Cond waits": condWaits, "sync.Cond woken": condWoken,
		"time.Timer": whenOffset,
	}
}

// Orphans returns how many delegates wait without a task.
func Orphans() int { return int(orphans.count.Load()) }

// Innermost is innermost.
func Innermost(stack string) (int64, Site) { return innermost([]byte(stack)) }

// LabelsKnown tells whether labels are kept as this package takes them to be.
func LabelsKnown() bool { return labelsKnown }

// Carried is carried.
func Carried() *Run { return carried() }

// Watch makes lookouts look as often as that, and takes all goroutines there are now for bystanders. No run may be within
// Do.
func Watch(every time.Duration) (undo func()) {
	bystanders()
	was, wasShare, wasBefore := lookEvery, share, before
	lookEvery, share, before = every, 1, goroutines()
	return func() { lookEvery, share, before = was, wasShare, wasBefore }
}

// Looks returns how often lookouts have looked, and how often they have asked for a proof.
func Looks() (n, proof int64) { return looks.Load(), proofs.Load() }

// TimePending is timePending.
func TimePending() bool { return timePending() }

// ChildrenAlive is childrenAlive.
func ChildrenAlive() int { return childrenAlive() }

// ChannelLayoutKnown tells whether the queues of channels are where this package looks for them.
func ChannelLayoutKnown() bool {
	findLayout()
	return layout.Load() != nil
}

// SetDrainTime sets how long a drain may take, until the returned function is called.
func SetDrainTime(d time.Duration) (undo func()) {
	old := drainTime
	drainTime = d
	return func() { drainTime = old }
}

// On a loaded machine even tasks that end at once need longer than people are made to wait.
func init() { giveUp = 2 * time.Second }
