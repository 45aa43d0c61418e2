package rt

import (
	"reflect"
	"testing"
)

func TestSame(t *testing.T) {
	list := []any{
		0, "", []int{}, [2]int{}, [3]int{}, map[string]int{}, map[int]string{}, make(chan int), make(<-chan int), new(int),
		func(int) string { return "" }, func(...int) {}, func([]int) {}, (*error)(nil), []any{}, [][]chan *int{},
	}
	for i, a := range list {
		for j, b := range list {
			if got := same(reflect.TypeOf(a), reflect.TypeOf(b)); got != (i == j) {
				t.Errorf("same(%T, %T) = %v", a, b, got)
			}
		}
	}
}
