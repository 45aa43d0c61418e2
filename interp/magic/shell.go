package magic

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"time"

	"github.com/gobraid/gobraid/interp"
)

// drain is how long a command's output is awaited after the command has ended: only what it left
// running can still hold it open.
const drain = 500 * time.Millisecond

// shell runs a shell command. Its processes are a group that is killed when ctx ends.
func shell(ctx context.Context, call Call, env Env) error {
	if call.Args == "" {
		return errors.New("! needs a command, such as !ls")
	}
	cmd := exec.CommandContext(ctx, "sh", "-c", call.Args)
	cmd.Dir, cmd.Env, cmd.WaitDelay = env.Dir, env.Environ, drain
	cmd.Stdout = stream{env.Out, interp.Stdout}
	cmd.Stderr = stream{env.Out, interp.Stderr}
	kill := ownGroup(cmd)
	err := cmd.Run()
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, exec.ErrWaitDelay):
		kill()
		return fmt.Errorf("%s: left a process in the background, which was ended; os/exec can start one that stays", call)
	case err != nil:
		return fmt.Errorf("%s: %w", call, err)
	}
	return nil
}

// A stream writes to one stream of a cell.
type stream struct {
	out  interp.Sink
	name interp.Stream
}

func (s stream) Write(p []byte) (int, error) {
	s.out.Output(s.name, bytes.Clone(p)) // p is used again for what comes next
	return len(p), nil
}
