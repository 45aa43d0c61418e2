package task

import (
	"fmt"
	"strings"
	"sync/atomic"
)

// A Lister makes what there is to show of the tasks that live now, by MIME type.
type Lister func() map[string]any

var lister atomic.Pointer[Lister]

// OnListing sets the function that [Listing] asks. A session that knows the names of things sets it.
func OnListing(f Lister) { lister.Store(&f) }

// Listing returns what there is to show of the tasks that live now, by MIME type; at least "text/plain". It does not block.
func Listing() map[string]any {
	if f := lister.Load(); f != nil {
		return (*f)()
	}
	var b strings.Builder
	for _, i := range Tasks() {
		state := "runs"
		if i.Wait.Kind != WaitNone {
			state = "waits: " + i.Wait.Kind.String()
		}
		fmt.Fprintf(&b, "%d %s %s\n", i.ID, i.Name, state)
	}
	if b.Len() == 0 {
		b.WriteString("no tasks\n")
	}
	return map[string]any{"text/plain": b.String()}
}
