//go:build unix

package session_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"

	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/interp/session"
)

// scripted is a runner whose cells are lines of commands, most of them bad for the process.
type scripted struct {
	announce func(int)
	setup    session.Setup
	opened   bool

	mu      sync.Mutex
	names   []interp.Name
	cancel  context.CancelFunc
	release chan struct{}
	late    sync.WaitGroup

	subshells int
}

func openScripted(_ context.Context, setup session.Setup) (interp.Runner, error) {
	switch os.Getenv("GOBRAID_SESSION_TEST_OPEN") {
	case "error":
		return nil, errors.New("no engine at all")
	case "exit":
		fmt.Fprintln(os.Stderr, "cannot go on")
		os.Exit(4)
	case "panic":
		panic("open panics")
	case "once":
		// The first process opens, the ones after it do not.
		if err := os.Mkdir(os.Getenv("GOBRAID_SESSION_TEST_FLAG"), 0o700); err != nil {
			os.Exit(5)
		}
	}
	return &scripted{setup: setup, release: make(chan struct{})}, nil
}

func (s *scripted) OnExit(announce func(int)) { s.announce = announce }

func (s *scripted) Names() []interp.Name {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.names)
}

func (s *scripted) declare(cell int, kind, name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.names = append(s.names, interp.Name{Name: name, Kind: kind, Cell: cell})
	slices.SortFunc(s.names, func(a, b interp.Name) int { return strings.Compare(a.Name, b.Name) })
}

func (s *scripted) Interrupt() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cancel != nil {
		s.cancel()
	}
}

func (s *scripted) Close() error { return nil }

func (s *scripted) Subshells(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.subshells = n
}

func (s *scripted) Looks() []string { return []string{"%look"} }

func (s *scripted) Restore(ctx context.Context, cells []interp.Request) session.Restored {
	var r session.Restored
	for _, c := range cells {
		for line := range strings.Lines(c.Source) {
			switch word, arg, _ := strings.Cut(strings.TrimSpace(line), " "); word {
			case "func":
				s.declare(c.Number, "func", arg)
			case "var":
				r.Lost = append(r.Lost, arg)
			case "restore-exit":
				os.Exit(9)
			case "restore-hang":
				f, _ := os.OpenFile(arg, os.O_WRONLY, 0) // waits for somebody to look
				<-ctx.Done()
				f.Close()
			case "restore-error":
				r.Errors = append(r.Errors, "func f cannot be declared")
			}
		}
	}
	return r
}

func (s *scripted) Run(ctx context.Context, req interp.Request, out interp.Sink) (o interp.Outcome) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s.mu.Lock()
	s.cancel = cancel
	s.mu.Unlock()
	for line := range strings.Lines(req.Source) {
		word, arg, _ := strings.Cut(strings.TrimSpace(line), " ")
		if done := s.do(ctx, req, out, word, arg, &o); done {
			return o
		}
	}
	return o
}

func print(out interp.Sink, format string, args ...any) {
	out.Output(interp.Stdout, fmt.Appendf(nil, format, args...))
}

// do obeys one command and reports whether the cell is over.
func (s *scripted) do(ctx context.Context, req interp.Request, out interp.Sink, word, arg string, o *interp.Outcome) bool {
	n, _ := strconv.Atoi(arg)
	switch word {
	case "print":
		print(out, "%s\n", arg)
	case "eprint":
		out.Output(interp.Stderr, []byte(arg+"\n"))
	case "real":
		fmt.Fprintln(os.Stdout, arg)
	case "realerr":
		fmt.Fprintln(os.Stderr, arg)
	case "builtin":
		println(arg)
	case "pid":
		print(out, "%d\n", os.Getpid())
	case "setup":
		print(out, "%s %d\n", s.setup.Engine, s.setup.Memory)
	case "stdin":
		var word string
		fmt.Fscan(os.Stdin, &word)
		print(out, "read %q\n", word)
	case "value":
		o.Result = &interp.Data{MIME: map[string]any{"text/plain": arg}}
		o.Engine = "scripted"
	case "display":
		out.Display(interp.Data{MIME: map[string]any{"text/plain": arg}, ID: "d"})
	case "unsendable":
		o.Metadata = map[string]any{"c": make(chan int)}
	case "panic":
		panic(arg)
	case "var", "func":
		s.declare(req.Number, word, arg)
	case "input":
		text, err := out.Input(ctx, arg, false)
		print(out, "got %q, %v\n", text, err)
	case "lines":
		for i := range n {
			print(out, "line %d\n", i)
		}
	case "blocks":
		chunk := make([]byte, 16<<10)
		for range n {
			out.Output(interp.Stdout, chunk)
		}
	case "open":
		f, _ := os.OpenFile(arg, os.O_WRONLY, 0) // waits for somebody to look
		defer f.Close()
		if s.opened {
			<-ctx.Done() // and then goes on as if nothing had happened
		}
		s.opened = true
	case "flood":
		flood(out, arg)
	case "chatter":
		for ctx.Err() == nil {
			print(out, "and another line\n")
		}
	case "wait":
		<-ctx.Done()
	case "block":
		print(out, "blocking\n")
		select {}
	case "subshells":
		s.mu.Lock()
		defer s.mu.Unlock()
		print(out, "%d\n", s.subshells)
	case "%look":
		print(out, "looked\n")
	case "late":
		s.late.Go(func() {
			<-s.release
			print(out, "late\n")
		})
	case "release":
		close(s.release)
		s.late.Wait()
	case "spawn":
		spawn(out)
	default:
		return s.end(ctx, out, word, n, o)
	}
	return false
}

