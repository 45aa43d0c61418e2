//go:build unix

package session_test

import (
	"context"
	"fmt"

	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/interp/session"
)

// A session outlives its process. In this example "cells" are commands of a test's runner.
func Example() {
	ctx := context.Background()
	s, err := session.Start(ctx, testConfig("stderr"))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()
	s.Run(ctx, interp.Request{Number: 1, Source: "print hello"}, printSink{})
	s.Run(ctx, interp.Request{Number: 2, Source: "func f\nvar x"}, printSink{})
	o := s.Run(ctx, interp.Request{Number: 3, Source: "exit 3"}, printSink{})
	for _, line := range o.Error.Traceback {
		fmt.Println(line)
	}
	for _, n := range s.Names() {
		fmt.Println("there is", n.Kind, n.Name)
	}
	// Output:
	// hello
	// exit status 3
	// A fresh session process was started; imports, types, functions and constants are declared again.
	// Lost variables: x. %replay runs the earlier cells again.
	// there is func f
}
