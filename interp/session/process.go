package session

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/interp/magic"
)

// A process is the host's view of one session process, from its start to its end.
type process struct {
	cmd    *exec.Cmd
	pid    int
	conn   net.Conn
	out    *frameWriter
	memory int64
	stdout *pipe
	stderr *pipe
	filter *stderrFilter // guarded by stderr.mu

	greeted  chan hello    // one place
	restored chan Restored // one place
	readDone chan struct{}
	tasks    sync.WaitGroup // what the reader started: the memory watch and questions to the user
	ending   context.Context
	end      context.CancelFunc

	dead     chan struct{} // closed when nothing of the process is left, neither output nor goroutine
	state    *os.ProcessState
	lastText string
	looks    atomic.Pointer[magic.Registry] // the magics that only look; none before the process is ready

	mu         sync.Mutex
	sinks      sinks
	runs       map[uint64]*run // those that have no outcome yet
	foreground interp.Sink     // of the latest run, those beside others apart
	names      []interp.Name
	inputs     map[uint64]context.CancelFunc
	cause      cause // why the host killed it
	causeText  string
	exit       *int // the status that os.Exit announced
}

// A cause says why the host ended the process, if it did.
type cause int

const (
	causeNone cause = iota
	causeMemory
	causeInterrupt
	causeConnection
	causeStart
	causeRestart
	causeClose
)

// writeLimit is how long the process may leave a request of its host unread.
const writeLimit = 10 * time.Second

// startProcess starts a process. It does not wait until that is ready.
func startProcess(cfg Config) (*process, error) {
	conn, theirs, err := socketPair()
	if err != nil {
		return nil, err
	}
	defer theirs.Close()
	p := &process{
		conn:     conn,
		memory:   max(cfg.Memory, 0),
		greeted:  make(chan hello, 1),
		restored: make(chan Restored, 1),
		readDone: make(chan struct{}),
		dead:     make(chan struct{}),
		inputs:   make(map[uint64]context.CancelFunc),
		runs:     make(map[uint64]*run),
	}
	p.looks.Store(magic.Looks(nil))
	p.out = &frameWriter{w: limitedWriter{conn}}
	p.filter = &stderrFilter{pass: func(b []byte) { p.deliver(interp.Stderr, b) }}
	p.ending, p.end = context.WithCancel(context.Background())
	if err := p.launch(cfg, theirs); err != nil {
		p.end()
		conn.Close()
		return nil, err
	}
	go p.read()
	go p.stdout.pump()
	go p.stderr.pump()
	go p.wait()
	p.request(kindSetup, 0, Setup{Engine: cfg.Engine, Memory: p.memory})
	return p, nil
}

// launch makes the pipes and starts the program.
func (p *process) launch(cfg Config, theirs *os.File) error {
	stdout, stdoutW, err := newPipe(func(b []byte) { p.deliver(interp.Stdout, append([]byte(nil), b...)) })
	if err != nil {
		return err
	}
	defer stdoutW.Close()
	stderr, stderrW, err := newPipe(p.filter.write)
	if err != nil {
		stdout.r.Close()
		return err
	}
	defer stderrW.Close()
	p.stdout, p.stderr = stdout, stderr
	p.cmd = &exec.Cmd{
		Path: cfg.Path, Args: append([]string{cfg.Path}, cfg.Args...), Dir: cfg.Dir, Env: cfg.Env,
		Stdout: stdoutW, Stderr: stderrW, ExtraFiles: []*os.File{theirs}, SysProcAttr: processAttributes(),
	}
	if cfg.Stdin != nil {
		p.cmd.Stdin = cfg.Stdin // not a nil *os.File in an interface
	}
	if err := p.cmd.Start(); err != nil {
		stdout.r.Close()
		stderr.r.Close()
		return err
	}
	p.pid = p.cmd.Process.Pid
	preferAsVictim(p.pid)
	return nil
}

