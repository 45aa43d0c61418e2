package measure_test

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/gobraid/gobraid/concurrency/measure"
)

var words = strings.Fields(strings.Repeat("words to be joined ", 100))

func plus(context.Context) error {
	text := ""
	for _, w := range words {
		text += w
	}
	return nil
}

func builder(context.Context) error {
	var b strings.Builder
	for _, w := range words {
		b.WriteString(w)
	}
	return nil
}

func ExampleMeasure() {
	r, err := measure.Measure(context.Background(), "plus", plus)
	if err != nil {
		fmt.Println(err)
		return
	}
	// In a notebook r is shown as a table and a picture. Here one thing of it that is the same each time:
	fmt.Println(r.Median(measure.Allocs) > 100, len(r.Values(measure.Wall)))
	// Output: true 10
}

func ExampleCompare() {
	c, err := measure.Compare(context.Background(), measure.Case{Name: "plus", Func: plus}, measure.Case{Name: "builder", Func: builder})
	if err != nil {
		fmt.Println(err)
		return
	}
	ratio := c.Ratio(1, measure.Bytes)
	fmt.Println("builder allocates less:", ratio.Shown() && ratio.Hi < 0.5)
	// Output: builder allocates less: true
}

func ExamplePlan() {
	plan := measure.NewPlan().WithRepetitions(6).WithWarmUp(2).WithCalls(3)
	r, err := plan.Measure(context.Background(), "plus", plus)
	fmt.Println(r.WarmUp(), "and 6 times", r.Calls(), err)
	// Output: 2 and 6 times 3 <nil>
}

func ExampleComparison_Rows() {
	c, err := measure.NewPlan().WithRepetitions(6).Compare(context.Background(), measure.Case{Name: "plus", Func: plus}, measure.Case{Name: "builder", Func: builder})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, row := range c.Rows()[:2] {
		fmt.Println(row.Function, row.Repetition, row.Metric, row.Unit)
	}
	header, _, _ := strings.Cut(c.CSV(), "\n")
	fmt.Println(header)
	// Output:
	// plus 1 wall s
	// plus 1 CPU s
	// function,repetition,metric,unit,value
}

func ExampleProfileCPU() {
	plan := measure.NewPlan().WithTime(200 * time.Millisecond)
	p, err := plan.ProfileCPU(context.Background(), "burn", burn)
	if err != nil {
		fmt.Println(err)
		return
	}
	// In a notebook p is shown as a flame graph, p.CallGraph() as a graph. In words:
	fmt.Println(p.Shares()[0].Frame.Func)
	// Output: measure_test.burn
}

func ExampleProfileBlocking() {
	p, err := measure.ProfileBlocking(context.Background(), "handing over", func(context.Context) error {
		c := make(chan int)
		go func() {
			time.Sleep(time.Millisecond)
			c <- 1
		}()
		<-c
		return nil
	})
	fmt.Println(strings.Contains(p.Folded(), "ExampleProfileBlocking"), err)
	// Output: true <nil>
}

func ExampleTimeline() {
	_, err := measure.Timeline(context.Background(), "plus", plus)
	fmt.Println(err) // in a cell there is none, and the picture is shown
	// Output: measure: task: the calling goroutine is no task of a cell
}
