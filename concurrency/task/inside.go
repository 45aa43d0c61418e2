package task

import (
	"bytes"
	"slices"
)

// LookInside finds out which of the tasks that seem to run wait inside compiled library code. Their Wait becomes one of kind
// [WaitLibrary], with the site of the call in the cell where that is known, and with "a process", "a socket", "a file" or "time" as its
// Detail if that is what the library waits for. It looks at the stacks of all goroutines, which stops the process for about 3 µs for
// each, and does so only if some task seems to run.
func LookInside(tasks []Info) {
	seems := func(i Info) bool { return i.Wait.Kind == WaitNone || i.Wait.Kind == WaitLibrary }
	if !slices.ContainsFunc(tasks, func(i Info) bool { return seems(i) || i.Wait.Site == 0 }) {
		return
	}
	stacks := map[int64][]byte{}
	for _, one := range bytes.Split(dumpStacks(), []byte("\n\n")) {
		if g, ok := parseStack(one); ok && g.state != "running" && g.state != "runnable" {
			stacks[g.id] = one
		}
	}
	for i := range tasks {
		stack, ok := stacks[tasks[i].ID]
		if ok && !seems(tasks[i]) && tasks[i].Wait.Site == 0 { // a coroutine: where it waits is not noted
			_, tasks[i].Wait.Site = innermost(stack)
		}
		if ok && seems(tasks[i]) && !inThisPackage(stack) {
			w := &tasks[i].Wait
			w.Kind, w.Detail = WaitLibrary, libraryWait(stack)
			if _, site := innermost(stack); site != 0 {
				w.Site = site
			}
		}
	}
}

// inThisPackage reports whether it is this package that waits: the task has begun to wait, or has ended its wait, since it was asked.
func inThisPackage(stack []byte) bool {
	_, frames, _ := bytes.Cut(stack, []byte("\n"))
	for line := range bytes.Lines(frames) {
		switch {
		case line[0] == '\t' || bytes.HasPrefix(line, []byte("runtime.")) || bytes.HasPrefix(line, []byte("sync.")) ||
			bytes.HasPrefix(line, []byte("internal/sync.")) || bytes.HasPrefix(line, []byte("reflect.")) ||
			bytes.HasPrefix(line, []byte("iter.")):
		default:
			return bytes.HasPrefix(line, []byte(thisPackage))
		}
	}
	return false
}

// libraryWait says what a library waits for, by the innermost of its functions that tells.
func libraryWait(stack []byte) string {
	for line := range bytes.Lines(stack) {
		for prefix, what := range waitedBy {
			if bytes.HasPrefix(line, []byte(prefix)) {
				return what
			}
		}
	}
	return ""
}

// waitedBy are the beginnings of names of functions that wait for something outside.
var waitedBy = map[string]string{
	"os.(*Process).": "a process", "net.(": "a socket", "net/http.(": "a socket", "os.(*File).": "a file", "time.Sleep(": "time",
}
