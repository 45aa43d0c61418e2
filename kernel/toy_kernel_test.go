package kernel

import (
	"context"
	"fmt"
	"os"

	"github.com/gobraid/gobraid/kernel/internal/toy"
)

// toyEnv makes the test binary a kernel: it names the connection file.
const toyEnv = "GOBRAID_TEST_CONNECTION"

// serveToy serves a toy session, if the environment asks for it, and reports whether it did.
func serveToy() bool {
	file := os.Getenv(toyEnv)
	if file == "" {
		return false
	}
	if err := runToy(file); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return true
}

func runToy(file string) error {
	info, err := ReadConnectionFile(file)
	if err != nil {
		return err
	}
	k, err := New(info, toy.New(), Options{IsComplete: balanced})
	if err != nil {
		return err
	}
	return k.Serve(context.Background())
}
