package display_test

import (
	"fmt"
	"reflect"

	"github.com/gobraid/gobraid/interp/display"
)

func ExampleText() {
	ages := map[string][]int{"bob": {30, 31}, "alice": nil}
	fmt.Println(display.Text(reflect.ValueOf(ages), nil))
	// Output: map[string][]int{"alice": nil, "bob": {30, 31}}
}
