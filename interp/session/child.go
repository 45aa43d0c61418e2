package session

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"runtime/debug"
	"time"

	"github.com/gobraid/gobraid/interp"
)

// connFD is the descriptor on which a session process finds its host.
const connFD = 3

// Child is the whole life of a session process, what `gobraid session` does: it takes the connection
// its host left on descriptor 3, opens the runner, serves it, ends whatever processes the session has
// started, and returns the status to exit with. The caller has to exit at once, with os.Exit: cells
// that could not be stopped may still be running.
//
// When open fails, its error is what [Start] on the host's side returns.
func Child(ctx context.Context, open func(context.Context, Setup) (interp.Runner, error)) int {
	conn, err := inherited()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	err = child(ctx, conn, open)
	if err != nil {
		// The host is gone or does not know what was left behind, so nobody else will.
		killSession(os.Getpid())
		return 1
	}
	return 0
}

func child(ctx context.Context, conn net.Conn, open func(context.Context, Setup) (interp.Runner, error)) error {
	setup, err := readSetup(conn)
	if err != nil {
		conn.Close()
		return err
	}
	runner, err := openRunner(ctx, setup, open)
	if err != nil {
		out := &frameWriter{w: conn}
		out.send(kindHello, 0, hello{Version: protocolVersion, Error: err.Error()})
		conn.Close()
		return err
	}
	return Serve(ctx, conn, runner)
}

func openRunner(ctx context.Context, setup Setup, open func(context.Context, Setup) (interp.Runner, error)) (r interp.Runner, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("internal error of gobraid: %v\n%s", v, debug.Stack())
		}
	}()
	return open(ctx, setup)
}

// inherited takes over the connection on descriptor 3. The descriptor itself is closed: what replaces
// it is close-on-exec, so that no process a cell starts keeps the connection open, and its number is
// not one that user code would guess.
func inherited() (net.Conn, error) {
	f := os.NewFile(connFD, "session")
	if f == nil {
		return nil, errNoHost
	}
	defer f.Close()
	conn, err := net.FileConn(f)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errNoHost, err)
	}
	return conn, nil
}

var errNoHost = errors.New("session: a session process is started by gobraid itself, with a socket on descriptor 3")

// readSetup reads the first frame. It has a deadline only so that a process started by mistake ends.
func readSetup(conn net.Conn) (Setup, error) {
	conn.SetReadDeadline(time.Now().Add(time.Minute))
	defer conn.SetReadDeadline(time.Time{})
	var setup Setup
	h, body, err := readFrame(conn)
	if err == io.EOF {
		return setup, ErrHostGone
	}
	if err == nil && h.kind != kindSetup {
		err = errGarbage
	}
	if err == nil {
		err = json.Unmarshal(body, &setup)
	}
	if err == nil {
		err = applySetup(body)
	}
	return setup, err
}

// applySetup makes the collector work harder near the limit. Nine tenths leave room for what is not
// the Go heap; the limit proper is the host's business, because a cell can undo this one.
func applySetup(body []byte) error {
	var setup Setup
	if err := json.Unmarshal(body, &setup); err != nil {
		return err
	}
	if setup.Memory > 0 {
		debug.SetMemoryLimit(setup.Memory / 10 * 9)
	}
	return nil
}