// A limitedWriter gives the process a limited time to read what it is sent.
type limitedWriter struct{ conn net.Conn }

func (l limitedWriter) Write(b []byte) (int, error) {
	l.conn.SetWriteDeadline(time.Now().Add(writeLimit))
	return l.conn.Write(b)
}

// request sends a frame. A process that cannot be told anything is killed; its death says the rest.
func (p *process) request(k kind, run uint64, body any) error {
	err := p.out.send(k, run, body)
	if err != nil && !errors.Is(err, errTooLarge) {
		p.killLater(fmt.Sprintf("lost its connection: %v", err))
	}
	return err
}

// ready waits until the process is ready for runs.
func (p *process) ready(ctx context.Context) error {
	select {
	case h := <-p.greeted:
		switch {
		case h.Error != "":
			return errors.New(h.Error)
		case h.Version == protocolVersion:
			p.looks.Store(magic.Looks(h.Looks))
		default:
			return fmt.Errorf("it speaks version %d of the protocol, not %d: was the program replaced?", h.Version, protocolVersion)
		}
		return nil
	case <-p.dead:
		return errors.New(p.startDeath())
	case <-ctx.Done():
		return fmt.Errorf("not ready: %w", context.Cause(ctx))
	}
}

// startDeath tells of a death that had no cell to be told in.
func (p *process) startDeath() string {
	d := p.death()
	if text := p.filter.recent.String(); text != "" {
		return d.value + "\n" + text
	}
	return d.value
}

// blame notes why the host ends the process. The first cause is the one that is told.
func (p *process) blame(c cause, text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cause == causeNone {
		p.cause, p.causeText = c, text
	}
}

// why says why the host ended the process, if it did.
func (p *process) why() (cause, string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.cause, p.causeText
}

// kill ends the process at once.
func (p *process) kill(c cause, text string) {
	p.blame(c, text)
	p.cmd.Process.Kill()
}

// killLater kills a process that has closed its connection, unless it is about to die anyway: a death
// of its own has more to tell.
func (p *process) killLater(text string) {
	select {
	case <-p.ending.Done():
		return
	default:
	}
	stop := time.AfterFunc(endGrace, func() { p.kill(causeConnection, text) })
	context.AfterFunc(p.ending, func() { stop.Stop() })
}

// stop ends the process in good order, or by force when that takes more than grace or ctx ends. It
// returns when nothing of it is left. The caller has said why with blame.
func (p *process) stop(ctx context.Context, grace time.Duration) {
	p.out.write(header{kind: kindClose}, nil)
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case <-p.dead:
		return
	case <-timer.C:
	case <-ctx.Done():
	}
	p.cmd.Process.Kill()
	<-p.dead
}

// wait owns everything about the process and clears it away when that has ended.
func (p *process) wait() {
	defer close(p.dead)
	p.cmd.Wait()
	p.state = p.cmd.ProcessState
	p.end()
	killSession(p.pid)
	drainEnd(p.conn)
	<-p.readDone
	p.conn.Close()
	p.tasks.Wait()
	p.stdout.close()
	p.stderr.close()
	if p.crashed() {
		p.lastText = p.filter.end()
	}
	p.filter.release()
}

// crashed reports whether the process ended as a Go program does that says why.
func (p *process) crashed() bool {
	_, _, signalled := signalOf(p.state)
	return signalled || p.state.ExitCode() == 2
}

// read takes frames until the end of the connection.
func (p *process) read() {
	defer close(p.readDone)
	r := bufio.NewReaderSize(p.conn, maxOutput+2*headerSize)
	for {
		h, body, err := readFrame(r)
		if err == nil {
			err = p.take(r, h, body)
		}
		switch {
		case err == nil:
			continue
		case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
			p.killLater("closed its connection")
		default:
			p.kill(causeConnection, "broke its connection: "+err.Error())
		}
		return
	}
}
