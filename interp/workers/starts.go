package workers

import "github.com/gobraid/gobraid/interp/check"

// Starts tells whether a cell mentions what starts worker processes, so that it is worth while to start one before it runs.
func Starts(c *check.Cell) bool {
	for _, obj := range c.Info.Uses {
		if obj.Pkg() != nil && obj.Pkg().Path() == processes && (obj.Name() == "NewPool" || obj.Name() == "New") {
			return true
		}
	}
	return false
}
