package task_test

import (
	"testing"

	"github.com/gobraid/gobraid/concurrency/task"
)

func TestConvert(t *testing.T) {
	type a struct {
		x int
		y string
	}
	type b struct {
		x int
		y string
	}
	v := a{1, "one"}
	if got := task.Convert[b](v); got.x != 1 || got.y != "one" {
		t.Errorf("got %v", got)
	}
	p := task.Convert[*b](&v)
	p.x = 5
	if v.x != 5 {
		t.Error("a pointer points elsewhere")
	}
	defer func() {
		if recover() == nil {
			t.Error("types of different sizes, and no panic")
		}
	}()
	task.Convert[int32](v)
}
