package task

// A Keeper is something a task has while it runs and gives up while it waits, such as a lock under which one task at a time
// computes. Its methods are called on the task's goroutine, and may wait themselves.
type Keeper interface {
	// Safepoint is called at the task's safepoints while Stop is raised: see [Raise].
	Safepoint()
	// Leave is called before the task waits in this package.
	Leave()
	// Return is called when the wait is over, unless the task is to end.
	Return()
}

// Keep gives the calling task a keeper until the function it returns is called. It returns nil, and does nothing, when the caller
// is no task, is in a controlled run, where one task at a time runs anyway, or has a keeper already.
func Keep(k Keeper) (end func()) {
	t := current()
	if t == nil || t.keeper != nil || t.resting != nil || t.controlled() != nil {
		return nil
	}
	t.keeper = k
	return func() { t.keeper, t.resting = nil, nil }
}

// Unkept calls f while the calling task has no keeper.
func Unkept(f func()) {
	t := current()
	if t == nil || t.keeper == nil {
		f()
		return
	}
	k := t.keeper
	t.keeper = nil
	f()
	t.keeper = k
}

// rest has the keeper know that t waits. Until unrest the task has none: what the keeper waits for is no concern of it.
func (t *Task) rest(kind Kind) {
	if kind == WaitOutput { // others may be kept from printing meanwhile, by a lock that they cannot leave
		return
	}
	k := t.keeper
	t.keeper, t.resting = nil, k
	k.Leave()
}

func (t *Task) unrest() {
	k := t.resting
	t.resting = nil
	if t.stopping.Load() {
		return
	}
	k.Return()
	t.keeper = k
}

// AtEnd has f called on the calling task's goroutine when the task has ended, after its deferred functions. It returns false when
// the caller is no task.
func AtEnd(f func()) bool {
	t := current()
	if t == nil || t.visitor {
		return false
	}
	t.atEnd = append(t.atEnd, f)
	return true
}

// callAtEnd calls what AtEnd was given.
func (t *Task) callAtEnd() {
	for _, f := range t.atEnd {
		f()
	}
	t.atEnd = nil
}
