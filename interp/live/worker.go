package live

import (
	"plugin"

	"github.com/gobraid/gobraid/concurrency/process"
	"github.com/gobraid/gobraid/concurrency/task"
)

// Worker makes a worker process of this process if it was started as one, and then does not return: a session starts it when a cell
// gives work to a process.Pool. Functions of cells are in plugins, which the session has built and names. It is called before
// anything else is done, in a session's process too.
func Worker() {
	process.Opener(func(file string) error {
		task.WithoutVariables() // what a function mentions of them is refused before
		_, err := plugin.Open(file)
		return err
	})
	process.Interpreter(interpretTexts())
	process.Main()
}
