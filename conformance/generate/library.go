package generate

import (
	"fmt"
	"strings"
)

// library declares what the features need.
func (g *generator) library() {
	for _, part := range parts {
		if part.feature == "" || g.has(part.feature) {
			g.out.WriteString(strings.TrimPrefix(part.text, "\n"))
			g.out.WriteByte('\n')
		}
	}
	if g.has("genericfunc") && g.has("generic") {
		for range 2 {
			g.genericFunc()
		}
	}
}

type part struct{ feature, text string }

var parts = []part{
	{"", `
var (
	errA = errors.New("a")
	errB = fmt.Errorf("b: %w", errA)
)
`},
	{"defer", `
func rescue(out *string, res *int) {
	r := recover()
	*res++
	*out += fmt.Sprint("rescued ", r)
}
`},
	{"any", `
func comparable_(x any) (ok bool) {
	defer func() { ok = recover() == nil }()
	return x == x || true
}
`},
	{"generic", `
type number interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uint | ~float64 | ~float32
}

func apply[T, U any](xs []T, f func(T) U) []U {
	var out []U
	for _, x := range xs {
		out = append(out, f(x))
	}
	return out
}

func filter[S ~[]E, E any](xs S, keep func(E) bool) S {
	var out S
	for _, x := range xs {
		if keep(x) {
			out = append(out, x)
		}
	}
	return out
}

func fold[T, A any](xs []T, acc A, f func(A, T) A) A {
	for _, x := range xs {
		acc = f(acc, x)
	}
	return acc
}

func sum[T number](xs ...T) (s T) {
	for _, x := range xs {
		s += x
	}
	return
}

func zero[T any]() (z T) { return }

func ref[T any](x T) *T { return &x }

func indexOf[T comparable](xs []T, x T) int {
	for i, y := range xs {
		if x == y {
			return i
		}
	}
	return -1
}

type pair[A, B any] struct {
	first  A
	second B
}

func (p pair[A, B]) swap() pair[B, A] { return pair[B, A]{p.second, p.first} }

type stack[T any] struct {
	items []T
	top   *T
}

func (s *stack[T]) push(x T) *stack[T] {
	s.items = append(s.items, x)
	s.top = &x
	return s
}

func (s *stack[T]) pop() (x T, ok bool) {
	if len(s.items) == 0 {
		return x, false
	}
	x = s.items[len(s.items)-1]
	s.items = s.items[:len(s.items)-1]
	return x, true
}

func (s stack[T]) size() int { return len(s.items) }

type tree[K cmp.Ordered, V any] struct {
	key         K
	value       V
	left, right *tree[K, V]
}

func (t *tree[K, V]) insert(k K, v V) *tree[K, V] {
	switch {
	case t == nil:
		return &tree[K, V]{key: k, value: v}
	case k < t.key:
		t.left = t.left.insert(k, v)
	case k > t.key:
		t.right = t.right.insert(k, v)
	default:
		t.value = v
	}
	return t
}

func (t *tree[K, V]) walk(visit func(K, V)) {
	if t != nil {
		t.left.walk(visit)
		visit(t.key, t.value)
		t.right.walk(visit)
	}
}

type set[T comparable] map[T]struct{}

func (s set[T]) add(xs ...T) set[T] {
	for _, x := range xs {
		s[x] = struct{}{}
	}
	return s
}

func (s set[T]) has(x T) bool { _, ok := s[x]; return ok }
`},
	{"rangefunc", `
func count(n int) func(func(int) bool) {
	return func(yield func(int) bool) {
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}

func pairs(s string, n int) iter.Seq2[string, int] {
	return func(yield func(string, int) bool) {
		defer func() { trace = append(trace[:len(trace):len(trace)], s) }()
		for i := 0; i < n; i++ {
			if !yield(s[:min(i, len(s))], i*i) {
				total++
				return
			}
		}
	}
}

func thrice(yield func() bool) { _ = yield() && yield() && yield() }
`},
	{"concurrent", `
func pipe(xs []int, f func(int) int) (out []int) {
	c := make(chan int)
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		defer close(c)
		for _, x := range xs {
			c <- f(x)
		}
	}()
	for v := range c {
		out = append(out, v)
	}
	wg.Wait()
	return
}

type counter struct {
	mu sync.RWMutex
	n  map[string]int
}

func (c *counter) add(key string, n int) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.n == nil {
		c.n = map[string]int{}
	}
	c.n[key] += n
	return c.n[key]
}

func (c *counter) get(key string) int {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.n[key]
}
`},
}

