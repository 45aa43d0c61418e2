package session

import (
	"fmt"
	"testing"

	"github.com/gobraid/gobraid/interp"
)

func TestLosses(t *testing.T) {
	scope := func(s ...string) (names []interp.Name) {
		for i := 0; i < len(s); i += 2 {
			names = append(names, interp.Name{Kind: s[i], Name: s[i+1]})
		}
		return names
	}
	for _, test := range []struct {
		what         string
		lost         []string
		before, now  []interp.Name
		told         []string
		vars, others []string
	}{
		{"nothing", nil, scope("func", "f"), scope("func", "f"), nil, nil, nil},
		{"known by the process", []string{"y", "x"}, nil, nil, nil, []string{"x", "y"}, nil},
		{"known by the host", nil, scope("var", "x", "func", "f"), scope("func", "f"), nil, []string{"x"}, nil},
		{"known by both", []string{"x"}, scope("var", "x"), nil, nil, []string{"x"}, nil},
		{"a function that used one", []string{"x", "f"}, scope("var", "x", "func", "f"), nil, nil, []string{"x"}, []string{"f"}},
		{"told before", []string{"x", "y"}, scope("var", "y"), nil, []string{"x", "y"}, []string{"y"}, nil},
	} {
		vars, others := Restored{Lost: test.lost}.losses(test.before, test.now, test.told)
		if got, want := fmt.Sprint(vars, others), fmt.Sprint(test.vars, test.others); got != want {
			t.Errorf("%s: %s, want %s", test.what, got, want)
		}
	}
}
