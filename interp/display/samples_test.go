package display_test

import (
	"errors"
	"image"
	"io"
	"io/fs"
	"math"
	"math/big"
	"net/http"
	"os"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// The samples of TestSamples: the test type-checks this very file as package main to learn their types.

type Point struct{ X, Y int }

type Weekday int

func (d Weekday) String() string { return [...]string{"Sunday", "Monday", "Tuesday"}[d] }

type Celsius float64

type Name string

type Node struct {
	Value int
	Next  *Node
}

type Tree struct {
	Left, Right *Tree
	Key         string
}

type Pair[K comparable, V any] struct {
	Key   K
	Value V
}

type Account struct {
	Owner   Name
	Balance float64
	//lint:ignore U1000 it is there to be shown
	mu     sync.Mutex
	opened time.Time
	tags   map[string]bool
	parent *Account
}

type Temperature struct{ Degrees float64 }

func (t Temperature) String() string { return "21.5 °C" }

type Grid struct{ rows []string }

func (g *Grid) String() string { return strings.Join(g.rows, "\n") }

type NotFound struct{ What string }

func (e NotFound) Error() string { return "not found: " + e.What }

type Angry struct{ N int }

func (Angry) String() string { panic("I will not be shown") }

type Shape interface{ Area() float64 }

type Square struct{ Side float64 }

func (s Square) Area() float64 { return s.Side * s.Side }

type Op func(a, b int) int

var (
	answer             = 42
	pi                 = 3.14
	whole              = 2.0
	notANumber         = math.NaN()
	imaginary          = 2 + 3i
	letter             = 'x'
	runes              = []rune("hé")
	noRune     rune    = -1
	yes                = true
	hello              = "hello \"you\"\n"
	small      uint8   = 7
	single     float32 = 0.1
	address    uintptr = 0xc000
	pause              = 1500 * time.Millisecond
	day                = Weekday(1)
	badDay             = Weekday(9)
	warm               = Celsius(21.5)
	bob                = Name("bob")
	when               = time.Date(2026, 11, 21, 1, 2, 3, 4000, time.UTC)
	whenPtr            = &when
	words              = []string{"a", "b"}
	noWords    []string
	emptyWords = []string{}
	array      = [3]int{1, 2, 3}
	squares    = upTo(40)
	many       = make([]int, 1000)
	matrix     = [][]float64{{1, 0.5}, {0, 1}}
	mixed      = []any{1, "two", 3.0, nil, uint8(4), Point{1, 2}, []int(nil), (*Point)(nil), 'x', Weekday(2)}
	ages       = map[string]int{"bob": 30, "alice": 29}
	byPoint    = map[Point]string{{2, 1}: "b", {1, 2}: "a"}
	nanKeys    = map[float64]int{math.NaN(): 1}
	noMap      map[string]int
	anyKeys    = map[any]int{"b": 1, 2: 2, 1: 1, "a": 0, nil: 5}
	groups     = map[string][]Point{"near": {{0, 1}, {1, 0}}, "far": {{1000, 2000}}, "nowhere": nil}
	text       = []byte("some text\n")
	binary     = []byte{0, 1, 254, 255}
	digest     = [4]byte{0xde, 0xad, 0xbe, 0xef}
	point      = Point{1, 2}
	pointer    = &Point{1, 2}
	points     = []Point{{1, 2}, {3, 4}}
	pointers   = []*Point{{1, 2}, nil}
	noPoint    *Point
	toInt      = &answer
	toPointer  = &pointer
	list       = &Node{1, &Node{2, &Node{3, &Node{4, nil}}}}
	tree       = Tree{&Tree{&Tree{nil, nil, "ll"}, &Tree{nil, nil, "lr"}, "l"}, nil, "root"}
	ring       = newRing()
	selfish    = newSelfish()
	selfMap    = newSelfMap()
	box        = Pair[string, int]{"a", 1}
	boxes      = []Pair[Name, *Point]{{"p", &Point{1, 2}}}
	account    = &Account{Owner: "alice", Balance: 12.5, opened: when, tags: map[string]bool{"vip": true}, parent: &Account{Owner: "bank"}}
	anonymous  = struct {
		A int
		b []string
	}{1, []string{"x"}}
	temperature        = Temperature{21.5}
	temperatures       = []Temperature{{1}, {2}}
	grid               = &Grid{[]string{"ab", "cd"}}
	grids              = []*Grid{{[]string{"ab", "cd"}}}
	errNew             = errors.New("boom")
	errEOF       error = io.EOF
	errPath      error = &fs.PathError{Op: "open", Path: "x", Err: os.ErrNotExist}
	errOwn       error = NotFound{"key"}
	errs               = []error{nil, NotFound{"key"}}
	noErr        error
	angry              = Angry{1}
	angries            = []Angry{{1}}
	shape        Shape = Square{2}
	noShape      Shape
	shapes       = []Shape{Square{1}, &Square{2}}
	bufferedChan = filled()
	plainChan    = make(chan string)
	sendOnly     = (chan<- Point)(make(chan Point, 2))
	noChan       chan int
	double          = func(x int) (string, error) { return "", nil }
	add          Op = func(a, b int) int { return a + b }
	noFunc       func()
	empty        = struct{}{}
	signals      = map[string]struct{}{"a": {}}
	mutex        = &sync.Mutex{}
	counter      atomic.Int64
	current      atomic.Pointer[Point]
	client       = http.Client{Timeout: 3 * time.Second}
	huge         = new(big.Int).Exp(big.NewInt(2), big.NewInt(70), nil)
	picture      = image.NewGray(image.Rect(0, 0, 3, 2))
	typ          = reflect.TypeFor[Point]()
	value        = reflect.ValueOf(Point{1, 2})
	long         = strings.Repeat("ä", 600)
	lines        = []string{strings.Repeat("long ", 10), strings.Repeat("longer ", 10)}
	nested       = map[string]any{"name": "gobraid", "sizes": []any{1, 2, map[string]any{"deep": []string{"a rather long string here", "and another one there"}}}}
	deep         = newDeep(20)
	wide         = [][]int{upTo(200), upTo(10)}
)

func upTo(n int) []int {
	s := make([]int, n)
	for i := range s {
		s[i] = i
	}
	return s
}

func newRing() *Node {
	n := &Node{1, &Node{2, nil}}
	n.Next.Next = n
	return n
}

func newSelfish() []any {
	s := make([]any, 1)
	s[0] = s
	return s
}

func newSelfMap() map[string]any {
	m := map[string]any{"x": 1}
	m["me"] = m
	return m
}

func newDeep(n int) any {
	if n == 0 {
		return "bottom"
	}
	return []any{newDeep(n - 1)}
}

func filled() chan int {
	c := make(chan int, 3)
	c <- 1
	counter.Store(42)
	current.Store(&Point{1, 2})
	return c
}

// samples are pointers to the variables, by name.
var samples = map[string]any{
	"answer":       &answer,
	"pi":           &pi,
	"whole":        &whole,
	"notANumber":   &notANumber,
	"imaginary":    &imaginary,
	"letter":       &letter,
	"runes":        &runes,
	"noRune":       &noRune,
	"yes":          &yes,
	"hello":        &hello,
	"small":        &small,
	"single":       &single,
	"address":      &address,
	"pause":        &pause,
	"day":          &day,
	"badDay":       &badDay,
	"warm":         &warm,
	"bob":          &bob,
	"when":         &when,
	"whenPtr":      &whenPtr,
	"words":        &words,
	"noWords":      &noWords,
	"emptyWords":   &emptyWords,
	"array":        &array,
	"squares":      &squares,
	"many":         &many,
	"matrix":       &matrix,
	"mixed":        &mixed,
	"ages":         &ages,
	"byPoint":      &byPoint,
	"nanKeys":      &nanKeys,
	"noMap":        &noMap,
	"anyKeys":      &anyKeys,
	"groups":       &groups,
	"text":         &text,
	"binary":       &binary,
	"digest":       &digest,
	"point":        &point,
	"pointer":      &pointer,
	"points":       &points,
	"pointers":     &pointers,
	"noPoint":      &noPoint,
	"toInt":        &toInt,
	"toPointer":    &toPointer,
	"list":         &list,
	"tree":         &tree,
	"ring":         &ring,
	"selfish":      &selfish,
	"selfMap":      &selfMap,
	"box":          &box,
	"boxes":        &boxes,
	"account":      &account,
	"anonymous":    &anonymous,
	"temperature":  &temperature,
	"temperatures": &temperatures,
	"grid":         &grid,
	"grids":        &grids,
	"errNew":       &errNew,
	"errEOF":       &errEOF,
	"errPath":      &errPath,
	"errOwn":       &errOwn,
	"errs":         &errs,
	"noErr":        &noErr,
	"angry":        &angry,
	"angries":      &angries,
	"shape":        &shape,
	"noShape":      &noShape,
	"shapes":       &shapes,
	"bufferedChan": &bufferedChan,
	"plainChan":    &plainChan,
	"sendOnly":     &sendOnly,
	"noChan":       &noChan,
	"double":       &double,
	"add":          &add,
	"noFunc":       &noFunc,
	"empty":        &empty,
	"signals":      &signals,
	"mutex":        &mutex,
	"counter":      &counter,
	"current":      &current,
	"client":       &client,
	"huge":         &huge,
	"picture":      &picture,
	"typ":          &typ,
	"value":        &value,
	"long":         &long,
	"lines":        &lines,
	"nested":       &nested,
	"deep":         &deep,
	"wide":         &wide,
}
