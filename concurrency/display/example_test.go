package display_test

import (
	"fmt"

	"github.com/gobraid/gobraid/concurrency/display"
)

func ExampleShow() {
	bar := display.Show(display.Text("0 of 2"))
	for i := range 2 {
		bar.Update(display.Text(fmt.Sprintf("%d of 2", i+1)))
	}
	// Output:
	// 0 of 2
	// 1 of 2
	// 2 of 2
}

func ExampleJSON() {
	display.Show(display.JSON(map[string][]int{"primes": {2, 3}}))
	// Output:
	// {
	//   "primes": [
	//     2,
	//     3
	//   ]
	// }
}
