package engine

import (
	"context"
	"fmt"
	"go/types"

	"github.com/gobraid/gobraid/interp/check"
)

// A Deferrer is an engine that can make a cell ready beside what goes on. Like Prepare its methods are called by one
// goroutine at a time.
type Deferrer interface {
	Engine
	// PrepareLater begins to make a cell ready that only declares (see [check.Cell.OnlyDeclares]), and does not wait
	// for it. From its return on, later cells may be prepared with the bindings of what it returns: Prepare
	// waits for what a cell needs. It returns nil for a cell of which it cannot be said yet whether the engine can run
	// it, or for which there is nothing to wait: then Prepare is to be called. The end of ctx gives the work up.
	PrepareLater(ctx context.Context, c *check.Cell, scope *Scope) *Later
	// Forget takes back that a cell has been begun, which has failed.
	Forget(l *Later)
}

// A Later is a cell that an engine is making ready.
type Later struct {
	// Bindings tells where what the cell declares will live. What is of the running program in them (Pointer, Func)
	// is there when Settle has been called.
	Bindings map[types.Object]*Binding
	// Key is the same for two cells that are made ready by the same work.
	Key string
	// Done is closed when the work has ended.
	Done <-chan struct{}
	// Hurry, which may be called from any goroutine, says that somebody waits for it.
	Hurry func()
	// Err returns why the cell cannot be run. It may be called when Done is closed.
	Err func() error
	// Settle completes the bindings. It may be called when Done is closed and Err returns nil.
	Settle func() error
}

// An Unready is the error of a cell that needs another one, which could not be made ready.
type Unready struct {
	Key string // of the other one's Later
}

// Error says that there is another cell.
func (u *Unready) Error() string {
	return fmt.Sprintf("a cell that this one needs could not be compiled (%s)", u.Key)
}
