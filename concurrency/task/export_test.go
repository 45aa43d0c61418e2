package task

// Layout reports what this package has found out about the layout of types of the standard library. Each is
// negative when it has not found it.
func Layout() map[string]int {
	return map[string]int{
		"os.File": stateOffset, "sync.WaitGroup": counterOffset, "sync.Once": doneOffset,
	}
}

// Orphans returns how many delegates wait without a task.
func Orphans() int { return int(orphans.count.Load()) }

// Innermost is innermost.
func Innermost(stack string) (int64, Site) { return innermost([]byte(stack)) }
