package generate

import (
	"strings"
	"testing"
)

// TestMinimise makes a program small that is wrong as long as it divides seven by n and prints.
func TestMinimise(t *testing.T) {
	const before = `package main

import (
	"fmt"
	"strings"
)

type unused struct{ a, b int }

func (u unused) sum() int { return u.a + u.b }

func f(n int, s string) (r int) {
	for i := range 3 {
		if i > n {
			r += len(strings.ToUpper(s)) + 7/n
		} else {
			r--
		}
	}
	return r
}

func main() {
	defer func() { recover() }()
	x := unused{1, 2}
	fmt.Println(x.sum(), f(2, "hello"))
}
`
	const want = `package main

func f(n int) (r int) {
	r += 7 / n
	return r
}

func main() {
	f(2)
}
`
	asked := 0
	got := Minimise(before, 0, func(s string) bool {
		asked++
		return strings.Contains(s, "7 / n") || strings.Contains(s, "7/n")
	})
	if len(got) > len(want)+40 {
		t.Errorf("%d questions led to\n%s", asked, got)
	}
	t.Logf("%d questions\n%s", asked, got)
}