// genericFunc declares a generic function of numbers.
func (g *generator) genericFunc() {
	name := fmt.Sprint("gen", strings.Count(g.out.String(), "func gen")+1)
	saved := g.features
	g.features = map[string]bool{"label": saved["label"], "switch": saved["switch"], "const": saved["const"]}
	g.scopes = [][]variable{nil}
	g.line("func %s[T number](x, y T, n int) (res int, out string) {", name)
	g.scope(func() {
		g.declare(variable{name: "x", t: tParam})
		g.declare(variable{name: "y", t: tParam})
		g.declare(variable{name: "n", t: tInt})
		g.declare(variable{name: "res", t: tInt})
		basics := g.basics
		g.basics = []*typ{tInt, tParam, tParam, tParam, sliceOf(tParam), tFloat, tString}
		g.line("burn()")
		for range 2 {
			g.declaration()
		}
		g.statements(3 + g.r.IntN(4))
		g.dump()
		g.line("return res, out + fmt.Sprint(x, y)")
		g.basics = basics
	})
	g.line("}\n")
	g.features = saved
}

// genericUse uses the generic functions and types of the program.
func (g *generator) genericUse() {
	t := g.anyType(1)
	x, r := g.fresh("g"), g.fresh("g")
	n := choose(g, tInt, tFloat, tUint8, integers[g.r.IntN(len(integers))])
	for _, o := range g.others {
		if o.number() && g.chance(3) {
			n = o
		}
	}
	switch g.r.IntN(12) {
	case 0:
		g.line("%s := apply([]%s{%s, %s}, func(q %s) string { return fmt.Sprint(%s) })", x, n.name, g.literal(n, 1), g.simple(n), n.name, "float64(q)")
		g.line("out += fmt.Sprint(%s)", x)
	case 1:
		g.line("%s := filter(%s{%s, %s, %s}, func(q %s) bool { return q > %s })", x, sliceOf(n).name, g.literal(n, 1), g.literal(n, 1), g.simple(n), n.name, g.literal(n, 1))
		g.line("res += len(%s)", x)
	case 2:
		g.line("%s := fold([]int{1, 2, %s}, %s, func(a string, q int) string { return a + strconv.Itoa(q) })", x, g.simple(tInt), g.simple(tString))
		g.line("out += clip(%s)", x)
	case 3:
		g.line("out += fmt.Sprint(float64(sum(%s, %s)), sum[float64]())", g.typedLiteral(n), g.notConst(n))
	case 4:
		g.line("%s := zero[%s]()", x, t.name)
		g.line("_ = %s", x)
		g.declare(variable{name: x, t: t})
		g.printing(x, t, 1)
	case 5:
		g.line("%s := ref(%s)", x, g.typed(n))
		g.line("*%s += %s", x, g.literal(n, 1))
		g.line("out += fmt.Sprint(float64(*%s))", x)
	case 6:
		k := g.keyType()
		g.line("res += indexOf([]%s{%s, %s}, %s)", k.name, g.literal(k, 1), g.literal(k, 1), g.typed(k))
	case 7:
		g.line("%s := pair[%s, %s]{%s, %s}", x, n.name, t.name, g.expr(n, 1), g.literal(t, 1))
		g.line("%s := %s.swap()", r, x)
		g.line("_ = %s.first", r)
		g.printing(r+".first", t, 1)
		g.line("out += fmt.Sprint(float64(%s.second))", r)
	case 8:
		g.line("var %s stack[%s]", x, t.name)
		g.line("%s.push(%s).push(%s)", x, g.literal(t, 1), g.literal(t, 1))
		g.line("if %s, ok := %s.pop(); ok {", r, x)
		g.line("\tres += %s.size()", x)
		g.line("\t_ = %s", r)
		g.indent++
		g.printing(r, t, 1)
		g.indent--
		g.line("}")
	case 9:
		g.line("var %s *tree[%s, int]", x, n.name)
		g.line("for i, q := range []%s{%s, %s, %s} { %s = %s.insert(q, i) }", n.name, g.literal(n, 1), g.literal(n, 1), g.literal(n, 1), x, x)
		g.line("%s.walk(func(k %s, v int) { out += fmt.Sprint(float64(k), \":\", v, \" \") })", x, n.name)
	case 10:
		k := g.keyType()
		g.line("%s := set[%s]{}", x, k.name)
		g.line("%s.add(%s, %s)", x, g.literal(k, 1), g.literal(k, 1))
		g.line("if res += len(%s); %s.has(%s) { res++ }", x, x, g.literal(k, 1))
	case 11:
		if g.has("genericfunc") && !g.quiet {
			g.line("%s, %s := gen%d[%s](%s, %s, %s)", x, r, 1+g.r.IntN(2), n.name, g.simple(n), g.literal(n, 1), g.simple(tInt))
			g.line("res += %s", x)
			g.line("out += clip(%s)", r)
		}
	}
}

