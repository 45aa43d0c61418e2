// Package toy is a session for tests of the kernel: it runs a small language of one command per line,
// so that a test can say what a cell does to the kernel without a Go interpreter in between.
//
//	print TEXT         TEXT and a newline on standard output; eprint on standard error
//	write TEXT         TEXT alone
//	lines N            N numbered lines
//	flood              lines until it is interrupted
//	display MIME TEXT  something to show; update ID TEXT replaces what has that id
//	show ID TEXT       something to show that can be replaced
//	clear, clear wait  takes back what was given out
//	unshowable         something that cannot be encoded
//	result TEXT        the value of the cell; "A+B" and "A*B" also give values
//	note TEXT          a note about the run
//	expr NAME TEXT     what the user expression TEXT is worth later on; others are errors
//	fail TEXT          the cell fails with a panic
//	set NAME           a variable in scope
//	input PROMPT       asks the user and prints the answer; password PROMPT likewise
//	later TEXT         a line that is printed when a later cell says now; "later input" asks then,
//	                   "later show ID TEXT" shows
//	now                prints what later cells left
//	block              waits for an interrupt; stubborn waits for two, deaf for the end of the session
//	look TEXT          prints TEXT; a cell of nothing else only looks
//	subshells          prints how many subshells there are
//	names              from now on Names hangs until the session ends
package toy

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/gobraid/gobraid/interp"
)

// A Session runs toy cells. It implements interp.Runner.
type Session struct {
	ctx      context.Context // ends when the session closes
	cancel   context.CancelFunc
	wg       sync.WaitGroup
	commands map[string]command
	again    chan struct{} // an Interrupt

	mu    sync.Mutex
	names []interp.Name
	later []func()
	exprs map[string]string
	mute  bool

	subshells int
}

// New returns a session; it must be closed.
func New() *Session {
	s := &Session{commands: commands(), again: make(chan struct{}, 1), exprs: map[string]string{}}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	return s
}

// Interrupt implements interp.Runner.
func (s *Session) Interrupt() {
	select {
	case s.again <- struct{}{}:
	default:
	}
}

// Aside implements interp.Concurrent.
func (s *Session) Aside(req interp.Request) bool {
	for line := range strings.Lines(req.Source) {
		if !strings.HasPrefix(line, "look ") {
			return false
		}
	}
	return req.Source != ""
}

// Subshells implements interp.Concurrent.
func (s *Session) Subshells(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.subshells = n
}

// Names implements interp.Runner.
func (s *Session) Names() []interp.Name {
	s.mu.Lock()
	names, mute := slices.Clone(s.names), s.mute
	s.mu.Unlock()
	if mute {
		<-s.ctx.Done()
	}
	return names
}

// Close implements interp.Runner.
func (s *Session) Close() error {
	s.cancel()
	s.wg.Wait()
	return nil
}

// Run implements interp.Runner.
func (s *Session) Run(ctx context.Context, req interp.Request, out interp.Sink) interp.Outcome {
	s.wg.Add(1)
	defer s.wg.Done()
	select {
	case <-s.again: // meant for an earlier cell
	default:
	}
	c := &cell{Session: s, ctx: ctx, req: req, out: out}
	outcome := interp.Outcome{Engine: "toy", Metadata: map[string]any{"lines": strings.Count(req.Source, "\n") + 1}}
	for line := range strings.Lines(req.Source) {
		if outcome.Error = c.run(strings.TrimSuffix(line, "\n")); outcome.Error != nil {
			outcome.Notes = c.notes
			return outcome
		}
	}
	outcome.Notes = c.notes
	outcome.Result = c.result
	outcome.Expressions = s.expressions(req.Expressions)
	return outcome
}

func (s *Session) expressions(wanted map[string]string) map[string]interp.Expression {
	s.mu.Lock()
	defer s.mu.Unlock()
	values := map[string]interp.Expression{}
	for name, text := range wanted {
		if value, ok := s.exprs[text]; ok {
			values[name] = interp.Expression{Result: plain(value)}
		} else {
			values[name] = interp.Expression{Error: failure(interp.ErrCompile, "undefined: "+text)}
		}
	}
	return values
}

// A cell is one execution.
type cell struct {
	*Session
	ctx    context.Context
	req    interp.Request
	out    interp.Sink
	result *interp.Data
	notes  []interp.Data
}

func (c *cell) print(text string) { c.out.Output(interp.Stdout, []byte(text)) }

func (c *cell) run(line string) *interp.Error {
	verb, rest, _ := strings.Cut(line, " ")
	if f, ok := c.commands[verb]; ok {
		return f(c, rest)
	}
	if value, ok := arithmetic(line); ok {
		c.result = plain(value)
		return nil
	}
	return failure(interp.ErrCompile, "unknown command "+strconv.Quote(verb))
}

type command func(c *cell, rest string) *interp.Error