// end obeys the commands that end the cell or the process.
func (s *scripted) end(ctx context.Context, out interp.Sink, word string, n int, o *interp.Outcome) bool {
	switch word {
	case "fail":
		o.Error = &interp.Error{Name: interp.ErrPanic, Value: "panic: failed", Traceback: []string{"panic: failed"}}
		return true
	case "no-compile":
		o.Error = &interp.Error{Name: interp.ErrCompile, Value: "syntax", Traceback: []string{"syntax"}}
		return true
	case "if-interrupted":
		if ctx.Err() != nil {
			o.Error = &interp.Error{Name: interp.ErrInterrupted, Value: "interrupted", Traceback: []string{"interrupted"}}
			return true
		}
	case "exit":
		s.announce(n)
		os.Exit(n)
	case "raw-exit":
		os.Exit(n)
	case "exit-later":
		s.late.Go(func() {
			<-s.release
			os.Exit(n)
		})
	case "map-race":
		mapRace()
	case "overflow":
		smallStack()
		print(out, "%d", overflow(0))
	case "library-panic":
		libraryPanic()
	case "kill":
		syscall.Kill(os.Getpid(), syscall.Signal(n))
		select {}
	case "hog":
		hog(true)
	case "hog-untouched":
		hog(false)
	case "garbage":
		connection(func(c net.Conn) { c.Write([]byte(strings.Repeat("garbage!", 8))) })
		select {}
	case "close-connection":
		connection(func(c net.Conn) { c.(*net.UnixConn).CloseWrite() })
		select {}
	case "restore-exit", "restore-hang", "restore-error":
	default:
		o.Error = &interp.Error{Name: interp.ErrMagic, Value: "unknown command " + word}
		return true
	}
	return false
}

// hog takes memory for ever, in pages that it uses or does not.
func hog(touch bool) {
	var s [][]byte
	for {
		b := make([]byte, 1<<20)
		if touch {
			for i := 0; i < len(b); i += 4096 {
				b[i] = 1
			}
		}
		s = append(s, b)
		runtime.KeepAlive(s)
	}
}

// flood prints 32 MiB, keeping the count of what it has been able to print in a file.
func flood(out interp.Sink, file string) {
	f, err := os.Create(file)
	if err != nil {
		panic(err)
	}
	defer f.Close()
	chunk := make([]byte, 16<<10)
	for i := range 2048 {
		out.Output(interp.Stdout, chunk)
		f.WriteAt(fmt.Appendf(nil, "%012d", (i+1)*len(chunk)), 0)
	}
}

// spawn starts a process in a group of its own that lives until it is killed, and tells its id.
func spawn(out interp.Sink) {
	cmd := exec.Command("sleep", "1000000")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		panic(err)
	}
	print(out, "%d\n", cmd.Process.Pid)
}

// connection finds the connection to the host among the descriptors, as a hostile cell would.
func connection(f func(net.Conn)) {
	for fd := 3; fd < 64; fd++ {
		name, err := syscall.Getsockname(fd)
		if _, ok := name.(*syscall.SockaddrUnix); err != nil || !ok {
			continue
		}
		c, err := net.FileConn(os.NewFile(uintptr(fd), "found"))
		if err == nil {
			f(c)
		}
	}
}
