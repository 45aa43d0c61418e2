package display

import "github.com/gobraid/gobraid/concurrency/task"

// Tasks returns a table of the tasks that live now, those of all cells and the calling one too, as %tasks shows it: a value for the end of a cell
// or for [Show], whenever the code itself knows when to look. It does not block.
func Tasks() Bundle { return Bundle{MIME: task.Listing()} }
