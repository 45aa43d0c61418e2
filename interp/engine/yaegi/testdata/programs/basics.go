// Expressions, constants, conversions, integers of all sizes, strings, maps.
package main

import (
	"errors"
	"fmt"
	"math"
	"os"
	"sort"
	"strconv"
	"strings"
	"time"
	"unicode"
)

const (
	a = iota
	b
	_
	d
	big   = 1 << 40
	huge  = 1 << 100
	third = 1.0 / 3
	text  = "const" + "ant"
)

type weekday int

const (
	sunday weekday = iota
	monday
)

type bits uint8

const (
	flagA bits = 1 << iota
	flagB
	flagC
)

func multi() (int, string, error) { return 1, "two", nil }

func variadic(prefix string, xs ...int) string {
	return prefix + fmt.Sprint(len(xs), xs, xs == nil)
}

func pass(n int, s string, err error) string { return fmt.Sprint(n, s, err) }

var (
	early = late + 1
	late  = initial()
)

func initial() int { return 41 }

func init() { late *= 2 }

func main() {
	fmt.Println(a, b, d, big, huge>>98, third, text, monday, flagA|flagC, flagB)
	fmt.Println(early, late)
	var i8 int8 = 127
	i8++
	var u8 uint8 = 200
	u8 += 100
	var u32 uint32 = 1 << 31
	u32 *= 2
	var i64 int64 = math.MinInt64
	i64--
	var u64 uint64 = math.MaxUint64
	u64 += 2
	fmt.Println(i8, u8, u32, i64, u64, -i8, ^u8, -u32)
	n := 7
	fmt.Println(n/2, -n/2, n%3, -n%3, n<<3, n>>1, -n>>1, n&^5, n^2, n|8, +n)
	s := uint(70)
	fmt.Println(1<<s == 0, int32(n)<<30, u8<<1, i8>>7, n<<s)
	f := 0.1
	fmt.Println(f+0.2, f*3, float32(f), 1/f, -f, math.Inf(1), math.Sqrt(2), f == 0.1, int(2.9*f*10))
	zero := 0.0
	fmt.Println(-zero, 1/(-zero), zero/zero, math.NaN() == math.NaN())
	fmt.Println(int(-2.7*float64(n)), uint8(n*100), int8(n*50), float32(n)/3, string(rune(65+n)))
	fmt.Println(true && !false || n > 3, n > 3 && n < 5, !(n == 7))

	str := "héllo, 世界"
	fmt.Println(len(str), str[1], str[0:1], []byte(str)[:4], []rune(str)[1], string([]rune(str)[7:]), str > "h", str+"!"+str[:1])
	fmt.Println(strings.Fields(" a b  c "), strings.Split("a,b,c", ","), strings.Repeat("ab", 3), strings.Map(unicode.ToUpper, "xyz"))
	v, err := strconv.Atoi("12x")
	fmt.Println(v, err)
	w, err := strconv.ParseFloat("2.5", 64)
	fmt.Println(w, err, strconv.Itoa(-45), strconv.Quote("hi\n"))

	m := map[string][]int{"x": {1}}
	m["x"] = append(m["x"], 2)
	m["y"] = append(m["y"], 3)
	val, ok := m["z"]
	fmt.Println(m, val == nil, ok, len(m))
	delete(m, "x")
	if _, ok := m["x"]; !ok {
		fmt.Println("gone")
	}
	counts := map[rune]int{}
	for _, r := range "hello" {
		counts[r]++
	}
	fmt.Println(counts['l'], counts['z'])
	nested := map[string]map[string]int{"a": {"b": 1}}
	nested["a"]["c"] = 2
	fmt.Println(nested)
	var nilMap map[int]string
	fmt.Println(nilMap[3] == "", len(nilMap))
	keys := make([]string, 0, len(nested))
	for k := range nested["a"] {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	fmt.Println(keys)
	clear(counts)
	fmt.Println(len(counts))

	xs := []int{5, 2, 8, 1}
	ys := xs[1:3]
	ys = append(ys, 100)
	fmt.Println(xs, ys, len(ys), cap(ys), xs[len(xs)-1])
	zs := xs[:2:2]
	zs = append(zs, 7)
	fmt.Println(xs, zs)
	copied := make([]int, 2)
	fmt.Println(copy(copied, xs), copied, append([]int(nil), xs...), append(xs[:1], xs[2:]...))
	sort.Slice(xs, func(i, j int) bool { return xs[i] > xs[j] })
	fmt.Println(xs, []int{}, []string{"a b"}, [2]bool{true}, [...]int{2: 5, 1})
	grid := make([][]int, 3)
	for i := range grid {
		grid[i] = make([]int, 3)
		for j := range grid[i] {
			grid[i][j] = i * j
		}
	}
	grid[1][2] += 10
	grid[2][2]++
	fmt.Println(grid, len(grid[0]))
	var arr [4]int
	arr[2] = 3
	pa := &arr
	pa[1] = 9
	for i, v := range pa {
		fmt.Print(i, v, " ")
	}
	fmt.Println(arr, len(arr), arr[1:3], len(pa))

	x, y, z := multi()
	fmt.Println(x, y, z)
	fmt.Println(multi())
	fmt.Println(pass(multi()))
	fmt.Println(variadic("a"), variadic("b", 1, 2), variadic("c", xs...), variadic("d", []int{}...))
	p, q := 1, 2
	p, q = q, p+q
	xs[0], xs[1] = xs[1], xs[0]
	fmt.Println(p, q, xs)

	e1 := errors.New("inner")
	e2 := fmt.Errorf("outer: %w", e1)
	fmt.Println(e2, errors.Unwrap(e2) == e1, errors.Is(e2, e1), e1 != nil)
	if _, err := os.ReadFile("/no/such"); err != nil {
		var pe *os.PathError
		fmt.Println(errors.As(err, &pe), pe.Op, errors.Is(err, os.ErrNotExist))
	}
	dur := 1500 * time.Millisecond
	fmt.Println(dur, dur.Seconds(), time.Duration(n)*time.Second, dur > time.Second)
	t := time.Date(2024, time.February, 28, 23, 0, 0, 0, time.UTC).Add(2 * time.Hour)
	fmt.Println(t.Format("2006-01-02"), t.Weekday(), t.Year())
	fmt.Printf("%d %5.2f %-5s| %x %q %v %t %c %08b %T\n", n, f, "ab", 255, "q", xs, true, 'z', 5, n)
	var any1 any = 5
	if i, ok := any1.(int); ok {
		fmt.Println(i+1, any1 == 5, any1 != "5")
	}
	list := []any{1, "a", nil, 2.5, []int{1}}
	for _, v := range list {
		if s, ok := v.(string); ok {
			fmt.Print("string ", s, "; ")
		}
		if _, ok := v.(fmt.Stringer); ok {
			fmt.Print("stringer; ")
		}
	}
	fmt.Println(list...)
	var sb strings.Builder
	for i := 3; i > 0; i-- {
		fmt.Fprintf(&sb, "%d...", i)
	}
	sb.WriteString("go")
	fmt.Println(sb.String(), sb.Len())
	fmt.Println(min(3, 1, 2), max(2.5, 1), min("b", "a"), max(f, 7))
	c := 'x'
	c++
	fmt.Println(string(c), c, 'a' < c)
	{
		n := "shadow"
		fmt.Println(n)
	}
	if n := n * 2; n > 10 {
		fmt.Println(n)
	} else if n > 5 {
		fmt.Println("else", n)
	}
	fmt.Println(n)
	var u uint = 3
	fmt.Println(xs[u], xs[int8(1)], "abc"[u-1], uintptr(5))
	type local struct{ k, v int }
	ls := []local{{1, 2}, {3, 4}}
	ls[1].v = 40
	fmt.Println(ls, local{5, 6}.v)
}
