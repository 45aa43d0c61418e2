package live

import (
	"fmt"
	"runtime"
	"strings"

	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/interp/check"
)

// A cell whose build constraint does not hold is left out, as a file of a package would be, and a line under it says so: a notebook
// may have a cell for each platform. It is no error, or the notebook could be run as a whole nowhere. A file that is
// named on the command line is run whatever it says, as go run does.

// excluded returns the outcome of a cell that is not run because of its build constraint, nil if it is to be run.
func (s *Session) excluded(req interp.Request, id int, text string) *interp.Outcome {
	if req.File != "" {
		return nil
	}
	c, err := check.ConstraintOf(s.texts.virtual(id), text)
	switch {
	case err != nil:
		return &interp.Outcome{Error: s.compileError([]check.Error{*err})}
	case c == nil || c.Holds:
		return nil
	}
	return &interp.Outcome{Notes: []interp.Data{{MIME: map[string]any{"text/plain": exclusion(c)}}}}
}

// exclusion says that a cell is left out.
func exclusion(c *check.Constraint) string {
	why := fmt.Sprintf("does not hold on %s/%s", runtime.GOOS, runtime.GOARCH)
	if strings.Contains(c.Line, "cgo") {
		why += ", where cells are built without cgo"
	}
	return fmt.Sprintf("this cell is left out: %s %s", c.Line, why)
}

// isExcluded reports whether a cell was not run because of its build constraint.
func isExcluded(req interp.Request, text string) bool {
	c, err := check.ConstraintOf("", text)
	return req.File == "" && (err != nil || c != nil && !c.Holds)
}
