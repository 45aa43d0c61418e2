package after_test

import (
	"sync"
	"testing"

	"github.com/gobraid/gobraid/concurrency/internal/after"
)

func TestList(t *testing.T) {
	var mu sync.Mutex
	var l after.List
	var got string
	say := func(s string) func() { return func() { got += s } }
	add := func(s string) func() bool {
		mu.Lock()
		defer mu.Unlock()
		return l.Add(&mu, say(s))
	}
	stopA, stopB, stopC := add("a"), add("b"), add("c")
	if !stopB() || stopB() {
		t.Error("b is taken out once")
	}
	mu.Lock()
	call := l.Take()
	mu.Unlock()
	if stopA() || stopC() {
		t.Error("they were in the list after Take")
	}
	if call(); got != "ac" {
		t.Errorf("called: %s", got)
	}
}
