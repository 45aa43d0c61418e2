package kernel

import "context"

// interrupt answers interrupt_request. The first one for a cell ends the cell's context, which cannot
// be lost even if the runner has not looked at the cell yet; while that has not taken effect, further
// ones go to the runner.
//
// An interrupt names no shell. As in ipykernel it is the main shell's cell that is interrupted, and those of subshells go
// on. But when the main shell is idle it is theirs, which nothing else could end.
func interrupt(k *Kernel, _ *request) any {
	if k.shell.busy() && k.shell.interrupt() || !k.shell.busy() && k.subshells.interrupt() {
		k.notice.post()
	}
	return okReply{statusOK}
}

// An interrupter passes interrupts on to the runner, from a goroutine of its own: the reply to an
// interrupt must not wait for a session that does not listen.
type interrupter chan struct{}

func newInterrupter() interrupter { return make(interrupter, 16) }

// post asks for one interrupt. When many wait already it adds nothing.
func (i interrupter) post() {
	select {
	case i <- struct{}{}:
	default:
	}
}

func (i interrupter) run(ctx context.Context, notify func()) {
	for {
		select {
		case <-i:
			notify()
		case <-ctx.Done():
			return
		}
	}
}
