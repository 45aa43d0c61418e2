package loop

import (
	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/internal/callsite"
)

// misused panics because an object of this package, or a function, was misused.
func misused(object, problem string) {
	panic(&concurrency.MisuseError{Object: "loop." + object, Problem: problem, Place: callsite.Line()})
}
