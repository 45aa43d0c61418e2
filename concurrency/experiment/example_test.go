package experiment_test

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/gobraid/gobraid/concurrency/experiment"
)

func ExampleRecord() {
	experiment.Record("done", 1000, "tasks")
	experiment.Record("speed-up", 3.75, "×")
	experiment.Record("total", 1500*time.Millisecond, "ms")
	// Output:
	// done: 1000 tasks
	// speed-up: 3.75 ×
	// total: 1500 ms
}

func ExampleTable() {
	t := &experiment.Table{Parameters: []string{"workers"}, Rows: []experiment.Row{
		{Run: 1, Parameters: map[string]string{"workers": "1"}, Name: "total", Value: json.Number("8"), Unit: "s"},
		{Run: 2, Parameters: map[string]string{"workers": "4"}, Name: "total", Value: json.Number("2.1"), Unit: "s"},
	}}
	fmt.Println(t)
	// Output:
	// run  workers  name   value  unit
	// 1    1        total  8      s
	// 2    4        total  2.1    s
}

func ExampleRow() {
	row, ok := experiment.ParseRow(map[string]any{"name": "total", "value": 2.1, "unit": "s"})
	total, _ := row.Number()
	fmt.Println(row.Name, total, row.Unit, ok)
	// Output: total 2.1 s true
}
