package display_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/gobraid/gobraid/interp/display"
)

type blocked struct{ until chan struct{} }

func (b blocked) String() string { <-b.until; return "late" }

func TestMethodThatBlocksIsGivenUp(t *testing.T) {
	b := blocked{make(chan struct{})}
	defer close(b.until) // so that the goroutines end: TestMain looks for leaks
	p := display.Default()
	p.Timeout = time.Millisecond
	want := "[]display_test.blocked{\n" + strings.Repeat("    display_test.blocked (its String method does not return),\n", 3) + "}"
	if got := p.Text(reflect.ValueOf([]blocked{b, b, b}), nil); got != want {
		t.Errorf("shown as\n%s\nwant\n%s", got, want)
	}
}

type quitter struct{}

func (quitter) Error() string { runtime.Goexit(); return "" }

type owned struct{}

func (owned) String() string { return "owned" }

func TestMethodsRunWhereTheOwnerSays(t *testing.T) {
	p := display.Default()
	started := 0
	p.Go = func(f func()) { started++; go f() }
	if got := p.Text(reflect.ValueOf([]owned{{}, {}}), nil); got != "[]display_test.owned{owned, owned}" || started != 2 {
		t.Errorf("shown as %s on %d goroutines", got, started)
	}
}

func TestMethodThatEndsItsGoroutine(t *testing.T) {
	want := "display_test.quitter (its Error method ends its goroutine)"
	if got := display.Text(reflect.ValueOf(quitter{}), nil); got != want {
		t.Errorf("shown as %s, want %s", got, want)
	}
}

func TestUnexportedValues(t *testing.T) {
	v := reflect.ValueOf(struct {
		when time.Duration
		in   any
		s    struct{ a []Weekday }
	}{time.Second, Weekday(1), struct{ a []Weekday }{[]Weekday{2}}})
	got := display.Text(v, nil)
	const want = `struct { when time.Duration; in any; s struct { a []display_test.Weekday } }{
    when: 1s,
    in: Monday,
    s: struct { a []display_test.Weekday }{a: []display_test.Weekday{Tuesday}},
}`
	if got != want {
		t.Errorf("shown as\n%s\nwant\n%s", got, want)
	}
	// A value that was read from an unexported field itself cannot be copied; it is still shown.
	if got := display.Text(v.Field(0), nil); got != "time.Duration(1000000000)" {
		t.Errorf("the field is shown as %s", got)
	}
}

func TestLimits(t *testing.T) {
	p := display.Default()
	p.Elems, p.Nodes, p.Depth, p.String = 2, 7, 2, 4
	tests := []struct {
		v    any
		want string
	}{
		{[]int{1, 2, 3}, "[]int{1, 2, … 1 more}"},
		{map[int]int{1: 1, 2: 2, 3: 3}, "map[int]int{1: 1, 2: 2, … 1 more}"},
		{[][]int{{1}, {2}}, "[][]int{{1}, {2}}"},
		{[][][]int{{{1}}}, "[][][]int{{{…}}}"},
		{[][]int{{1, 2}, {3, 4}}, "[][]int{{1, 2}, {3, 4}}"},
		{[][]string{{"a", "b"}, {"c", "d"}, {"e"}}, `[][]string{{"a", "b"}, {"c", "d"}, … 1 more}`},
		{map[string][]int{"a": {1, 2, 3}, "b": {1, 2, 3}}, `map[string][]int{"a": {1, 2, … 1 more}, "b": {… 3 more}}`},
		{struct{ A, B, C, D, E, F, G, H int }{}, "struct { A int; B int; C int; D int; E int; F int; G int; H int }{\n    A: 0,\n    B: 0,\n    C: 0,\n    D: 0,\n    E: 0,\n    F: 0,\n    G: …,\n    H: …,\n}"},
		{"abcdef", `"abcd"… 2 bytes more`},
		{"abcä", `"abc"… 2 bytes more`},
		{"\xff\xff\xff\xff\xff\xff", `"\xff\xff\xff\xff"… 2 bytes more`},
	}
	for _, test := range tests {
		if got := p.Text(reflect.ValueOf(test.v), nil); got != test.want {
			t.Errorf("%v is shown as\n%s\nwant\n%s", test.v, got, test.want)
		}
	}
}

