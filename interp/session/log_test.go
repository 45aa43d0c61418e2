package session

import (
	"fmt"
	"testing"

	"github.com/gobraid/gobraid/interp"
)

func TestCellLog(t *testing.T) {
	var l cellLog
	failed := func(name string) *interp.Error { return &interp.Error{Name: name} }
	for i, e := range []entry{
		{req: interp.Request{Source: "a"}},
		{req: interp.Request{Source: "b"}, error: failed(interp.ErrPanic)},
		{req: interp.Request{Source: "c"}, error: failed(interp.ErrCompile)},
		{req: interp.Request{Source: "c"}, error: failed(interp.ErrRefused)},
		{req: interp.Request{Source: "c"}, error: failed(interp.ErrMagic)},
		{req: interp.Request{Source: " \n"}},
		{req: interp.Request{Source: "a"}},
		{req: interp.Request{Source: "d"}, error: failed(interp.ErrSession), deadly: true},
		{req: interp.Request{Source: "a"}},
	} {
		e.req.Number = i
		l.add(e)
	}
	for _, test := range []struct {
		what string
		got  []interp.Request
		want string
	}{
		{"succeeded", l.succeeded(), "a0 a6 a8 "},
		{"declaring", l.declaring(true), "a0 b1 d7 a8 "},
		{"declaring, not deadly", l.declaring(false), "a0 b1 a8 "},
	} {
		text := ""
		for _, c := range test.got {
			text += fmt.Sprint(c.Source, c.Number, " ")
		}
		if text != test.want {
			t.Errorf("%s: %s, want %s", test.what, text, test.want)
		}
	}
	if c, ok := l.find(7); !ok || c.Source != "d" {
		t.Errorf("cell 7: %v %v", c, ok)
	}
	if _, ok := l.find(3); ok {
		t.Error("cell 3 is found")
	}
}

func TestSinks(t *testing.T) {
	var s sinks
	if s.of(0) != nil || s.of(1) != nil {
		t.Error("there are sinks in none")
	}
	all := make([]*nullSink, 3*keepSinks)
	for i := range all {
		all[i] = new(nullSink)
		if id := s.add(all[i]); id != uint64(i+1) {
			t.Fatalf("run %d is called %d", i+1, id)
		}
	}
	if s.of(uint64(len(all))) != all[len(all)-1] || s.of(uint64(len(all)+1)) != nil {
		t.Error("the latest sink is not at its place")
	}
	if s.of(1) == all[0] || s.of(1) != s.of(2) || len(s.all) > 2*keepSinks {
		t.Error("old sinks are kept")
	}
}

type nullSink struct {
	interp.Sink
	_ byte // so that two are not one
}
