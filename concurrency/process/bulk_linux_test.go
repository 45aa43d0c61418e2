package process_test

import (
	"io"
	"os"
	"os/exec"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/gobraid/gobraid/concurrency"
)

// socket starts the yardstick, and returns a function that sends 64 MiB and waits.
func socket(b *testing.B, big []byte) func() {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		b.Fatal(err)
	}
	ours, theirs := os.NewFile(uintptr(fds[0]), "ours"), os.NewFile(uintptr(fds[1]), "theirs")
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "PROCESS_TEST_PROGRAM=bulk")
	cmd.ExtraFiles = []*os.File{theirs}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	theirs.Close()
	b.Cleanup(func() { ours.Close(); _ = cmd.Wait() })
	return func() {
		if _, err := ours.Write(big); err != nil {
			b.Fatal(err)
		}
		if _, err := io.ReadFull(ours, make([]byte, 1)); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkBulk sends 64 MiB, and compares with a socket between two processes and nothing else, in turn. There is no memory
// file in it: that saves a copy only if the argument stays a mapping of it, and nobody could tell when the function, or what it has given the slice to,
// needs that no more. NewShared is for those who can.
func BenchmarkBulk(b *testing.B) {
	p := newPool(b, 1)
	big := make([]byte, bulk)
	raw := socket(b, big)
	send := func() {
		if n, err := concurrency.SubmitWith(background, p, length, big).Result(background); n != len(big) || err != nil {
			b.Fatal(n, err)
		}
	}
	paired(b, 1, []string{"socket", "send"}, raw, send)
}
