package task_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/gobraid/gobraid/concurrency/task"
)

func TestBind(t *testing.T) {
	x := 3
	task.Bind("bind.x", &x)
	defer task.Unbind("bind.x")
	*task.Bound[int]("bind.x")++
	if x != 4 {
		t.Errorf("x = %d", x)
	}
	y := 7
	task.Bind("bind.x", &y)
	if p := task.Bound[int]("bind.x"); p != &y {
		t.Error("the later binding does not count")
	}
	for _, c := range []struct {
		f    func()
		want string
	}{
		{func() { task.Bound[string]("bind.x") }, "panic: task: Bound: variable bind.x is a int, not a string"},
		{func() { task.Bound[int]("bind.none") }, "panic: task: Bound: no variable bind.none"},
	} {
		if p := task.Catch(c.f); p == nil || p.Text() != c.want {
			t.Errorf("p = %v, want %s", p, c.want)
		}
	}
	task.Unbind("bind.x")
	if p := task.Catch(func() { task.Bound[int]("bind.x") }); p == nil {
		t.Error("it is still bound")
	}
}

func TestRegister(t *testing.T) {
	key := "register." + strconv.FormatInt(time.Now().UnixNano(), 36)
	if _, ok := task.Registered(key); ok {
		t.Error("it is registered")
	}
	task.Register(key, func() []any { return []any{1, "a"} })
	run, ok := task.Registered(key)
	if !ok || len(run()) != 2 {
		t.Error("it is not registered")
	}
}
