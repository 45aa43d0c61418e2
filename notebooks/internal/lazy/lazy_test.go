package lazy_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/gobraid/gobraid/notebooks/internal/lazy"
)

// TestRegexp uses an expression first from many goroutines at once.
func TestRegexp(t *testing.T) {
	e := lazy.Regexp(`a(b+)`)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			got := fmt.Sprintln(e.MatchString("xab"), e.FindString("xabb"), e.FindStringIndex("xab"), e.FindStringSubmatch("ab"), e.FindAllString("ab abb", -1),
				e.FindAllStringSubmatch("ab", -1), e.FindAllStringIndex("ab", -1), e.ReplaceAllString("ab", "$1"), e.ReplaceAllStringFunc("ab", func(string) string { return "x" }))
			if want := "true abb [1 3] [ab b] [ab abb] [[ab b]] [[0 2]] b x\n"; got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
	all.Wait()
}

// TestWrong panics at the first use and not before.
func TestWrong(t *testing.T) {
	e := lazy.Regexp(`(`)
	defer func() {
		if recover() == nil {
			t.Error("an expression that is none can be used")
		}
	}()
	e.MatchString("")
}

func ExampleRegexp() {
	word := lazy.Regexp(`\w+`)
	fmt.Println(word.FindString("one two"))
	// Output: one
}