func commands() map[string]command {
	return map[string]command{
		"":           func(*cell, string) *interp.Error { return nil },
		"print":      func(c *cell, s string) *interp.Error { c.print(s + "\n"); return nil },
		"write":      func(c *cell, s string) *interp.Error { c.print(s); return nil },
		"eprint":     eprint,
		"lines":      printLines,
		"flood":      flood,
		"display":    display,
		"show":       func(c *cell, s string) *interp.Error { return c.show(s, false) },
		"update":     func(c *cell, s string) *interp.Error { return c.show(s, true) },
		"unshowable": unshowable,
		"clear":      func(c *cell, s string) *interp.Error { c.out.(interp.Clearer).Clear(s == "wait"); return nil },
		"result":     func(c *cell, s string) *interp.Error { c.result = plain(s); return nil },
		"note":       func(c *cell, s string) *interp.Error { c.notes = append(c.notes, *plain(s)); return nil },
		"expr":       expr,
		"fail":       func(c *cell, s string) *interp.Error { return failure(interp.ErrPanic, "panic: "+s) },
		"set":        set,
		"input":      func(c *cell, s string) *interp.Error { return c.ask(s, false) },
		"password":   func(c *cell, s string) *interp.Error { return c.ask(s, true) },
		"later":      later,
		"now":        now,
		"look":       func(c *cell, s string) *interp.Error { c.print(s + "\n"); return nil },
		"subshells": func(c *cell, _ string) *interp.Error {
			c.mu.Lock()
			n := c.subshells
			c.mu.Unlock()
			c.print(fmt.Sprintln(n))
			return nil
		},
		"block":    func(c *cell, _ string) *interp.Error { return c.block(c.ctx.Done()) },
		"stubborn": func(c *cell, _ string) *interp.Error { return c.block(c.again) },
		"deaf":     func(c *cell, _ string) *interp.Error { return c.block(nil) },
		"names":    func(c *cell, _ string) *interp.Error { c.mu.Lock(); c.mute = true; c.mu.Unlock(); return nil },
	}
}

func eprint(c *cell, s string) *interp.Error {
	c.out.Output(interp.Stderr, []byte(s+"\n"))
	return nil
}

func printLines(c *cell, s string) *interp.Error {
	n, _ := strconv.Atoi(s)
	for i := range n {
		c.print(fmt.Sprintf("line %06d abcdefghijklmnopqrstuvwxyz0\n", i))
	}
	return nil
}

func flood(c *cell, _ string) *interp.Error {
	for i := 0; c.ctx.Err() == nil; i++ {
		c.print(fmt.Sprintf("flood %d\n", i))
	}
	return failure(interp.ErrInterrupted, "interrupted")
}

func display(c *cell, s string) *interp.Error {
	mime, text, _ := strings.Cut(s, " ")
	c.out.Display(interp.Data{MIME: map[string]any{mime: text}})
	return nil
}

func (c *cell) show(s string, update bool) *interp.Error {
	id, text, _ := strings.Cut(s, " ")
	d := plain(text)
	d.ID, d.Update = id, update
	c.out.Display(*d)
	return nil
}

func unshowable(c *cell, _ string) *interp.Error {
	c.out.Display(interp.Data{MIME: map[string]any{"text/plain": func() {}}})
	return nil
}

func expr(c *cell, s string) *interp.Error {
	name, value, _ := strings.Cut(s, " ")
	c.mu.Lock()
	defer c.mu.Unlock()
	c.exprs[name] = value
	return nil
}

func set(c *cell, name string) *interp.Error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.names = append(c.names, interp.Name{Name: name, Kind: "var", Type: "int", Cell: c.req.Number})
	slices.SortFunc(c.names, func(a, b interp.Name) int { return strings.Compare(a.Name, b.Name) })
	return nil
}

func (c *cell) ask(prompt string, password bool) *interp.Error {
	line, err := c.out.Input(c.ctx, prompt, password)
	switch {
	case c.ctx.Err() != nil:
		return failure(interp.ErrInterrupted, "interrupted")
	case err != nil:
		return failure(interp.ErrPanic, err.Error())
	}
	c.print("got " + line + "\n")
	return nil
}

func later(c *cell, text string) *interp.Error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.Session.later = append(c.Session.later, func() {
		if text == "input" {
			_, err := c.out.Input(context.Background(), "", false)
			text = fmt.Sprint(err)
		}
		if id, shown := strings.CutPrefix(text, "show "); shown {
			c.show(id, false)
			return
		}
		c.print(text + "\n")
	})
	return nil
}

func now(c *cell, _ string) *interp.Error {
	c.mu.Lock()
	waiting := c.Session.later
	c.Session.later = nil
	c.mu.Unlock()
	for _, f := range waiting {
		f()
	}
	return nil
}

// block waits for stop, or the end of the session.
func (c *cell) block(stop <-chan struct{}) *interp.Error {
	select {
	case <-stop:
		return failure(interp.ErrInterrupted, "interrupted")
	case <-c.Session.ctx.Done():
		return failure(interp.ErrSession, "the session ended")
	}
}

func arithmetic(line string) (string, bool) {
	for _, op := range "+*" {
		a, b, ok := strings.Cut(line, string(op))
		x, errX := strconv.Atoi(strings.TrimSpace(a))
		y, errY := strconv.Atoi(strings.TrimSpace(b))
		if !ok || errX != nil || errY != nil {
			continue
		}
		if op == '+' {
			return strconv.Itoa(x + y), true
		}
		return strconv.Itoa(x * y), true
	}
	return "", false
}

func plain(text string) *interp.Data {
	return &interp.Data{MIME: map[string]any{"text/plain": text}}
}

func failure(name, value string) *interp.Error {
	return &interp.Error{Name: name, Value: value, Traceback: []string{value, "cell line"}}
}
