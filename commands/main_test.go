package commands

import (
	"os"
	"os/exec"
	"testing"

	"github.com/gobraid/gobraid/gobraid-nats/server"
)

// testProgram is the variable that makes another program of this one: gobraid, or gobraid-nats.
const testProgram = "COMMANDS_TEST_PROGRAM"

func TestMain(m *testing.M) {
	switch os.Getenv(testProgram) {
	case "gobraid":
		os.Exit(Main(nil, os.Args[1:]))
	case "gobraid-nats":
		os.Exit(server.Main(os.Stdin, os.Stdout, os.Stderr))
	}
	os.Setenv("GORACE", "atexit_sleep_ms=0") // for the programs: else each takes a second to end
	natsCommand = func() (*exec.Cmd, error) { return self("gobraid-nats"), nil }
	workerProcess = func(args ...string) (*exec.Cmd, error) {
		return self("gobraid", append([]string{"worker"}, args...)...), nil
	}
	os.Exit(m.Run())
}

// self makes the command that starts this program as another one.
func self(program string, args ...string) *exec.Cmd {
	path, err := os.Executable()
	if err != nil {
		panic(err)
	}
	c := exec.Command(path, args...)
	c.Env = append(os.Environ(), testProgram+"="+program)
	return c
}
