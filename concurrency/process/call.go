package process

import "github.com/gobraid/gobraid/concurrency"

// A Call is a function on its way to a worker, see [concurrency.Call]; a Shape knows its types.
type (
	Call  = concurrency.Call
	Shape = concurrency.Shape
)
