package live

import (
	"fmt"
	"go/token"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gobraid/gobraid/concurrency/task"
	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/interp/check"
	"github.com/gobraid/gobraid/interp/check/stdtypes"
)

// checked checks cells one after the other and returns a session that knows their spots.
func checked(t testing.TB, cells ...string) *Session {
	t.Helper()
	s := &Session{texts: newTexts(), places: newPlaces(), checker: check.New(stdtypes.NewImporter(token.NewFileSet()), stdtypes.Exporting)}
	for i, text := range cells {
		id := s.texts.id(interp.Request{Number: i + 1}, text)
		cell, errs := s.checker.Check(id, s.texts.virtual(id), text)
		if len(errs) > 0 {
			t.Fatalf("cell %d: %v", i+1, errs)
		}
		s.places.set(id, scan(cell, s.texts.virtual(id)))
		s.checker.Declare(cell, len(cell.Vars))
	}
	return s
}

// kinds are the waits that the comments of TestWaitWords name.
var kinds = map[string]task.Kind{
	"send": task.WaitSend, "receive": task.WaitReceive, "select": task.WaitSelect, "lock": task.WaitLock, "rlock": task.WaitRLock,
	"group": task.WaitGroup, "cond": task.WaitCond, "once": task.WaitOnce, "result": task.WaitResult, "library": task.WaitLibrary,
	"sleep": task.WaitSleep, "forever": task.WaitForever,
}

// TestWaitWords reads cells whose comments "//: kind: words" say how a wait at a statement of their line reads. The statement
// is found by its line, as those are that name no column, and by each of its columns too.
func TestWaitWords(t *testing.T) {
	cells := []string{`import ("context"; "net/http"; "sync"; "time"; "github.com/gobraid/gobraid/concurrency")
jobs, results := make(chan int), []chan int{nil}
type P struct {
	mu sync.RWMutex
	in struct{ c chan int }
}
p := &P{}
var wg sync.WaitGroup
var once sync.Once
cond := sync.NewCond(&p.mu)`,
		`func worker(in <-chan int, more chan<- string) {
	for j := range in { //: receive: waits to receive on in (line 1)
		more <- "x" //: send: waits to send on more (line 1)
		_ = j
	}
	<-jobs //: receive: waits to receive on jobs (cell 1, line 2)
	results[0] <- 1 //: send: waits to send on results[0] (cell 1, line 2)
	v, ok := <-p.in.c //: receive: waits to receive on p.in.c (cell 1, line 5)
	_, _ = v, ok
	p.mu.Lock() //: lock: waits for p.mu (cell 1, line 4)
	p.mu.RLock() //: rlock: waits to read under p.mu (cell 1, line 4)
	wg.Wait() //: group: waits for the group wg (cell 1, line 8)
	cond.Wait() //: cond: waits on the condition cond (cell 1, line 10)
	once.Do(func() {}) //: once: waits for the first call of once (cell 1, line 9)
	select { //: select: waits in a select on jobs, more, time.After(time.Second)
	case v = <-jobs:
	case more <- "y":
	case <-time.After(time.Second):
	default:
	}
	time.Sleep(1) //: sleep: sleeps at line 21
	select {} //: forever: waits for ever in select {} at line 22
}
func get(ctx context.Context) {
	<-ctx.Done() //: receive: waits to receive on ctx.Done()
	http.Get("http://localhost") //: library: is in a call of http.Get at line 26
	<-map[string]chan int{"a": jobs, "bbbbbbbbbbbbbbbbbbbbbbbbbbb": nil}["a"] //: receive: waits to receive on map[string]chan int{…}["a"]
	<-func() chan int { return jobs }() //: receive: waits to receive on (func() chan int literal)()
}
type embeds struct{ sync.Mutex }
var e embeds
e.Lock() //: lock: waits for e (line 31)
(&p.mu).Lock() //: lock: waits for p.mu (cell 1, line 4)
var l sync.Locker = &e
l.Lock() //: lock: waits for l (line 34)
fu := concurrency.Submit(context.Background(), concurrency.NewThreadPool(), func(context.Context) (int, error) { return 1, nil })
fu.Result(context.Background()) //: result: waits for fu (line 36)
concurrency.Gather(context.Background(), func(context.Context) (int, error) { return 1, nil }) //: result: waits for concurrency.Gather at line 38
`}
	s := checked(t, cells...)
	n := 0
	for i, text := range cells {
		for line, source := range strings.Split(text, "\n") {
			_, after, ok := strings.Cut(source, "//: ")
			if !ok {
				continue
			}
			kind, want, _ := strings.Cut(after, ": ")
			n++
			w := task.Wait{Kind: kinds[kind], Site: task.At(i+1, line+1, 0)}
			if got := s.view().waitWords(w, i+1); got != want {
				t.Errorf("cell %d, line %d: %q, want %q", i+1, line+1, got, want)
			}
		}
	}
	if n < 20 {
		t.Errorf("only %d waits", n)
	}
}