func TestLargeMapIsNotSortedAsAWhole(t *testing.T) {
	m := make(map[int]int)
	for i := range 20_000 {
		m[i] = i
	}
	if got := display.Text(reflect.ValueOf(m), nil); !strings.HasSuffix(got, "    … 19900 more,\n}") || strings.Count(got, "\n") != 102 {
		t.Errorf("shown as\n%s", got)
	}
}

type ꞰHidden struct{ ꞰField int }

func TestRenamedIdentifiers(t *testing.T) {
	if got := display.Text(reflect.ValueOf(&ꞰHidden{1}), nil); got != "&display_test.Hidden{Field: 1}" {
		t.Errorf("shown as %s", got)
	}
	if got := display.Text(reflect.ValueOf("Ʞ"), nil); got != `"Ʞ"` {
		t.Errorf("the string is shown as %s", got)
	}
}

// FuzzText shows values built from the input. Whatever it is, it is shown; what is shown whole is a Go
// expression; and nothing is changed.
func FuzzText(f *testing.F) {
	f.Add([]byte{0})
	f.Add([]byte{5, 3, 1, 200, 4, 2, 'a', 'b', 6, 2, 3, 1, 9})
	f.Add([]byte{8, 8, 8, 8, 7, 5, 1, 9, 4, 3, 0xff, 'x', '`'})
	f.Fuzz(func(t *testing.T, data []byte) {
		v, again := (&builder{data}).value(0), (&builder{data}).value(0)
		text := display.Text(reflect.ValueOf(&v).Elem(), nil)
		if text == "" {
			t.Error("shown as nothing")
		}
		if !reflect.DeepEqual(v, again) {
			t.Errorf("%v was changed", v)
		}
		if strings.Contains(text, "…") {
			return
		}
		e, err := parser.ParseExpr(strings.ReplaceAll(text, "display_test.", ""))
		if err != nil {
			t.Errorf("not Go: %v\n%s", err, text)
		}
		ast.Inspect(e, func(n ast.Node) bool {
			if lit, ok := n.(*ast.CompositeLit); ok && len(lit.Elts) > 100 {
				t.Errorf("%d elements are shown", len(lit.Elts))
			}
			return true
		})
	})
}

// A builder makes a value of bytes.
type builder struct{ data []byte }

func (b *builder) byte() byte {
	if len(b.data) == 0 {
		return 0
	}
	c := b.data[0]
	b.data = b.data[1:]
	return c
}

func (b *builder) value(depth int) any {
	if depth > 12 {
		return nil
	}
	switch b.byte() % 10 {
	case 1:
		return int(int8(b.byte()))
	case 2:
		return float64(b.byte()) / (float64(b.byte()) + 0.5)
	case 3:
		n := min(int(b.byte()), len(b.data))
		s := string(b.data[:n])
		b.data = b.data[n:]
		return s
	case 4:
		return uint8(b.byte())
	case 5:
		s := make([]any, b.byte()%8)
		for i := range s {
			s[i] = b.value(depth + 1)
		}
		return s
	case 6:
		m := make(map[string]any)
		for range b.byte() % 8 {
			m[fmt.Sprint(b.byte())] = b.value(depth + 1)
		}
		return m
	case 7:
		return Pair[string, any]{string(rune(b.byte())), b.value(depth + 1)}
	case 8:
		return &Pair[int, []any]{int(b.byte()), []any{b.value(depth + 1)}}
	case 9:
		return [2]complex128{complex(float64(b.byte()), -1)}
	}
	return nil
}
