// Struct types, methods, embedding, pointers.
package main

import (
	"fmt"
	"strings"
	"sync"
)

type point struct{ X, y int }

func (p point) sum() int    { return p.X + p.y }
func (p *point) move(d int) { p.X += d; p.y += d }

type named struct {
	point
	*sync.Mutex
	name string
	tags []string
	m    map[string]int
	next *named
	f    func(int) int
	grid [2][2]int
}

type celsius float64

func (c celsius) String() string  { return fmt.Sprintf("%.1f°C", float64(c)) }
func (c *celsius) warm(d float64) { *c += celsius(d) }

type stack []int

func (s *stack) push(v int) { *s = append(*s, v) }
func (s *stack) pop() int {
	old := *s
	v := old[len(old)-1]
	*s = old[:len(old)-1]
	return v
}
func (s stack) len() int { return len(s) }

type list struct {
	head *node
	n    int
}

type node struct {
	v    int
	next *node
}

func (l *list) add(v int) *list {
	l.head = &node{v, l.head}
	l.n++
	return l
}

func (l *list) each(f func(int)) {
	for n := l.head; n != nil; n = n.next {
		f(n.v)
	}
}

type tree struct {
	l, r *tree
	v    int
}

func (t *tree) insert(v int) *tree {
	if t == nil {
		return &tree{v: v}
	}
	if v < t.v {
		t.l = t.l.insert(v)
	} else {
		t.r = t.r.insert(v)
	}
	return t
}

func (t *tree) walk(f func(int)) {
	if t != nil {
		t.l.walk(f)
		f(t.v)
		t.r.walk(f)
	}
}

type account struct {
	mu      sync.Mutex
	balance int
}

func (a *account) add(n int) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.balance += n
	return a.balance
}

type month int

const (
	jan month = iota + 1
	feb
	mar
)

func (m month) name() string { return []string{"", "Jan", "Feb", "Mar"}[m] }

func change(p point) point { p.X = 100; return p }

func main() {
	p := point{1, 2}
	q := p
	q.X = 10
	p.move(5)
	fmt.Println(p, q, p.sum(), change(p), p, p == point{6, 7}, p != q)
	r := &p
	r.move(1)
	(*r).X++
	fmt.Println(*r, r.sum(), r.X)

	n := named{point: p, Mutex: &sync.Mutex{}, name: "n"}
	n.Lock()
	n.tags = append(n.tags, "a", "b")
	n.m = map[string]int{"k": 1}
	n.m["k"]++
	n.Unlock()
	n.move(1)
	n.next = &named{name: "second", f: func(i int) int { return i * i }}
	n.grid[1][0] = 4
	o := n
	o.grid[1][0] = 5
	o.tags[0] = "changed"
	fmt.Println(n.X, n.sum(), n.tags, n.m["k"], n.next.name, n.next.f(5), n.grid, o.grid)

	var c celsius = 20
	c.warm(1.55)
	fmt.Println(c, celsius(3), c > 20, float64(c))
	fmt.Printf("%v %s|%8v|\n", c, c, c)

	var s stack
	s.push(1)
	s.push(2)
	s.push(3)
	fmt.Println(s.pop(), s.len(), s, len(s))

	var l list
	l.add(1).add(2).add(3)
	total := 0
	l.each(func(v int) { total = total*10 + v })
	fmt.Println(total, l.n)

	var t *tree
	for _, v := range []int{5, 2, 8, 1, 9} {
		t = t.insert(v)
	}
	var b strings.Builder
	t.walk(func(v int) { fmt.Fprint(&b, v, " ") })
	fmt.Println(b.String())

	a := &account{}
	a.add(5)
	fmt.Println(a.add(6), a.balance)
	fmt.Println(feb, mar.name(), jan)

	ps := []point{{1, 2}, {3, 4}}
	for _, p := range ps {
		p.X = 99
	}
	for i := range ps {
		ps[i].y *= 2
		ps[i].move(1)
	}
	pp := &ps[0]
	pp.X = 50
	mp := map[point]string{{1, 1}: "one"}
	mp[point{2, 2}] = "two"
	ptrs := []*point{{7, 7}, {8, 8}}
	ptrs[0].X++
	byName := map[string]*point{"a": {1, 1}}
	byName["a"].X = 3
	fmt.Println(ps, mp[point{1, 1}], mp[point{2, 2}], len(mp), *ptrs[0], *byName["a"])
	arr := [2]point{{1, 1}}
	brr := arr
	brr[0].X = 9
	fmt.Println(arr, brr, arr == brr, arr == [2]point{{1, 1}, {}})

	var all []*point
	for i := 0; i < 3; i++ {
		all = append(all, &point{i, i})
	}
	for _, p := range all {
		fmt.Print(*p, " ")
	}
	fmt.Println()
	tests := []struct {
		in   string
		want int
	}{{"a", 1}, {"bb", 2}}
	for _, tt := range tests {
		fmt.Println(tt.in, len(tt.in) == tt.want)
	}
	p.X, p.y = p.y, p.X
	ps[0], ps[1] = ps[1], ps[0]
	fmt.Println(p, ps)
	new1 := new(point)
	new1.X = 4
	fmt.Println(*new1, new1)
}
