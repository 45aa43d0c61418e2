package kernel

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/kernel/zmtp"
)

// ErrGrace is returned by Serve when the session did not end in time. The goroutines that wait for it
// are left behind, so the process had better end.
var ErrGrace = errors.New("kernel: the session did not end in time")

// A Kernel serves one session to Jupyter clients.
type Kernel struct {
	info    ConnectionInfo
	opts    Options
	runner  interp.Runner
	sockets sockets
	stats   *counters

	codec     *codec
	iopub     *iopub
	shell     *shell // the main shell
	subshells *subshells
	stdin     *stdin
	history   history
	aside     aside
	notice    interrupter

	handlers map[string]handler

	stopping chan struct{} // closed when the kernel is to end
	stopOnce sync.Once
}

// New binds the ports of a connection and returns the kernel that will serve them; a port of 0 lets the
// system choose. Serve must be called, for it also releases the ports and closes the runner.
func New(info ConnectionInfo, runner interp.Runner, opts Options) (*Kernel, error) {
	fill(&info.SignatureScheme, scheme)
	if err := info.check(); err != nil {
		return nil, err
	}
	stats := new(counters)
	n, err := bind(&info, opts.Limits, &stats.ports)
	if err != nil {
		return nil, fmt.Errorf("kernel: %w", err)
	}
	return newKernel(info, runner, opts, n, stats), nil
}

func newKernel(info ConnectionInfo, runner interp.Runner, opts Options, s sockets, stats *counters) *Kernel {
	k := &Kernel{
		info:     info,
		opts:     opts.filled(),
		runner:   runner,
		sockets:  s,
		stats:    stats,
		codec:    newCodec(info.Key),
		stopping: make(chan struct{}),
	}
	k.iopub = newIOPub(k.codec, defaultOutput, s.publish)
	k.stdin = newStdin(k.codec, s.ask, k.stopping)
	k.shell = newShell(k.codec.now)
	k.subshells = newSubshells(k.shell)
	k.aside = newAside()
	k.notice = newInterrupter()
	k.handlers = handlers()
	return k
}

// Connection returns where the kernel listens, with the ports that the system chose.
func (k *Kernel) Connection() ConnectionInfo { return k.info }

// Serve answers clients until one of them sends a shutdown_request or ctx ends. Then it refuses the
// cells that wait, interrupts the one that runs, closes the runner, lets the clients take what is left
// to say, and releases the ports. It returns nil unless that failed. Serve is to be called once.
//
// On a shutdown_request that asks for a restart Serve returns as well: it is for the one who started
// the process to start the next.
func (k *Kernel) Serve(ctx context.Context) error {
	background, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	var shell, writer, others sync.WaitGroup
	k.subshells.open(background)
	k.sockets.open(k.receive, k.welcome)
	k.iopub.post("status", nil, mustEncode(statusContent{"starting"}), nil)
	writer.Go(func() { k.iopub.run(background) })
	shell.Go(func() { k.runShell(background, k.shell) })
	others.Go(func() { k.aside.run(background) })
	others.Go(func() { k.notice.run(background, k.runner.Interrupt) })

	select {
	case <-ctx.Done():
		k.stop()
	case <-k.stopping:
	}
	k.shell.close()
	k.subshells.close()
	cells := func() { shell.Wait(); k.subshells.wg.Wait() }
	_ = within(k.opts.Grace/2, nil, cells) // a cell that can be interrupted ends as one that was
	var closed error
	err := within(k.opts.Grace, ErrGrace, func() {
		closed = k.runner.Close()
		cells()
	})
	if err == nil {
		err = closed
	}
	k.iopub.close()
	lingering := within(k.opts.Linger, nil, writer.Wait)
	linger, stop := context.WithTimeout(background, k.opts.Linger)
	defer stop()
	err = errors.Join(err, lingering, k.sockets.close(linger))
	cancel()
	if !errors.Is(err, ErrGrace) {
		err = errors.Join(err, within(k.opts.Grace, ErrGrace, func() {
			writer.Wait()
			others.Wait()
		}))
	}
	return err
}

// stop asks Serve to end. It does not block.
func (k *Kernel) stop() { k.stopOnce.Do(func() { close(k.stopping) }) }

// within waits for f, but no longer than limit; then it returns late and leaves f behind.
func within(limit time.Duration, late error, f func()) error {
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-done:
		return nil
	case <-timer.C:
		return late
	}
}

// Stats is what a kernel has refused or ignored since it was made.
type Stats struct {
	Signatures int64 // messages with a wrong signature
	Replays    int64 // messages seen before
	Malformed  int64 // messages that are none
	Unknown    int64 // messages of a type the kernel does not know
	Refused    int64 // connections that failed their handshake or found no room
	Hostile    int64 // connections ended for malformed frames or over the size limits
	Stalled    int64 // connections ended because the peer did not go on
}

// Stats returns the counts of the moment. It may be called at any time.
func (k *Kernel) Stats() Stats {
	return k.stats.snapshot()
}

var _ sockets = (*network)(nil)
var _ peer = (*zmtp.Peer)(nil)
