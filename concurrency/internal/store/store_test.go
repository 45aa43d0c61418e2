package store_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/gobraid/gobraid/concurrency/internal/store"
)

// An item is told from others of its rank by its number.
type item struct{ rank, n int }

// Whatever is pushed and popped comes out as from a list that is searched.
func TestStores(t *testing.T) {
	tests := map[string]struct {
		s    store.Store[item]
		next func(list []item) int // which comes out
	}{
		"FIFO": {new(store.FIFO[item]), func([]item) int { return 0 }},
		"LIFO": {new(store.LIFO[item]), func(list []item) int { return len(list) - 1 }},
		"Heap": {&store.Heap[item]{Less: func(a, b item) bool { return a.rank < b.rank }}, func(list []item) int {
			least := 0
			for i := range list {
				if list[i].rank < list[least].rank {
					least = i
				}
			}
			return least
		}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(1, 2))
			var list []item
			for n := range 20_000 {
				if len(list) > 0 && r.IntN(1000) < 450+n%100 { // it grows and shrinks
					i := test.next(list)
					if got := test.s.Pop(); got != list[i] {
						t.Fatalf("after %d steps: %v, want %v", n, got, list[i])
					}
					list = slices.Delete(list, i, i+1)
				} else {
					v := item{r.IntN(20), n}
					test.s.Push(v)
					list = append(list, v)
				}
				if test.s.Len() != len(list) {
					t.Fatalf("after %d steps there are %d, want %d", n, test.s.Len(), len(list))
				}
			}
		})
	}
}