// rangeFunc ranges over a function.
func (g *generator) rangeFunc() {
	g.labelled(func() {
		k, v := g.fresh("k"), g.fresh("e")
		switch g.r.IntN(6) {
		case 0, 1:
			g.line("for %s := range count(%d) {", k, 1+g.r.IntN(4))
			g.body(nil, k)
		case 2:
			g.line("for %s, %s := range pairs(%q, %d) {", v, k, g.pick("abc", "", "xy"), g.r.IntN(4))
			g.body(func() { g.line("_ = %s", v); g.declare(variable{name: v, t: tString, fixed: true}) }, k)
		case 3:
			g.line("for range thrice {")
			g.body(nil)
		case 4:
			g.line("for %s, %s := range func(yield func(int, string) bool) {", k, v)
			g.line("\tfor i := 0; i < %d; i++ {\n\t\tif !yield(i, strings.Repeat(%q, i)) {\n\t\t\treturn\n\t\t}\n\t}", 1+g.r.IntN(3), "z")
			g.line("} {")
			g.body(func() { g.line("_ = %s", v); g.declare(variable{name: v, t: tString, fixed: true}) }, k)
		case 5:
			if g.has("library") {
				g.line("for %s, %s := range slices.Backward([]int{1, 2, %s}) {", k, v, g.simple(tInt))
				g.body(func() { g.line("_ = %s", v); g.declare(variable{name: v, t: tInt, fixed: true}) }, k)
				return
			}
			g.line("for %s := range count(3) {", k)
			g.line("\tfor %s := range count(%s + 1) {", v, k)
			g.line("\t\tif %s == 1 { continue }", v)
			g.line("\t\tif %s > 1 { break }", k)
			g.line("\t\tres += %s*10 + %s", v, k)
			g.line("\t}")
			g.line("}")
		}
	})
	if g.chance(4) {
		// Out of the body: return.
		f := g.fresh("rf")
		g.line("%s := func(limit int) (r int, s string) {", f)
		g.line("\tdefer func() { r++ }()")
		g.line("\tfor i := range count(5) {\n\t\tdefer func() { s += strconv.Itoa(i) }()\n\t\tif i == limit {\n\t\t\treturn i * 100, \"at\"\n\t\t}\n\t}")
		g.line("\treturn -1, \"end\"\n}")
		a, b := g.fresh("r"), g.fresh("r")
		g.line("%s, %s := %s(%d)", a, b, f, g.r.IntN(7))
		g.line("res += %s", a)
		g.line("out += %s", b)
	}
}

func (g *generator) pick(list ...string) string { return choose(g, list...) }

// libraryUse calls the standard library with function values and such.
func (g *generator) libraryUse() {
	x := g.fresh("l")
	switch g.r.IntN(9) {
	case 0:
		g.line("%s := []int{%s, 3, %s, 1}", x, g.simple(tInt), g.literal(tInt, 0))
		g.line("sort.Slice(%s, func(i, j int) bool { return %s[i] > %s[j] })", x, x, x)
		g.line("out += fmt.Sprint(%s)", x)
	case 1:
		g.line("out += strings.Map(func(r rune) rune {\n\t\tif r == 'l' { return -1 }\n\t\treturn r + %s\n\t}, %s)", choose(g, "0", "1"), g.simple(tString))
	case 2:
		g.line("var %s strings.Builder", x)
		g.line("for i := range 3 { fmt.Fprintf(&%s, \"%%d-\", i*%s) }", x, choose(g, "2", "3"))
		g.line("%s.WriteString(%s)", x, g.simple(tString))
		g.line("out += %s.String()", x)
	case 3:
		g.line("if n, err := strconv.Atoi(%s); err != nil { out += err.Error() } else { res += n }", choose(g, `"12"`, `"x"`, g.simple(tString)))
	case 4:
		g.line("out += strings.Join(strings.FieldsFunc(%s+\"a b,c\", func(r rune) bool { return r == ' ' || r == ',' }), \"/\")", g.simple(tString))
	case 5:
		g.line("%s := []string{\"b\", %s, \"a\"}", x, g.simple(tString))
		g.line("slices.Sort(%s)", x)
		g.line("out += fmt.Sprint(%s, slices.Contains(%s, \"a\"), slices.Index(%s, \"b\"))", x, x, x)
	case 6:
		g.line("%s := map[string]int{\"x\": %s, \"y\": 2}", x, g.simple(tInt))
		g.line("out += fmt.Sprint(slices.Sorted(maps.Keys(%s)), len(%s))", x, x)
	case 7:
		g.line("%s := slices.SortedFunc(slices.Values([]int{3, %s, 2}), func(a, b int) int { return cmp.Compare(b, a) })", x, g.simple(tInt))
		g.line("out += fmt.Sprint(%s, slices.Max(%s))", x, x)
	case 8:
		g.line("out += fmt.Sprintf(\"%%08.3f|%%-6s|%%+d|%%x|%%t\", %s, %s, %s, %s, %s)", g.expr(tFloat, 1), g.simple(tString), g.simple(tInt), g.simple(tString), g.simple(tBool))
	}
}
