package callsite_test

import (
	"iter"
	"strings"
	"testing"

	"github.com/gobraid/gobraid/concurrency/internal/callsite"
)

func TestLine(t *testing.T) {
	if got := callsite.Line(); !strings.HasPrefix(got, "callsite_test.go:") {
		t.Error(got)
	}
	next, stop := iter.Pull(func(yield func(string) bool) { yield(callsite.Line()) })
	defer stop()
	if got, _ := next(); !strings.HasPrefix(got, "callsite_test.go:") {
		t.Errorf("in a coroutine: %s", got)
	}
}
