package concurrency

import (
	"context"

	"github.com/gobraid/gobraid/concurrency/task"
)

// Scope calls body with a new group, on the calling goroutine, and blocks until body has returned and so have all functions of the group: nothing
// that begins in a scope outlives it. It returns what [Group.Wait] does, and body counts as one of the functions: its error cancels the others, or
// whatever the group's policy says, and its panic is raised again when all have ended. Body may set the policy and the limit of the group before
// it calls Go. The group's context is [Group.Context].
//
// It is Python's TaskGroup in an async with, and Kotlin's coroutineScope.
func Scope(ctx context.Context, body func(g *Group) error) error {
	g := NewGroup(ctx)
	returned := false
	defer func() {
		if !returned { // body has called runtime.Goexit, or the cell is interrupted
			g.Cancel(ErrExited)
			_ = g.Wait()
		}
	}()
	var err error
	if p := task.Catch(func() { err = body(g) }); p != nil {
		err = p
	}
	returned = true
	g.ended(err)
	return g.Wait()
}