func TestNames(t *testing.T) {
	s := checked(t, `import ("sync"; "time")
func worker(n int) {}
type P struct{}
func (P) run() {}
func each[T any](x T) {}
p, work := P{}, func() {}
var wg sync.WaitGroup
go worker(1)
go p.run()
go each[int](1)
go work()
go func() {
}()
wg.Go(work)
time.AfterFunc(1, func() {})
go func() func() { return work }()()
go worker(2); go work()`)
	for line, want := range map[int]string{
		8: "worker", 9: "p.run", 10: "each", 11: "work", 12: "func at line 12", 14: "work", 15: "func at line 15",
		16: "(func() func() literal)()", 13: "", 2: "",
	} {
		if got := s.places.started(task.At(1, line, 0)); got != want {
			t.Errorf("line %d: %q, want %q", line, got, want)
		}
	}
	if a, b := s.places.started(task.At(1, 17, 1)), s.places.started(task.At(1, 17, 15)); a != "worker" || b != "work" {
		t.Errorf("two on a line: %q, %q", a, b)
	}
	for _, c := range []struct {
		info task.Info
		from int
		want string
	}{
		{task.Info{Name: "main", Cell: 1}, 0, "cell 1"},
		{task.Info{Name: "mine", Cell: 1, Parent: 5, Site: task.At(1, 8, 1)}, 1, "mine (line 8)"},
		{task.Info{Cell: 1, Parent: 5, Site: task.At(1, 8, 1)}, 2, "worker (cell 1, line 8)"},
		{task.Info{Cell: 1, Parent: 5, Site: task.At(1, 12, 1)}, 1, "func at line 12"},
		{task.Info{Cell: 1, Parent: 5, Site: task.At(1, 12, 1)}, 2, "func at cell 1, line 12"},
		{task.Info{Cell: 1}, 1, "a goroutine of a library"},
		{task.Info{Cell: 1, Parent: 5, Site: task.At(7, 1, 1)}, 1, "a task (cell 7, line 1)"},
	} {
		if got := s.titled(c.info, c.from); got != c.want {
			t.Errorf("%+v: %q, want %q", c.info, got, c.want)
		}
	}
}

func TestSpan(t *testing.T) {
	for d, want := range map[time.Duration]string{
		-1: "0 s", 300 * time.Microsecond: "300 µs", 1240 * time.Microsecond: "1.2 ms", 12 * time.Millisecond: "12 ms", 1240 * time.Millisecond: "1.2 s",
		59 * time.Second: "59 s", 200 * time.Second: "3 min 20 s", 125 * time.Minute: "2 h 5 min",
	} {
		if got := span(d); got != want {
			t.Errorf("span(%d) = %q, want %q", d, got, want)
		}
	}
}

func TestAlikes(t *testing.T) {
	var list []*family
	for i := range 12 {
		list = append(list, &family{info: task.Info{ID: int64(i + 1), Site: task.At(1, 1+i%3/2, 0)}})
	}
	list[0].children = []*family{{}}
	var got []int
	for _, g := range alikes(slices.Clone(list), 3, nil) {
		got = append(got, len(g))
	}
	if fmt.Sprint(got) != "[1 7 4]" {
		t.Errorf("groups of %v", got)
	}
	if n := len(alikes(list[1:], 3, map[int64]bool{2: true})); n != 3 {
		t.Errorf("%d groups when one task is stuck", n)
	}
	if n := len(alikes(list, 100, nil)); n != 12 {
		t.Errorf("%d groups when none is to be made", n)
	}
}

// BenchmarkScan reports the time and the memory that the spots of a cell take.
func BenchmarkScan(b *testing.B) {
	const statements = 200
	text := "import \"sync\"\nvar mu sync.Mutex\nc := make(chan int)\nfunc f() {\n" + strings.Repeat("\tmu.Lock()\n\tc <- <-c\n\tgo f()\n", statements/4) + "}\n"
	s := checked(b)
	id := s.texts.id(interp.Request{Number: 1}, text)
	cell, errs := s.checker.Check(id, s.texts.virtual(id), text)
	if len(errs) > 0 {
		b.Fatal(errs)
	}
	spots := 0
	b.ReportAllocs()
	for b.Loop() {
		list := scan(cell, s.texts.virtual(id))
		s.places.set(id, list)
		spots = len(list)
	}
	b.ReportMetric(float64(spots), "spots")
}
