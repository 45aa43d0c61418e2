package measure_test

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/gobraid/gobraid/concurrency/internal/svg/svgtest"
	"github.com/gobraid/gobraid/concurrency/measure"
)

// blocksOf is a unit of which the size is known: a block of memory, kept.
func blocksOf(size int) measure.Unit {
	return measure.Unit{Name: "block", Counts: []int{1000, 2000, 3000}, Park: func(_ context.Context, n int) (func(), error) {
		all := make([][]byte, n)
		for i := range all {
			all[i] = make([]byte, size)
			all[i][size-1] = 1
		}
		return func() { runtime.KeepAlive(all) }, nil
	}}
}

// TestMemory measures what is known: a block, with the slice that keeps it, and that a goroutine takes at least its stack of 2 kB.
func TestMemory(t *testing.T) {
	both(t, func(t *testing.T, cell bool) {
		units := []measure.Unit{blocksOf(8192), measure.GoroutineUnit(), measure.CoroutineUnit(), measure.ThreadUnit()}
		if cell {
			units = append(units, measure.TaskUnit())
		}
		for i := range units[1:] {
			units[i+1].Counts = []int{500, 1000, 2000}
		}
		f, err := measure.Memory(background, units...)
		if err != nil {
			t.Fatal(err)
		}
		if b, resident, _ := f.Median("block"); b < 8192 || b > 8192*1.2 || runtime.GOOS == "linux" && !(resident > 4096) {
			t.Errorf("a block of 8 kB takes %v, resident %v", b, resident)
		}
		for _, name := range []string{"goroutine", "coroutine", "task"} {
			b, _, start := f.Median(name)
			if name == "task" && !cell {
				continue
			}
			if !(b >= 2048) || b > 65536 || !(start > 0) {
				t.Errorf("a %s takes %v bytes and %v s", name, b, start)
			}
		}
		rows := f.Rows()
		if len(rows) != 3+3*(len(units)-1) || rows[0].Unit != "block" || rows[2].N != 3000 {
			t.Errorf("rows %+v", rows)
		}
		if math.IsNaN(rows[0].RSS) != (runtime.GOOS != "linux") {
			t.Errorf("%+v", rows[0])
		}
	})
}

func TestMemoryErrors(t *testing.T) {
	both(t, func(t *testing.T, cell bool) {
		fails := func(context.Context, int) (func(), error) { return nil, errTest }
		for want, units := range map[string][]measure.Unit{
			"measure: nothing to measure": nil,
			"measure: x: no function":     {{Name: "x"}},
			"measure: x: 0 of them":       {{Name: "x", Park: fails, Counts: []int{0}}},
			"measure: x: test error":      {{Name: "x", Park: fails}},
		} {
			if _, err := measure.Memory(background, units...); err == nil || err.Error() != want {
				t.Errorf("error %v, want %s", err, want)
			}
		}
		ctx, cancel := context.WithCancelCause(background)
		cancel(errTest)
		if _, err := measure.Memory(ctx, measure.GoroutineUnit()); err != errTest {
			t.Errorf("error %v", err)
		}
		tasks := measure.TaskUnit()
		tasks.Counts = []int{100}
		if _, err := measure.Memory(background, tasks); (err == nil) != cell {
			t.Errorf("tasks: %v", err)
		}
		if _, err := measure.Memory(background, measure.Unit{Name: "x", Park: fails}); !errors.Is(err, errTest) {
			t.Errorf("error %v", err)
		}
	})
	r := newRun(t, 1)
	r.Virtual(0)
	r.Do(func() {
		if _, err := measure.Memory(background, measure.GoroutineUnit()); err == nil {
			t.Error("measured in a controlled run")
		}
	})
}

// TestMemoryInterrupt: tasks that are parked end with their cell.
func TestMemoryInterrupt(t *testing.T) {
	r := newRun(t, 1)
	end := r.Do(func() {
		u := measure.TaskUnit()
		u.Counts = []int{100}
		park := u.Park
		u.Park = func(ctx context.Context, n int) (func(), error) {
			release, err := park(ctx, n)
			r.Kill(errTest)
			return release, err
		}
		measure.Memory(background, u)
		t.Error("not ended")
	})
	if !end.Killed || end.Cause != errTest { // that no task is left is seen to when the run is closed
		t.Errorf("killed %t, cause %v", end.Killed, end.Cause)
	}
}

func TestFootprint(t *testing.T) {
	var all []measure.Parked
	for i, n := range []int{1000, 2000, 3000} {
		d := float64(i)
		all = append(all, measure.Parked{Unit: "goroutine", N: n, Go: 2600 + d, RSS: 2700 + 10*d, Time: 1e-6 * (1 + d)})
	}
	for i, n := range []int{100, 200, 300} {
		all = append(all, measure.Parked{Unit: "thread <&>", N: n, Go: 3000, RSS: 18000 + 100*float64(i), Time: 3e-5})
	}
	f := measure.FootprintOf(all...)
	svgtest.WellFormed(t, []byte(f.SVG()))
	svgtest.Golden(t, "footprint.svg", []byte(f.SVG()))
	svgtest.Golden(t, "footprint.txt", []byte(f.String()+"\n"))
	if b, resident, start := f.Median("goroutine"); b != 2601 || resident != 2710 || start != 2e-6 {
		t.Errorf("%v %v %v", b, resident, start)
	}
	if b, _, _ := f.Median("none"); !math.IsNaN(b) {
		t.Errorf("%v", b)
	}
	table, _, _ := strings.Cut(f.HTML(), "<div>")
	svgtest.WellFormed(t, []byte(table))
	records, err := csv.NewReader(strings.NewReader(f.CSV())).ReadAll()
	if err != nil || len(records) != 7 || !slices.Equal(records[1], []string{"goroutine", "1000", "2600", "2700", "1e-06"}) {
		t.Errorf("%v: %q", err, records)
	}
	unknown := measure.FootprintOf(measure.Parked{Unit: "x", N: 1, Go: 1, RSS: math.NaN(), Time: 1})
	if s := unknown.String(); !strings.Contains(s, "–") {
		t.Error(s)
	}
	svgtest.WellFormed(t, []byte(unknown.SVG()))
}

func ExampleMemory() {
	f, err := measure.Memory(context.Background(), measure.GoroutineUnit())
	if err != nil {
		fmt.Println(err)
		return
	}
	bytes, _, _ := f.Median("goroutine")
	fmt.Println("a goroutine takes more than its stack of 2 kB:", bytes > 2048)
	// Output: a goroutine takes more than its stack of 2 kB: true
}
