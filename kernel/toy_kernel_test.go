package kernel

import (
	"context"
	"fmt"
	"os"

	"github.com/gobraid/gobraid/kernel/internal/toy"
)

// toyKernel as the first argument makes the test binary a kernel; the connection file comes second.
const toyKernel = "toy-kernel"

// serveToy serves a toy session, if the arguments ask for it, and reports whether they did.
func serveToy() bool {
	if len(os.Args) != 3 || os.Args[1] != toyKernel {
		return false
	}
	if err := runToy(os.Args[2]); err != nil {
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
	ctx, cancel := WithParent(context.Background())
	defer cancel()
	return k.Serve(ctx)
}
