package process

import (
	"errors"
	"os"
	"sync/atomic"
)

// environment is the variable by which a process knows that it is a worker. It is taken out before any task runs.
const environment = "GOBRAID_PROCESS_WORKER"

// mainCalled is set when Main has been called. That a program has done so is a fact about the process, like its arguments.
var mainCalled atomic.Bool

// isWorker is set in a worker.
var isWorker atomic.Bool

// ErrNoMain is the error of a pool in a program that does not call [Main].
var ErrNoMain = errors.New("process: the workers of a pool are this program, started again: let process.Main() be the first line of main, or of TestMain")

// Main makes a worker of a process that was started as one, and then does not return: the process ends with its pool. Everywhere else
// it returns at once. A program that uses this package calls it first of all in main, before it reads flags,
// opens files or starts goroutines, for all of that would happen in every worker too:
//
//	func main() {
//		process.Main()
//		…
//	}
//
// Without it a pool refuses work with [ErrNoMain]: what this package would start instead is main once more. It is not done
// by an init function, since those run in an order of which a program has no say. What package-level variables are initialised with
// happens in every worker. In a cell Main has been called.
func Main() {
	if os.Getenv(environment) == "" {
		mainCalled.Store(true)
		return
	}
	os.Unsetenv(environment)
	mainCalled.Store(true) // a worker may have a pool, too
	isWorker.Store(true)
	os.Exit(serve())
}
